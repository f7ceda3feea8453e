"""Annotations of GitHub Actions."""

from __future__ import annotations

from reachability_contracts import report
from reachability_contracts.redact import Redactor
from tests.contracts.report.sample import a_report


def test_an_annotation_is_one_line_with_its_place() -> None:
    (line,) = report.annotation_lines(a_report(), Redactor())
    assert line.startswith("::error file=scenarios/two-devices.yaml,line=12::R5, R6")
    assert "%0A" in line
    assert "\n" not in line


def test_a_warning_is_one_without_a_place() -> None:
    found = a_report()
    found.warnings.append("old\nevidence")
    *_, line = report.annotation_lines(found, Redactor())
    assert line == "::warning::old%0Aevidence"
