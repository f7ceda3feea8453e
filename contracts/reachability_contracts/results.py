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


@dataclass(slots=True)
class Report:
    """Everything that was found out, with figures and notes for the summary."""

    results: list[Result] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    """Short facts for the summary: what was counted, by its name."""
    tables: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    """Tables by title; the first row is the header."""

    def add(self, results: Iterable[Result]) -> None:
        """Take in the results of a suite."""
        self.results.extend(results)

    @property
    def failed(self) -> list[Result]:
        """What is broken."""
        return [result for result in self.results if result.verdict is Verdict.FAILED]

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
