"""The terminal: tables, every failure, and the verdict last, where the eye is."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from reachability_contracts.redact import Redactor
from reachability_contracts.report.evidence import (
    UNKNOWN_HEADER,
    Cells,
    headline,
    tables,
    warnings,
)
from reachability_contracts.report.hidden import hidden
from reachability_contracts.results import Report, Result

_MOST_SHOWN = 40
_WIDE = 140
_WHOLE = {"rule", "documentation", "unknown"}
"""Columns of names, which nobody finds again once they are broken."""
_ELSEWHERE = "how to settle each: `reachability-mock unknowns`, --md or --html"


def terminal(report: Report, console: Console, hide: Redactor) -> None:
    """Tables and every failure, for a person."""
    report = hidden(report, hide)
    for title, rows in tables(report).items():
        narrow = rows[0] == UNKNOWN_HEADER and console.width < _WIDE
        console.print(_table(title, [row[:-1] for row in rows] if narrow else rows, hide))
        if narrow:
            console.print(_ELSEWHERE, style="dim")
    for result in report.failed[:_MOST_SHOWN]:
        console.print(escape(hide(_explained(result))), highlight=False)
    left = len(report.failed) - _MOST_SHOWN
    if left > 0:
        console.print(f"… and {left} more: --json has them all")
    for warning in warnings(report):
        console.print(Panel(escape(hide(warning)), style="bold yellow"))
    style = "bold red" if report.failed else "bold green"
    console.print(f"[{style}]{escape(hide(headline(report)))}[/]")


def _table(title: str, rows: list[Cells], hide: Redactor) -> Table:
    header, *body = rows
    table = Table(title=title, title_justify="left", header_style="bold")
    table.box, table.padding, table.pad_edge = box.SIMPLE_HEAD, (0, 1, 0, 0), False
    for name in header:
        table.add_column(name, overflow="fold", no_wrap=name in _WHOLE)
    for row in body:
        table.add_row(*(escape(hide(cell)) for cell in row))
    return table


def _explained(result: Result) -> str:
    rules = f" [{', '.join(result.rules)}]" if result.rules else ""
    place = f"{result.file}:{result.line} " if result.line else ""
    lines = [f"{result.suite}: {place}{result.group}{rules}: {result.name}"]
    for name in ("reason", "request", "expected", "got"):
        value = getattr(result, name)
        if value:
            lines.append(f"    {name:<8} {value}")
    return "\n".join(lines)
