"""The coverage ledger: which operation answered what, and which rules its answers showed.

"677 passed" once meant that six operations had never been reached: an operation without a single
success has not been tested, whatever else was green.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

_SUCCESS = range(200, 300)


@dataclass(slots=True)
class Ledger:
    """What was seen of each operation."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    rules: dict[str, set[str]] = field(default_factory=dict)

    def note(self, operation: str, status: int) -> None:
        """An answer of `operation` had `status`."""
        self.statuses.setdefault(operation, Counter())[status] += 1

    def note_rules(self, operation: str, rules: set[str]) -> None:
        """An answer of `operation` showed values that `rules` are about."""
        self.rules.setdefault(operation, set()).update(rules)

    def never_reached(self, operations: list[str]) -> list[str]:
        """Those of `operations` that never succeeded."""
        return [
            name
            for name in operations
            if not any(status in _SUCCESS for status in self.statuses.get(name, ()))
        ]

    @property
    def requests(self) -> int:
        """How many answers there were in all."""
        return sum(sum(counter.values()) for counter in self.statuses.values())

    def rows(self) -> list[tuple[str, str, str]]:
        """Operation, statuses with their counts, rules: for tables."""
        return [
            (
                name,
                ", ".join(f"{status}: {count}" for status, count in sorted(counter.items())),
                " ".join(sorted(self.rules.get(name, ()), key=lambda rule: int(rule[1:]))),
            )
            for name, counter in self.statuses.items()
        ]
