"""Reports: JUnit's XML, and sentences for an assertion."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from reachability_mock.scenario.report import details, explain, junit, summary
from reachability_mock.scenario.runner import StepResult, Verdict
from reachability_mock.scenario.step import Difference

PASSED = StepResult("x", "x.yaml", 1, 5, "connect {user: a}", (), Verdict.PASSED, seconds=0.5)
FAILED = StepResult(
    "x",
    "x.yaml",
    2,
    6,
    "expect {…}",
    ("R5", "R6"),
    Verdict.FAILED,
    differences=(
        Difference("alice.is_online", expected=None, got=False),
        Difference("b", {"a": ""}, [1]),
    ),
    note="by R6",
)
SKIPPED = StepResult("y", "y.yaml", 1, 5, "lose \x00", (), Verdict.SKIPPED, reason="no presence")
ALL = [PASSED, FAILED, SKIPPED]


def test_a_difference_tells_null_from_false() -> None:
    assert list(details(FAILED)) == [
        "alice.is_online: expected null, got false",
        'b: expected {a: ""}, got [1]',
        "(by R6)",
    ]


def test_failures_are_explained_with_place_and_rules() -> None:
    assert explain(ALL).splitlines() == [
        "x.yaml:6 step 2 [R5, R6]: expect {…}",
        "    alice.is_online: expected null, got false",
        '    b: expected {a: ""}, got [1]',
        "    (by R6)",
    ]


def test_a_summary_counts() -> None:
    assert summary(ALL) == "1 passed, 1 failed, 1 skipped"
    assert summary([]) == "nothing was played"


def test_junit_has_a_suite_a_scenario_and_a_case_a_step() -> None:
    top = ET.fromstring(junit(ALL))  # noqa: S314 - we wrote it a moment ago
    suites = [
        (one.get("name"), one.get("tests"), one.get("failures"), one.get("skipped")) for one in top
    ]
    assert suites == [("x", "2", "1", "0"), ("y", "1", "0", "1")]
    cases = {case.get("name"): case for case in top.iter("testcase")}
    assert list(cases) == [
        "01 connect {user: a}",
        "02 expect {…}",
        "01 lose \N{REPLACEMENT CHARACTER}",
    ]
    failure = cases["02 expect {…}"].find("failure")
    assert failure is not None
    assert failure.get("message") == "alice.is_online: expected null, got false"
    skipped = cases["01 lose \N{REPLACEMENT CHARACTER}"].find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "no presence"
    assert (
        cases["01 connect {user: a}"].get("line"),
        cases["01 connect {user: a}"].get("time"),
    ) == (
        "5",
        "0.500000",
    )
