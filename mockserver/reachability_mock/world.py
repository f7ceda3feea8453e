"""The world: one writer, one lock, one clock; facts go in, records and events come out.

`submit` applies a fact, stores its changes and publishes its events in order.  A timer is a fact in
the future: whatever has come due happens, in order and at its own time, before anybody looks.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from threading import RLock
from typing import TypedDict

from reachability_mock.bus import Bus, Published
from reachability_mock.clock import Clock, SystemClock
from reachability_mock.core import sids
from reachability_mock.core.apply import apply
from reachability_mock.core.changes import Changes, Timer
from reachability_mock.core.events import Event
from reachability_mock.core.facts import AccountOpened, Fact, TimerDue
from reachability_mock.core.model import Account, Record, Service
from reachability_mock.journal import Journal
from reachability_mock.settings import Settings
from reachability_mock.store import MemoryStore, Store


class World:
    """Everything the fake knows, and the only way to change it."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        settings: Settings | None = None,
        seed: str | int | None = None,
    ) -> None:
        """An empty world; the same `seed` makes the same SIDs (None: others each time)."""
        self.clock: Clock = clock or SystemClock()
        self.settings = settings or Settings()
        self.journal = Journal()
        self.bus = Bus()
        self.lock = RLock()
        self.store: Store = MemoryStore()
        self._random = Random(seed)  # noqa: S311 - SIDs are names, not secrets
        self._timers: list[tuple[datetime, int, Timer]] = []
        self._timer_numbers = count()
        self._on_timer: list[Callable[[], None]] = []

    def new_sid(self, prefix: str) -> str:
        """A SID nobody has had."""
        return f"{prefix}{self._random.getrandbits(128):032x}"

    def open_account(self, sid: str) -> None:
        """Make sure that account `sid` is open, with its default service."""
        if self.store.account(sid) is None:
            self.submit(AccountOpened(sid, sids.default_service_sid(sid)))

    def submit(self, fact: Fact, *, cause: int | None = None) -> Changes:
        """Let `fact` happen now: apply, store, publish; `cause` is a journal number.

        Raises:
            Refused: the core refused it; nothing has changed.
        """
        with self.lock:
            self.run_due()
            return self._happen(fact, self.clock.now(), cause)

    def run_due(self) -> None:
        """Let everything happen whose time has come, each at its own time."""
        if not self._timers:
            return
        with self.lock:
            now = self.clock.now()
            while self._timers and self._timers[0][0] <= now:
                due, _, timer = heapq.heappop(self._timers)
                self._happen(TimerDue(timer.service_sid, timer.user_sid), due, None)

    def advance(self, seconds: float) -> datetime:
        """Move the clock forward by `seconds` and let what has come due happen."""
        with self.lock:
            now = self.clock.advance(timedelta(seconds=seconds))
            self.run_due()
        self.wake()
        return now

    @property
    def next_due(self) -> datetime | None:
        """When the next timer comes due, if one is set."""
        with self.lock:
            return self._timers[0][0] if self._timers else None

    def watch_timers(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call `wake` when time or `next_due` may have changed; call what comes back to stop."""
        self._on_timer.append(wake)

        def stop() -> None:
            if wake in self._on_timer:
                self._on_timer.remove(wake)

        return stop

    def reset(self) -> None:
        """Forget all accounts, timers, settings, the journal and every advance of the clock.

        Listeners stay.
        """
        with self.lock:
            self.store = MemoryStore()
            self._timers.clear()
            self.settings.reset()
            self.journal.clear()
            self.clock.restart()

    def _happen(self, fact: Fact, at: datetime, cause: int | None) -> Changes:
        changes = apply(self.store, fact, at, self.settings.policy)
        self.store.commit(changes)
        if not isinstance(fact, TimerDue):
            cause = self.journal.add(
                "fact", at, fact, **_sides(fact, changes.subject, self.store), cause=cause
            )
        for timer in changes.timers:
            heapq.heappush(self._timers, (timer.due, next(self._timer_numbers), timer))
        for event in changes.events:
            n = self.journal.add(
                "event", at, event, **_sides(event, changes.subject, self.store), cause=cause
            )
            self.bus.publish(Published(n, at, event))
        if changes.timers:
            self.wake()
        return changes

    def wake(self) -> None:
        """Let whoever watches the timers look again."""
        for wake in tuple(self._on_timer):
            wake()


class _Sides(TypedDict):
    """Whom an entry of the journal is about."""

    account: str | None
    service: str | None
    user: str | None


def _sides(what: Fact | Event, subject: Record | None, store: Store) -> _Sides:
    """Whose a fact or event is, as far as it or what it was about can tell."""
    service: Service | None = getattr(what, "service", None)
    service_sid: str | None = service.sid if service else getattr(what, "service_sid", None)
    if service is None and service_sid:
        service = subject if isinstance(subject, Service) else store.service(service_sid)
    account: Account | Service | None = getattr(what, "account", service)
    one = getattr(what, "user", None) or getattr(what, "binding", None) or subject
    return {
        "account": _account_sid(account) or getattr(what, "account_sid", None),
        "service": service_sid,
        "user": getattr(what, "identity", None) or getattr(one, "identity", None),
    }


def _account_sid(noun: Account | Service | None) -> str | None:
    if isinstance(noun, Service):
        return noun.account_sid
    return noun.sid if noun else None
