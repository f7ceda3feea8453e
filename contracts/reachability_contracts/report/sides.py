"""Exchanges as a page shows them: bodies as text, what two answers differ in, nothing twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest

from reachability_contracts.results import Exchange

_LONGEST = 20_000
_TWO = 2
_SHORT = 120
"""A body of so few characters is shown again rather than linked to."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a body, and whether the other side's body lacks it."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One exchange on the page."""

    exchange: Exchange
    anchor: str
    lines: tuple[Line, ...]
    same_as: str = ""
    """The anchor of the exchange that has shown this body; then there are no lines here."""

    @property
    def form(self) -> str:
        """What was sent, a parameter a line."""
        return "\n".join(f"{name}={value}" for name, value in self.exchange.form)


@dataclass(slots=True)
class Sides:
    """Makes them, and remembers the bodies that the page has already."""

    _shown: dict[str, str] = field(default_factory=dict)
    _count: int = 0

    def of(self, exchanges: Iterable[Exchange]) -> list[tuple[Side, ...]]:
        """The exchanges in rows: what two people answered stands side by side."""
        return [tuple(self._row(row)) for row in _rows(exchanges)]

    def _row(self, row: tuple[Exchange, ...]) -> Iterator[Side]:
        texts = [text_of(one.body) for one in row]
        others = reversed(texts) if len(texts) == _TWO and texts[0] != texts[1] else ()
        for exchange, text, other in zip_longest(row, texts, others):
            self._count += 1
            anchor = f"x{self._count}"
            first = self._shown.setdefault(text, anchor)
            if first != anchor and other is None and len(text) > _SHORT:
                yield Side(exchange, anchor, (), first)
            else:
                yield Side(exchange, anchor, tuple(_lines(text, other)))


def _rows(exchanges: Iterable[Exchange]) -> Iterator[tuple[Exchange, ...]]:
    """The first exchange of everybody, then the second: whether they came in turns or in series."""
    series: dict[str, list[Exchange]] = {}
    for one in exchanges:
        series.setdefault(one.who, []).append(one)
    for row in zip_longest(*series.values()):
        yield tuple(one for one in row if one is not None)


def text_of(body: object) -> str:
    """A body as people read it; of a very long one the beginning."""
    if body is None:
        return ""
    text = body if isinstance(body, str) else json.dumps(body, indent=1, ensure_ascii=False)
    left = len(text) - _LONGEST
    return text if left <= 0 else f"{text[:_LONGEST]}\n… and {left} more characters: see --json"


def _lines(text: str, other: str | None) -> Iterator[Line]:
    own = text.splitlines()
    if other is None:
        yield from map(Line, own)
        return
    for kind, _, _, begin, end in SequenceMatcher(
        None, _compared(other), _compared(text)
    ).get_opcodes():
        for line in own[begin:end]:
            yield Line(line, differs=kind != "equal")


def _compared(text: str) -> list[str]:
    """Lines without the comma that only says whether another follows."""
    return [line.removesuffix(",") for line in text.splitlines()]
