"""Playing a scenario: step after step, each with a verdict, against whatever target is handed in.

for result in play(scenario, target, instant=True):
    print(result.index, result.verdict, result.title)
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from threading import Event

from reachability_mock.clock import true_monotonic
from reachability_mock.scenario.model import Planned, Scenario
from reachability_mock.scenario.stage import NotMade, Stage
from reachability_mock.scenario.step import EVERYBODY, Difference, Mismatch, Step
from reachability_mock.scenario.target import (
    Lacking,
    Need,
    Stopped,
    Target,
    TargetFailed,
    Unreachable,
)

Pause = Callable[[float], object]
"""Wait so many seconds of real time; what is true says that the play is to stop."""
Until = Callable[[datetime, float], object]
"""The same, but no longer than until the target's clock, which somebody may move, says so."""

SKIPPED_BEFORE = "a step that it depends on was skipped"


class Verdict(Enum):
    """What became of a step."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step's verdict, with what a report needs to explain it."""

    scenario: str
    file: str
    index: int
    """Counted from 1; 0 is what the scenario is given."""
    line: int
    title: str
    rules: tuple[str, ...]
    verdict: Verdict
    reason: str | None = None
    """Why it was skipped, or what the target could not do."""
    differences: tuple[Difference, ...] = ()
    note: str | None = None
    """A sentence that may explain the differences."""
    seconds: float = 0.0
    comment: str | None = None
    """What the file notes about the step."""

    def as_json(self) -> dict[str, object]:
        """As the control plane shows it."""
        return {
            "index": self.index,
            "line": self.line,
            "title": self.title,
            "rules": list(self.rules),
            "verdict": self.verdict.value,
            "reason": self.reason,
            "differences": [one.as_json() for one in self.differences],
            "note": self.note,
            "comment": self.comment,
            "seconds": round(self.seconds, 6),
        }


def play(  # noqa: PLR0913 - whom against what, and four ways for time to pass
    scenario: Scenario,
    target: Target,
    *,
    instant: bool = False,
    speed: float = 1.0,
    pause: Pause | None = None,
    until: Until | None = None,
) -> Generator[StepResult]:
    """Play `scenario` against `target`, a result a step; the first (index 0) is the set-up.

    The timeline's waits take real time, `speed` times less of it; `instant` takes none where the
    target's clock can be moved.  `within` moves that clock, too, and polls where there is none.
    `pause` is how real time passes, `until` how the timeline's does where somebody else may move
    the target's clock meanwhile.

    Raises:
        Unreachable: the target cannot be reached (any more), or the play was stopped (`Stopped`).
        ValueError: `speed` is not above 0.
    """
    if speed <= 0:
        raise ValueError(f"speed {speed} is not above 0")
    pause = pause or Event().wait
    pace = _Pace(target, instant, speed, pause, until or (lambda _, seconds: pause(seconds)))
    return _Run(scenario, target, pace).results()


@dataclass(slots=True)
class _Pace:
    """How time passes."""

    target: Target
    instant: bool
    speed: float
    pause: Pause
    until: Until

    @property
    def movable(self) -> bool:
        """Whether the target's clock can be moved."""
        return self.target.lacks(Need.CLOCK) is None

    def let_pass(self, seconds: float) -> None:
        """Let time pass while an expectation waits: nobody watches that.

        Where the real SDK is driven it passes really, since that SDK has a clock of its own.
        """
        if self.movable and not self.target.in_real_time:
            self.target.advance(seconds)
            return
        due = self.target.now() + timedelta(seconds=seconds)
        _go_on_unless(self.pause(seconds))
        if self.movable:
            self._catch_up(due)

    def wait(self, due: datetime) -> None:
        """Let the timeline's time pass: really, at the speed asked for, then the rest at once."""
        seconds = (due - self.target.now()).total_seconds()
        if seconds <= 0:
            return
        if not self.movable:
            _go_on_unless(self.pause(seconds))
            return
        if not self.instant:
            _go_on_unless(self.until(due, seconds / self.speed))
        self._catch_up(due)

    def _catch_up(self, due: datetime) -> None:
        left = (due - self.target.now()).total_seconds()
        if left > 0:
            self.target.advance(left)


def _go_on_unless(stopped: object) -> None:
    if stopped:
        raise Stopped("the play was stopped")


