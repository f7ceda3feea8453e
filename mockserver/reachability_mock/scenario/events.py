"""What an ``expect`` step may look at in an observer's SDK: the updates that it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reachability_mock.core.events import Reason
from reachability_mock.scenario import kinds
from reachability_mock.scenario.kinds import USER, field
from reachability_mock.scenario.stage import Stage
from reachability_mock.scenario.step import Difference, Expectation
from reachability_mock.scenario.target import Need, Notice, NoticeKind

_REASONS = kinds.ListOf(
    kinds.Choice(tuple(one.value for one in Reason if one.is_told)), single=True
)


@dataclass(frozen=True, slots=True)
class Event(Expectation, key="event"):
    """An observer's SDK is told that a user looks different; expecting it is subscribing.

    Looks at what came after the observer connected and after the last event that was expected of
    this pair.
    """

    observer: str = field(USER)
    user: str = field(USER)
    reasons: tuple[str, ...] | None = field(_REASONS, default=None, doc="Exactly these.")

    @property
    def needs(self) -> frozenset[Need]:
        """An observer who is connected, and a target that tells what it saw."""
        return frozenset({Need.PRESENCE, Need.EVENTS})

    @property
    def shows_presence_of(self) -> frozenset[str]:
        """Both: the observer has to be there."""
        return frozenset({self.observer, self.user})

    def check(self, stage: Stage) -> Iterator[Difference]:
        """Find the next one."""
        unseen = list(seen_by(stage, self.observer, self.user))
        for notice in unseen:
            if self.reasons is None or set(self.reasons) == set(notice.reasons):
                stage.seen[self.observer, self.user] = notice.n
                return
        wanted = list(self.reasons) if self.reasons is not None else "any"
        got = [list(one.reasons) for one in unseen] or "nothing"
        yield Difference(f"what {self.observer} is told of {self.user}", wanted, got)

    def explain(self, stage: Stage) -> str | None:
        """Why the observer could not see anything, if that is so."""
        return _blind(stage, self.observer, self.user)


@dataclass(frozen=True, slots=True)
class NoEvent(Expectation, key="no_event"):
    """An observer's SDK is told nothing more of a user; with `within`, for all that time."""

    must_hold = True

    observer: str = field(USER)
    user: str = field(USER)
    reasons: tuple[str, ...] | None = field(
        _REASONS, default=None, doc="Nothing with exactly these."
    )

    @property
    def needs(self) -> frozenset[Need]:
        """An observer who is connected, and a target that tells what it saw."""
        return frozenset({Need.PRESENCE, Need.EVENTS})

    @property
    def shows_presence_of(self) -> frozenset[str]:
        """Both: the observer has to be there."""
        return frozenset({self.observer, self.user})

    def check(self, stage: Stage) -> Iterator[Difference]:
        """Find none."""
        for notice in seen_by(stage, self.observer, self.user):
            if self.reasons is None or set(self.reasons) == set(notice.reasons):
                what = f"what {self.observer} is told of {self.user}"
                yield Difference(what, "nothing", list(notice.reasons))


def seen_by(stage: Stage, observer: str, user: str) -> Iterator[Notice]:
    """What the observer was told of the user since it was last asked: only while connected."""
    watching, watched = stage.person(observer), stage.person(user)
    after = stage.seen.get((observer, user), stage.began)
    devices: set[str] = set()
    for notice in stage.target.notices(0):
        about = (notice.service_sid, notice.identity)
        if about == (watching.service_sid, watching.identity):
            if notice.kind is NoticeKind.OPENED:
                devices.add(notice.device)
            elif notice.kind is NoticeKind.CLOSED:
                devices.discard(notice.device)
        same = about == (watched.service_sid, watched.identity) and (
            watching.service_sid == watched.service_sid
        )
        told = tuple(one for one in notice.reasons if Reason(one).is_told)
        if same and told and devices and notice.n > after:
            yield replace(notice, reasons=told)


def _blind(stage: Stage, observer: str, user: str) -> str | None:
    watching, watched = stage.person(observer), stage.person(user)
    if watching.service_sid != watched.service_sid:
        return f"{observer} and {user} are in different services: neither sees the other (R12)"
    about = (watching.service_sid, watching.identity)
    opened = any(
        one.kind is NoticeKind.OPENED and (one.service_sid, one.identity) == about
        for one in stage.target.notices(0)
    )
    return None if opened else f"{observer} has not been connected, so nothing could tell it"
