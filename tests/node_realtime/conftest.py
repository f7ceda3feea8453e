"""Node with the SDK in it, installed on demand, and a server with the SDKs' side."""

from __future__ import annotations

import fcntl
import json
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from reachability_mock.clock import system_now
from reachability_mock.core import sids
from reachability_mock.core.model import Connection, User
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.realtime.faults import Faults
from reachability_mock.realtime.hub import Hub
from reachability_mock.realtime.listener import Listener
from reachability_mock.server import Server, build_site
from reachability_mock.wire.token import Signer, make
from tests.node_realtime.sdk import HERE, Sdk
from tests.tools import in_ci, require_tool

ACCOUNT = sids.DEFAULT_ACCOUNT
SERVICE = sids.default_service_sid(ACCOUNT)
PACKAGES = {"3": "@twilio/conversations", "2.7": "conversations-2"}
_INSTALL_SECONDS = 300
_BASIC = "Basic " + b64encode(f"{ACCOUNT}:{DEFAULT_SECRET}".encode()).decode()


class Service:
    """A running server, its hub, and what a test asks of them."""

    def __init__(self, port: int = 0) -> None:
        """Start on `port`, or any free one."""
        self.hints: list[str] = []
        self.site = build_site(hint=self.hints.append)
        self.world = self.site.world
        self.hub = Hub(self.world, self.site.keyring, self.site.hint)
        self.faults = Faults(self.hub)
        self.server = Server(self.site, port=port, websocket=Listener(self.hub))
        self.server.start()

    @property
    def uri(self) -> str:
        """The one option that the SDK needs."""
        return f"{self.server.url.replace('http', 'ws', 1)}/v3/wsconnect"

    def stop(self) -> None:
        """Stop, and listen to the world no longer."""
        self.server.stop()
        self.hub.stop()

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


@pytest.fixture(scope="session")
def node() -> str:
    """Node; the SDK is installed."""
    path = require_tool("node")
    _install(require_tool("npm"))
    return path


@pytest.fixture(scope="session", params=list(PACKAGES))
def node_process(request: pytest.FixtureRequest, node: str) -> Iterator[Sdk]:
    """A Node process for all tests of a version."""
    version: str = request.param
    with Sdk(node, PACKAGES[version]) as running:
        assert running.version.startswith(version)
        yield running


@pytest.fixture
def sdk(service: Service, node_process: Sdk) -> Iterator[Sdk]:
    """The SDK without any client yet; `service` outlives what a test makes."""
    assert service.uri
    node_process.events()
    yield node_process
    node_process.shut_down_all()


def _install(npm: str) -> None:
    """`npm ci`, once for all workers of a run, and again when the lockfile has changed."""
    lockfile, stamp = HERE / "package-lock.json", HERE / "node_modules" / ".installed"
    with (Path(gettempdir()) / "reachability-mock-npm.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_bytes() == lockfile.read_bytes():
            return
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=HERE,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            check=False,
        )
        if done.returncode == 0:
            stamp.write_bytes(lockfile.read_bytes())
            return
    reason = f"npm ci failed in {HERE}: {done.stderr[-500:]}"
    if in_ci():
        pytest.fail(reason)
    pytest.skip(reason)
