"""Judging the fake by cassettes: which there are, how old they are, and what each says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from reachability_contracts import plays
from reachability_contracts.evidence.cassette import (
    OLD_DAYS,
    UNKNOWNS,
    Cassette,
    hash_of,
    taped,
)
from reachability_contracts.evidence.normalise import Normaliser
from reachability_contracts.evidence.parity import SUITE, compared
from reachability_contracts.evidence.replay import replayed
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report, Result, Settled, Verdict
from reachability_mock.scenario.model import Scenario
from reachability_mock.settings import REGISTER

SHIPPED = Path(__file__).parent.parent / "cassettes"
"""Recordings of the live service that come with the harness."""
NONE = "live evidence: none"


def judge(
    report: Report, cassettes: Sequence[Cassette], hide: Redactor, *, today: date, live_only: bool
) -> None:
    """Compare the fake with each cassette and put the outcome into `report`.

    `live_only` refuses every cassette that is no evidence of the live service.
    """
    scenarios = {one.name: one for one in plays.scenarios()}
    for cassette in cassettes:
        if live_only and not cassette.is_live:
            report.add([_refused(cassette)])
        elif cassette.scenario == UNKNOWNS:
            _settled(report, cassette)
        else:
            report.add(_results(cassette, scenarios.get(cassette.scenario), hide))
    _warn_of_age(report, cassettes, today)
    _live_rules(report, [one for one in cassettes if one.is_live], scenarios)
    report.figures[SUITE] = _figure(cassettes)


def _refused(cassette: Cassette) -> Result:
    origin = cassette.header.origin
    return Result(
        SUITE,
        cassette.scenario,
        "origin",
        Verdict.FAILED,
        reason=f"recorded at a {origin} ({cassette.header.host}): no evidence of the live service",
    )


def _results(cassette: Cassette, scenario: Scenario | None, hide: Redactor) -> Iterator[Result]:
    name = cassette.scenario
    if scenario is None:
        reason = "there is no scenario of this name any more: delete the cassette"
        yield Result(SUITE, name, "scenario", Verdict.FAILED, reason=reason)
        return
    file = plays.relative(scenario.file)
    if hash_of(scenario) != cassette.scenario_hash:
        reason = "the scenario has changed since it was recorded: record it again"
        yield Result(SUITE, name, "scenario", Verdict.FAILED, reason=reason, file=file, line=1)
        return
    normalise = Normaliser("", hide)
    ours = [taped(step, normalise.text) for step in replayed(scenario, cassette.lacked, hide)]
    yield from compared(cassette, scenario, ours, file)


def _warn_of_age(report: Report, cassettes: Sequence[Cassette], today: date) -> None:
    """Nobody broke anything, but nobody has looked for long, either."""
    old = {one.scenario: one.age(today) for one in cassettes if one.age(today) > OLD_DAYS}
    if old:
        report.warnings.append(
            f"{len(old)} of {len(cassettes)} recordings are older than {OLD_DAYS} days, the oldest "
            f"{max(old.values())}: record them again ({', '.join(sorted(old))})"
        )


def _settled(report: Report, cassette: Cassette) -> None:
    """What a run has settled, beside the fake's defaults of today."""
    defaults = {one.id: str(one.default).lower() for one in REGISTER}
    found = [
        replace(one, default=defaults[one.id]) for one in cassette.settled if one.id in defaults
    ]
    by_id = {one.id: one for one in report.settled} | {one.id: one for one in found}
    report.settled = list(by_id.values())
    report.add(_unknown(one, cassette) for one in found if one.is_settled)


def _unknown(one: Settled, cassette: Cassette) -> Result:
    verdict = Verdict.PASSED if one.agrees else Verdict.FAILED
    reason = "" if one.agrees else f"{one.id}: the fake's default is not what was seen"
    return Result(
        SUITE,
        UNKNOWNS,
        one.id,
        verdict,
        reason=reason,
        expected=one.seen,
        got=one.default,
        request=f"as {cassette.header.who} answered",
    )


def _live_rules(
    report: Report, cassettes: Sequence[Cassette], scenarios: dict[str, Scenario]
) -> None:
    """The rules that a live recording has shown, with the newest date; a contradiction takes it."""
    broken = {rule for one in report.failed if one.suite == SUITE for rule in one.rules}
    for cassette in cassettes:
        scenario = scenarios.get(cassette.scenario)
        rules = {planned.index: planned.rules for planned in scenario.timeline} if scenario else {}
        shown = {
            rule
            for step in cassette.steps
            if step.verdict == Verdict.PASSED.value
            for rule in rules.get(step.index, ())
        }
        day = f"{cassette.header.recorded:%Y-%m-%d}"
        for rule in shown - broken:
            report.live[rule] = max(day, report.live.get(rule, day))


def _figure(cassettes: Sequence[Cassette]) -> str:
    if not cassettes:
        return NONE
    origins = sorted({one.header.who for one in cassettes})
    said = f"{len(cassettes)} cassettes ({', '.join(origins)})"
    return said if any(one.is_live for one in cassettes) else f"{said}; {NONE}"
