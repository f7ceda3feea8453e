"""The proxy: an ASGI app that passes every request on as it is, and looks at a copy.

A write is sent once, on a connection of its own, and whatever happens never again.  A GET may use
a connection that was used before; if that turns out to have died, it is asked once more.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from typing import Any, TypeVar

from reachability_contracts.observe.finding import Answer, Asked
from reachability_contracts.observe.looking import (
    Copy,
    form_of,
    is_worth_a_look,
    json_of,
    lower,
    query_of,
)
from reachability_contracts.observe.observer import Observer
from reachability_contracts.observe.upstream import (
    FAILURES,
    Headers,
    Upstream,
    end_to_end,
    read_some,
    send_head,
)
from reachability_mock.core.errors import Problem
from reachability_mock.front import JSON, Receive, Scope, Send
from reachability_mock.wire import resources

TARGET = "reachability-mock.target"
"""Where the scope keeps the target exactly as it was sent."""
_MOST_AT_ONCE = 64
_HARMLESS = frozenset(("GET", "HEAD"))
_BODILESS = frozenset((204, 304))
_UNREACHABLE_CODE = 20503
Piece = dict[str, Any]
"""A message of ASGI's."""
T = TypeVar("T")


class _ClientGone(Exception):  # noqa: N818 - what happened
    """The app hung up before its request was complete."""


class _NoAnswer(Exception):  # noqa: N818 - what happened
    """The service could not be asked, or did not answer; the reason is the message."""


@dataclass(slots=True)
class _Exchange:
    """One request on its way."""

    method: str
    target: str
    headers: Headers
    is_chunked: bool
    has_body: bool
    sent: Copy
    got: Copy
    broke_off: bool = False
    """Whether the service did not hear all of it."""
    answer: HTTPResponse | None = None
    """From the moment when its head is there."""


