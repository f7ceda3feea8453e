"""The listener: accepts an SDK's WebSocket, reads it, writes it, and decides nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from reachability_mock.realtime.connection import Connection
from reachability_mock.realtime.hub import Hub
from reachability_mock.wire.session_words import (
    Close,
    Ended,
    InitAwaited,
    Input,
    Received,
    ReceivedText,
)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

INIT_SECONDS = 30.0
"""How long a socket may be open without an `init`: the SDK's own patience."""
LONGEST_REASON = 123
"""Bytes of a close reason (https://www.rfc-editor.org/rfc/rfc6455#section-5.5)."""
_GOODBYES = frozenset({1000, 1001, 1005})
"""Close codes of a client that meant it: done, going away (a tab), and none given."""
_AUTHORITY = re.compile(rb"[A-Za-z0-9._\[\]:-]{1,255}")


class Listener:
    """The ASGI app for the SDKs' WebSockets of one hub."""

    def __init__(self, hub: Hub) -> None:
        """Bring everything to `hub`."""
        self._hub = hub

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one socket until one side has closed it."""
        await receive()
        await send({"type": "websocket.accept"})
        connection = self._hub.open(_origin(scope))
        patience = asyncio.get_running_loop().call_later(
            INIT_SECONDS, self._hub.feed, connection, InitAwaited()
        )
        ended = Ended(goodbye=False)
        try:
            reader = asyncio.create_task(self._read(connection, receive))
            others = (_write(connection, send), connection.dropped())
            tasks = {reader, *(asyncio.create_task(one) for one in others)}
            with suppress(asyncio.CancelledError):  # the server stops: no more is to be said
                await _first(tasks)
            if reader.done() and not reader.cancelled():
                ended = reader.result()
        finally:
            patience.cancel()
            self._hub.feed(connection, ended)
            self._hub.close(connection)

    async def _read(self, connection: Connection, receive: Receive) -> Ended:
        """Feed what comes in until the end, and return how that came."""
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return _ended(message)
            self._hub.feed(connection, _input(message))


async def _write(connection: Connection, send: Send) -> None:
    """Send what is queued; a close is the last thing."""
    while True:
        item = await connection.next()
        try:
            if isinstance(item, Close):
                reason = item.reason.encode()[:LONGEST_REASON].decode(errors="ignore")
                await send({"type": "websocket.close", "code": item.code, "reason": reason})
                return
            await send({"type": "websocket.send", "bytes": item})
        except OSError:  # the client is gone: the reader will say so
            return


async def _first(tasks: set[asyncio.Task[Any]]) -> None:
    """Wait for the first to end, and end the others."""
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _input(message: Message) -> Input:
    data = message.get("bytes")
    return ReceivedText() if data is None else Received(data)


def _ended(message: Message) -> Ended:
    """How a socket ended: uvicorn gives a reason with a close, and none with a lost socket."""
    if "reason" not in message:
        return Ended(goodbye=False)
    code = message["code"]
    return Ended(code in _GOODBYES, code, message["reason"])


def _origin(scope: Message) -> str:
    """Where the client reaches this server by HTTP: for the links in its configuration."""
    scheme = "https" if scope.get("scheme") == "wss" else "http"
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    if not _AUTHORITY.fullmatch(host):
        name, port = scope.get("server") or ("127.0.0.1", 80)
        host = f"{name}:{port}".encode()
    return f"{scheme}://{host.decode()}"
