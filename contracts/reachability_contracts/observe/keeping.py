"""Keeping: evidence as files, each whole or not there at all; or, in a dry run, on the terminal."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reachability_contracts.observe.evidence import name_of, text_of
from reachability_contracts.observe.finding import (
    Confirmed,
    Finding,
    Key,
    Outcome,
    Standing,
    Withdrawn,
)

Tell = Callable[[str], None]


@dataclass(slots=True)
class _Kept:
    """A disagreement, how often it was seen, and the file that is ours to change."""

    finding: Finding
    day: date
    times: int = 1
    file: Path | None = None


class Keeper:
    """Keeps each disagreement once."""

    def __init__(
        self,
        into: Path | None,
        upstream: str,
        today: Callable[[], date],
        tell: Tell = lambda _: None,
    ) -> None:
        """Keep files in the folder `into`; None writes nothing and tells what it would."""
        self._into = into
        self._upstream = upstream
        self._today = today
        self._tell = tell
        self._kept: dict[Key, _Kept] = {}

    @property
    def files(self) -> list[Path]:
        """What was written and still stands."""
        return [one.file for one in self._kept.values() if one.file is not None]

    def __call__(self, outcome: Outcome) -> None:
        """Hear of a disagreement, or of what became of one."""
        known = self._kept.get(outcome.key)
        if isinstance(outcome, Finding):
            if known is None:
                self._new(outcome)
            else:
                known.times += 1
        elif known is not None and isinstance(outcome, Confirmed):
            self._confirm(known)
        elif known is not None and isinstance(outcome, Withdrawn):
            self._withdraw(known)

    def finish(self) -> None:
        """Write down how often each was seen."""
        for kept in self._kept.values():
            if kept.times > 1:
                self._write(kept)

    def _new(self, finding: Finding) -> None:
        kept = self._kept[finding.key] = _Kept(finding, self._today())
        self._tell(_line(finding))
        if not finding.is_kept:
            self._tell("  seen in the answer to a write: counted, and not kept")
        elif self._into is None:
            self._tell(_indented(text_of(finding, kept.day, self._upstream)))
        elif (self._into / name_of(finding, kept.day)).exists():
            self._tell("  is there from an earlier run")
        else:
            kept.file = self._into / name_of(finding, kept.day)
            self._write(kept)
            if kept.file is not None:
                self._tell(f"  kept in {kept.file}")

    def _confirm(self, kept: _Kept) -> None:
        kept.finding = replace(kept.finding, standing=Standing.CONFIRMED)
        self._tell(f"{_line(kept.finding)}\n  confirmed: {Standing.CONFIRMED.value}")
        self._write(kept)

    def _withdraw(self, kept: _Kept) -> None:
        del self._kept[kept.finding.key]
        self._tell(f"{_line(kept.finding)}\n  withdrawn: somebody else switched the indicator")
        if kept.file is not None:
            kept.file.unlink(missing_ok=True)

    def _write(self, kept: _Kept) -> None:
        """Write a file of ours, under another name until it is whole."""
        if kept.file is None:
            return
        text = text_of(kept.finding, kept.day, self._upstream, kept.times)
        beside = kept.file.with_name(f".{kept.file.name}.{os.getpid()}")
        try:
            kept.file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8")
            beside.replace(kept.file)
        except OSError as error:
            self._tell(f"  cannot be kept in {kept.file}: {error.strerror}")
            kept.file = None


def _line(finding: Finding) -> str:
    lawful = " or ".join(_word(one) for one in finding.predicted)
    return f"{finding.about}: {finding.where} is {_word(finding.got)}, expected {lawful}"


def _word(value: object) -> str:
    return "null" if value is None else str(value).lower()


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
