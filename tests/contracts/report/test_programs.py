"""JSON."""

from __future__ import annotations

import json
from typing import Any

from reachability_contracts import report
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report
from reachability_mock.settings import REGISTER
from tests.contracts.report.sample import ACCOUNT, a_report, a_report_with_live_evidence


def loaded(found: Report) -> Any:
    return json.loads(report.as_json(found, Redactor()))


def test_it_has_everything_and_no_account() -> None:
    text = report.as_json(a_report(), Redactor())
    found = json.loads(text)
    assert found["verdict"] == "broken"
    assert found["results"][1]["line"] == 12
    assert ACCOUNT not in text
    row = next(one for one in found["rules"] if one["rule"] == "R5")
    assert row["mutants killed"] == "1/1"
    assert row["live recording"] == "none"
    assert not found["has_live_evidence"]


def test_a_result_has_its_exchanges() -> None:
    (exchange,) = loaded(a_report())["results"][1]["exchanges"]
    assert exchange == {
        "who": "the fake",
        "method": "GET",
        "path": "/v1/Services/<IS:1>/Users/<US:1>",
        "form": [],
        "status": 200,
        "body": {
            "sid": "<US:1>",
            "identity": "alice",
            "is_online": None,
            "is_notifiable": None,
        },
    }


def test_live_evidence_is_there_by_rule_and_by_unknown() -> None:
    found = loaded(a_report_with_live_evidence())
    assert found["has_live_evidence"]
    assert found["live"] == {"R5": "2026-11-20"}
    assert [row["unknown"] for row in found["unknowns"]] == [one.id for one in REGISTER]
    row = next(one for one in found["unknowns"] if one["unknown"] == "head_requests")
    assert row["by whom"] == "live 2026-11-20"
    assert row["is_settled"]
    assert not row["agrees"]
