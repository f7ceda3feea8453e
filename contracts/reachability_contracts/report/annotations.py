"""Annotations: failures where GitHub Actions shows them, at their file and line."""

from __future__ import annotations

from collections.abc import Iterator

from reachability_contracts.redact import Redactor
from reachability_contracts.report.hidden import hidden
from reachability_contracts.results import Report


def annotation_lines(report: Report, hide: Redactor) -> Iterator[str]:
    """A line for each failure that GitHub Actions pins to its file and line, and each warning."""
    report = hidden(report, hide)
    for result in report.failed:
        said = hide(f"{', '.join(result.rules)} {result.name}: {result.reason}".strip())
        place = f"file={result.file or 'openapi.yaml'},line={result.line or 1}"
        yield f"::error {place}::{_escaped(said)}"
    for warning in report.warnings:
        yield f"::warning::{_escaped(hide(warning))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
