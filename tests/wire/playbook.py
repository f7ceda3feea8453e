"""A conversation with a session as a script: `>>` what happens, `<<` what shall be done about it.

The session is real, and so is the world behind it, but there is no socket and no event loop.  Logs
and alarms need not be in a script; everything else does, in its order.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from reachability_mock.bus import Published
from reachability_mock.clock import ManualClock
from reachability_mock.core import sids
from reachability_mock.core.errors import Refused
from reachability_mock.core.events import UserAdded, UserRemoved
from reachability_mock.core.facts import ServiceConfigured
from reachability_mock.core.model import Record, Service, User
from reachability_mock.core.reachability import parted
from reachability_mock.keyring import DEFAULT_SECRET, Access, Keyring
from reachability_mock.realtime.view import View
from reachability_mock.wire import sync, twilsock
from reachability_mock.wire.session import Session
from reachability_mock.wire.session_words import (
    Effect,
    Input,
    Log,
    Received,
    Send,
    Submit,
    TimePassed,
    Wake,
)
from reachability_mock.wire.token import Signer, make
from reachability_mock.world import World

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = sids.DEFAULT_ACCOUNT
SERVICE = sids.default_service_sid(ACCOUNT)
SIGNER = Signer(sids.DEFAULT_KEY, DEFAULT_SECRET, ACCOUNT)
DEVICE = "sdk-1"
ORIGIN = "http://127.0.0.1:4010"


def token_of(identity: str = "alice", **more: Any) -> str:
    """A good token."""
    settings: dict[str, Any] = {"signer": SIGNER, "service_sid": SERVICE, "now": START, **more}
    return make(identity=identity, **settings)


def frame(method: str, payload: object = None, **header: object) -> Received:
    """What a client says: a frame with the id ``c1``."""
    return Received(twilsock.write(method, "c1", payload, **header))


def init(identity: str = "alice", **more: Any) -> Received:
    """A client's first frame."""
    return frame("init", token=token_of(identity, **more), continuation_token=None)


def request(method: str, path: str, body: object = None, **params: str) -> Received:
    """A request inside a frame."""
    inner = {"host": "h", "method": method, "path": path, "params": params, "headers": {}}
    return frame("message", body, active_grant="ip_messaging", http_request=inner)


@dataclass(frozen=True)
class Later:
    """So many seconds pass."""

    seconds: float


@dataclass(frozen=True)
class Sent:
    """Any frame with that method, and at least this in its header and payload."""

    method: str
    header: dict[str, Any] = field(default_factory=dict)
    payload: Any = ...

    def matches(self, effect: Effect) -> bool:
        """Whether `effect` sends such a frame."""
        if not isinstance(effect, Send):
            return False
        sent = twilsock.read(effect.data)
        fits = self.payload is ... or _within(self.payload, sent.json())
        return sent.method == self.method and _within(self.header, sent.header) and fits


@dataclass(frozen=True)
class Logged:
    """A log line with that text in it."""

    text: str
    warns: bool = False

    def matches(self, effect: Effect) -> bool:
        """Whether `effect` is that line."""
        return isinstance(effect, Log) and self.text in effect.said and effect.warns is self.warns


def replied(code: int = 200, **more: object) -> Sent:
    """The reply to the frame ``c1``."""
    return Sent("reply", {"id": "c1", "status": {"code": code, **more}})


def answered(status: int, body: Any = ...) -> Sent:
    """The reply to a request inside a frame."""
    http = {"code": status}
    return Sent("reply", {"id": "c1", "status": {"code": 200}, "http_status": http}, body)


def pushed(event_type: str, event: dict[str, Any], **more: object) -> Sent:
    """A notification of Sync."""
    return Sent("notification", payload={"event_type": event_type, "event": event, **more})


