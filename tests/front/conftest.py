"""One server for all tests of the front, and a connection to it for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reachability_mock.server import Server
from tests.front.wire import Wire, wire
from tests.http.asking import new_site


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    with Server(new_site()) as running:
        yield running


@pytest.fixture
def line(server: Server) -> Iterator[Wire]:
    with wire(server.port) as connection:
        yield connection
