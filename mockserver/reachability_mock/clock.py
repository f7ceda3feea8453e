"""Time: the only module that reads a clock.

The fake's time is UTC and timezone-aware.  `SystemClock` flows (and follows freezegun, whose frozen
`datetime.now` it sees); `ManualClock` stands still until it is advanced.  `true_monotonic` is the
machine's own steady time, which no test freezes: the event loop lives by it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

LONGEST_STEP = 1_000_000_000.0
"""Seconds by which somebody may move a clock at once: over thirty years."""


def step_of(seconds: object) -> float:
    """`seconds` as somebody gave them, if a clock may be moved by so many.

    Raises:
        ValueError: it is no number from 0 to `LONGEST_STEP`.
    """
    number = math.nan if isinstance(seconds, bool) else seconds
    if not (isinstance(number, int | float) and 0 <= number <= LONGEST_STEP):
        raise ValueError(f"seconds: a number from 0 to {LONGEST_STEP:.0f} is needed")
    return float(number)


class Clock(Protocol):
    """What tells the time and can be moved."""

    @property
    def flows(self) -> bool:
        """Whether time passes by itself."""

    def now(self) -> datetime:
        """The present moment, UTC."""

    def advance(self, by: timedelta) -> datetime:
        """Move forward and say what time it is then."""

    def restart(self) -> None:
        """Take back every `advance`."""


class SystemClock:
    """The system's time plus whatever it was advanced by; frozen while freezegun freezes."""

    flows = True

    def __init__(self, start: datetime | None = None) -> None:
        """Flow from `start`, or from the system's own time."""
        self._offset = start - datetime.now(UTC) if start else timedelta(0)
        self._first = self._offset

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC) + self._offset

    def advance(self, by: timedelta) -> datetime:
        """Add an offset, from now on."""
        self._offset += by
        return self.now()

    def restart(self) -> None:
        """Take back every `advance`: what has passed by itself stays so."""
        self._offset = self._first


class ManualClock:
    """A clock that stands still until somebody advances it."""

    flows = False

    def __init__(self, start: datetime) -> None:
        """Stand at `start`."""
        self._start = self._now = start

    def now(self) -> datetime:
        """The moment it stands at."""
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move forward and stand there."""
        self._now += by
        return self._now

    def restart(self) -> None:
        """Stand at the start again."""
        self._now = self._start


def _steady_clock() -> Callable[[], float]:
    """What reads the steady clock: not `time.monotonic` by name, which freezegun replaces."""
    if hasattr(time, "clock_gettime"):
        return partial(time.clock_gettime, time.CLOCK_MONOTONIC)
    return lambda: time.perf_counter_ns() / 1e9  # Windows; frozen only if a test asks for it


_steady = _steady_clock()


def system_now() -> datetime:
    """The system's own time, by which tokens expire: freezegun is followed, an offset is not."""
    return datetime.now(UTC)


def true_monotonic() -> float:
    """Seconds of the machine's steady clock, also while freezegun freezes `time.monotonic`."""
    return _steady()
