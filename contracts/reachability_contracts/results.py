"""Results: what every suite hands to every report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum


class Verdict(Enum):
    """How something came out.  What could not be done is skipped, never passed."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer as evidence: no SID, date or host of the day, nothing secret."""

    who: str
    """Who answered: ``the fake``, or ``live 2026-11-20``."""
    method: str
    path: str
    """With its query; SIDs are references, as in ``/v1/Services/<IS:1>/Users?PageSize=2``."""
    form: tuple[tuple[str, str], ...]
    status: int
    body: object
    """JSON as Python has it; a text if it was none."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was checked."""

    suite: str
    group: str
    """What it belongs to: a scenario, a run of schemathesis, a table of the document's."""
    name: str
    verdict: Verdict
    rules: tuple[str, ...] = ()
    reason: str = ""
    """Why it failed or was skipped, in a sentence."""
    request: str = ""
    expected: str = ""
    got: str = ""
    file: str = ""
    line: int = 0
    seconds: float = 0.0
    exchanges: tuple[Exchange, ...] = ()
    """What the verdict rests on."""


@dataclass(frozen=True, slots=True)
class Settled:
    """An entry of the unknowns register and what was seen of it."""

    id: str
    default: str
    """What the fake does unless it is told otherwise."""
    seen: str
    """The choice that was observed, or why it was not."""
    is_settled: bool
    by: str = ""
    """Who showed it, as in ``live 2026-11-20``; empty if nobody has."""

    @property
    def agrees(self) -> bool:
        """Whether the fake's default is what was seen, as far as anything was."""
        return not self.is_settled or self.seen == self.default


@dataclass(slots=True)
class Report:
    """Everything that was found out, with figures and notes for the summary."""

    results: list[Result] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    """Short facts for the summary: what was counted, by its name."""
    tables: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    """Tables by title; the first row is the header."""
    warnings: list[str] = field(default_factory=list)
    """What is not broken, but ought to be known: old evidence."""
    live: dict[str, str] = field(default_factory=dict)
    """The newest live evidence for a rule: its id and the recording's date (2026-11-20)."""
    settled: list[Settled] = field(default_factory=list)
    """What is known of each entry of the unknowns register."""

    def add(self, results: Iterable[Result]) -> None:
        """Take in the results of a suite."""
        self.results.extend(results)

    @property
    def failed(self) -> list[Result]:
        """What is broken."""
        return [result for result in self.results if result.verdict is Verdict.FAILED]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was judged: all was skipped, or there was nothing."""
        return all(one.verdict is Verdict.SKIPPED for one in self.results)

    def count(self, verdict: Verdict, suite: str | None = None) -> int:
        """How many results have `verdict`."""
        return sum(
            result.verdict is verdict and suite in {None, result.suite} for result in self.results
        )

    @property
    def suites(self) -> list[str]:
        """The suites that ran, in order."""
        return list(dict.fromkeys(result.suite for result in self.results))


def rules_named(said: str) -> tuple[str, ...]:
    """The ids of the rules that a sentence names, as in ``R9: users[0].is_online: …``."""
    words = (word.rstrip(":;,") for word in said.split())
    return tuple(dict.fromkeys(word for word in words if word[:1] == "R" and word[1:].isdigit()))
