"""Every difference between two descriptions of the same operations, each of a named kind.

A kind has a direction, so that acknowledging "we are narrower" never hides the day we are wider.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reachability_contracts.drift.operations import Operation
from reachability_contracts.drift.shapes import LOWER, Shape

KINDS = (
    "operation-added",
    "operation-missing",
    "status-added",
    "status-missing",
    "parameter-added",
    "parameter-missing",
    "property-added",
    "property-missing",
    "contents-added",
    "contents-missing",
    "type-narrower",
    "type-wider",
    "type-other",
    "enum-narrower",
    "enum-wider",
    "enum-other",
    "limit-narrower",
    "limit-wider",
    "pattern-narrower",
    "pattern-wider",
    "pattern-other",
    "format-added",
    "format-missing",
    "format-other",
    "null-refused",
    "null-allowed",
    "required-added",
    "required-missing",
    "declaration-added",
    "value-added",
    "value-missing",
)


@dataclass(frozen=True)
class Difference:
    """At `where`, ours says one thing and the other another; `kind` is what ours does."""

    kind: str
    where: str
    ours: str = ""
    theirs: str = ""

    def __str__(self) -> str:
        """For a terminal."""
        sides = f": {self.ours or '-'} here, {self.theirs or '-'} there"
        return f"{self.kind:18}{self.where}{sides if self.ours or self.theirs else ''}"


def differences(
    ours: Mapping[str, Operation], theirs: Mapping[str, Operation]
) -> Iterator[Difference]:
    """All of them: of our operations, and operations of our paths that we lack."""
    yield from lacking("operation", "", ours, theirs)
    for name in ours.keys() & theirs.keys():
        one, two = ours[name], theirs[name]
        yield from lacking("parameter", f"{name} ", one.takes, two.takes)
        yield from lacking("status", f"{name} ", one.gives, two.gives)
        for place in one.takes.keys() & two.takes.keys():
            yield from of_shapes(f"{name} {place}", one.takes[place], two.takes[place])
        for status in one.gives.keys() & two.gives.keys():
            yield from of_shapes(f"{name} {status}", one.gives[status], two.gives[status])


def lacking(
    what: str, where: str, ours: Iterable[str], theirs: Iterable[str]
) -> Iterator[Difference]:
    """The names that only one side has."""
    for name in set(ours) - set(theirs):
        yield Difference(f"{what}-added", f"{where}{name}")
    for name in set(theirs) - set(ours):
        yield Difference(f"{what}-missing", f"{where}{name}")


def of_shapes(where: str, one: Shape, two: Shape) -> Iterator[Difference]:
    """All of them at `where`, and inside."""
    yield from _sets("type", where, one.types, two.types)
    yield from _sets("enum", where, one.enum, two.enum)
    for limit in sorted(one.limits.keys() | two.limits.keys()):
        yield from _limits(f"{where} {limit}", limit, one.limits.get(limit), two.limits.get(limit))
    yield from _texts(
        ("pattern-narrower", "pattern-wider", "pattern-other"), where, one.pattern, two.pattern
    )
    yield from _texts(
        ("format-added", "format-missing", "format-other"), where, one.format, two.format
    )
    if one.nullable != two.nullable:
        yield Difference("null-allowed" if one.nullable else "null-refused", where)
    if one.required != two.required:
        yield Difference("required-added" if one.required else "required-missing", where)
    yield from _contents(where, one.inside(), two.inside())


def _contents(
    where: str, ours: Mapping[str, Shape], theirs: Mapping[str, Shape]
) -> Iterator[Difference]:
    """One difference, not one a property, where only one side says what is inside."""
    if bool(ours) != bool(theirs):
        yield Difference("contents-added" if ours else "contents-missing", where)
        return
    yield from lacking("property", f"{where} ", ours, theirs)
    for name in ours.keys() & theirs.keys():
        yield from of_shapes(f"{where} {name}", ours[name], theirs[name])


def _sets(
    what: str, where: str, one: frozenset[str] | None, two: frozenset[str] | None
) -> Iterator[Difference]:
    if one == two:
        return
    if two is None or (one is not None and _covers(two, one)):
        kind = "narrower"
    else:
        kind = "wider" if one is None or _covers(one, two) else "other"
    yield Difference(f"{what}-{kind}", where, _words(one), _words(two))


def _covers(wide: frozenset[str], narrow: frozenset[str]) -> bool:
    """Whatever is in `narrow` is in `wide`; a whole number is a number."""
    return narrow <= (wide | {"integer"} if "number" in wide else wide)


def _words(values: frozenset[str] | None) -> str:
    return "anything" if values is None else "|".join(sorted(values)) or "null"


def _limits(where: str, limit: str, one: float | None, two: float | None) -> Iterator[Difference]:
    if one == two:
        return
    if one is None or two is None:
        narrower = two is None
    else:
        narrower = one > two if limit in LOWER else one < two
    yield Difference(
        "limit-narrower" if narrower else "limit-wider",
        where,
        "none" if one is None else str(one),
        "none" if two is None else str(two),
    )


def _texts(
    kinds: tuple[str, str, str], where: str, one: str | None, two: str | None
) -> Iterator[Difference]:
    if one != two:
        kind = kinds[0] if two is None else kinds[1] if one is None else kinds[2]
        yield Difference(kind, where, one or "", two or "")
