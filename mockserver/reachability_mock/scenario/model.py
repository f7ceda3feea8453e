"""A scenario as it was loaded: what it begins with and what happens when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reachability_mock.scenario.given import Given
from reachability_mock.scenario.step import Step


@dataclass(frozen=True, slots=True)
class At:
    """When a step happens: so long after the start or, `relative`, after the step before it."""

    seconds: float = 0.0
    relative: bool = True


@dataclass(frozen=True, slots=True)
class Planned:
    """One item of the timeline."""

    index: int
    """Counted from 1."""
    line: int
    column: int
    title: str
    """The step as the file spells it, in one line."""
    step: Step
    at: At = At()
    rules: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole file."""

    name: str
    file: str
    about: str = ""
    """The first sentence of the comment at its top."""
    start: datetime | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    given: Given = field(default_factory=Given)
    given_line: int = 1
    timeline: tuple[Planned, ...] = ()

    @property
    def rules(self) -> frozenset[str]:
        """The ids of all rules that it names."""
        return frozenset(rule for planned in self.timeline for rule in planned.rules)
