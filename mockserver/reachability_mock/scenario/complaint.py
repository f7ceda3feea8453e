"""Complaints: what is wrong with a scenario file, and exactly where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_MOST_CHOICES = 12


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong; lines, columns and steps count from 1."""

    file: str
    line: int
    column: int
    message: str
    step: int | None = None

    def __str__(self) -> str:
        """Spell it so that editors and terminals can jump there."""
        step = f" step {self.step}" if self.step is not None else ""
        return f"{self.file}:{self.line}:{self.column}{step}: {self.message}"

    def as_json(self) -> dict[str, object]:
        """Give it the control plane's shape."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "step": self.step,
            "message": self.message,
        }


class Unloadable(ValueError):  # noqa: N818 - the field's word: the file cannot be loaded
    """A scenario that cannot be loaded; nothing of it has been played."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        """Keep the complaints, in the order of the file."""
        self.complaints = tuple(sorted(complaints, key=lambda one: (one.line, one.column)))
        super().__init__("\n".join(str(one) for one in self.complaints))


def choices(word: str, known: Iterable[str]) -> str:
    """A sentence that helps whoever wrote `word`: the near one, or what there is."""
    there = sorted(set(known))
    near = get_close_matches(word, there, n=1)
    if near:
        return f'did you mean "{near[0]}"?'
    if not there:
        return "there is none"
    shown = ", ".join(there[:_MOST_CHOICES])
    return f"there is {shown}{', …' if len(there) > _MOST_CHOICES else ''}"
