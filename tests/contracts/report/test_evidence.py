"""The rows."""

from __future__ import annotations

import json

from reachability_contracts.redact import Redactor
from reachability_contracts.report import as_json
from reachability_contracts.report.evidence import (
    NOBODY,
    NONE,
    RuleRow,
    UnknownRow,
    headline,
    mark,
    rule_rows,
    tables,
    unknown_rows,
)
from reachability_contracts.results import Report, Result, Verdict
from reachability_mock.core.rules import ALL_RULES
from reachability_mock.settings import REGISTER
from tests.contracts.report.sample import a_report, a_report_with_live_evidence


def rule(report: Report, name: str) -> RuleRow:
    return next(row for row in rule_rows(report) if row.rule.id == name)


def unknown(report: Report, name: str) -> UnknownRow:
    return next(row for row in unknown_rows(report) if row.setting.id == name)


def test_skipped_is_never_passed() -> None:
    assert headline(a_report()) == "1 broken: 2 passed, 1 skipped"


def test_what_judged_nothing_is_not_called_kept() -> None:
    found = Report([Result("parity", "parity", "parity", Verdict.SKIPPED)])
    assert headline(Report()) == "nothing was checked: 0 passed"
    assert headline(found) == "nothing was checked: 0 passed, 1 skipped"
    assert mark(found) == "?"
    assert json.loads(as_json(found, Redactor()))["verdict"] == "nothing checked"
    found.add([Result("parity", "parity", "parity", Verdict.PASSED)])
    assert headline(found) == "the contract is kept: 1 passed, 1 skipped"
    assert mark(found) == "✓"


def test_every_rule_and_every_unknown_has_a_row_even_in_an_empty_report() -> None:
    assert [row.rule for row in rule_rows(Report())] == list(ALL_RULES)
    assert [row.setting for row in unknown_rows(Report())] == list(REGISTER)
    assert {len(row.cells) for row in rule_rows(Report())} == {6}
    assert {len(row.cells) for row in unknown_rows(Report())} == {5}


def test_a_rule_counts_its_steps_its_checks_and_its_mutants_apart() -> None:
    found = a_report()
    found.add([Result("parity", "two-devices", "02 expect", Verdict.FAILED, rules=("R5",))])
    cells = rule(found, "R5").cells
    assert cells[2:] == ("1 passed, 1 failed", "1 failed", NONE, "1/1")


def test_a_rule_names_the_page_it_was_read_from_and_links_to_it() -> None:
    assert rule(Report(), "R5").documentation == "user-reachability-indicator"
    assert rule(Report(), "R5").link.startswith("https://")
    assert rule(Report(), "R10").documentation == "our reading"
    assert not rule(Report(), "R10").link


def test_a_live_recording_is_its_date_and_only_where_there_is_one() -> None:
    found = a_report_with_live_evidence()
    assert rule(found, "R5").cells[4] == "2026-11-20"
    assert rule(found, "R6").cells[4] == NONE


def test_a_scenario_that_passes_on_the_fake_is_no_live_evidence() -> None:
    assert {row.cells[4] for row in rule_rows(a_report())} == {NONE}


def test_an_unknown_that_nobody_looked_at_says_so_and_how_to_settle_it() -> None:
    row = unknown(Report(), "head_requests")
    assert row.cells == (
        "head_requests",
        "refuse",
        NOBODY,
        "-",
        "send HEAD for a user that exists",
    )
    assert not row.is_settled


def test_an_unknown_says_what_was_seen_by_whom_and_whether_the_fake_is_wrong() -> None:
    found = a_report_with_live_evidence()
    assert unknown(found, "large_page_size").cells[2:4] == ("clamp", "live 2026-11-20")
    wrong = unknown(found, "head_requests")
    assert wrong.seen == "DIFFERENT: as_get"
    assert not wrong.agrees


def test_an_unknown_that_was_not_asked_says_why() -> None:
    row = unknown(a_report_with_live_evidence(), "offline_delay")
    assert row.cells[2:4] == ("not asked: takes minutes", "-")
    assert not row.is_settled


def test_the_tables_of_a_run_come_after_the_evidence() -> None:
    found = a_report()
    found.tables["coverage"] = [("operation", "answers"), ("GET /v1/Users", "200: 3")]
    assert list(tables(found)) == [
        "what was checked",
        "evidence by rule",
        "evidence by unknown",
        "coverage",
    ]
