"""JUnit's XML: what test reporters of every CI read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET

from reachability_contracts.redact import Redactor
from reachability_contracts.report.evidence import (
    NONE,
    RULE_HEADER,
    UNKNOWN_HEADER,
    Cells,
    rule_rows,
    unknown_rows,
)
from reachability_contracts.report.hidden import hidden
from reachability_contracts.results import Report, Result, Verdict


def junit(report: Report, hide: Redactor) -> str:
    """A suite for each group, a case for each result; the evidence as properties of its own."""
    report = hidden(report, hide)
    top = ET.Element("testsuites", name="reachability contract")
    _evidence(top, report)
    ordered = sorted(report.results, key=lambda one: (one.suite, one.group))
    for (suite, group), members in groupby(ordered, key=lambda one: (one.suite, one.group)):
        cases = list(members)
        node = ET.SubElement(top, "testsuite", name=_xml(f"{suite}: {group}"))
        node.set("tests", str(len(cases)))
        for key, verdict in (("failures", Verdict.FAILED), ("skipped", Verdict.SKIPPED)):
            node.set(key, str(sum(one.verdict is verdict for one in cases)))
        for case in cases:
            _case(node, case)
    return hide(ET.tostring(top, encoding="unicode", xml_declaration=True))


def _evidence(top: ET.Element, report: Report) -> None:
    """A suite without cases: the format has no other place for a table."""
    node = ET.SubElement(top, "testsuite", name="evidence", tests="0")
    properties = ET.SubElement(node, "properties")
    live = ", ".join(f"{rule} {date}" for rule, date in report.live.items())
    _property(properties, "live evidence", live or NONE)
    _properties(properties, RULE_HEADER, (row.cells for row in rule_rows(report)))
    _properties(properties, UNKNOWN_HEADER, (row.cells for row in unknown_rows(report)))


def _properties(properties: ET.Element, header: Cells, rows: Iterable[Cells]) -> None:
    for name, *cells in rows:
        said = (f"{key}: {cell}" for key, cell in zip(header[1:], cells, strict=True))
        _property(properties, f"{header[0]} {name}", "; ".join(said))


def _property(properties: ET.Element, name: str, value: str) -> None:
    ET.SubElement(properties, "property", name=_xml(name), value=_xml(value))


def _case(suite: ET.Element, result: Result) -> None:
    name = _xml(result.name)
    case = ET.SubElement(suite, "testcase", classname=_xml(result.group), name=name)
    case.set("time", f"{result.seconds:.3f}")
    if result.file:
        case.set("file", result.file)
    said = _xml(result.reason)
    if result.verdict is Verdict.FAILED:
        text = f"{result.reason}\n{result.request}\nexpected {result.expected}\ngot {result.got}"
        ET.SubElement(case, "failure", message=said[:200]).text = _xml(text)
    elif result.verdict is Verdict.SKIPPED:
        ET.SubElement(case, "skipped", message=said)


def _xml(text: str) -> str:
    return "".join(one if one in "\t\n" or one.isprintable() else "�" for one in text)
