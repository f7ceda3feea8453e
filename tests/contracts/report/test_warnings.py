"""What is to be said loudly, in every report for people."""

from __future__ import annotations

import io

from rich.console import Console

from reachability_contracts import report
from reachability_contracts.redact import Redactor
from tests.contracts.report.sample import a_report_with_live_evidence


def test_old_evidence_is_said_in_every_report() -> None:
    found = a_report_with_live_evidence()
    found.warnings.append("2 recordings are old")
    on_screen = io.StringIO()
    report.terminal(found, Console(file=on_screen), Redactor())
    texts = [one(found, Redactor()) for one in (report.markdown, report.as_json, report.html)]
    for text in (on_screen.getvalue(), *texts):
        assert "2 recordings are old" in text
