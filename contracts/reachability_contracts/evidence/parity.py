"""Parity: the fake against a cassette, per expectation and per whole normalised body.

Pure: what was recorded and what the fake says goes in, results come out.  A step that could not be
played there is skipped with the recorded reason, never passed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from reachability_contracts.evidence.cassette import Cassette, Taped
from reachability_contracts.results import Exchange, Result, Verdict
from reachability_mock.scenario.model import Scenario

SUITE = "parity"
_AXES = ("is_online", "is_notifiable")
_MOST_SHOWN = 5
_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Differs:
    """One place in which two answers are not the same."""

    where: str
    theirs: object
    ours: object
    exchange: tuple[Exchange | None, Exchange | None] = (None, None)

    @property
    def is_about_reachability(self) -> bool:
        """Whether one of the two properties differs."""
        return self.where.rpartition(".")[2] in _AXES

    @property
    def is_in_a_list(self) -> bool:
        """Whether it stands in a list of users."""
        return "users[" in self.where


def compared(
    cassette: Cassette, scenario: Scenario, ours: Sequence[Taped], file: str
) -> Iterator[Result]:
    """A result for each step: the same, different, or not verifiable there."""
    places = {planned.index: planned for planned in scenario.timeline}
    for theirs, here in zip_longest(cassette.steps, ours):
        index = (theirs or here).index
        planned = places.get(index)
        yield _judged(
            theirs,
            here,
            Result(
                SUITE,
                scenario.name,
                f"{index:02} {(here or theirs).title}",
                Verdict.PASSED,
                rules=planned.rules if planned else (),
                file=file,
                line=planned.line if planned else scenario.given_line,
            ),
        )


def _judged(theirs: Taped | None, ours: Taped | None, empty: Result) -> Result:
    if theirs is None or ours is None:
        side = "the fake" if theirs is None else "the recording"
        return replace(empty, verdict=Verdict.FAILED, reason=f"only {side} has this step")
    if theirs.verdict == Verdict.SKIPPED.value:
        return replace(
            empty, verdict=Verdict.SKIPPED, reason=f"not verifiable there: {theirs.reason}"
        )
    found = list(differences(theirs.exchanges, ours.exchanges))
    if found:
        return _different(found, empty)
    if theirs.verdict != ours.verdict:
        return replace(
            empty,
            verdict=Verdict.FAILED,
            reason=f"{theirs.verdict} there, {ours.verdict} here",
            expected=_said(theirs),
            got=_said(ours),
            exchanges=(*theirs.exchanges, *ours.exchanges),
        )
    both = "both fail it alike" if theirs.verdict == Verdict.FAILED.value else ""
    return replace(empty, reason=both, exchanges=theirs.exchanges)


def _said(step: Taped) -> str:
    return "; ".join([step.verdict, *step.differences, *([step.reason] if step.reason else [])])


def _different(found: list[Differs], empty: Result) -> Result:
    """The first differences of a step, those about reachability before all others."""
    found.sort(key=lambda one: not one.is_about_reachability)
    first = found[0]
    left = f"; and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
    theirs, ours = first.exchange
    asked = theirs or ours
    return replace(
        empty,
        verdict=Verdict.FAILED,
        rules=empty.rules or _rules(found),
        reason="; ".join(f"{one.where} differs" for one in found[:_MOST_SHOWN]) + left,
        request=f"{asked.method} {asked.path}" if asked else "",
        expected=f"{first.where} = {_json(first.theirs)}",
        got=f"{first.where} = {_json(first.ours)}",
        exchanges=tuple(one for one in first.exchange if one),
    )


def _rules(found: list[Differs]) -> tuple[str, ...]:
    """The rule that a difference bears on where the step names none: R9 in a list."""
    listed = any(one.is_about_reachability and one.is_in_a_list for one in found)
    return ("R9",) if listed else ()


def _json(value: object) -> str:
    return value if value is _NOTHING else json.dumps(value, ensure_ascii=False)[:200]


# --- answers -------------------------------------------------------------------------------------


def differences(theirs: Sequence[Exchange], ours: Sequence[Exchange]) -> Iterator[Differs]:
    """Where two series of exchanges differ, in requests, statuses and whole bodies."""
    for one, other in zip_longest(theirs, ours):
        if one is None or other is None:
            there = one or other
            asked = f"{there.method} {there.path}" if there else ""
            yield Differs(f"request {asked}", *_there(one, other), (one, other))
            continue
        pair = (one, other)
        if (one.method, one.path, one.form) != (other.method, other.path, other.form):
            yield Differs("request", _asked(one), _asked(other), pair)
        elif one.status != other.status:
            yield Differs("status", one.status, other.status, pair)
        else:
            for where, left, right in _in_values("body", one.body, other.body):
                yield Differs(where, left, right, pair)


def _there(one: Exchange | None, other: Exchange | None) -> tuple[object, object]:
    return _NOTHING if one is None else "sent", _NOTHING if other is None else "sent"


def _asked(one: Exchange) -> str:
    return f"{one.method} {one.path} {dict(one.form) or ''}".rstrip()


def _in_values(where: str, left: object, right: object) -> Iterator[tuple[str, object, object]]:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in dict.fromkeys([*left, *right]):
            pair = left.get(key, _NOTHING), right.get(key, _NOTHING)
            yield from _in_values(f"{where}.{key}", *pair)
    elif isinstance(left, list) and isinstance(right, list):
        for number, pair in enumerate(zip_longest(left, right, fillvalue=_NOTHING)):
            yield from _in_values(f"{where}[{number}]", *pair)
    elif left != right or type(left) is not type(right):
        yield where, left, right
