"""The evidence: what stands behind each rule, and what is known of each unknown, as rows.

Pure: every format shows these rows, so that none can say more, or less, than another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reachability_contracts.results import Report, Result, Settled, Verdict
from reachability_mock.core.rules import ALL_RULES, Rule
from reachability_mock.settings import REGISTER, Setting

Cells = tuple[str, ...]
NONE = "none"
NOBODY = "nobody has looked"
NO_LIVE = (
    "live evidence: none. Nothing in this report was seen on the real service: it says what the "
    "documentation says, and no more."
)
SUITE_HEADER: Cells = ("suite", "passed", "failed", "skipped", "figures")
RULE_HEADER: Cells = (
    "rule",
    "documentation",
    "scenario steps",
    "checks",
    "live recording",
    "mutants killed",
)
UNKNOWN_HEADER: Cells = (
    "unknown",
    "default",
    "what was seen",
    "by whom",
    "how to settle it",
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule and everything that bears on it."""

    rule: Rule
    results: tuple[Result, ...]
    live: str
    """The date of the newest live recording; empty if there is none."""

    @property
    def documentation(self) -> str:
        """The page that it was read from, by its name."""
        return self.link.rpartition("/")[2] or self.rule.source.partition(":")[0]

    @property
    def link(self) -> str:
        """The address of that page; empty if the rule is our own reading."""
        return self.rule.source if self.rule.source.startswith("https://") else ""

    @property
    def has_failed(self) -> bool:
        """Whether anything that bears on the rule is broken."""
        return any(one.verdict is Verdict.FAILED for one in self.results)

    @property
    def cells(self) -> Cells:
        """The row as texts, under `RULE_HEADER`."""
        return (
            self.rule.id,
            self.documentation,
            counted(one for one in self.results if one.suite == "scenarios"),
            counted(one for one in self.results if one.suite not in {"scenarios", "mutants"}),
            self.live or NONE,
            self._killed(),
        )

    def _killed(self) -> str:
        mutants = [one for one in self.results if one.suite == "mutants"]
        killed = sum(one.verdict is Verdict.PASSED for one in mutants)
        return f"{killed}/{len(mutants)}" if mutants else "-"


@dataclass(frozen=True, slots=True)
class UnknownRow:
    """An entry of the unknowns register and what is known of it."""

    setting: Setting
    settled: Settled | None

    @property
    def default(self) -> str:
        """What the fake does unless it is told otherwise."""
        return str(self.setting.default).lower()

    @property
    def seen(self) -> str:
        """What was seen, or why nothing was."""
        if self.settled is None:
            return NOBODY
        if not self.settled.is_settled:
            return f"not asked: {self.settled.seen}"
        return self.settled.seen if self.agrees else f"DIFFERENT: {self.settled.seen}"

    @property
    def agrees(self) -> bool:
        """Whether the default is what was seen, as far as anything was."""
        return self.settled is None or self.settled.agrees

    @property
    def is_settled(self) -> bool:
        """Whether somebody has seen what the service does."""
        return self.settled is not None and self.settled.is_settled

    @property
    def cells(self) -> Cells:
        """The row as texts, under `UNKNOWN_HEADER`."""
        by = self.settled.by if self.settled else ""
        return (self.setting.id, self.default, self.seen, by or "-", self.setting.probe)


def rule_rows(report: Report) -> list[RuleRow]:
    """Every rule with its evidence, in order."""
    return [
        RuleRow(
            rule,
            tuple(one for one in report.results if rule.id in one.rules),
            report.live.get(rule.id, ""),
        )
        for rule in ALL_RULES
    ]


def unknown_rows(report: Report) -> list[UnknownRow]:
    """Every unknown with what is known of it, in the register's order."""
    known = {one.id: one for one in report.settled}
    return [UnknownRow(setting, known.get(setting.id)) for setting in REGISTER]


def tables(report: Report) -> dict[str, list[Cells]]:
    """The tables of a report by title, each with its header as the first row."""
    return {
        "what was checked": suite_table(report),
        "evidence by rule": [RULE_HEADER, *(row.cells for row in rule_rows(report))],
        "evidence by unknown": [UNKNOWN_HEADER, *(row.cells for row in unknown_rows(report))],
        **report.tables,
    }


def suite_table(report: Report) -> list[Cells]:
    """How each suite came out."""
    return [SUITE_HEADER, *(_suite_row(report, suite) for suite in report.suites)]


def _suite_row(report: Report, suite: str) -> Cells:
    counts = (str(report.count(verdict, suite)) for verdict in Verdict)
    return (suite, *counts, report.figures.get(suite, ""))


def warnings(report: Report) -> list[str]:
    """What is to be said loudly, besides the verdict."""
    return [*([] if report.live else [NO_LIVE]), *report.warnings]


def headline(report: Report) -> str:
    """The verdict, in a line."""
    failed, skipped = len(report.failed), report.count(Verdict.SKIPPED)
    said = f"{failed} broken" if failed else _unbroken(report)
    more = f", {skipped} skipped" if skipped else ""
    return f"{said}: {report.count(Verdict.PASSED)} passed{more}"


def _unbroken(report: Report) -> str:
    return "nothing was checked" if report.is_empty else "the contract is kept"


def mark(report: Report) -> str:
    """The verdict, in a sign."""
    return "✗" if report.failed else "?" if report.is_empty else "✓"


def counted(results: Iterable[Result]) -> str:
    """How many passed; what failed or was skipped is said, too."""
    verdicts = [one.verdict for one in results]
    said = [f"{verdicts.count(each)} {each.value}" for each in Verdict if each in verdicts]
    return ", ".join(said) or "-"
