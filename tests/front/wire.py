"""Talking to a server byte by byte: what no HTTP client would let a test do."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

from tests.http.asking import basic

AUTH = f"Authorization: {basic()['Authorization']}\r\n".encode()
SECONDS = 10


@dataclass(frozen=True)
class Reply:
    """One answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def closes(self) -> bool:
        return self.headers.get("connection") == "close"


class Wire:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self._ahead = b""

    def send(self, *parts: bytes) -> None:
        self.socket.sendall(b"".join(parts))

    def ask(self, line: bytes, *headers: bytes, body: bytes = b"", auth: bytes = AUTH) -> Reply:
        """Send a request line with headers, each without its end, and read the answer."""
        head = b"".join(header + b"\r\n" for header in headers)
        self.send(line, b" HTTP/1.1\r\nHost: here:1\r\n", auth, head, b"\r\n", body)
        return self.read(line.split(b" ")[0].decode())

    def read(self, method: str = "GET") -> Reply:
        """Read one answer, and not a byte more."""
        answer = HTTPResponse(self.socket, method=method)
        answer.fp.close()
        answer.fp = self.socket.makefile("rb", buffering=0)  # type: ignore[assignment] # unbuffered, so that the next answer stays where it is
        answer.begin()
        body = answer.read()
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body)

    def is_closed(self) -> bool:
        """Whether the server has hung up; waits for it."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def close(self) -> None:
        self.socket.close()


@contextmanager
def wire(port: int) -> Iterator[Wire]:
    """A connection for as long as a `with` lasts."""
    found = Wire(port)
    try:
        yield found
    finally:
        found.close()
