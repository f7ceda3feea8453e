"""What is known of services and users from the traffic so far: pure, and bounded in size.

A tick is a number that grows with every request and every answer.  What an answer showed counts
for requests that began after it; of requests that overlap nobody can say which was served first.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from reachability_contracts.observe.lawful import AXES, Supposed

MOST_SERVICES = 200
MOST_USERS = 5_000
_LAST = 3

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """A mapping that forgets what was not asked for the longest."""

    def __init__(self, most: int) -> None:
        """Hold at most `most`."""
        self._most = most
        self._held: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: K) -> V | None:
        """What is held under `key`, if it is still held."""
        value = self._held.get(key)
        if value is not None:
            self._held.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> V:
        """Hold `value` from now on, and forget another if there are too many."""
        self._held[key] = value
        self._held.move_to_end(key)
        while len(self._held) > self._most:
            self._held.popitem(last=False)
        return value

    def drop(self, key: K) -> None:
        """Forget it."""
        self._held.pop(key, None)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Something that was learned, for the evidence of what comes later: nothing personal."""

    tick: int
    at: float
    """In seconds, by a steady clock."""
    what: str
    path: str = ""
    """Of a GET; what was learned from a write is told in words."""
    shown: tuple[tuple[str, object], ...] = ()


@dataclass(slots=True)
class Indicator:
    """What is known of one service's indicator."""

    on: bool | None = None
    tick: int = 0
    """When `on` was learned or lost."""
    ever_enabled: bool = True
    enabling: int = 0
    """The tick since which nothing that was settled can have been forgotten."""
    certain_from: int = 0
    """The earliest enabling since which the indicator has been watched without a gap."""
    writing: int = 0
    """Writes under way."""
    mixed: bool = False
    """Whether two of them overlapped, so that nobody knows which was last."""
    past: deque[Earlier] = field(default_factory=lambda: deque(maxlen=_LAST))

    def learn(self, on: bool, tick: int) -> None:  # noqa: FBT001 - what it is about
        """It is on, or off."""
        if not on:
            self.enabling = tick
        self.on, self.tick = on, tick
        self.ever_enabled = self.ever_enabled or on

    def lose(self, tick: int) -> None:
        """Nobody knows any more."""
        self.on, self.tick = None, tick
        self.ever_enabled = True
        self.enabling = self.certain_from = tick

    def is_certain_at(self, began: int) -> bool:
        """Whether a request that began then was served in the state that is known."""
        return self.on is not None and not self.writing and self.tick < began


@dataclass(slots=True)
class Person:
    """What is known of one user; who it is nobody needs to know."""

    settled: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By property: the enabling and the tick in which true or false was last seen."""
    dated: tuple[object, object] | None = None
    """is_online and date_updated of the last fetch."""
    past: deque[Earlier] = field(default_factory=lambda: deque(maxlen=_LAST))


class Knowledge:
    """Everything that is known."""

    def __init__(self, most_services: int = MOST_SERVICES, most_users: int = MOST_USERS) -> None:
        """Know nothing, and never more than that many."""
        self.indicators: Recent[str, Indicator] = Recent(most_services)
        self.people: Recent[tuple[str, str], Person] = Recent(most_users)

    def indicator(self, service: str, now: int) -> Indicator:
        """What is known of a service's indicator; nothing, if it is met for the first time."""
        known = self.indicators.get(service)
        new = Indicator(enabling=now, certain_from=now)
        return known or self.indicators.put(service, new)

    def person(self, service: str, user: str) -> Person:
        """What is known of a user."""
        return self.people.get((service, user)) or self.people.put((service, user), Person())

    def supposed(self, service: str, user: str, axis: str, began: int) -> Supposed:
        """What is certain of one property when a request began."""
        indicator = self.indicators.get(service)
        if indicator is None or not indicator.is_certain_at(began):
            return Supposed()
        person = self.people.get((service, user)) or Person()
        enabling, tick = person.settled.get(axis, (-1, began))
        seen = tick < began
        return Supposed(
            indicator.on,
            indicator.ever_enabled,
            settled=seen and bool(indicator.on) and enabling == indicator.enabling,
            settled_before=seen and indicator.certain_from <= enabling < indicator.enabling,
        )

    def saw(
        self, service: str, user: str, values: Mapping[str, object], began: int, now: int
    ) -> None:
        """A fetch showed these values: true or false says that the indicator is on, too."""
        indicator = self.indicator(service, now)
        if indicator.writing or indicator.tick >= began or indicator.on is False:
            return
        for axis in AXES:
            if isinstance(values.get(axis), bool):
                if indicator.on is None:
                    indicator.learn(on=True, tick=now)
                self.person(service, user).settled[axis] = (indicator.enabling, now)
