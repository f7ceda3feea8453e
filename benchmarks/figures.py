"""What was measured: samples of one thing, and their best and median."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median


@dataclass
class Series:
    """Samples of one thing, one a round; a neighbour's load can only make them larger."""

    name: str
    samples: list[float] = field(default_factory=list)

    def add(self, sample: float) -> None:
        """Keep one more."""
        self.samples.append(sample)

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.samples)

    @property
    def best(self) -> float:
        """The smallest."""
        return min(self.samples)

    @property
    def highest(self) -> float:
        """The largest: the best of rates."""
        return max(self.samples)


def median_ratio(some: Series, others: Series) -> float:
    """The median of the rounds' own ratios: what slows a whole round down falls out of it."""
    return median(a / b for a, b in zip(some.samples, others.samples, strict=True))
