"""Alarms by system time: when a token is about to expire, and when it does.

System time may be frozen or jump (freezegun), which no timer of an event loop would notice, so
while anything is open somebody looks at least once a second.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Container
from datetime import datetime

from reachability_mock.clock import system_now

LONGEST_NAP = 1.0
SHORTEST_NAP = 0.01
FEWEST = 1000


class Alarms:
    """Devices by the moment they shall be told that time has passed."""

    def __init__(self, look: Callable[[], None]) -> None:
        """Have `look` called when something is due; it asks `due` what that is."""
        self._look = look
        self._set: list[tuple[datetime, str]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._limit = FEWEST

    def set(self, at: datetime, device: str) -> None:
        """Remember `device` at a moment of system time; on the event loop."""
        heapq.heappush(self._set, (at, device))
        if self._set[0][1] == device:
            self._restart()

    def due(self) -> list[str]:
        """The devices whose time has come, once each time."""
        now, found = system_now(), []
        while self._set and self._set[0][0] <= now:
            found.append(heapq.heappop(self._set)[1])
        return found

    def prune(self, alive: Container[str]) -> None:
        """Forget the devices that are gone, once they are many."""
        if len(self._set) > self._limit:
            self._set = [one for one in self._set if one[1] in alive]
            heapq.heapify(self._set)
            self._limit = max(FEWEST, 2 * len(self._set))

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look by oneself from now on; on the event loop."""
        self._loop = loop
        self._restart()

    def stop(self) -> None:
        """Look no more, and forget all alarms; on the event loop."""
        self._set.clear()
        self._loop = None
        self._restart()

    def _restart(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._loop is not None:
            self._timer = self._loop.call_later(self._nap(), self._tick)

    def _nap(self) -> float:
        if not self._set:
            return LONGEST_NAP
        left = (self._set[0][0] - system_now()).total_seconds()
        return min(max(left, SHORTEST_NAP), LONGEST_NAP)

    def _tick(self) -> None:
        self._look()
        self._restart()
