"""JUnit's XML."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

from reachability_contracts import report
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report
from reachability_mock.core.rules import ALL_RULES
from reachability_mock.settings import REGISTER
from tests.contracts.report.sample import a_report, a_report_with_live_evidence, failed


def parsed(found: Report) -> ET.Element:
    return ET.fromstring(report.junit(found, Redactor()))  # noqa: S314 - our own text


def properties(found: Report) -> dict[str | None, str | None]:
    return {one.get("name"): one.get("value") for one in parsed(found).iter("property")}


def test_it_has_a_case_for_each_result() -> None:
    top = parsed(a_report())
    assert len(top.findall(".//testcase")) == 4
    failure = top.find(".//failure")
    assert failure is not None
    assert "expected True" in str(failure.text)
    skipped = top.find(".//skipped")
    assert skipped is not None
    assert skipped.get("message") == "no clock"


def test_the_evidence_is_a_property_for_each_rule_and_each_unknown() -> None:
    found = properties(a_report_with_live_evidence())
    assert {f"rule {rule.id}" for rule in ALL_RULES} < found.keys()
    assert {f"unknown {setting.id}" for setting in REGISTER} < found.keys()
    assert "live recording: 2026-11-20; mutants killed: 1/1" in str(found["rule R5"])
    assert "what was seen: DIFFERENT: as_get" in str(found["unknown head_requests"])
    assert found["live evidence"] == "R5 2026-11-20"


def test_without_live_evidence_it_says_none() -> None:
    assert properties(a_report())["live evidence"] == "none"


def test_what_xml_cannot_hold_is_replaced() -> None:
    top = parsed(Report([replace(failed(), name="a\x00b\x1b[1m")]))
    case = top.find(".//testcase")
    assert case is not None
    assert case.get("name") == "a�b�[1m"