class Proxy:
    """Stands before `upstream`, and tells an observer of what passes."""

    def __init__(self, upstream: Upstream, observer: Observer) -> None:
        """Nothing is sent of its own accord."""
        self._upstream = upstream
        self._observer = observer
        self._threads = ThreadPoolExecutor(_MOST_AT_ONCE, thread_name_prefix="observe")

    def close(self) -> None:
        """Cut what is under way."""
        self._upstream.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request and its answer."""
        exchange = self._exchange(scope)
        path, _, query = exchange.target.partition("?")
        asked = self._observer.begin(exchange.method, path, query_of(query))
        is_write = exchange.method not in _HARMLESS
        last: Piece | None = None
        try:
            last = await self._pass_on(exchange, receive, send)
        except _ClientGone:
            return
        except _NoAnswer as error:
            await _say_unreachable(str(error), send, is_write=is_write)
        except asyncio.CancelledError:
            if exchange.answer is None:
                await _say_unreachable("the proxy was ended", send, is_write=is_write)
            raise
        finally:
            self._tell(asked, exchange, complete=last is not None)
        if last is not None:  # the app hears the end when all of it has been looked at
            await send(last)

    def _tell(self, asked: Asked, exchange: _Exchange, *, complete: bool) -> None:
        if exchange.answer is None or not complete:
            self._observer.fail(asked)
            return
        headers = lower(exchange.answer.getheaders())
        is_write = exchange.method not in _HARMLESS
        form = form_of(exchange.sent, lower(exchange.headers)) if is_write else {}
        body = json_of(exchange.got, headers)
        self._observer.finish(asked, Answer(exchange.answer.status, body, form))

    def _exchange(self, scope: Scope) -> _Exchange:
        raw = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        ]
        names = {name for name, _ in raw}
        target = str(scope["state"][TARGET])
        is_chunked = "transfer-encoding" in names
        headers = [("Host", self._upstream.host)]
        headers += [(name, value) for name, value in end_to_end(raw) if name != "host"]
        if is_chunked:
            headers.append(("Transfer-Encoding", "chunked"))
        looks = is_worth_a_look(target.partition("?")[0])
        has_body = is_chunked or "content-length" in names
        return _Exchange(
            scope["method"], target, headers, is_chunked, has_body, Copy(looks), Copy(looks)
        )

    async def _pass_on(self, exchange: _Exchange, receive: Receive, send: Send) -> Piece | None:
        """Ask, and pass on all of the answer but its last piece; None if it broke off."""
        connection, response = await self._ask(exchange, receive)
        exchange.answer = response
        last = None
        try:
            last = await self._stream(exchange, response, send)
        finally:
            if last is not None and not exchange.broke_off:
                response.close()
                self._upstream.give_back(connection)
            else:
                self._upstream.discard(connection)
        return last

    async def _ask(
        self, exchange: _Exchange, receive: Receive
    ) -> tuple[HTTPConnection, HTTPResponse]:
        """Send the request and wait for the head of its answer.

        Raises:
            _NoAnswer: there is none.
            _ClientGone: the app hung up in the middle of its request.
        """
        may_repeat = exchange.method in _HARMLESS and not exchange.has_body
        while True:
            connection, used = self._upstream.connection(fresh=not may_repeat)
            try:
                return connection, await self._ask_on(connection, exchange, receive)
            except FAILURES as error:
                self._upstream.discard(connection)
                if not used:
                    raise _NoAnswer(_why(error)) from None
            except BaseException:
                self._upstream.discard(connection)
                raise

    async def _ask_on(
        self, connection: HTTPConnection, exchange: _Exchange, receive: Receive
    ) -> HTTPResponse:
        head = (exchange.method, exchange.target, exchange.headers)
        await self._in_thread(partial(send_head, connection, *head))
        if exchange.has_body:
            await self._send_body(connection, exchange, receive)
        return await self._in_thread(connection.getresponse)

    async def _send_body(
        self, connection: HTTPConnection, exchange: _Exchange, receive: Receive
    ) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _ClientGone
            data, more = message.get("body", b""), message.get("more_body", False)
            exchange.sent.add(data)
            framed = _framed(data, more=more) if exchange.is_chunked else data
            try:
                await self._in_thread(partial(connection.send, framed))
            except OSError:  # it may have answered before it had heard everything
                exchange.broke_off = True
                return

    async def _stream(
        self, exchange: _Exchange, response: HTTPResponse, send: Send
    ) -> Piece | None:
        start: Piece | None = _start(exchange.method, response)
        while True:
            try:
                data = await self._in_thread(partial(read_some, response))
            except FAILURES:
                data = None
            if start is not None:
                await send(start)
                start = None
            if data is None:
                return None
            exchange.got.add(data)
            last = not data or response.length == 0
            piece = {"type": "http.response.body", "body": data, "more_body": not last}
            if last:
                return piece
            await send(piece)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


def _start(method: str, response: HTTPResponse) -> Piece:
    """The head of an answer, as uvicorn takes it."""
    no_length = response.status in _BODILESS and method != "HEAD"
    headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in end_to_end(response.getheaders())
        if not (no_length and name.lower() == "content-length")
    ]
    return {"type": "http.response.start", "status": response.status, "headers": headers}


async def _say_unreachable(why: str, send: Send, *, is_write: bool) -> None:
    doubt = "; whether the request was carried out is not known" if is_write else ""
    message = f"reachability-mock observe: no answer from the service: {why}{doubt}"
    problem: dict[str, Any] = resources.problem(Problem(502, _UNREACHABLE_CODE, message))
    body = json.dumps(problem).encode()
    headers = [(b"content-type", JSON.encode()), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 502, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _framed(data: bytes, *, more: bool) -> bytes:
    """A chunk, and the mark of the end after the last."""
    chunk = b"%x\r\n%b\r\n" % (len(data), data) if data else b""
    return chunk if more else chunk + b"0\r\n\r\n"


def _why(error: BaseException) -> str:
    """What went wrong with a connection, in a few words."""
    return f"{type(error).__name__}: {error}".rstrip(": ")
