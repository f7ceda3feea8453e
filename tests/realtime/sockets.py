"""Clients of the listener without a network: each is one ASGI socket in a test's hands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from reachability_mock.clock import ManualClock, system_now
from reachability_mock.core import sids
from reachability_mock.core.facts import ServiceConfigured
from reachability_mock.core.model import User
from reachability_mock.keyring import DEFAULT_SECRET, Keyring
from reachability_mock.realtime.hub import Hub
from reachability_mock.realtime.listener import Listener
from reachability_mock.wire import twilsock
from reachability_mock.wire.session_words import Received
from reachability_mock.wire.twilsock import Frame, Json
from reachability_mock.world import World
from tests.wire.playbook import ACCOUNT, SERVICE, START, frame, map_of, request, token_of

Message = MutableMapping[str, Any]
PATIENCE = 5.0
"""Seconds after which a test that waits in vain fails."""


class Fake:
    """A world with a hub and a listener; the world's time stands still."""

    def __init__(self) -> None:
        self.world = World(clock=ManualClock(START), seed=1)
        self.world.open_account(ACCOUNT)
        self.world.submit(ServiceConfigured(SERVICE, reachability_enabled=True))
        self.hints: list[str] = []
        keys = {sids.DEFAULT_KEY: (DEFAULT_SECRET, ACCOUNT)}
        self.hub = Hub(self.world, Keyring(keys=keys), self.hints.append)
        self.listener = Listener(self.hub)

    def user(self, identity: str) -> User:
        """A user as it is in the world."""
        user = self.world.store.user_by_identity(SERVICE, identity)
        assert user is not None
        return user

    def is_connected(self, identity: str) -> bool:
        """Whether a user has any connection."""
        user = self.world.store.user_by_identity(SERVICE, identity)
        return user is not None and user.is_connected

    def said(self) -> list[str]:
        """What the journal says of sockets."""
        entries = self.world.journal.since(kind="socket")
        return [str(entry.as_json()["data"]["said"]) for entry in entries]  # type: ignore[index] # JSON

    @asynccontextmanager
    async def socket(self, **scope: Any) -> AsyncIterator[Socket]:
        """An open socket that has said nothing yet."""
        socket = Socket()
        task = asyncio.create_task(socket.serve(self.listener, scope))
        try:
            assert (await socket.next_message())["type"] == "websocket.accept"
            yield socket
        finally:
            socket.hang_up()
            async with asyncio.timeout(PATIENCE):
                await task

    @asynccontextmanager
    async def client(self, identity: str, **more: Any) -> AsyncIterator[Socket]:
        """An initialised socket."""
        async with self.socket() as socket:
            socket.say(frame("init", token=token_of(identity, **{"now": system_now(), **more})))
            assert (await socket.next_frame()).header["status"]["code"] == 200
            yield socket


class Socket:
    """One end of a WebSocket, as ASGI has it."""

    def __init__(self) -> None:
        self._to_server: asyncio.Queue[Message] = asyncio.Queue()
        self._from_server: asyncio.Queue[Message] = asyncio.Queue()
        self.reading = asyncio.Event()
        self.reading.set()
        self.broken = False
        self.served = asyncio.Event()

    async def serve(self, listener: Listener, scope: Message) -> None:
        """Be served, from connect to the end."""
        self._to_server.put_nowait({"type": "websocket.connect"})
        full: Message = {
            "type": "websocket",
            "scheme": "ws",
            "headers": [(b"host", b"127.0.0.1:4010")],
            "server": ("127.0.0.1", 4010),
            **scope,
        }
        try:
            await listener(full, self._to_server.get, self._send)
        finally:
            self.served.set()

    async def _send(self, message: Message) -> None:
        await self.reading.wait()
        if self.broken:
            raise OSError
        self._from_server.put_nowait(message)

    def say(self, message: Received | bytes | str) -> None:
        """Send something to the server."""
        if isinstance(message, str):
            self._to_server.put_nowait({"type": "websocket.receive", "text": message})
            return
        data = message.data if isinstance(message, Received) else message
        self._to_server.put_nowait({"type": "websocket.receive", "bytes": data})

    def hang_up(self, **close: Any) -> None:
        """End the socket: with a code and a reason, or without a word."""
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": 1005, **close})

    async def next_message(self) -> Message:
        """The next thing the server does."""
        async with asyncio.timeout(PATIENCE):
            return await self._from_server.get()

    async def next_frame(self) -> Frame:
        """The next frame the server sends."""
        message = await self.next_message()
        assert message["type"] == "websocket.send", message
        return twilsock.read(message["bytes"])

    async def next_event(self) -> Json:
        """The body of the next frame, which is a notification of Sync."""
        one = await self.next_frame()
        assert one.method == "notification", one
        body = one.json()
        assert isinstance(body, dict)
        return body

    async def close(self) -> tuple[int, str]:
        """The code and the reason that the server closes with, now."""
        message = await self.next_message()
        assert message["type"] == "websocket.close", message
        return message["code"], message["reason"]

    async def until_served(self) -> None:
        """Wait until the server is done with this socket."""
        async with asyncio.timeout(PATIENCE):
            await self.served.wait()

    @property
    def has_nothing(self) -> bool:
        """Whether everything that was sent has been read."""
        return self._from_server.empty()

    async def ask(self, method: str, path: str, body: object = None, **params: str) -> Any:
        """Send a request and return the body of its answer."""
        self.say(request(method, path, body, **params))
        return (await self.next_frame()).json()

    async def watch(self, identity: str) -> list[Json]:
        """Subscribe to a user's map, all of it; returns what is replayed."""
        wanted = {"object_sid": map_of(identity), "object_type": "map", "last_event_id": None}
        body = {"action": "establish", "correlation_id": 1, "requests": [wanted]}
        await self.ask("POST", "/v4/Subscriptions", body)
        replayed = []
        while (event := await self.next_event())["event_type"] != "subscription_established":
            replayed.append(event["event"])
        return replayed
