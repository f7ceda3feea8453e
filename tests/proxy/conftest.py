"""A server that is a proxy, and an environment that leads to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from reachability_mock.proxy.authority import Authority
from reachability_mock.proxy.routes import Routes
from reachability_mock.proxy.trust import Trust, environment
from reachability_mock.server import Server

OURS = ("REACHABILITY_MOCK_", "TWILIO_")


@dataclass
class Proxy:
    """A running proxy, what it refused, and how clients come through it."""

    server: Server
    routes: Routes
    trust: Trust
    refused: list[str]

    @property
    def environ(self) -> dict[str, str]:
        """This process's environment, in which every client comes through the proxy."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return kept | environment(self.server.url, self.trust, kept)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the certificates are kept."""
    return tmp_path_factory.mktemp("ca")


@pytest.fixture(scope="session")
def authority(kept: Path) -> Authority:
    return Authority.kept_in(kept)


@pytest.fixture(scope="session")
def trust(kept: Path, authority: Authority) -> Trust:
    return Trust.kept_in(kept, authority, os.environ)


@pytest.fixture
def proxy(authority: Authority, trust: Trust) -> Iterator[Proxy]:
    """A proxy that passes on what is not Twilio's."""
    refused: list[str] = []
    routes = Routes(hint=refused.append)
    with Server(tls=authority.context(), routes=routes) as server:
        yield Proxy(server, routes, trust, refused)
