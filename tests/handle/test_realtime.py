"""The handle and client SDKs' sockets: there with a server, a clear error without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from websockets.sync.client import ClientConnection, connect

import reachability_mock
from reachability_mock.handle import NoSockets
from reachability_mock.wire import twilsock


@contextmanager
def initialised(
    mock: reachability_mock.ReachabilityMock, identity: str
) -> Iterator[ClientConnection]:
    """A socket that has come in."""
    with connect(mock.ws_uri, compression=None) as socket:
        socket.send(twilsock.write("init", "1", token=mock.token(identity)))
        assert frame(socket).header["status"]["code"] == 200
        yield socket


def frame(socket: ClientConnection) -> twilsock.Frame:
    """The next frame."""
    data = socket.recv(timeout=5)
    assert isinstance(data, bytes)
    return twilsock.read(data)


def test_without_a_server_trouble_is_a_clear_error() -> None:
    with reachability_mock.fake() as mock:
        with pytest.raises(NoSockets, match="use reachability_mock_server"):
            mock.realtime.drop()
        mock.settle()


def test_the_option_of_the_sdk_opens_the_socket() -> None:
    with reachability_mock.fake() as mock:
        assert mock.ws_uri == f"{mock.url.replace('http', 'ws')}/v3/wsconnect"
        assert mock.realtime.sockets() == []


def test_a_socket_is_a_user_who_is_online_until_it_falls() -> None:
    with reachability_mock.fake() as mock:
        mock.enable()
        with initialised(mock, "alice"):
            assert mock.users["alice"].is_online is True
            (socket,) = mock.realtime.sockets()
            assert (socket["identity"], socket["stage"]) == ("alice", "ready")
            assert mock.realtime.drop("alice") == 1
            assert mock.users["alice"].is_online is False


def test_settle_lets_a_token_expire() -> None:
    freezegun = pytest.importorskip("freezegun")
    with reachability_mock.fake() as mock, initialised(mock, "alice") as socket:
        with freezegun.freeze_time("2100-01-01"):
            mock.settle()
        assert frame(socket).header["status"]["code"] == 410


def test_a_reset_closes_every_socket() -> None:
    with reachability_mock.fake() as mock, initialised(mock, "alice"):
        mock.realtime.refuse_init()
        mock.reset()
        assert [one["stage"] for one in mock.realtime.sockets()] in ([], ["over"])
        with initialised(mock, "alice"):
            assert len(mock.users["alice"].devices) == 1
