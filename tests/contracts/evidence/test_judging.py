"""Judging: age, scenario, origin, and what counts as evidence of the live service."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from reachability_contracts.evidence.cassette import Cassette, Header
from reachability_contracts.evidence.judging import NONE, judge
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report, Settled
from tests.contracts.evidence.samples import LIVE, TODAY, exchange, of_the_fake

STAND_IN = Header("stand-in", date(2026, 11, 20), "somewhere.test", "a client")


def judged(*cassettes: Cassette, live_only: bool = False, today: date = TODAY) -> Report:
    report = Report()
    judge(report, cassettes, Redactor(), today=today, live_only=live_only)
    return report


def test_a_live_recording_is_evidence_for_the_rules_of_its_steps() -> None:
    report = judged(of_the_fake("two-devices"))
    assert report.failed == []
    assert report.live["R5"] == "2026-11-20"
    assert NONE not in report.figures["parity"]


def test_the_newest_date_is_shown() -> None:
    newer = replace(LIVE, recorded=date(2026, 11, 22))
    report = judged(of_the_fake("two-devices"), of_the_fake("null-in-list", newer))
    assert report.live["R9"] == "2026-11-22"


def test_a_stand_in_is_compared_and_is_no_evidence() -> None:
    report = judged(of_the_fake("two-devices", STAND_IN))
    assert report.failed == []
    assert report.live == {}
    assert NONE in report.figures["parity"]


def test_as_live_evidence_anything_else_is_refused() -> None:
    for origin in ("stand-in", "fake"):
        report = judged(
            of_the_fake("two-devices", replace(STAND_IN, origin=origin)), live_only=True
        )
        (refused,) = report.failed
        assert f"recorded at a {origin}" in refused.reason
        assert report.live == {}


def test_a_rule_that_a_recording_contradicts_has_no_live_evidence() -> None:
    cassette = of_the_fake("two-devices")
    steps = list(cassette.steps)
    at, step = next(
        (number, one) for number, one in enumerate(steps) if one.exchanges and number > 0
    )
    steps[at] = replace(step, exchanges=(exchange({"wrong": True}),))
    report = judged(replace(cassette, steps=tuple(steps)))
    (broken,) = report.failed
    assert not set(broken.rules) & set(report.live)


def test_old_evidence_is_a_warning_and_no_failure() -> None:
    cassette = of_the_fake("two-devices")
    on_the_day = cassette.header.recorded + timedelta(days=90)
    assert judged(cassette, today=on_the_day).warnings == []
    report = judged(cassette, today=on_the_day + timedelta(days=1))
    assert report.failed == []
    (warned,) = report.warnings
    assert warned.startswith("1 of 1 recordings are older than 90 days, the oldest 91")


def test_a_scenario_that_has_changed_fails() -> None:
    report = judged(replace(of_the_fake("two-devices"), scenario_hash="sha256:0"))
    (failed,) = report.failed
    assert "has changed since" in failed.reason


def test_a_scenario_that_is_gone_fails() -> None:
    report = judged(replace(of_the_fake("two-devices"), scenario="long-gone"))
    assert "no scenario of this name" in report.failed[0].reason


def test_nothing_to_compare_with_is_said_and_no_failure() -> None:
    report = judged()
    assert report.failed == []
    assert report.figures["parity"] == NONE


def test_an_unknown_that_was_settled_otherwise_is_a_difference() -> None:
    settled = (
        Settled("head_requests", "as it was then", "as_get", is_settled=True, by=LIVE.who),
        Settled("large_page_size", "clamp", "clamp", is_settled=True, by=LIVE.who),
        Settled("online_delay", "0", "not asked", is_settled=False),
        Settled("no longer an unknown", "a", "b", is_settled=True, by=LIVE.who),
    )
    report = judged(Cassette(LIVE, "unknowns", "", {}, settled=settled))
    (different,) = report.failed
    assert (different.name, different.expected, different.got) == (
        "head_requests",
        "as_get",
        "refuse",
    )
    assert {one.id for one in report.settled} == {
        "head_requests",
        "large_page_size",
        "online_delay",
    }
