"""Checking a server by HTTP alone: what is skipped, and what is never called right."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from reachability_contracts import checking, plays
from reachability_contracts.evidence import judging
from reachability_contracts.report import headline
from reachability_contracts.results import Report, Verdict
from reachability_contracts.stages import Credentials
from reachability_mock.scenario import runner
from reachability_mock.scenario.target import Unreachable
from tests.contracts.elsewhere import knows_nothing, no_fake, server


def checked(url: str, *suites: str) -> Report:
    return checking.check(checking.Options(suites=suites, url=url))


class Impatient:
    """An event that nobody is to wait for."""

    def wait(self, seconds: float) -> None:
        raise AssertionError(f"{seconds} real seconds would have passed")


def test_no_time_passes_where_nothing_could_be_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "Event", Impatient)
    with no_fake() as url:
        report = checked(url, "scenarios")
    assert report.failed == []
    assert report.count(Verdict.PASSED) > 50
    assert report.count(Verdict.SKIPPED) > 50


@pytest.mark.parametrize(
    "suites",
    [
        ("document",),
        ("document", "parity", "mutants"),
        ("probes", "schemathesis"),
    ],
)
def test_where_nothing_could_be_checked_nothing_is_kept(suites: Collection[str]) -> None:
    with server(knows_nothing) as url:
        report = checked(url, *suites)
    *skipped, broken = report.results
    assert {one.suite for one in skipped} == set(suites)
    assert all(one.verdict is Verdict.SKIPPED and one.reason for one in skipped)
    assert report.failed == [broken]
    assert "nothing was checked" in broken.reason
    assert all(one.reason in broken.reason for one in skipped)


def test_what_is_of_this_process_is_skipped_and_takes_nothing_from_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some = plays.scenarios()[:1]
    monkeypatch.setattr(plays, "scenarios", lambda: some)
    with no_fake() as url:
        report = checked(url, "document", "scenarios", "parity", "mutants")
    assert report.failed == []
    for suite in ("parity", "mutants"):
        (skipped,) = [one for one in report.results if one.suite == suite]
        assert skipped.verdict is Verdict.SKIPPED
        assert "the fake in this process" in skipped.reason
    assert headline(report).startswith("the contract is kept")


@pytest.mark.parametrize("suite", checking.SUITES)
def test_wrong_credentials_are_said_before_anything_is_judged(suite: str) -> None:
    wrong = Credentials("AC" + "8" * 32, "not-the-token-at-all")
    with no_fake() as url, pytest.raises(Unreachable, match="refuses the credentials of …8888"):
        checking.check(checking.Options(suites=(suite,), url=url, credentials=wrong))


def test_without_a_recording_parity_is_skipped_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "SHIPPED", tmp_path)
    report = checking.check(checking.Options(suites=("parity",)))
    assert headline(report) == "nothing was checked: 0 passed, 1 skipped"
    assert report.figures["parity"] == judging.NONE
