"""One HTTP/1.1 connection: uvicorn's, with what it leaves to others.

A limit on the head of a request, absolute URIs (a client that believes this to be its proxy), an
answer in Twilio's shape for what the parser refuses, and no ear for offers to speak another
protocol, except at the one path where the SDKs' WebSocket lives.

An ordinary request comes in one piece, with nothing else under way: that is answered at once and
in one write.  Any other (in parts, in a row, awaiting a 100, to a client that does not read) has
a task and goes uvicorn's way.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from reachability_mock.core.errors import Problem
from reachability_mock.front import WEBSOCKET_PATH, Front, Scope
from reachability_mock.http.wsgi import Answer
from reachability_mock.wire import resources

LARGEST_HEAD = 32 * 1024
"""Bytes that the request line and all headers may have together."""
MOST_HEADERS = 100
_AROUND_A_HEADER = len(": \r\n")

MALFORMED = Problem(400, 20001, "The request cannot be read as HTTP/1.1")
HEAD_TOO_LARGE = Problem(431, 20001, "The request's headers are too large or too many")


class _TooLarge(Exception):  # noqa: N818 - raised to stop the parser, seen by nobody else
    """The head of a request is over the limit."""


class Connection(HttpToolsProtocol):
    """One client's connection."""

    _in_head = False
    _head_size = 0
    _noted_size = 0
    _problem = MALFORMED
    _is_reading = False
    _begun: tuple[RequestResponseCycle, Any] | None = None
    """The request that the bytes being read began, if none was under way, and its app."""

    def data_received(self, data: bytes) -> None:
        """Bytes came in: count them while a head has no end yet, and start what they began."""
        self._is_reading = True
        super().data_received(data)
        self._is_reading = False
        if self._in_head and not self.transport.is_closing():
            self._head_size += len(data)
            if self._head_size > LARGEST_HEAD:
                self._problem = HEAD_TOO_LARGE
                self.send_400_response("")
        if self._begun is not None:
            self._start_begun(*self._begun)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.access_log = False
        self._in_head, self._head_size, self._noted_size = True, 0, 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header is complete."""
        super().on_header(name, value)
        self._noted_size += len(name) + len(value) + _AROUND_A_HEADER
        self._check_head()

    def on_headers_complete(self) -> None:
        """The head is complete: put it into the form that the front expects."""
        self._check_head()
        self._in_head = False
        if not self.url.startswith(b"/"):
            self._take_other_form()
        super().on_headers_complete()
        if self.parser.should_upgrade() and not self._should_upgrade():
            self.cycle.keep_alive = False  # the parser hears nothing after such a request

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Let a request have a task of its own, but not before all has been read that is there."""
        if self._is_reading:
            self._begun = cycle, app
        else:
            super()._start_asgi_task(cycle, app)

    def _start_begun(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._begun = None
        if isinstance(app, Front) and self._is_ordinary(cycle):
            app.at_once(cast("Scope", cycle.scope), bytes(cycle.body), self._write)
        else:
            super()._start_asgi_task(cycle, app)

    def _is_ordinary(self, cycle: RequestResponseCycle) -> bool:
        """Whether a request is there as a whole, and nothing else is."""
        return not (
            cycle.more_body
            or cycle.waiting_for_100_continue
            or self.cycle is not cycle
            or self.flow.read_paused
            or self.flow.write_paused
            or self.transport.is_closing()
        )

    def _write(self, answer: Answer) -> None:
        """Write the answer to the present request, head and body in one."""
        cycle = self.cycle
        headers = "".join([f"{name.lower()}: {value}\r\n" for name, value in answer.headers])
        lines = [
            STATUS_LINE[answer.status],
            *[b"%b: %b\r\n" % header for header in cycle.default_headers],
            headers.encode("latin-1"),
            b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n",
            b"" if cycle.scope["method"] == "HEAD" else answer.body,
        ]
        cycle.response_started = cycle.response_complete = True
        self.transport.write(b"".join(lines))
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words are plain text
        """Refuse what is no request, in JSON, and hang up: after the answer to what came before."""
        pending: RequestResponseCycle | None = self.cycle
        if pending is not None and not (pending.response_complete or pending.more_body):
            pending.keep_alive = False
            return
        problem = self._problem
        body = json.dumps(resources.problem(problem)).encode()
        reason = HTTPStatus(problem.status).phrase
        head = (
            f"HTTP/1.1 {problem.status} {reason}\r\n"
            "content-type: application/json;charset=utf-8\r\n"
            f"content-length: {len(body)}\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _should_upgrade(self) -> bool:
        path = self.url.partition(b"?")[0]
        wanted = path == WEBSOCKET_PATH.encode() and super()._should_upgrade()
        front = self.config.app
        return wanted and isinstance(front, Front) and front.websocket is not None

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: Java's client offers HTTP/2 with every request."""

    def _check_head(self) -> None:
        size = len(self.url) + self._noted_size
        if size > LARGEST_HEAD or len(self.headers) > MOST_HEADERS:
            self._problem = HEAD_TOO_LARGE
            raise _TooLarge

    def _take_other_form(self) -> None:
        """``http://host/path`` becomes a Host header and a path; ``*`` and ``host:443`` a path."""
        url = urlsplit(self.url.decode("ascii"))
        if not url.netloc:
            self.url = b"/" + self.url
            return
        authority = url.netloc.rpartition("@")[2].encode()
        kept = [(name, value) for name, value in self.headers if name != b"host"]
        self.headers[:] = [(b"host", authority), *kept]
        if url.scheme in {"http", "https"}:
            self.scope["scheme"] = url.scheme
        self.url = _origin_form(url)


def _origin_form(url: SplitResult) -> bytes:
    query = f"?{url.query}" if url.query else ""
    return f"{url.path or '/'}{query}".encode()
