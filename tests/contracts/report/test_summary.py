"""Markdown."""

from __future__ import annotations

from dataclasses import replace

from reachability_contracts import report
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report
from tests.contracts.report.sample import a_report, a_report_with_live_evidence, failed


def test_it_begins_with_the_verdict_and_names_the_place() -> None:
    text = report.markdown(a_report(), Redactor())
    assert text.startswith("**✗ 1 broken")
    assert "`scenarios/two-devices.yaml:12`" in text
    assert "1 of 1 killed" in text


def test_what_is_broken_comes_before_the_tables() -> None:
    text = report.markdown(a_report(), Redactor())
    assert text.index("### what is broken") < text.index("### what was checked")


def test_without_live_evidence_a_warning_says_so() -> None:
    text = report.markdown(a_report(), Redactor())
    assert "> [!WARNING]\n> **live evidence: none." in text
    assert "live evidence: none" not in report.markdown(a_report_with_live_evidence(), Redactor())


def test_it_has_a_row_for_each_rule_and_each_unknown() -> None:
    lines = report.markdown(a_report_with_live_evidence(), Redactor()).splitlines()
    row = next(line for line in lines if line.startswith("| R5 |"))
    assert "| 2026-11-20 | 1/1 |" in row
    row = next(line for line in lines if line.startswith("| head_requests |"))
    assert "| refuse | DIFFERENT: as_get | live 2026-11-20 |" in row


def test_nothing_in_a_cell_breaks_the_table_or_vanishes_as_a_tag() -> None:
    found = Report([replace(failed(), name="a|b\nc `d` <IS:1>")])
    found.tables["odd"] = [("one",), ("a|b\nc `d` <IS:1>",)]
    text = report.markdown(found, Redactor())
    assert "| a\\|b c 'd' &lt;IS:1> |" in text
    assert "* **a\\|b c 'd' &lt;IS:1>**" in text
