"""What was counted: all that is left of answers that agreed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from reachability_contracts.observe.finding import Key


@dataclass(slots=True)
class Tally:
    """Numbers, for the summary."""

    gets: int = 0
    """GETs that were answered."""
    writes: int = 0
    values: int = 0
    """Values of reachability that were seen in answers."""
    agreed: Counter[str] = field(default_factory=Counter)
    """By rule: values of which the rules left no choice, and which were so."""
    disagreed: Counter[Key] = field(default_factory=Counter)
    """By a finding's key, which begins with the rule or the unknown."""
    chose: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often an unknown was seen to be so."""
