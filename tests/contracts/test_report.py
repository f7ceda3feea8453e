"""Reports in every format."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from rich.console import Console

from reachability_contracts import report
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report, Result, Verdict

ACCOUNT = "AC" + "7" * 28 + "beef"


def a_report() -> Report:
    found = Report(
        [
            Result("scenarios", "two-devices", "01 given", Verdict.PASSED, rules=("R5",)),
            Result(
                "scenarios",
                "two-devices",
                "02 expect",
                Verdict.FAILED,
                rules=("R5", "R6"),
                reason="alice.is_online: expected true,\ngot null",
                request=f"GET /{ACCOUNT}",
                expected="True",
                got="body.is_online = None",
                file="scenarios/two-devices.yaml",
                line=12,
            ),
            Result("scenarios", "two-devices", "03 wait", Verdict.SKIPPED, reason="no clock"),
            Result("mutants", "R5", "connect_ignored", Verdict.PASSED, rules=("R5",)),
        ]
    )
    found.figures["mutants"] = "1 of 1 killed (0 equivalent)"
    return found


def test_skipped_is_never_passed() -> None:
    assert report.headline(a_report()) == "1 broken: 2 passed, 1 skipped"


def test_markdown_begins_with_the_verdict_and_names_the_place() -> None:
    text = report.markdown(a_report(), Redactor())
    assert text.startswith("**✗ 1 broken")
    assert "`scenarios/two-devices.yaml:12`" in text
    assert "1 of 1 killed" in text
    assert ACCOUNT not in text


def test_junit_has_a_case_for_each_result() -> None:
    top = ET.fromstring(report.junit(a_report(), Redactor()))  # noqa: S314 - our own text
    assert len(top.findall(".//testcase")) == 4
    failure = top.find(".//failure")
    assert failure is not None
    assert "expected True" in str(failure.text)
    skipped = top.find(".//skipped")
    assert skipped is not None
    assert skipped.get("message") == "no clock"


def test_json_has_everything_and_no_account() -> None:
    text = report.as_json(a_report(), Redactor())
    found = json.loads(text)
    assert found["verdict"] == "broken"
    assert found["results"][1]["line"] == 12
    assert ACCOUNT not in text
    row = next(one for one in found["rules"] if one["rule"] == "R5")
    assert row["mutants killed"] == "1/1"
    assert row["live evidence"] == "none yet"


def test_an_annotation_is_one_line_with_its_place() -> None:
    (line,) = report.annotation_lines(a_report(), Redactor())
    assert line.startswith("::error file=scenarios/two-devices.yaml,line=12::R5, R6")
    assert "%0A" in line
    assert "\n" not in line


def test_the_terminal_shows_rule_request_expected_and_got() -> None:
    console = Console(width=140, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123 - rich writes there
    report.terminal(a_report(), console, Redactor())
    console.file.close()
    text = console.export_text()
    for said in ("[R5, R6]", "expected", "body.is_online = None", "GET /AC…beef", "1 broken"):
        assert said in text
