"""A second opinion: what a fetch must show, worked out from a list of happenings by the rules.

Written from the rules alone and in another way than the core: no latches, epochs or timers, but
one look back over all that happened.  Slow, and short enough to be checked by reading.  It judges
the fake in our own tests, and tells `strategies.histories` what an app under test will be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

LOST, DUE, FACT, LOOK = range(4)
"""What comes first at one and the same second."""


@dataclass(frozen=True)
class Happening:
    """At second `at`, `verb` happened: on, off, or open, close, lose of `what`."""

    at: float
    verb: str
    what: str = ""


@dataclass(frozen=True)
class Delays:
    """How long a change is held back (R14), and whether the state survives a disable (R11)."""

    online: float = 0
    offline: float = 0
    lost: float = 0
    remember: bool = False


def expected(happenings: list[Happening], now: float, delays: Delays) -> bool | None:
    """What one property shows at `now`: None while off (R1, R3) and until first true (R4, R7)."""
    value: bool | None = None
    ever = was_on = False
    differs_since: float | None = None
    for (at, _, on, truth), (until, rank, _, _) in pairwise(_steps(happenings, now, delays.lost)):
        if not on:
            value = None
        elif not was_on:  # what is so at that moment counts at once (R11)
            value = True if truth else (False if delays.remember and ever else None)
        if not on or truth == bool(value):
            differs_since = None
        else:
            differs_since = at if differs_since is None else differs_since
            due = differs_since + (delays.online if truth else delays.offline)
            if (due, DUE) <= (until, rank):  # nothing came between
                value, differs_since = truth, None
        ever, was_on = ever or value is not None, on
    return value


def _steps(
    happenings: list[Happening], now: float, lost_after: float
) -> list[tuple[float, int, bool, bool]]:
    """After each happening: when, its rank, whether the indicator is on and anything is open."""
    steps, on, open_ = [(0.0, FACT, False, False)], False, set()
    for rank, one in sorted(_ends(happenings, lost_after), key=lambda pair: (pair[1].at, pair[0])):
        if one.at > now:
            break
        on = {"on": True, "off": False}.get(one.verb, on)
        if one.verb == "open":
            open_.add(one.what)
        if one.verb == "close":
            open_.discard(one.what)
        steps.append((one.at, rank, on, bool(open_)))
    return [*steps, (now, LOOK, on, False)]


def _ends(happenings: list[Happening], lost_after: float) -> list[tuple[int, Happening]]:
    """Every loss as the end it comes to, unless the device came back before."""
    ends = []
    for number, one in enumerate(happenings):
        end = one.at + lost_after
        later = happenings[number + 1 :]
        back = any(two.verb == "open" and two.what == one.what and two.at < end for two in later)
        if one.verb != "lose":
            ends.append((FACT, one))
        elif not back:
            ends.append((LOST if lost_after else FACT, Happening(end, "close", one.what)))
    return ends
