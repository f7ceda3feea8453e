"""The service behind the proxy: connections to it, and requests exactly as they came.

`http.client` rather than `requests`: it sends a target and headers as they are, where the others
would spell percent signs their own way, add headers of theirs, and try again by themselves.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import certifi
from urllib3.util.wait import wait_for_read

Headers = list[tuple[str, str]]
TIMEOUT = 60.0
"""Seconds that the service may be silent."""
_MOST_IDLE = 16
FAILURES = (OSError, HTTPException)
"""What goes wrong with a connection: refused, cut, silent, not HTTP."""


class Upstream:
    """One service, by its URL."""

    def __init__(self, url: str, ca: Path | None = None, timeout: float = TIMEOUT) -> None:
        """Trust what `ca` vouches for, or else the usual authorities."""
        parts = urlsplit(url)
        self.host = parts.netloc
        self._address = parts.hostname or "", parts.port
        self._timeout = timeout
        self._tls = None
        if parts.scheme == "https":
            self._tls = ssl.create_default_context(cafile=str(ca or certifi.where()))
        self._idle: deque[HTTPConnection] = deque()
        self._open: set[HTTPConnection] = set()
        self._lock = threading.Lock()

    def connection(self, *, fresh: bool) -> tuple[HTTPConnection, bool]:
        """A connection, and whether it has been used before: never if it must be `fresh`."""
        while not fresh:
            with self._lock:
                if not self._idle:
                    break
                known = self._idle.pop()
            if not wait_for_read(known.sock, timeout=0):  # nothing to read: it has not been closed
                return known, True
            self.discard(known)
        new = self._new()
        with self._lock:
            self._open.add(new)
        return new, False

    def give_back(self, connection: HTTPConnection) -> None:
        """An exchange is complete: another may use the connection, unless that has been closed."""
        with self._lock:
            if connection.sock is not None and len(self._idle) < _MOST_IDLE:
                self._idle.append(connection)
                return
        self.discard(connection)

    def discard(self, connection: HTTPConnection) -> None:
        """It is of no use any more; whoever waits for an answer on it gets an error now."""
        with self._lock:
            self._open.discard(connection)
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)
        connection.close()

    def close(self) -> None:
        """End everything."""
        with self._lock:
            left = tuple(self._open)
            self._idle.clear()
        for connection in left:
            self.discard(connection)

    def _new(self) -> HTTPConnection:
        host, port = self._address
        if self._tls is None:
            return HTTPConnection(host, port, timeout=self._timeout)
        return HTTPSConnection(host, port, timeout=self._timeout, context=self._tls)


def send_head(connection: HTTPConnection, method: str, target: str, headers: Headers) -> None:
    """Send the head of a request, as it is."""
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value.encode("latin-1"))
    connection.endheaders()


def read_some(response: HTTPResponse, size: int = 65536) -> bytes:
    """The next bytes of a body, still packed; empty at its end.

    Raises:
        HTTPException: it ended too early.
    """
    data = response.read1(size)
    if not data and response.length:
        raise HTTPException(f"the answer ended {response.length} bytes too early")
    return data


_HOP_BY_HOP = frozenset(
    (
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)


def end_to_end(headers: Iterable[tuple[str, str]]) -> Headers:
    """The headers that are not about one connection only."""
    kept = list(headers)
    named = {
        word.strip().lower()
        for name, value in kept
        if name.lower() == "connection"
        for word in value.split(",")
    }
    return [(name, value) for name, value in kept if name.lower() not in _HOP_BY_HOP | named]
