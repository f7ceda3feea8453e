"""Comparing what was expected with what was got, and what an expectation says of presence."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from reachability_mock.scenario.step import Difference

_PRESENCE = ("is_online", "is_notifiable")


class Unsaid(Enum):
    """The type of `UNSAID`: a property that an expectation does not speak of."""

    UNSAID = "unsaid"


UNSAID = Unsaid.UNSAID


class NotThere:
    """What a body has where it has nothing at all."""

    def __repr__(self) -> str:
        return "(not there)"


NOT_THERE = NotThere()


def differences(expected: object, got: object, where: str) -> Iterator[Difference]:
    """Where `got` lacks or contradicts `expected`: mappings match as subsets, lists item by item.

    Nothing is equal to a value of another type: null is not false, and "true" is not true.
    """
    if isinstance(expected, dict) and isinstance(got, dict):
        for key, value in expected.items():
            yield from differences(value, got.get(key, NOT_THERE), f"{where}.{key}")
    elif isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for n, (one, other) in enumerate(zip(expected, got, strict=True)):
            yield from differences(one, other, f"{where}[{n}]")
    elif not _same(expected, got):
        yield Difference(where, expected, got)


def _same(expected: object, got: object) -> bool:
    numbers = (int, float)
    if type(expected) in numbers and type(got) in numbers:
        return expected == got
    return type(expected) is type(got) and expected == got


def mentions(body: object) -> bool:
    """Whether an expected body speaks of presence."""
    return any(True for _ in _presence_in(body))


def not_null(body: object) -> bool:
    """Whether an expected body has presence that is not null."""
    return any(value is not None for value in _presence_in(body))


def _presence_in(body: object) -> Iterator[object]:
    if isinstance(body, dict):
        for key, value in body.items():
            if key in _PRESENCE:
                yield value
            else:
                yield from _presence_in(value)
    elif isinstance(body, list):
        for one in body:
            yield from _presence_in(one)
