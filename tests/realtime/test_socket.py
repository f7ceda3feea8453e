"""Real sockets: what a client that misbehaves on the wire does to itself, and to nobody else."""

from __future__ import annotations

import asyncio
import base64
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from reachability_mock.bus import Published
from reachability_mock.clock import system_now
from reachability_mock.core.events import ConnectionClosed as Gone
from reachability_mock.realtime.websocket import WebSocket
from reachability_mock.server import new_loop
from reachability_mock.wire import twilsock
from tests.realtime.sockets import PATIENCE, Fake
from tests.wire.playbook import frame, init, request


class Running:
    """A listener behind uvicorn, and who left."""

    def __init__(self, ping_seconds: float | None = None) -> None:
        self.fake = Fake()
        self._gone: SimpleQueue[str] = SimpleQueue()
        self.fake.world.bus.subscribe(self._note)
        self._started = threading.Event()
        listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = listener.getsockname()[1]
        config = uvicorn.Config(
            self.fake.listener,
            ws=WebSocket,
            ws_max_size=twilsock.LARGEST_FRAME + 1,
            ws_ping_interval=ping_seconds,
            ws_ping_timeout=ping_seconds,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, args=(listener,), daemon=True)
        self._thread.start()

    def _run(self, listener: socket.socket) -> None:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(self._server.serve([listener]))

    def stop(self) -> None:
        """Stop, and wait until it has."""
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        self.fake.hub.stop()

    @contextmanager
    def client(self, identity: str) -> Iterator[ClientConnection]:
        """A WebSocket client that has said who it is."""
        with connect(f"ws://127.0.0.1:{self.port}/v3/wsconnect", compression=None) as client:
            client.send(init(identity, now=system_now()).data)
            assert twilsock.read(received(client)).header["status"]["code"] == 200
            yield client

    def next_gone(self) -> str:
        """The identity of the next one whose connection is closed in the world."""
        try:
            return self._gone.get(timeout=PATIENCE)
        except Empty:
            raise AssertionError("nobody left") from None

    def _note(self, published: Published) -> None:
        if isinstance(published.event, Gone):
            self._gone.put(published.event.user.identity)


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    yield running
    running.stop()


def received(client: ClientConnection) -> bytes:
    """The next message, which is binary."""
    message = client.recv(timeout=PATIENCE)
    assert isinstance(message, bytes)
    return message


def closed(client: ClientConnection) -> tuple[int, str]:
    """How the server closes, once what it sent before is read."""
    try:
        while True:
            client.recv(timeout=PATIENCE)
    except ConnectionClosed as error:
        close = error.rcvd
    assert close is not None
    return close.code, close.reason


@pytest.mark.parametrize(
    ("misbehave", "code"),
    [
        (lambda client: client.send("text"), 1003),
        (lambda client: client.send(b"\x00\xff"), 1008),
        (lambda client: client.send(frame("init").data[:-9]), 1008),
        (lambda client: client.send(bytes(twilsock.LARGEST_FRAME + 1)), 1009),
        (lambda client: client.send([b"TWIL", b"SOCK V3.0"]), 1008),
        (lambda client: client.send(b"\xff\xfe", text=True), 1003),
        (lambda client: client.send([b"te", b"\xff\xfe"], text=True), 1003),
        (lambda client: client.socket.sendall(b"\x82\x00"), 1002),
    ],
)
def test_a_misbehaving_client_is_closed_and_nobody_else(
    running: Running, misbehave: Callable[[ClientConnection], None], code: int
) -> None:
    with running.client("bob") as bob, running.client("alice") as alice:
        misbehave(alice)
        assert closed(alice)[0] == code
        assert running.next_gone() == "alice"
        bob.send(request("GET", "/Client/v2/Configuration").data)
        assert b'"identity":"bob"' in received(bob)


def test_a_proper_close_is_noticed(running: Running) -> None:
    with running.client("alice"):
        assert running.fake.is_connected("alice")
    assert running.next_gone() == "alice"
    assert "closed by the client" in running.fake.said()


def test_a_cut_in_the_middle_of_a_frame_is_a_loss(running: Running) -> None:
    with running.client("alice") as client:
        client.socket.sendall(b"\x82\xfe\x10\x00")  # the head of a frame of 4096 bytes
        client.socket.shutdown(socket.SHUT_RDWR)
        assert running.next_gone() == "alice"
    assert "lost" in running.fake.said()


def test_a_text_that_is_none_is_no_traceback(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    with running.client("alice") as alice:
        alice.send(b"\xff\xfe", text=True)
        assert closed(alice) == (1003, "frames are binary, this was text")
    assert not [one for one in caplog.records if one.exc_info]


def test_a_frame_too_large_to_be_read_is_no_loss_and_the_log_says_what_was_wrong(
    running: Running,
) -> None:
    running.fake.world.settings.update({"lost_after": "60s"})
    with running.client("alice") as alice:
        with suppress(ConnectionClosed):  # the server need not hear it to the end
            alice.send(bytes(twilsock.LARGEST_FRAME + 2))
        assert running.next_gone() == "alice"
    (hint,) = running.fake.hints
    assert re.fullmatch(r"sdk-\d+: closed: .+ \(1009\)", hint)
    assert hint.endswith(running.fake.said()[-1])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x82\x00", 1002),  # not masked
        (b"\xc2\x80" + bytes(4), 1002),  # a reserved bit
        (b"\x88\x83" + bytes(4) + b"\x03\xe8\xff", 1007),  # a close whose reason is no UTF-8
        (b"\x82\xff" + (2**21).to_bytes(8, "big") + bytes(4), 1009),
    ],
)
def test_what_is_no_websocket_ends_before_init_with_a_word(
    running: Running, data: bytes, code: int
) -> None:
    with raw(running) as client:
        client.sendall(data)
        assert client.recv(4096)[2:4] == code.to_bytes(2, "big")
        while client.recv(4096):
            pass
    running.stop()
    opened, ended = running.fake.said()
    assert opened == "opened"
    assert ended.startswith("closed: ")
    assert ended.endswith(f"({code})")


@contextmanager
def raw(running: Running) -> Iterator[socket.socket]:
    """A socket on which WebSocket has been agreed, and nothing said."""
    key = base64.b64encode(bytes(16)).decode()
    with socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE) as client:
        client.sendall(
            f"GET /v3/wsconnect HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        while not client.recv(4096).endswith(b"\r\n\r\n"):
            pass
        yield client


def test_a_client_that_answers_no_pings_is_lost() -> None:
    running = Running(ping_seconds=0.1)
    data = init("alice", now=system_now()).data
    try:
        with raw(running) as silent:
            head = b"\x82\xfe" + len(data).to_bytes(2, "big") + bytes(4)  # masked with zeros
            silent.sendall(head + data)
            assert running.next_gone() == "alice"
        assert "lost" in running.fake.said()
    finally:
        running.stop()
