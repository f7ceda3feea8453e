"""The hub: does what sessions ask for, and tells them what has changed in the world.

Everything here happens under the world's lock, so what a client reads, what it subscribes to and
what is pushed to it stand in one order.  Queues are filled here and emptied on the event loop
(`listener`): nobody is ever waited for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from reachability_mock.bus import Published
from reachability_mock.clock import system_now
from reachability_mock.core.errors import Refused
from reachability_mock.core.events import (
    ConnectionClosed,
    ServiceRemoved,
    ServiceUpdated,
    UserAdded,
    UserRemoved,
    UserUpdated,
)
from reachability_mock.core.model import Record, Service, User
from reachability_mock.core.reachability import parted
from reachability_mock.keyring import Keyring
from reachability_mock.realtime.alarms import Alarms
from reachability_mock.realtime.connection import Connection
from reachability_mock.realtime.view import View
from reachability_mock.wire import sync, sync_frames
from reachability_mock.wire.session import Session, Stage
from reachability_mock.wire.session_words import (
    Close,
    ClosedElsewhere,
    CloseLater,
    Dismissed,
    Effect,
    Ended,
    Input,
    Log,
    Send,
    Submit,
    TimePassed,
    Unwatch,
    Wake,
    Watch,
)
from reachability_mock.world import World

_log = logging.getLogger("reachability_mock")

DELETED = Dismissed(401, "Unauthorized")
"""What a client is told whose user or service was deleted: it does not come again by itself."""
AT_ONCE = 50
"""How many sockets are written before the event loop does anything else: a few milliseconds."""
BROKEN = Close(1011, "the server failed on this connection")


class Hub:
    """The open connections of one world."""

    def __init__(
        self, world: World, keyring: Keyring, hint: Callable[[str], None] = _log.warning
    ) -> None:
        """Listen to `world`; what a person should read goes to `hint`."""
        self.world = world
        self._hint = hint
        self._view = View(world, keyring)
        self.refusals = self._view.refusals
        """What the next inits are refused with, the next one first."""
        self.push_delay_seconds = 0.0
        self._open: dict[str, Connection] = {}
        self._watchers: dict[str, dict[str, Connection]] = {}
        self._dirty: dict[str, Connection] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._alarms = Alarms(self.look)
        self._stop = world.bus.subscribe(self._on_event)

    def stop(self) -> None:
        """Listen to the world no longer."""
        self._stop()

    # --- connections -----------------------------------------------------------------------------

    def open(self, origin: str) -> Connection:
        """A socket was accepted; on the event loop.

        Its device is called by the journal's number of this: no two in a world are the same.
        """
        self._loop = asyncio.get_running_loop()
        with self.world.lock:
            self._notice_reset()
            number = self.world.journal.add("socket", self.world.clock.now(), {"said": "opened"})
            session = Session(f"sdk-{number}", self._view, origin)
            connection = self._open[session.device] = Connection(number, session)
            self._alarms.start(self._loop)
        return connection

    def close(self, connection: Connection) -> None:
        """The socket is gone and everything has been fed."""
        with self.world.lock:
            self._open.pop(connection.session.device, None)
            self._alarms.prune(self._open)
            if not self._open:
                self._alarms.stop()

    def feed(self, connection: Connection, happened: Input) -> None:
        """Let something happen to a connection, and do what its session asks for."""
        with self.world.lock:
            self._notice_reset()
            self.world.run_due()
            try:
                self._drive(connection, happened)
            except Exception:  # noqa: BLE001 - whatever it is, it ends one connection and is logged
                _log.exception("%s failed on %s", connection.session.device, type(happened))
                self._queue(connection, BROKEN)

    def chosen(
        self, identity: str | None = None, service_sid: str | None = None
    ) -> list[Connection]:
        """The initialised connections, of one identity or service if asked."""
        ready = [one for one in self._open.values() if one.session.stage is Stage.READY]
        mine = [one for one in ready if identity in {None, _identity(one)}]
        return [one for one in mine if service_sid in {None, _service(one)}]

    def sockets(self) -> list[dict[str, object]]:
        """Every open socket, the oldest first: whose it is and how far it has come."""
        with self.world.lock:
            self._notice_reset()
            return [_shown(one) for one in self._open.values()]

    def forget_faults(self) -> None:
        """Refuse nobody and hold nothing back any more."""
        self.refusals.clear()
        self.push_delay_seconds = 0.0

    def drop(self, connections: Iterable[Connection]) -> None:
        """Let sockets fall without a word, as if a cable was cut, and know it at once."""
        for connection in connections:
            self.feed(connection, Ended(goodbye=False))
            self._call(connection.drop)

    # --- effects ---------------------------------------------------------------------------------

    def _drive(self, connection: Connection, happened: Input) -> None:
        effects = connection.session.feed(happened, system_now())
        outcome: Record | None = None
        refused: Refused | None = None
        while True:
            try:
                effect = effects.throw(refused) if refused else effects.send(outcome)
            except StopIteration:
                return
            outcome = refused = None
            try:
                outcome = self._do(connection, effect)
            except Refused as error:
                refused = error

    def _do(self, connection: Connection, effect: Effect) -> Record | None:
        match effect:
            case Send():
                self._queue(connection, effect.data)
            case Close():
                self._queue(connection, effect)
            case Submit():
                return self.world.submit(effect.fact, cause=connection.cause).subject
            case Watch():
                watchers = self._watchers.setdefault(effect.sid, {})
                watchers[connection.session.device] = connection
            case Unwatch():
                self._unwatch(connection, effect.sid)
            case Wake():
                self._alarms.set(effect.at, connection.session.device)
            case CloseLater():
                farewell = Close(1000, "goodbye")
                self._later(effect.seconds, lambda: self._queue(connection, farewell))
            case Log():
                connection.cause = self._note(connection, effect)
                if effect.warns:
                    self._hint(f"{connection.session.device}: {effect.said}")
        return None

    def _unwatch(self, connection: Connection, sid: str) -> None:
        watchers = self._watchers.get(sid, {})
        watchers.pop(connection.session.device, None)
        if not watchers:
            self._watchers.pop(sid, None)

    def _note(self, connection: Connection, said: Log) -> int:
        claims = connection.session.claims
        return self.world.journal.add(
            "socket",
            self.world.clock.now(),
            {"device": connection.session.device, "said": said.said, **said.data},
            account=claims.account_sid if claims else None,
            service=claims.service_sid if claims else None,
            user=claims.identity if claims else None,
        )

    def _queue(self, connection: Connection, item: bytes | Close) -> None:
        if not connection.put(item):
            self._note(connection, Log("dropped: it reads too slowly"))
            self._hint(f"{connection.session.device}: dropped, it reads too slowly")
            self._call(connection.drop)
            return
        if not self._dirty:
            self._call(self._flush)
        self._dirty[connection.session.device] = connection

    def _flush(self) -> None:
        with self.world.lock:
            dirty, self._dirty = self._dirty, {}
        self._wake(iter(dirty.values()))

    def _wake(self, waiting: Iterator[Connection]) -> None:
        """Let some write; before more do so, others on the event loop have their turn."""
        some = tuple(islice(waiting, AT_ONCE))
        for connection in some:
            connection.wake()
        if len(some) == AT_ONCE and self._loop is not None:
            self._loop.call_soon(self._wake, waiting)

    def _call(self, call: Callable[[], object]) -> None:
        """Have something called on the event loop, from whatever thread this is."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)

    def _later(self, seconds: float, call: Callable[[], object]) -> None:
        loop = self._loop
        if loop is not None:
            self._call(lambda: loop.call_later(seconds, call))

    # --- events ----------------------------------------------------------------------------------

    def _on_event(self, published: Published) -> None:
        event = published.event
        match event:
            case UserAdded():
                self._view.board.learn(event.user)
            case UserUpdated():
                self._refresh(event.service, event.user, published.n)
            case ServiceUpdated() if event.switched and event.service.reachability_enabled:
                self._refresh_all(event.service, published.n)
            case UserRemoved():
                self._user_removed(event.service, event.user, published.n)
            case ServiceRemoved():
                self._view.board.forget_service(event.service.sid)
                self._dismiss(self.chosen(service_sid=event.service.sid))
            case ConnectionClosed():
                self._connection_closed(event)
            case _:
                pass

    def _refresh(
        self, service: Service, user: User, cause: int | None, *, again: bool = False
    ) -> None:
        """Push what looks different in a user's map now."""
        board, policy = self._view.board, self._view.policy
        sid = sync.map_sid(service.sid, user.identity)
        for item in board.refresh(service, user, policy, system_now(), again=again):
            about: dict[str, object] = {"said": f"pushed {item.key}", "value": item.data}
            self._push(sid, sync_frames.changed(sid, item, live=True), service, user, cause, about)

    def _refresh_all(self, service: Service, cause: int | None) -> None:
        """The indicator went on: whoever is looked at in this service is shown anew."""
        for identity in self._view.board.looked_at(service.sid):
            user = self.world.store.user_by_identity(service.sid, identity)
            if user is not None:
                self._refresh(service, user, cause, again=True)

    def _user_removed(self, service: Service, user: User, cause: int | None) -> None:
        """Show it for the last time, as nobody would hear of it later: then its map is gone."""
        self._refresh(service, parted(user), cause)
        now = system_now()
        sid, event_id = self._view.board.forget(user, now)
        about: dict[str, object] = {"said": "pushed the end of a user"}
        self._push(sid, sync_frames.removed(sid, event_id, now), service, user, cause, about)
        self._dismiss(self.chosen(user.identity, user.service_sid))

    def _dismiss(self, connections: Iterable[Connection]) -> None:
        for connection in tuple(connections):
            self.feed(connection, DELETED)

    def _connection_closed(self, event: ConnectionClosed) -> None:
        """Somebody closed it in the world; a deleted user's is dismissed by its own event."""
        connection = self._open.get(event.device)
        if connection is None or connection.session.stage is not Stage.READY:
            return
        owner = self.world.store.user(event.service.sid, event.user.sid)
        if owner is not None and _identity(connection) == event.user.identity:
            self.feed(connection, ClosedElsewhere())

    def _push(  # noqa: PLR0913, PLR0917 - what is pushed, and what the journal says of it
        self,
        sid: str,
        frame: bytes,
        service: Service,
        user: User,
        cause: int | None,
        about: dict[str, object],
    ) -> None:
        """Push a change in the map `sid` to those who watch it, if anybody does."""
        watchers = len(self._watchers.get(sid, ()))
        if not watchers:
            return
        self.world.journal.add(
            "socket",
            self.world.clock.now(),
            {**about, "to": watchers},
            account=service.account_sid,
            service=service.sid,
            user=user.identity,
            cause=cause,
        )
        delay = self.push_delay_seconds
        if delay:
            self._later(delay, lambda: self._push_now(sid, frame))
        else:
            self._push_now(sid, frame)

    def _push_now(self, sid: str, frame: bytes) -> None:
        with self.world.lock:
            for connection in tuple(self._watchers.get(sid, {}).values()):
                self._queue(connection, frame)

    # --- time ------------------------------------------------------------------------------------

    def look(self) -> None:
        """Let everything happen whose time has come: expiring tokens, and a reset."""
        with self.world.lock:
            self._notice_reset()
            for device in self._alarms.due():
                connection = self._open.get(device)
                if connection is not None:
                    self.feed(connection, TimePassed())

    def _notice_reset(self) -> None:
        """After a reset the world has another store, and nobody is connected in it."""
        if self._view.is_stale:
            self._view.renew()
            self.forget_faults()
            for connection in tuple(self._open.values()):
                self.feed(connection, ClosedElsewhere())


def _shown(connection: Connection) -> dict[str, object]:
    session = connection.session
    claims = session.claims
    return {
        "device": session.device,
        "stage": session.stage.value,
        "account": claims.account_sid if claims else None,
        "service": claims.service_sid if claims else None,
        "identity": claims.identity if claims else None,
        "token_expires": claims.expires.isoformat() if claims else None,
        "watches": session.watches,
        "waiting": connection.waiting,
    }


def _identity(connection: Connection) -> str | None:
    claims = connection.session.claims
    return claims.identity if claims else None


def _service(connection: Connection) -> str | None:
    claims = connection.session.claims
    return claims.service_sid if claims else None
