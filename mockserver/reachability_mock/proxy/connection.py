"""A connection of the server's own port that is a proxy, too.

``CONNECT`` becomes a tunnel: to the fake's own TLS listener, or to the real host.  A plain request
with an absolute URI for somebody else's host is handed on, one for each connection; over TLS if the
URI says ``https``, which is how some old clients ask.  The parser is the server's (httptools);
everything else stays as it is without a proxy.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from collections.abc import Coroutine
from functools import cache, partial
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, urlsplit

from httptools import HttpParserUpgrade
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from reachability_mock.connection import Connection
from reachability_mock.proxy.routes import Routes, Way, host_and_port, is_possible
from reachability_mock.proxy.tunnel import Leg

_LOOPBACK = "127.0.0.1"
_CONNECT_SECONDS = 10
_PORTS = {"http": 80, "https": 443}
_HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"proxy-authorization", b"upgrade"}
)
_REFUSALS = {
    Way.NOT_TWILIO: (
        "the fake answers for Conversations only, and nothing may reach Twilio by accident; "
        "allow_hosts lets a host through"
    ),
    Way.NOT_OTHERS: "this proxy passes nothing on (proxy_others = refuse)",
}
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@cache
def usual_trust() -> ssl.SSLContext:
    """Whom this machine trusts: how the real host is spoken to when the client cannot see it."""
    return ssl.create_default_context()


class ProxyConnection(Connection):
    """One client's connection; it may speak to the fake, or ask for another host."""

    def __init__(self, *, routes: Routes, **uvicorns: Any) -> None:
        """`routes` say what may be reached; the rest is uvicorn's."""
        super().__init__(**uvicorns)
        self._routes = routes
        self._tunnel_to = ""
        self._piece = b""
        self._forwarded: _Forwarded | None = None

    # --- what the parser says ----------------------------------------------------------------

    def on_headers_complete(self) -> None:
        """The head is complete: see whether it is for somebody else."""
        if self.parser.get_method() == b"CONNECT":
            self._check_head()
            self._in_head = False
            self._tunnel_to = self.url.decode("latin-1")
        elif (url := self._foreign_url()) is not None:
            self._check_head()
            self._in_head = False
            self._hand_on(url)
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body, for the app or for somebody else."""
        if self._forwarded is None:
            super().on_body(body)
        else:
            self._forwarded.body(body)

    def on_message_complete(self) -> None:
        """A request is complete."""
        if self._forwarded is None:
            super().on_message_complete()
        else:
            self._forwarded.end()

    def data_received(self, data: bytes) -> None:
        """Bytes came in; after a request that was handed on there is no second."""
        if self._forwarded is None or not self._forwarded.ended:
            self._piece = data
            super().data_received(data)
            self._piece = b""

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone, and with it whoever it spoke to."""
        if self._forwarded is not None:
            self._forwarded.close()
        super().connection_lost(exc)

    def _should_upgrade(self) -> bool:
        return bool(self._tunnel_to) or super()._should_upgrade()

    def handle_websocket_upgrade(self) -> None:
        """After CONNECT the connection is a tunnel; after an offer of WebSocket, a WebSocket."""
        pending: RequestResponseCycle | None = self.cycle
        if not self._tunnel_to:
            super().handle_websocket_upgrade()
        elif pending is not None and not pending.response_complete:
            self.transport.close()  # it did not wait for the answer to what it asked before
        else:
            self._connect(self._behind_the_head())

    # --- tunnels -----------------------------------------------------------------------------

    def _behind_the_head(self) -> bytes:
        """What came together with a CONNECT, but is for the tunnel's other end."""
        upgrade = sys.exception()  # uvicorn is handling it, and does not tell what it says
        return self._piece[upgrade.args[0] :] if isinstance(upgrade, HttpParserUpgrade) else b""

    def _connect(self, first: bytes) -> None:
        found = host_and_port(self._tunnel_to)
        if found is None:
            self._refuse(HTTPStatus.BAD_REQUEST, "CONNECT wants host:port")
        elif self._goes(found[0]):
            here = self._routes.way(found[0]) is Way.HERE
            address = (_LOOPBACK, self._routes.inside) if here else found
            self.transport.pause_reading()  # what comes now is no longer for the parser
            self._begin(self._tunnel(*address, first))

    async def _tunnel(self, host: str, port: int, first: bytes) -> None:
        there = Leg(self.connections, self.transport)
        if not await self._reached(there, host, port) or there.transport is None:
            return
        here = Leg(self.connections, there.transport)
        self.connections.discard(self)
        self.transport.write(ESTABLISHED)
        self.transport.set_protocol(here)
        here.connection_made(self.transport)
        here.data_received(first)
        self.transport.resume_reading()

    # --- plain requests ----------------------------------------------------------------------

    def _foreign_url(self) -> SplitResult | None:
        """The absolute URI that is asked for, unless its host is the fake's."""
        if not self.url.lower().startswith((b"http://", b"https://")):
            return None
        url = urlsplit(self.url.decode("latin-1"))
        return None if self._routes.way(url.hostname or "") is Way.HERE else url

    def _hand_on(self, url: SplitResult) -> None:
        host, port = url.hostname or "", url.port or _PORTS[url.scheme]
        self._forwarded = _Forwarded(self._head(url), self.headers)
        if self._goes(host):
            tls = usual_trust() if url.scheme == "https" else None
            self.transport.pause_reading()  # so that no body gathers here meanwhile
            self._begin(self._forward(self._forwarded, host, port, tls))

    async def _forward(
        self, forwarded: _Forwarded, host: str, port: int, tls: ssl.SSLContext | None
    ) -> None:
        there = Leg(self.connections, self.transport)
        if await self._reached(there, host, port, tls) and there.transport is not None:
            self.transport.resume_reading()
            forwarded.start(there.transport)  # which may stop the reading again

    def _head(self, url: SplitResult) -> bytes:
        """The request's head as the real host is to see it."""
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        method = self.parser.get_method().decode("ascii")
        kept = [(name, value) for name, value in self.headers if name not in _HOP_BY_HOP]
        lines = [name + b": " + value for name, value in [*kept, (b"connection", b"close")]]
        first = f"{method} {path} HTTP/1.1".encode("latin-1")
        return b"\r\n".join([first, *lines, b"", b""])

    # --- either ------------------------------------------------------------------------------

    def _goes(self, host: str) -> bool:
        """Whether a request for `host` goes anywhere; if not, the client and the log hear why."""
        if not is_possible(host):
            self._refuse(HTTPStatus.BAD_REQUEST, f"{host!r} cannot be the name of any host")
            return False
        reason = _REFUSALS.get(self._routes.way(host))
        if reason is not None:
            self._routes.hint(f"refused {host}: {reason}")
            self._refuse(HTTPStatus.FORBIDDEN, f"{host} is not reached: {reason}")
        return reason is None

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _reached(
        self, there: Leg, host: str, port: int, tls: ssl.SSLContext | None = None
    ) -> bool:
        """Whether `there` is connected now; if not, the client has been told."""
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                await self.loop.create_connection(partial(_same, there), host, port, ssl=tls)
        except OSError as error:  # TimeoutError and SSLError are
            self._refuse(HTTPStatus.BAD_GATEWAY, f"{host}:{port} cannot be reached: {error}")
            return False
        if self.transport.is_closing():
            there.shutdown()
            return False
        return True

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        """Say no, and why, in the shape of the control plane, and hang up."""
        error = {"code": "proxy", "message": message, "choices": []}
        body = json.dumps({"error": error}).encode()
        head = (
            f"HTTP/1.1 {status} {status.phrase} by reachability-mock\r\n"
            "content-type: application/json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()


class _Forwarded:
    """One plain request on its way to somebody else's server."""

    def __init__(self, head: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        self._waiting = bytearray(head)
        self._chunked = any(name == b"transfer-encoding" for name, _ in headers)
        self._there: asyncio.Transport | None = None
        self.ended = False

    def start(self, there: asyncio.Transport) -> None:
        """The connection is there: send what has gathered."""
        self._there = there
        there.write(bytes(self._waiting))
        self._waiting.clear()

    def body(self, data: bytes) -> None:
        """A piece of the body, in the framing that it had."""
        self._write(b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data)

    def end(self) -> None:
        """There is no more."""
        self.ended = True
        if self._chunked:
            self._write(b"0\r\n\r\n")

    def close(self) -> None:
        """The client has gone."""
        if self._there is not None:
            self._there.close()

    def _write(self, data: bytes) -> None:
        if self._there is None:
            self._waiting += data
        else:
            self._there.write(data)


def _same(protocol: Leg) -> Leg:
    return protocol
