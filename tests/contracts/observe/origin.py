"""A service made of bytes: it records what it is sent as it comes, and answers what a test says."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Answer = Callable[[bytes], bytes | None]
"""From a request to the bytes of its answer; None cuts the connection."""
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Origin:
    """What it was sent, connection by connection."""

    answer: Answer = lambda _: OK
    port: int = 0
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    ended: threading.Event = field(default_factory=threading.Event)
    """Set when a connection was closed by the other side."""
    closes: bool = False
    """Whether it hangs up after each answer, without having said so."""
    is_early: bool = False
    """Whether it answers before it has read a body."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            while request := _request(stream, is_early=self.is_early):
                self.requests.append(request)
                said = self.answer(request)
                if said is None:
                    return
                connection.sendall(said)
                if self.closes or _is_last(said):
                    return
            self.ended.set()


@contextmanager
def listening(origin: Origin) -> Iterator[Origin]:
    """Serve while the block lasts."""
    listener = socket.create_server(("127.0.0.1", 0))
    origin.port = listener.getsockname()[1]
    threads = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            origin.connections += 1
            thread = threading.Thread(target=_quietly, args=(origin, connection), daemon=True)
            threads.append(thread)
            thread.start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield origin
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()


def _quietly(origin: Origin, connection: socket.socket) -> None:
    try:
        origin.serve(connection)
    except OSError:
        origin.ended.set()


def _request(stream: object, *, is_early: bool) -> bytes:
    """One request, its body framed as it came; empty at the end."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()  # type: ignore[attr-defined] # a socket's file
        if not line:
            return b""
        head += line
    if is_early:
        return head
    lower = head.lower()
    if b"\r\ntransfer-encoding: chunked" in lower:
        while not head.endswith(b"0\r\n\r\n"):
            head += stream.readline()  # type: ignore[attr-defined] # likewise
        return head
    if b"\r\ncontent-length: " in lower:
        size = int(lower.partition(b"\r\ncontent-length: ")[2].partition(b"\r\n")[0])
        body = stream.read(size)  # type: ignore[attr-defined] # likewise
        return head + body if len(body) == size else b""
    return head


def _is_last(said: bytes) -> bool:
    """Whether the end of the connection is the end of this answer."""
    head, _, body = said.partition(b"\r\n\r\n")
    size = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    is_short = bool(size) and b" 204 " not in head and len(body) < int(size)
    return b"connection: close" in head.lower() or is_short
