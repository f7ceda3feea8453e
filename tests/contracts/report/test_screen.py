"""The terminal."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from reachability_contracts import report
from reachability_contracts.redact import Redactor
from reachability_contracts.report.evidence import NOBODY
from reachability_contracts.results import Report
from reachability_mock.settings import REGISTER
from tests.contracts.report.sample import a_report, a_report_with_live_evidence, failed


def shown(found: Report, *, styles: bool = False, width: int = 140) -> str:
    console = Console(width=width, file=io.StringIO(), record=True, force_terminal=styles)
    report.terminal(found, console, Redactor())
    return console.export_text(styles=styles)


def test_it_shows_rule_request_expected_and_got() -> None:
    text = shown(a_report())
    for said in ("[R5, R6]", "expected", "body.is_online = None", "GET /AC…beef", "1 broken"):
        assert said in text


def test_it_has_a_table_for_rules_and_one_for_unknowns() -> None:
    text = shown(a_report_with_live_evidence())
    assert "evidence by rule" in text
    assert "2026-11-20" in text
    assert "evidence by unknown" in text
    assert "DIFFERENT: as_get" in text
    assert "nobody has looked" in text


def test_a_narrow_terminal_has_a_line_for_each_unknown_and_says_where_the_rest_is() -> None:
    lines = shown(Report(), width=80).splitlines()
    assert all(
        any(
            line.split() == [one.id, str(one.default).lower(), *NOBODY.split(), "-"]
            for line in lines
        )
        for one in REGISTER
    )
    assert any(line.startswith("how to settle each") for line in lines)
    assert "how to settle each" not in shown(Report(), width=140)
    assert "send HEAD for a user that exists" in shown(Report(), width=200)


def test_the_page_of_a_rule_is_whole_on_a_narrow_terminal() -> None:
    assert "user-reachability-indicator" in shown(a_report_with_live_evidence(), width=80)


def test_without_live_evidence_it_says_so_in_yellow_just_before_the_verdict() -> None:
    lines = shown(a_report(), styles=True).splitlines()
    (place,) = [number for number, line in enumerate(lines) if "live evidence: none" in line]
    assert "\x1b[1;33m" in lines[place]
    assert "broken" in lines[place + 2]
    assert place + 2 == len(lines) - 1


def test_with_live_evidence_it_does_not() -> None:
    assert "live evidence: none" not in shown(a_report_with_live_evidence())


def test_of_very_many_failures_it_shows_some_and_says_how_many_are_left() -> None:
    found = Report([replace(failed(), name=f"step {number}") for number in range(45)])
    text = shown(found)
    assert "step 39" in text
    assert "step 40" not in text
    assert "5 more: --json has them all" in text
