"""The ASGI front: from the socket to the app and back, with the raw path and the limits.

The Flask app is called inline on the event loop: nothing in it blocks, and a pool of threads would
cost more than the answer.  WebSockets go to the realtime side, if there is one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from json import dumps
from typing import Any

from reachability_mock.clock import true_monotonic
from reachability_mock.core.errors import INTERNAL, Problem
from reachability_mock.http.lean import LARGEST_BODY
from reachability_mock.http.site import Site
from reachability_mock.http.wsgi import Answer, Headers, Target, exchange
from reachability_mock.wire import resources, twilsock

_log = logging.getLogger("reachability_mock")

JSON = "application/json;charset=utf-8"
Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WebSocketApp = Callable[[Scope, Receive, Send], Awaitable[None]]

WEBSOCKET_PATH = twilsock.PATH
_WEBSOCKET_HINT = f"the client SDKs' WebSocket is at {WEBSOCKET_PATH}"
_LINGER_SECONDS = 0.5
_LINGER_BYTES = 64 * 1024 * 1024
_NO_BODY = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Answered:
    """One request and its answer, for a line in the server's log."""

    method: str
    path: str
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Body:
    """A request's body, or the size of one that is too large to be read."""

    data: bytes = b""
    too_large: int | None = None


class Front:
    """The ASGI app of one site."""

    def __init__(
        self,
        site: Site,
        websocket: WebSocketApp | None = None,
        *,
        answered: Callable[[Answered], None] | None = None,
    ) -> None:
        """Serve `site`; `websocket` takes the SDKs' sockets, `answered` hears of every answer."""
        self.site = site
        self.websocket = websocket
        self._answered = answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand over one socket."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif self.websocket is not None and scope["path"] == WEBSOCKET_PATH:
            await self.websocket(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1000})

    def at_once(self, scope: Scope, body: bytes, write: Callable[[Answer], None]) -> None:
        """Answer a request that is there as a whole, with a body within the limit."""
        began = true_monotonic()
        answer = self._answer(scope, _headers(scope), _Body(body))
        write(answer)
        self._tell(scope, answer, began)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = true_monotonic()
        headers = _headers(scope)
        body = await _read(scope["method"], headers, receive)
        if body is None:
            return
        answer = self._answer(scope, headers, body)
        await _write(answer, send, closing=body.too_large is not None)
        self._tell(scope, answer, began)
        if body.too_large is not None:
            await _linger(receive)
            await send({"type": "http.response.body"})

    def _answer(self, scope: Scope, headers: Headers, body: _Body) -> Answer:
        """The app's answer; a fault of ours that even the app could not word is JSON, too."""
        target, method = _target(scope, headers), scope["method"]
        if _offers_websocket(headers) and target.raw_path != WEBSOCKET_PATH:
            self.site.hint(f"no WebSocket at {target.raw_path}: {_WEBSOCKET_HINT}")
            return _refusal(_no_websocket(target.raw_path))
        try:
            return exchange(self.site, method, target, headers, body.data, length=body.too_large)
        except Exception:  # noqa: BLE001 - whatever it was, the client gets JSON
            _log.exception("answering %s failed", target.raw_path)
            return _refusal(INTERNAL)

    def _tell(self, scope: Scope, answer: Answer, began: float) -> None:
        """Let whoever keeps a log hear of an answer."""
        if self._answered is not None:
            path = scope["raw_path"].decode("latin-1")
            spent = true_monotonic() - began
            self._answered(Answered(scope["method"], path, answer.status, spent))


def _no_websocket(path: str) -> Problem:
    """A WebSocket was asked for where there is none: the likeliest slip with the SDKs' option."""
    message = f"The requested resource {path} was not found: {_WEBSOCKET_HINT}"
    return Problem(404, 20404, message)


def _refusal(problem: Problem) -> Answer:
    """An answer that the app has not made."""
    data = dumps(resources.problem(problem)).encode()
    length = ("Content-Length", str(len(data)))
    return Answer(problem.status, [("Content-Type", JSON), length], data)


def _offers_websocket(headers: Headers) -> bool:
    return any(name == "upgrade" and value.lower() == "websocket" for name, value in headers)


def _headers(scope: Scope) -> Headers:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]


def _target(scope: Scope, headers: Headers) -> Target:
    host = next((value for name, value in headers if name == "host"), "")
    if not host:
        name, port = scope["server"] or ("localhost", None)
        host = f"{name}:{port}"
    raw_path: bytes = scope["raw_path"]
    query: bytes = scope["query_string"]
    return Target(scope["scheme"], host, raw_path.decode("latin-1"), query.decode("latin-1"))


async def _read(method: str, headers: Headers, receive: Receive) -> _Body | None:
    """The body; None if the client went away before it had sent all of it."""
    given = {
        name: value for name, value in headers if name in {"content-length", "transfer-encoding"}
    }
    if not given and method in _NO_BODY:
        return _Body()
    length = given.get("content-length", "")
    if length.isdecimal() and int(length) > LARGEST_BODY:
        return _Body(too_large=int(length))
    read = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        read += message.get("body", b"")
        if len(read) > LARGEST_BODY:
            return _Body(too_large=len(read))
        if not message.get("more_body"):
            return _Body(bytes(read))


async def _write(answer: Answer, send: Send, *, closing: bool) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    if closing:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": closing})


async def _linger(receive: Receive) -> None:
    """Throw away what a client still sends, for a moment.

    Closing on it would reset the connection, and many clients would never see the answer.
    """
    left = _LINGER_BYTES
    try:
        async with asyncio.timeout(_LINGER_SECONDS):
            while left > 0:
                message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
                left -= len(message.get("body", b""))
    except TimeoutError:
        return
