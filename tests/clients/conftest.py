"""A server, its control plane, and Twilio's Python SDK in both its ways."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reachability_mock.server import Server
from tests.clients.control import Control
from tests.clients.sdk import AsyncSdk, Sdk, SyncSdk


@pytest.fixture(autouse=True)
def no_rewriting(monkeypatch: pytest.MonkeyPatch) -> None:
    """With these set, the SDKs rewrite the host of every URL; with a proxy, so do all clients."""
    for name in ("TWILIO_EDGE", "TWILIO_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a free port of this machine, with a world of its own."""
    with Server() as running:
        yield running


@pytest.fixture
def control(server: Server) -> Control:
    """Its control plane."""
    return Control(server.url)


# The SDK's own slip, not ours: its asynchronous client uses what aiohttp wants to drop.
OLD_AIOHTTP = (
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
)


@pytest.fixture(
    params=[pytest.param(SyncSdk, id="sync"), pytest.param(AsyncSdk, id="async", marks=OLD_AIOHTTP)]
)
def kind(request: pytest.FixtureRequest) -> type[Sdk]:
    """Which of the SDK's two ways."""
    chosen: type[Sdk] = request.param
    return chosen


@pytest.fixture
def sdk(kind: type[Sdk], server: Server) -> Iterator[Sdk]:
    """The SDK, logged in with the default account."""
    with kind(server.url) as client:
        yield client
