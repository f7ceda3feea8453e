"""Node with the SDK in it, installed on demand, and a server with the SDKs' side."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from reachability_mock.clock import system_now
from reachability_mock.core import sids
from reachability_mock.core.model import Connection, User
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.realtime.sdk_driver import CACHE
from reachability_mock.server import Server, build_site
from reachability_mock.wire.token import Signer, make
from reachability_mock.wire.twilsock import uri_of
from tests.node_realtime.sdk import HERE, Sdk
from tests.tools import ROOT, require_packages, require_tool

ACCOUNT = sids.DEFAULT_ACCOUNT
SERVICE = sids.default_service_sid(ACCOUNT)
PACKAGES = {"3": "@twilio/conversations", "2.7": "conversations-2"}
_BASIC = "Basic " + b64encode(f"{ACCOUNT}:{DEFAULT_SECRET}".encode()).decode()


class Service:
    """A running server, and what a test asks of it."""

    def __init__(self, port: int = 0) -> None:
        """Start on `port`, or any free one."""
        self.hints: list[str] = []
        self.site = build_site(hint=self.hints.append)
        self.world = self.site.world
        self.site.say = self.hints.append
        self.server = Server(self.site, port=port)
        self.server.start()
        assert self.site.realtime is not None
        self.faults = self.site.realtime

    @property
    def uri(self) -> str:
        """The one option that the SDK needs."""
        return uri_of(self.server.url)

    def stop(self) -> None:
        """Stop."""
        self.server.stop()

    def rest(self, method: str, path: str, **form: str) -> Any:
        """A REST request; what it answers."""
        data = urlencode(form).encode() if form else None
        asked = Request(f"{self.server.url}/v1{path}", data, method=method)  # noqa: S310 - our own server
        asked.add_header("Authorization", _BASIC)
        with urlopen(asked, timeout=10) as answer:  # noqa: S310 - likewise
            body = answer.read()
        return json.loads(body) if body else None

    def enable(self, *, on: bool = True) -> None:
        """Switch the indicator, by REST."""
        path = f"/Services/{SERVICE}/Configuration"
        self.rest("POST", path, ReachabilityEnabled=str(on).lower())

    def token(self, identity: str, **more: Any) -> str:
        """An access token."""
        signer = Signer(sids.DEFAULT_KEY, DEFAULT_SECRET, ACCOUNT)
        return make(signer, identity, SERVICE, system_now(), **more)

    def user(self, identity: str) -> User:
        """A user as it is in the world."""
        user = self.world.store.user_by_identity(SERVICE, identity)
        assert user is not None
        return user

    def connections(self, identity: str) -> tuple[Connection, ...]:
        """The open connections of a user."""
        return self.user(identity).connections


@pytest.fixture
def service() -> Iterator[Service]:
    """A server of its own, with the indicator on."""
    running = Service()
    running.enable()
    yield running
    running.stop()


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK that `driver: sdk` drives, kept in the checkout and not in somebody's home."""
    require_tool("npm")
    require_tool("node")
    monkeypatch.setenv(CACHE, str(ROOT / ".cache"))


@pytest.fixture(scope="session")
def node() -> str:
    """Node; the SDK is installed."""
    return require_packages(HERE)


@pytest.fixture(scope="session", params=list(PACKAGES))
def node_process(request: pytest.FixtureRequest, node: str) -> Iterator[Sdk]:
    """A Node process for all tests of a version."""
    version: str = request.param
    with Sdk([node, "driver.mjs", PACKAGES[version]]) as running:
        assert running.version.startswith(version)
        yield running


@pytest.fixture
def sdk(service: Service, node_process: Sdk) -> Iterator[Sdk]:
    """The SDK without any client yet; `service` outlives what a test makes."""
    assert service.uri
    node_process.events()
    yield node_process
    node_process.shut_down_all()
