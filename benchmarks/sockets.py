"""Many raw sockets of client SDKs, as a process of their own.

python -m benchmarks.sockets URI FIRST COUNT WATCHERS

Connects users FIRST … FIRST+COUNT-1, of whom the first WATCHERS subscribe to the user `star`.  Says
`ready` in a line; then, for each line on standard input, waits for one push to all watchers and
prints the moment (the machine's steady clock, in seconds) at which the last of them had it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from time import perf_counter
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from reachability_mock.clock import system_now
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.wire import sync, twilsock
from reachability_mock.wire.token import Signer, make

SERVICE = sids.default_service_sid(sids.DEFAULT_ACCOUNT)
STAR = "star"
_AT_ONCE = 50
Json = dict[str, Any]


class Watcher:
    """One socket, and when it was last told something."""

    def __init__(self, socket: ClientConnection) -> None:
        """Of an open socket."""
        self.socket = socket
        self.told: asyncio.Queue[float] = asyncio.Queue()

    async def ask(self, method: str, payload: object = None, **header: object) -> None:
        """Send a frame and wait for its answer, which has to be a good one."""
        await self.socket.send(twilsock.write(method, "1", payload, **header))
        answer = await self._next()
        status = answer.header.get("http_status") or answer.header["status"]
        if not 200 <= status["code"] < 300:  # noqa: PLR2004 - successes
            raise RuntimeError(f"{method} was answered {answer.header}")

    async def watch(self) -> None:
        """Subscribe to the star, and wait until that stands."""
        wanted = {"object_sid": sync.map_sid(SERVICE, STAR), "object_type": "map"}
        body = {"action": "establish", "correlation_id": 1, "requests": [wanted]}
        http = {"host": "", "method": "POST", "path": "/v4/Subscriptions", "params": {}}
        await self.ask("message", body, http_request=http)
        while (await self._event())["event_type"] != "subscription_established":
            pass

    async def listen(self) -> None:
        """Note when anything comes, for ever."""
        async for _ in self.socket:
            self.told.put_nowait(perf_counter())

    async def _next(self) -> twilsock.Frame:
        data = await self.socket.recv()
        if not isinstance(data, bytes):
            raise TypeError("a text frame")
        return twilsock.read(data)

    async def _event(self) -> Json:
        body = (await self._next()).json()
        return body if isinstance(body, dict) else {}


async def _open(uri: str, identity: str, gate: asyncio.Semaphore, *, watching: bool) -> Watcher:
    signer = Signer(sids.DEFAULT_KEY, DEFAULT_SECRET, sids.DEFAULT_ACCOUNT)
    token = make(signer, identity, SERVICE, system_now())
    async with gate:
        socket = await connect(
            uri, compression=None, ping_interval=None, open_timeout=120, max_queue=None
        )
        one = Watcher(socket)
        await one.ask("init", token=token)
        if watching:
            await one.watch()
    return one


async def main(uri: str, first: int, count: int, watchers: int) -> None:
    """Connect them all, then tell of every push."""
    gate = asyncio.Semaphore(_AT_ONCE)
    opened = [
        _open(uri, f"fan-{number}", gate, watching=number < first + watchers)
        for number in range(first, first + count)
    ]
    sockets = await asyncio.gather(*opened)
    watching = sockets[:watchers]
    tasks = [asyncio.create_task(one.listen()) for one in sockets]
    print("ready", flush=True)  # noqa: T201 - read by benchmarks.realtime
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        told = [await one.told.get() for one in watching]
        print(json.dumps(max(told, default=0.0)), flush=True)  # noqa: T201 - likewise
    for task in tasks:
        task.cancel()
    await asyncio.gather(*(one.socket.close() for one in sockets))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:5])))
