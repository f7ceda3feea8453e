"""Reports: the same results as a table on a terminal, as Markdown, JUnit, JSON and annotations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from xml.etree import ElementTree as ET

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report, Result, Verdict
from reachability_mock.core.rules import ALL_RULES

NO_LIVE = "none yet"
_MOST_SHOWN = 40
_RULE_HEADER = ("rule", "documented in", "steps", "checks", "mutants killed", "live evidence")


def headline(report: Report) -> str:
    """The verdict, in a line."""
    failed, skipped = len(report.failed), report.count(Verdict.SKIPPED)
    said = f"{failed} broken" if failed else "the contract is kept"
    more = f", {skipped} skipped" if skipped else ""
    return f"{said}: {report.count(Verdict.PASSED)} passed{more}"


def terminal(report: Report, console: Console, hide: Redactor) -> None:
    """Tables and every failure, for a person."""
    for title, rows in (("what was checked", suite_rows(report)), *_tables(report)):
        console.print(_table(title, rows, hide))
    for result in report.failed[:_MOST_SHOWN]:
        console.print(_explained(result, hide), highlight=False)
    left = len(report.failed) - _MOST_SHOWN
    if left > 0:
        console.print(f"… and {left} more: --json has them all")
    style = "bold red" if report.failed else "bold green"
    console.print(f"[{style}]{escape(hide(headline(report)))}[/]")


def _tables(report: Report) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    yield "evidence by rule", rule_rows(report)
    yield from report.tables.items()


def _table(title: str, rows: list[tuple[str, ...]], hide: Redactor) -> Table:
    header, *body = rows
    table = Table(title=title, title_justify="left", header_style="bold")
    for name in header:
        table.add_column(name, overflow="fold")
    for row in body:
        table.add_row(*(escape(hide(cell)) for cell in row))
    return table


def suite_rows(report: Report) -> list[tuple[str, ...]]:
    """How each suite came out."""
    rows: list[tuple[str, ...]] = [("suite", "passed", "failed", "skipped", "")]
    rows += [
        (
            suite,
            *(str(report.count(verdict, suite)) for verdict in Verdict),
            report.figures.get(suite, ""),
        )
        for suite in report.suites
    ]
    return rows


def rule_rows(report: Report) -> list[tuple[str, ...]]:
    """Which rule has which evidence."""
    return [_RULE_HEADER, *(_rule_row(report, rule.id, rule.source) for rule in ALL_RULES)]


def _rule_row(report: Report, rule: str, source: str) -> tuple[str, ...]:
    about = [result for result in report.results if rule in result.rules]
    mutants = [result for result in about if result.suite == "mutants"]
    lived = any(one.suite == "scenarios" and one.verdict is Verdict.PASSED for one in about)
    killed = sum(result.verdict is Verdict.PASSED for result in mutants)
    return (
        rule,
        source.removeprefix("https://www.twilio.com/docs/").partition(":")[0],
        _counted([result for result in about if result.suite == "scenarios"]),
        _counted([result for result in about if result.suite not in {"scenarios", "mutants"}]),
        f"{killed}/{len(mutants)}" if mutants else "-",
        report.figures.get("live evidence", NO_LIVE) if lived else NO_LIVE,
    )


def _counted(results: list[Result]) -> str:
    """How many passed; what failed or was skipped is said, too."""
    counts = {verdict: sum(one.verdict is verdict for one in results) for verdict in Verdict}
    said = [f"{n} {verdict.value}" for verdict, n in counts.items() if n]
    return ", ".join(said) or "-"


def _explained(result: Result, hide: Redactor) -> str:
    rules = f" [{', '.join(result.rules)}]" if result.rules else ""
    place = f"{result.file}:{result.line} " if result.line else ""
    lines = [f"{result.suite}: {place}{result.group}{rules}: {result.name}"]
    for name in ("reason", "request", "expected", "got"):
        value = getattr(result, name)
        if value:
            lines.append(f"    {name:<8} {value}")
    return escape(hide("\n".join(lines)))


# --- files ---------------------------------------------------------------------------------------


def markdown(report: Report, hide: Redactor) -> str:
    """The verdict first, then the tables and failures: for `$GITHUB_STEP_SUMMARY`."""
    lines = [f"**{'✗' if report.failed else '✓'} {headline(report)}**", ""]
    for title, rows in (("what was checked", suite_rows(report)), *_tables(report)):
        lines += [f"### {title}", "", *_markdown_rows(rows), ""]
    if report.failed:
        lines += ["### what is broken", ""]
    for result in report.failed:
        rules = f" ({', '.join(result.rules)})" if result.rules else ""
        place = f" `{result.file}:{result.line}`" if result.line else ""
        lines.append(f"* **{_cell(result.name)}**{rules}{place}: {_cell(result.reason)}")
        lines += [
            f"  * {name}: `{_cell(value)}`"
            for name, value in (
                ("request", result.request),
                ("expected", result.expected),
                ("got", result.got),
            )
            if value
        ]
    return hide("\n".join(lines)) + "\n"


def _markdown_rows(rows: list[tuple[str, ...]]) -> Iterator[str]:
    header, *body = rows
    yield "| " + " | ".join(header) + " |"
    yield "|" + "---|" * len(header)
    for row in body:
        yield "| " + " | ".join(_cell(cell) for cell in row) + " |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("`", "'")


def junit(report: Report, hide: Redactor) -> str:
    """JUnit's XML: a suite for each group, a case for each result."""
    top = ET.Element("testsuites", name="reachability contract")
    ordered = sorted(report.results, key=lambda one: (one.suite, one.group))
    for (suite, group), members in groupby(ordered, key=lambda one: (one.suite, one.group)):
        cases = list(members)
        node = ET.SubElement(top, "testsuite", name=_xml(hide(f"{suite}: {group}")))
        node.set("tests", str(len(cases)))
        for key, verdict in (("failures", Verdict.FAILED), ("skipped", Verdict.SKIPPED)):
            node.set(key, str(sum(one.verdict is verdict for one in cases)))
        for case in cases:
            _junit_case(node, case, hide)
    return ET.tostring(top, encoding="unicode", xml_declaration=True)


