"""The page: the evidence as one HTML file, which asks nobody for anything.

It has no script and loads nothing, so it can be mailed, attached to a build, and read on a phone.
Every result is there in full once: broken ones at the top, others under the first rule that they
bear on, the rest at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape

import jinja2
from markupsafe import Markup

from reachability_contracts.redact import Redactor
from reachability_contracts.report.evidence import (
    RULE_HEADER,
    SUITE_HEADER,
    UNKNOWN_HEADER,
    Cells,
    RuleRow,
    headline,
    mark,
    rule_rows,
    suite_table,
    unknown_rows,
    warnings,
)
from reachability_contracts.report.hidden import hidden
from reachability_contracts.report.sides import Side, Sides
from reachability_contracts.results import Report, Result, Verdict

_TEMPLATE = "page.html.jinja"


@dataclass(frozen=True, slots=True)
class Entry:
    """A result at one of its places on the page."""

    result: Result
    anchor: str
    facts: tuple[tuple[str, str], ...] = ()
    """Request, expected and got, as far as there are any."""
    rows: tuple[tuple[Side, ...], ...] = ()
    """The exchanges behind it."""
    elsewhere: bool = False
    """Whether it is in full at another place, which has the anchor."""

    @property
    def has_failed(self) -> bool:
        """Whether it is broken."""
        return self.result.verdict is Verdict.FAILED

    @property
    def place(self) -> str:
        """Its file and line."""
        return f"{self.result.file}:{self.result.line}" if self.result.line else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that belong together: the steps of a scenario, the mutants of an edge."""

    title: str
    entries: list[Entry]

    @property
    def has_failed(self) -> bool:
        """Whether anything in it is broken."""
        return any(one.has_failed for one in self.entries)


@dataclass(frozen=True, slots=True)
class RuleSection:
    """A row of the rules' table, and what it opens to."""

    row: RuleRow
    groups: list[Group]


class Page:
    """What the template shows, in the order in which it does."""

    def __init__(self, report: Report) -> None:
        self._numbers = {id(one): number for number, one in enumerate(report.results, 1)}
        self._sides = Sides()
        self._placed: set[int] = set()
        self.headline = f"{mark(report)} {headline(report)}"
        self.figures = report.figures
        self.warnings = warnings(report)
        self.broken = [self._entry(one) for one in report.failed]
        self.rules = [RuleSection(row, self._groups(row.results)) for row in rule_rows(report)]
        self.unknowns = unknown_rows(report)
        self.suites = suite_table(report)[1:]
        self.tables = report.tables
        self.rest = self._rest(report)

    def _rest(self, report: Report) -> list[tuple[str, list[Group]]]:
        """What bears on no rule, by suite."""
        left = [one for one in report.results if not one.rules]
        return [
            (suite, self._groups(members, brief=True))
            for suite in report.suites
            if (members := [one for one in left if one.suite == suite])
        ]

    def _groups(self, results: Iterable[Result], *, brief: bool = False) -> list[Group]:
        """`results` by suite and group, groups in which something is broken first."""
        members: dict[str, list[Result]] = {}
        for one in results:
            members.setdefault(f"{one.suite}: {one.group}", []).append(one)
        groups = [
            Group(title, [self._entry(one, brief=brief) for one in some])
            for title, some in members.items()
        ]
        return sorted(groups, key=lambda group: not group.has_failed)

    def _entry(self, result: Result, *, brief: bool = False) -> Entry:
        """`result` in full, or a link to where it is; what passed may be `brief`."""
        number = self._numbers[id(result)]
        anchor = f"s{number}"
        if number in self._placed:
            return Entry(result, anchor, elsewhere=True)
        facts = () if brief and result.verdict is Verdict.PASSED else tuple(_facts(result))
        rows = tuple(self._sides.of(result.exchanges))
        if facts or rows or result.verdict is Verdict.FAILED:
            self._placed.add(number)
        return Entry(result, anchor, facts, rows)


def _facts(result: Result) -> Iterator[tuple[str, str]]:
    """What there is to open a result for, besides the exchanges."""
    if result.request and not result.name.endswith(result.request):
        yield "request", result.request
    if result.expected:
        yield "expected", result.expected
    if result.got:
        yield "got", result.got


def html(report: Report, hide: Redactor) -> str:
    """The page as a text."""
    headers: dict[str, Cells] = {
        "rule_header": RULE_HEADER,
        "unknown_header": UNKNOWN_HEADER,
        "suite_header": SUITE_HEADER,
    }
    return hide(_template().render(page=Page(hidden(report, hide)), **headers)) + "\n"


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reachability_contracts", "report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["body"] = _body
    return environment.get_template(_TEMPLATE)


def _body(side: Side) -> Markup:
    """A body's lines; quotation marks stay, since in a text they need no escaping: JSON is full."""
    lines = (escape(line.text, quote=False) for line in side.lines)
    marked = (
        f"<mark>{text}</mark>" if line.differs else text
        for text, line in zip(lines, side.lines, strict=True)
    )
    return Markup("\n".join(marked))  # noqa: S704 - every line was escaped above
