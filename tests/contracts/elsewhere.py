"""Servers that are no fake of ours: the fake without a control plane, and one of mere files."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from reachability_mock.http.wsgi import Target, exchange
from reachability_mock.server import build_site

Headers = list[tuple[str, str]]
Answer = Callable[[str, str, Headers, bytes], tuple[int, Headers, bytes]]
"""From method, target, headers and body to a status, headers and a body."""


_OF_A_CONNECTION = {"content-length", "transfer-encoding", "connection", "date", "server"}
"""Headers that a server says for itself."""


class Answering(BaseHTTPRequestHandler):
    """A handler that reads whole requests and gives whole answers: `handle_request` says which."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece, which nobody delays

    def handle_request(self, body: bytes) -> None:
        """Answer, or do not."""
        raise NotImplementedError

    def answer(self, status: int, headers: Headers, data: bytes) -> None:
        """Send an answer."""
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _OF_A_CONNECTION:
                self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if status != 204 and self.command != "HEAD":
            self.wfile.write(data)

    def _handle(self) -> None:
        self.handle_request(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    do_GET = do_POST = do_DELETE = do_HEAD = do_PUT = do_PATCH = do_OPTIONS = _handle  # noqa: N815 - the names that http.server calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running(serving: ThreadingHTTPServer) -> Iterator[None]:
    """Let a server serve while the block lasts."""
    thread = threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        serving.shutdown()
        serving.server_close()
        thread.join()


@contextmanager
def server(answer: Answer) -> Iterator[str]:
    """A server that answers so, while the block lasts: its URL."""

    class Handler(Answering):
        def handle_request(self, body: bytes) -> None:
            """Answer as told."""
            self.answer(*answer(self.command, self.path, self.headers.items(), body))

    serving = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving.daemon_threads = True
    with running(serving):
        yield f"http://127.0.0.1:{serving.server_address[1]}"


def knows_nothing(*_: object) -> tuple[int, Headers, bytes]:
    """Nothing is here, says a server of files."""
    return 404, [("Content-Type", "text/plain")], b"not found"


@contextmanager
def no_fake() -> Iterator[str]:
    """A right server without a control plane: its URL."""
    site = build_site(hint=lambda _: None)

    def answer(
        method: str, target: str, headers: Headers, body: bytes
    ) -> tuple[int, Headers, bytes]:
        parts = urlsplit(target)
        if parts.path.startswith("/_mock"):
            return knows_nothing()
        where = Target("http", dict(headers)["Host"], parts.path, parts.query)
        got = exchange(site, method, where, headers, body)
        return got.status, list(got.headers), got.body

    with server(answer) as url:
        yield url