def _within(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(key in found and _within(one, found[key]) for key, one in wanted.items())
    return bool(wanted == found)


class Playbook:
    """One session, its world, and the script; true (in an assert) if the script came true."""

    def __init__(self, access: Access = Access.STRICT, *, enabled: bool = True) -> None:
        keyring = Keyring(access, keys={sids.DEFAULT_KEY: (DEFAULT_SECRET, ACCOUNT)})
        self.world = World(clock=ManualClock(START), seed=1)
        self.world.open_account(ACCOUNT)
        if enabled:
            self.world.submit(ServiceConfigured(SERVICE, reachability_enabled=True))
        self.view = View(self.world, keyring)
        self.world.bus.subscribe(self._learn)
        self.session = Session(DEVICE, self.view, ORIGIN)
        self.now = START
        self.script: list[tuple[str, Any]] = []
        self._transcript: list[str] = []

    def __rshift__(self, happened: Input | Later) -> Playbook:
        """Script that something happens."""
        self.script.append((">>", happened))
        return self

    def __lshift__(self, expected: Effect | Sent | Logged) -> Playbook:
        """Script what shall come of it."""
        self.script.append(("<<", expected))
        return self

    def __bool__(self) -> bool:
        script, self.script = self.script, []
        pending: deque[Effect] = deque()
        for mark, step in script:
            self._transcript.append(f"  {mark} {_told(step)}")
            if mark == ">>":
                self._nothing_left(pending)
                pending = deque(self.feed(step))
                continue
            while pending and _is_quiet(pending[0]) and not _matches(step, pending[0]):
                pending.popleft()
            if not pending or not _matches(step, pending[0]):
                found = _told(pending[0]) if pending else "nothing"
                self._fail(f"but there was: {found}")
            pending.popleft()
        self._nothing_left(pending)
        return True

    def feed(self, happened: Input | Later) -> list[Effect]:
        """Let something happen, and do at once what has to be done."""
        if isinstance(happened, Later):
            self.now += timedelta(seconds=happened.seconds)
            happened = TimePassed()
        effects = self.session.feed(happened, self.now)
        done: list[Effect] = []
        outcome: Record | None = None
        refused: Refused | None = None
        while True:
            try:
                effect = effects.throw(refused) if refused else effects.send(outcome)
            except StopIteration:
                return done
            done.append(effect)
            outcome = refused = None
            if isinstance(effect, Submit):
                try:
                    outcome = self.world.submit(effect.fact).subject
                except Refused as error:
                    refused = error

    def user(self, identity: str = "alice") -> User:
        """A user as it is in the world."""
        user = self.world.store.user_by_identity(SERVICE, identity)
        assert user is not None, f"there is no {identity}"
        return user

    @property
    def service(self) -> Service:
        """The default service."""
        service = self.world.store.service(SERVICE)
        assert service is not None
        return service

    def _learn(self, published: Published) -> None:
        """What the hub does at every event, as far as a session can see it."""
        if isinstance(published.event, UserAdded):
            self.view.board.learn(published.event.user)
        elif isinstance(published.event, UserRemoved):
            service, user = published.event.service, published.event.user
            self.view.board.refresh(service, parted(user), self.view.policy, START)
            self.view.board.forget(user, START)

    def _nothing_left(self, pending: Iterable[Effect]) -> None:
        for effect in pending:
            if not _is_quiet(effect):
                self._fail(f"and then, out of the blue: {_told(effect)}")

    def _fail(self, what: str) -> None:
        told = "\n".join(self._transcript)
        raise AssertionError(f"the conversation went\n{told}\n{what}")


def map_of(identity: str) -> str:
    """The SID of a user's map."""
    return sync.map_sid(SERVICE, identity)


def signed_by(secret: str) -> Signer:
    """The default key with another secret."""
    return replace(SIGNER, secret=secret)


def _is_quiet(effect: Effect) -> bool:
    return isinstance(effect, Log | Wake)


def _matches(step: Any, effect: Effect) -> bool:
    return step.matches(effect) if isinstance(step, Sent | Logged) else bool(step == effect)


def _told(step: Any) -> str:
    """A step as a person reads it."""
    data = getattr(step, "data", None)
    if not isinstance(data, bytes):
        return repr(step)
    try:
        one = twilsock.read(data)
    except twilsock.Malformed as error:
        return f"{type(step).__name__} {data[:60]!r} ({error})"
    header = {key: value for key, value in one.header.items() if key != "token"}
    return f"{type(step).__name__} {json.dumps(header)} {one.payload.decode()}"