def _junit_case(suite: ET.Element, result: Result, hide: Redactor) -> None:
    name = _xml(hide(result.name))
    case = ET.SubElement(suite, "testcase", classname=_xml(hide(result.group)), name=name)
    case.set("time", f"{result.seconds:.3f}")
    if result.file:
        case.set("file", result.file)
    said = _xml(hide(result.reason))
    if result.verdict is Verdict.FAILED:
        text = f"{result.reason}\n{result.request}\nexpected {result.expected}\ngot {result.got}"
        ET.SubElement(case, "failure", message=said[:200]).text = _xml(hide(text))
    elif result.verdict is Verdict.SKIPPED:
        ET.SubElement(case, "skipped", message=said)


def _xml(text: str) -> str:
    return "".join(one if one in "\t\n" or one.isprintable() else "�" for one in text)


def as_json(report: Report, hide: Redactor) -> str:
    """Everything, for programs."""
    return hide(
        json.dumps(
            {
                "verdict": "broken" if report.failed else "kept",
                "counts": {verdict.value: report.count(verdict) for verdict in Verdict},
                "figures": report.figures,
                "rules": [
                    dict(zip(_RULE_HEADER, row, strict=True)) for row in rule_rows(report)[1:]
                ],
                "tables": report.tables,
                "results": [_as_dict(result) for result in report.results],
            },
            indent=1,
        )
    )


def _as_dict(result: Result) -> dict[str, object]:
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
    }


def annotation_lines(report: Report, hide: Redactor) -> Iterator[str]:
    """A line for each failure that GitHub Actions pins to its file and line."""
    for result in report.failed:
        said = hide(f"{', '.join(result.rules)} {result.name}: {result.reason}".strip())
        escaped = said.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        yield f"::error file={result.file or 'openapi.yaml'},line={result.line or 1}::{escaped}"