class _Run:
    """One play of one scenario."""

    def __init__(self, scenario: Scenario, target: Target, pace: _Pace) -> None:
        self._scenario = scenario
        self._target = target
        self._pace = pace
        self._stage = Stage(target, scenario.given, let_pass=pace.let_pass)
        self._hopeless: str | None = None
        """Why no step can be played, if that is so."""
        self._in_doubt: set[str] = set()
        """Users whose presence is not what the file says, since a step was skipped."""

    def results(self) -> Generator[StepResult]:
        """Everything, from the set-up to the clean-up."""
        unset = self._target.lacks(Need.SETTINGS) if self._scenario.settings else None
        try:
            self._target.begin({} if unset else self._scenario.settings)
            yield self._set_up(unset)
            begun = self._target.now()
            for planned in self._scenario.timeline:
                if self._hopeless:
                    yield self._result(planned, Verdict.SKIPPED, reason=self._hopeless)
                    continue
                at = planned.at
                due = self._target.now() if at.relative else begun
                self._pace.wait(due + timedelta(seconds=at.seconds))
                yield self._played(planned)
        finally:
            self._target.end()

    def _set_up(self, unset: str | None) -> StepResult:
        given = self._scenario.given
        planned = Planned(0, self._scenario.given_line, 1, f"given {given}", Step())
        began = true_monotonic()
        try:
            reasons = list(self._stage.set_up())
        except Unreachable:
            raise
        except Lacking as lacking:
            self._hopeless = str(lacking)
            return self._result(planned, Verdict.SKIPPED, reason=str(lacking), began=began)
        except TargetFailed as failed:
            self._hopeless = "the set-up failed"
            return self._result(planned, Verdict.FAILED, reason=str(failed), began=began)
        if reasons:
            self._doubt({one.user for one in given.connections})
            self._doubt({one.user for one in given.bindings})
        if unset:
            reasons.append(f"settings were left alone: {unset}")
        verdict = Verdict.SKIPPED if reasons else Verdict.PASSED
        return self._result(planned, verdict, reason="; ".join(reasons) or None, began=began)

    def _played(self, planned: Planned) -> StepResult:
        step = planned.step
        reason = self._why_not(planned)
        if reason:
            self._doubt(step.changes_presence_of)
            return self._result(planned, Verdict.SKIPPED, reason=reason)
        began = true_monotonic()
        try:
            if step.takes:
                self._pace.wait(self._target.now() + timedelta(seconds=step.takes))
            step.play(self._stage)
        except Mismatch as mismatch:
            return self._result(
                planned,
                Verdict.FAILED,
                differences=mismatch.differences,
                note=mismatch.note,
                began=began,
            )
        except NotMade as missing:
            return self._result(planned, Verdict.SKIPPED, reason=str(missing), began=began)
        except Lacking as lacking:
            self._doubt(step.changes_presence_of)
            return self._result(planned, Verdict.SKIPPED, reason=str(lacking), began=began)
        except Unreachable:
            raise
        except TargetFailed as failed:
            return self._result(planned, Verdict.FAILED, reason=str(failed), began=began)
        return self._result(planned, Verdict.PASSED, began=began)

    def _why_not(self, planned: Planned) -> str | None:
        """Why the step cannot be played, or would prove nothing."""
        for need in sorted(planned.step.needs, key=lambda one: one.value):
            reason = self._target.lacks(need)
            if reason:
                return reason
        looks_at = planned.step.shows_presence_of
        if planned.step.looks_for & self._stage.unborn:
            return SKIPPED_BEFORE
        doubtful = self._in_doubt & looks_at
        if (looks_at | self._in_doubt) >= EVERYBODY:
            doubtful = self._in_doubt if looks_at else set()
        return SKIPPED_BEFORE if doubtful else None

    def _doubt(self, users: AbstractSet[str]) -> None:
        """The presence of these users is not what the file says from here on."""
        self._in_doubt |= users
        absent = {one.name for one in self._scenario.given.users if one.absent}
        self._stage.unborn |= users & absent

    def _result(  # noqa: PLR0913 - one keyword for each side that a result may have
        self,
        planned: Planned,
        verdict: Verdict,
        *,
        reason: str | None = None,
        differences: tuple[Difference, ...] = (),
        note: str | None = None,
        began: float | None = None,
    ) -> StepResult:
        return StepResult(
            self._scenario.name,
            self._scenario.file,
            planned.index,
            planned.line,
            planned.title,
            planned.rules,
            verdict,
            reason,
            differences,
            note,
            true_monotonic() - began if began is not None else 0.0,
            planned.note,
        )
