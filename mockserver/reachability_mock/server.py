"""The composition root: one world, its app and its socket, built and wired here and nowhere else.

`Server` runs uvicorn on an event loop of its own in a thread, so that a fixture can embed it; the
command line uses the very same.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from types import TracebackType
from typing import Any, Self, cast

import uvicorn

from reachability_mock.clock import Clock, true_monotonic
from reachability_mock.connection import Connection
from reachability_mock.core import sids
from reachability_mock.core.facts import ServiceCreated
from reachability_mock.front import Answered, Front, WebSocketApp
from reachability_mock.http.site import Site
from reachability_mock.keyring import DEFAULT_SECRET, Access, Keyring
from reachability_mock.playing import Player
from reachability_mock.proxy.connection import ProxyConnection
from reachability_mock.proxy.routes import Routes
from reachability_mock.realtime.faults import Faults
from reachability_mock.realtime.hub import Hub
from reachability_mock.realtime.listener import Listener
from reachability_mock.realtime.websocket import WebSocket
from reachability_mock.settings import Settings
from reachability_mock.ticker import soon, tick
from reachability_mock.wire.twilsock import LARGEST_FRAME
from reachability_mock.world import World

_log = logging.getLogger("reachability_mock")

LoopFactory = Callable[[], asyncio.AbstractEventLoop]
_GRACE_SECONDS = 0.25
_START_SECONDS = 20.0


class CannotListen(RuntimeError):  # noqa: N818 - says what is the matter
    """The address cannot be had; the message is one clear line."""


class SteadyLoop(asyncio.SelectorEventLoop):
    """An event loop that lives by the machine's own steady time, whatever freezegun freezes."""

    def time(self) -> float:
        """The present moment of this loop."""
        return true_monotonic()


def new_loop() -> asyncio.AbstractEventLoop:
    """A loop of uvloop where there is one (its time is its own), else a `SteadyLoop`."""
    try:
        import uvloop  # noqa: PLC0415 - there is none on Windows or PyPy
    except ImportError:
        return SteadyLoop()
    return uvloop.new_event_loop()


def build_site(  # noqa: PLR0913 - each is one thing a person may choose
    *,
    default_account: str = sids.DEFAULT_ACCOUNT,
    accounts: Mapping[str, str] | None = None,
    keys: Mapping[str, str] | None = None,
    access: Access = Access.STRICT,
    services: Iterable[str] = (),
    settings: Settings | None = None,
    clock: Clock | None = None,
    hosts: Iterable[str] = (),
    origins: Iterable[str] = (),
    hint: Callable[[str], None] = _log.warning,
) -> Site:
    """A site ready to be asked: its world, who may come in, and the services made beforehand.

    `accounts` maps a SID to its auth token, `keys` an API key to its secret; the default account
    and the default key have the built-in secret unless they say otherwise.
    """
    tokens = {default_account: DEFAULT_SECRET, **(accounts or {})}
    secrets = {sids.DEFAULT_KEY: DEFAULT_SECRET, **(keys or {})}
    known = {sid: (secret, default_account) for sid, secret in secrets.items()}
    keyring = Keyring(access, default_account=default_account, accounts=tokens, keys=known)
    site = Site(
        World(clock=clock, settings=settings),
        keyring,
        hosts=frozenset(hosts),
        origins=frozenset(origins),
        hint=hint,
    )
    made = tuple(services)

    def fresh() -> None:
        keyring.accounts, keyring.keys = dict(tokens), dict(known)
        for account in tokens:
            site.world.open_account(account)
        for sid in made:
            site.world.submit(ServiceCreated(default_account, sid, sid))

    site.fresh = fresh
    site.scenarios = Player(site)
    fresh()
    return site


