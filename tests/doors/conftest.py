"""A fake, and a wire that tells on whoever tries to leave the machine."""

import socket
from collections.abc import Iterator

import pytest

import reachability_mock
from reachability_mock import ReachabilityMock


class LeftTheMachine(AssertionError):  # noqa: N818 - says what somebody did
    """Somebody opened a connection to a real host."""


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names that were resolved and addresses that were connected to; nothing really is."""
    touched: list[str] = []

    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[object]:
        touched.append(str(host))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.113.1", port))]

    def connect(opened: socket.socket, address: object) -> None:
        opened.close()
        touched.append(str(address))
        raise LeftTheMachine(str(address))

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return touched


@pytest.fixture
def mock(wire: list[str], request: pytest.FixtureRequest) -> Iterator[ReachabilityMock]:
    """A fake with the indicator on and alice online; the test fails if anything went out."""
    with reachability_mock.fake(seed=request.node.nodeid) as made:
        made.enable()
        made.connect("alice")
        yield made
    assert wire == []
