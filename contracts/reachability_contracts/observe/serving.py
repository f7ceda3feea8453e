"""A port of this machine, behind which an app is served on a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from types import TracebackType
from typing import Any, Self

import uvicorn

from reachability_contracts.observe.proxy import TARGET, Proxy
from reachability_mock.connection import Connection
from reachability_mock.server import listen, new_loop

LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 1


class _Connection(Connection):
    """A connection that keeps the target of each request as it was sent."""

    def on_headers_complete(self) -> None:
        """The head is complete, and the target in the form that the service expects."""
        super().on_headers_complete()
        state: dict[str, Any] = self.scope["state"]
        state[TARGET] = self.url.decode("latin-1")


class _Uvicorn(uvicorn.Server):
    """uvicorn, which says when it listens, and ends when it is told."""

    def __init__(self, config: uvicorn.Config, on_started: threading.Event) -> None:
        super().__init__(config)
        self._on_started = on_started
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()

    def end(self) -> None:
        """Begin to end; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self._on_started.set()

    async def main_loop(self) -> None:
        """Wait for the end."""
        await self._stopping.wait()


class Serving:
    """Serves a proxy while a `with` lasts; only this machine can reach it."""

    def __init__(self, proxy: Proxy, port: int = 0) -> None:
        """Listen at `port`; 0 means any that is free."""
        self._proxy = proxy
        self.port = port
        self._started = threading.Event()
        config = uvicorn.Config(
            proxy,
            http=_Connection,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        self._uvicorn = _Uvicorn(config, self._started)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{LOOPBACK}:{self.port}"

    def __enter__(self) -> Self:
        """Listen.

        Raises:
            CannotListen: the port is in use.
        """
        listener = listen(LOOPBACK, self.port)
        self.port = listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, args=(listener,), daemon=True)
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish what is under way, for a moment, then cut it."""
        self._uvicorn.end()
        if self._thread is not None:
            self._thread.join()

    def _run(self, listener: socket.socket) -> None:
        try:
            with asyncio.Runner(loop_factory=new_loop) as runner:
                runner.run(self._uvicorn.serve([listener]))
        finally:
            self._started.set()
            listener.close()
            self._proxy.close()
