"""JSON: everything, for programs."""

from __future__ import annotations

import json

from reachability_contracts.redact import Redactor
from reachability_contracts.report.evidence import (
    RULE_HEADER,
    UNKNOWN_HEADER,
    RuleRow,
    UnknownRow,
    rule_rows,
    unknown_rows,
)
from reachability_contracts.report.hidden import hidden
from reachability_contracts.results import Exchange, Report, Result, Verdict


def as_json(report: Report, hide: Redactor) -> str:
    """Everything that is known, with the evidence joined by rule and by unknown."""
    report = hidden(report, hide)
    found = {
        "verdict": _verdict(report),
        "counts": {verdict.value: report.count(verdict) for verdict in Verdict},
        "figures": report.figures,
        "has_live_evidence": bool(report.live),
        "live": report.live,
        "warnings": report.warnings,
        "rules": [_rule(row) for row in rule_rows(report)],
        "unknowns": [_unknown(row) for row in unknown_rows(report)],
        "tables": report.tables,
        "results": [_result(one) for one in report.results],
    }
    return hide(json.dumps(found, indent=1))


def _verdict(report: Report) -> str:
    if report.failed:
        return "broken"
    return "nothing checked" if report.is_empty else "kept"


def _rule(row: RuleRow) -> dict[str, object]:
    cells = dict(zip(RULE_HEADER, row.cells, strict=True))
    return {**cells, "says": row.rule.says, "source": row.rule.source}


def _unknown(row: UnknownRow) -> dict[str, object]:
    cells = dict(zip(UNKNOWN_HEADER, row.cells, strict=True))
    question = row.setting.question
    return {**cells, "question": question, "is_settled": row.is_settled, "agrees": row.agrees}


def _result(result: Result) -> dict[str, object]:
    return {
        "suite": result.suite,
        "group": result.group,
        "name": result.name,
        "verdict": result.verdict.value,
        "rules": list(result.rules),
        "reason": result.reason,
        "request": result.request,
        "expected": result.expected,
        "got": result.got,
        "file": result.file,
        "line": result.line,
        "seconds": round(result.seconds, 3),
        "exchanges": [_exchange(one) for one in result.exchanges],
    }


def _exchange(one: Exchange) -> dict[str, object]:
    return {
        "who": one.who,
        "method": one.method,
        "path": one.path,
        "form": [list(pair) for pair in one.form],
        "status": one.status,
        "body": one.body,
    }
