"""Markdown: the verdict first, for `$GITHUB_STEP_SUMMARY` and pull requests."""

from __future__ import annotations

from collections.abc import Iterator

from reachability_contracts.redact import Redactor
from reachability_contracts.report.evidence import Cells, headline, mark, tables, warnings
from reachability_contracts.report.hidden import hidden
from reachability_contracts.results import Report, Result


def markdown(report: Report, hide: Redactor) -> str:
    """The verdict, what is broken, then the tables."""
    report = hidden(report, hide)
    lines = [f"**{mark(report)} {headline(report)}**", ""]
    for warning in warnings(report):
        lines += ["> [!WARNING]", f"> **{_line(warning)}**", ""]
    if report.failed:
        lines += ["### what is broken", "", *_broken(report.failed), ""]
    for title, rows in tables(report).items():
        lines += [f"### {title}", "", *_table(rows), ""]
    return hide("\n".join(lines)) + "\n"


def _broken(failed: list[Result]) -> Iterator[str]:
    for result in failed:
        rules = f" ({', '.join(result.rules)})" if result.rules else ""
        place = f" `{result.file}:{result.line}`" if result.line else ""
        yield f"* **{_cell(result.name)}**{rules}{place}: {_cell(result.reason)}"
        for name in ("request", "expected", "got"):
            value = getattr(result, name)
            if value:
                yield f"  * {name}: `{_line(value)}`"


def _table(rows: list[Cells]) -> Iterator[str]:
    header, *body = rows
    yield "| " + " | ".join(header) + " |"
    yield "|" + "---|" * len(header)
    for row in body:
        yield "| " + " | ".join(_cell(cell) for cell in row) + " |"


def _cell(text: str) -> str:
    """A text on one line; without `&lt;` a reference such as <IS:1> would be taken for a tag."""
    return _line(text).replace("|", "\\|").replace("<", "&lt;")


def _line(text: str) -> str:
    """A text on one line, ready to stand between backticks."""
    return " ".join(text.split()).replace("`", "'")