class Server:
    """One site behind one port, on a thread of its own: `start`, `stop`, or a context manager."""

    def __init__(  # noqa: PLR0913 - likewise
        self,
        site: Site | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        websocket: WebSocketApp | None = None,
        answered: Callable[[Answered], None] | None = None,
        tls: ssl.SSLContext | None = None,
        routes: Routes | None = None,
        loop_factory: LoopFactory = new_loop,
    ) -> None:
        """Serve `site` (a new one by default) at `host` and `port`; 0 means any free port.

        `websocket` takes the SDKs' sockets in the place of a hub of the server's own; `answered`
        hears of every answer.  With `tls` the port speaks HTTPS; with `routes`, too, it stays
        plain but is a proxy, behind which the fake speaks it.
        """
        self.site = site or build_site()
        self.site.scenarios = self.site.scenarios or Player(self.site)
        self.site.hosts |= {host}
        self.host = host
        self.port = port
        self._websocket = websocket
        self._answered = answered
        self._tls = tls
        self._routes = routes
        self._loop_factory = loop_factory
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], None] = _nothing
        self._cancel: Callable[[], None] = _nothing
        self._failure: BaseException | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return url_of(self.host, self.port, tls=self._tls is not None and self._routes is None)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def start(self) -> None:
        """Listen, and return once requests are answered.

        Raises:
            CannotListen: the port is in use, the address is not this machine's, or nothing is
                answered there in good time.
        """
        listener = listen(self.host, self.port)
        self.port = listener.getsockname()[1]
        unwanted = threading.Event()
        self._ready.clear()
        self._thread = threading.Thread(
            target=self._run, args=(listener, unwanted), name="reachability-mock", daemon=True
        )
        self._thread.start()
        started = self._ready.wait(_START_SECONDS)
        self._raise_failure()
        if not started:
            unwanted.set()
            self._cancel()
            self._thread.join(_GRACE_SECONDS)
            listener.close()
            raise CannotListen(f"no answer on port {self.port} within {_START_SECONDS:.0f} s")

    def stop(self) -> None:
        """Finish what is being answered, close everything, and return when it is done.

        Putting away does not fail: a server that had died is said in the log.
        """
        if self.site.scenarios is not None:
            self.site.scenarios.stop()
        self.ask_to_stop()
        self._join()
        failure, self._failure = self._failure, None
        if failure is not None:
            _log.error("the server had stopped before its end", exc_info=failure)

    def ask_to_stop(self) -> None:
        """Begin to stop and return at once: safe in a signal handler."""
        self._stop()

    def wait(self) -> None:
        """Return when it has stopped; what ended it, if nobody asked it to, is raised."""
        self._join()
        self._raise_failure()

    def _join(self) -> None:
        if self._thread is not None:
            self._thread.join()

    def _raise_failure(self) -> None:
        """Tell what went wrong to one of those who wait for the start or the end."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _run(self, listener: socket.socket, unwanted: threading.Event) -> None:
        try:
            with asyncio.Runner(loop_factory=self._loop_factory) as runner:
                runner.run(self._serve(listener, unwanted))
        except BaseException as error:  # noqa: BLE001 - told to whoever waits
            self._failure = None if unwanted.is_set() else error
        finally:
            listener.close()
            self._stop = self._cancel = _nothing
            self._ready.set()

    async def _serve(self, listener: socket.socket, unwanted: threading.Event) -> None:
        loop, site = asyncio.get_running_loop(), self.site
        stopping = asyncio.Event()
        task = asyncio.current_task()
        self._stop = lambda: soon(loop, stopping.set)
        self._cancel = lambda: soon(loop, task.cancel) if task else None
        if unwanted.is_set():  # whoever started it has given up
            return
        ticker = asyncio.create_task(tick(site.world))
        with ExitStack() as closing:
            websocket = self._websocket or closing.enter_context(_realtime(site, lambda: self.url))
            front = Front(site, websocket, answered=self._answered)
            running = _Uvicorn(_config(front, self._routes), stopping, self._ready.set)
            running.tls, running.routes = self._tls, self._routes
            try:
                await running.serve([listener])
            except BaseException:  # uvloop would wait for ever for its port to be closed
                await running.shutdown([listener])
                raise
        ticker.cancel()


def _config(front: Front, routes: Routes | None) -> uvicorn.Config:
    """How uvicorn serves a front, and leaves this process's logging alone."""
    proxy = partial(ProxyConnection, routes=routes) if routes is not None else Connection
    return uvicorn.Config(
        front,
        http=cast("type[Connection]", proxy),
        ws=WebSocket,
        ws_max_size=LARGEST_FRAME + 1,  # what is larger than a session takes is never gathered
        ws_per_message_deflate=False,
        lifespan="off",
        interface="asgi3",
        log_config=None,
        proxy_headers=False,
        server_header=False,
    )


@contextmanager
def _realtime(site: Site, url: Callable[[], str]) -> Iterator[Listener]:
    """The client SDKs' side of a site, for as long as a server listens for it."""
    hub = Hub(site.world, site.keyring, site.say)
    before = site.realtime, site.listen
    site.realtime, site.listen = Faults(hub), url
    try:
        yield Listener(hub)
    finally:
        site.realtime, site.listen = before
        hub.stop()


class _Uvicorn(uvicorn.Server):
    """uvicorn, woken by an event instead of looking every tenth of a second, and quick to end."""

    tls: ssl.SSLContext | None = None
    routes: Routes | None = None

    def __init__(
        self, config: uvicorn.Config, stopping: asyncio.Event, on_started: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self.servers: list[asyncio.base_events.Server] = []
        self._stopping = stopping
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self.routes is None:
            self.config.ssl = self.tls
        await super().startup(sockets)
        if self.routes is not None:
            await self._listen_inside(self.routes)
        await self.on_tick(0)
        self._on_started()

    async def _listen_inside(self, routes: Routes) -> None:
        """Speak TLS at a port of this machine, to which the proxy leads."""

        def protocol() -> Connection:
            state: Any = self.lifespan.state
            return Connection(self.config, self.server_state, state)

        listener = listen("127.0.0.1", 0)
        routes.inside = listener.getsockname()[1]
        loop = asyncio.get_running_loop()
        self.servers.append(await loop.create_server(protocol, sock=listener, ssl=self.tls))

    async def main_loop(self) -> None:
        while not self._stopping.is_set():
            try:
                async with asyncio.timeout(1):
                    await self._stopping.wait()
            except TimeoutError:
                await self.on_tick(0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        state = self.server_state
        for connection in tuple(state.connections):
            connection.shutdown()
        if state.tasks:
            await asyncio.wait(tuple(state.tasks), timeout=_GRACE_SECONDS)
        for task in tuple(state.tasks):
            task.cancel()
        for connection in tuple(state.connections):
            connection.transport.abort()
        for _ in range(10):
            await asyncio.sleep(0)


def url_of(host: str, port: int, *, tls: bool = False) -> str:
    """Where a server on this machine is reached that listens at `host` and `port`."""
    name = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - read, not bound
    shown = f"[{name}]" if ":" in name else name
    return f"{'https' if tls else 'http'}://{shown}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at `host` and `port`.

    Raises:
        CannotListen: it cannot.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise CannotListen(f"cannot listen on {host}: {error.strerror or error}") from None
    listener = socket.socket(family, kind, proto)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotListen(f"port {port} on {host} is in use; try --port 0") from None
        raise CannotListen(f"cannot listen on {host}:{port}: {error.strerror}") from None
    return listener


def _nothing() -> None:
    """Stop what has not been started."""
