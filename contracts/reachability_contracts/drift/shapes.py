"""What a schema allows, written one way, however OpenAPI 3.0 or 3.1 spelled it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Body = dict[str, Any]
LOWER = ("minimum", "minLength", "minItems")
UPPER = ("maximum", "maxLength", "maxItems")
EACH = "each"
_NAMES = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}


class Unreadable(Exception):  # noqa: N818 - says what is the matter
    """Something to be compared could not be read, so nobody knows whether it has drifted."""


@dataclass(frozen=True)
class Shape:
    """The values that a parameter or property may have.

    `types` of None is any type; null is told by `nullable` alone.
    """

    types: frozenset[str] | None = None
    nullable: bool = False
    enum: frozenset[str] | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    pattern: str | None = None
    format: str | None = None
    required: bool = False
    properties: Mapping[str, Shape] = field(default_factory=dict)
    items: Shape | None = None

    def inside(self) -> dict[str, Shape]:
        """What is one step further in: properties, or each item."""
        return dict(self.properties) if self.items is None else {EACH: self.items}


class Shapes:
    """Reads shapes from the schemas of one document."""

    def __init__(self, document: Body) -> None:
        """Read from `document`, to which references point."""
        self._document = document

    def resolved(self, part: Any) -> Any:
        """What `part` refers to, or `part` itself if it does not.

        Raises:
            Unreadable: it refers to nothing here.
        """
        seen: set[str] = set()
        while isinstance(part, dict) and isinstance(part.get("$ref"), str):
            reference = part["$ref"]
            if reference in seen:
                raise Unreadable(f"{reference} refers to itself")
            seen.add(reference)
            beside = {key: value for key, value in part.items() if key != "$ref"}
            found = self._at(reference)
            part = {"allOf": [found], **beside} if _says_something(beside) else found
        return part

    def _at(self, reference: str) -> Any:
        place: Any = self._document
        for step in reference.removeprefix("#/").split("/"):
            key = step.replace("~1", "/").replace("~0", "~")
            if not reference.startswith("#/") or not isinstance(place, dict) or key not in place:
                raise Unreadable(f"{reference} refers to nothing in the document")
            place = place[key]
        return place

    def of(self, schema: Any, inside: frozenset[str] = frozenset()) -> Shape:
        """The shape of `schema`; what lies `inside` itself again is not followed."""
        if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
            if schema["$ref"] in inside:
                return Shape()
            inside |= {schema["$ref"]}
        schema = self.resolved(schema)
        if not isinstance(schema, dict):
            return Shape(nullable=True)
        shape = self._own(schema, inside)
        for one in schema.get("allOf", ()):
            shape = _both(shape, self.of(one, inside))
        for word in ("anyOf", "oneOf"):
            if word in schema:
                shape = _both(shape, _either([self.of(one, inside) for one in schema[word]]))
        return shape

    def _own(self, schema: Body, inside: frozenset[str]) -> Shape:
        types = _types(schema)
        values = [schema["const"]] if "const" in schema else schema.get("enum")
        required = set(schema.get("required", ()))
        return Shape(
            types=None if types is None else frozenset(types - {"null"}),
            nullable=types is None or "null" in types or schema.get("nullable") is True,
            enum=None if values is None else frozenset(map(str, filter(_is_said, values))),
            limits=_limits(schema),
            pattern=_pattern(schema.get("pattern")),
            format=schema.get("format"),
            properties={
                name: replace(self.of(one, inside), required=name in required)
                for name, one in schema.get("properties", {}).items()
            },
            items=self.of(schema["items"], inside) if "items" in schema else None,
        )


def _says_something(beside: Body) -> bool:
    return bool(beside.keys() - {"description", "summary", "example", "examples"})


def _pattern(written: str | None) -> str | None:
    """As written, but for capitals in hexadecimal: a SID has none, whoever describes it."""
    return None if written is None else written.replace("[0-9a-fA-F]", "[0-9a-f]")


def _is_said(value: object) -> bool:
    return value is not None


def _limits(schema: Body) -> dict[str, float]:
    """A limit that excludes itself is one further in: a number in 3.1, a switch in 3.0."""
    found = {key: schema[key] for key in (*LOWER, *UPPER) if key in schema}
    for key, step, word in (
        ("minimum", 1, "exclusiveMinimum"),
        ("maximum", -1, "exclusiveMaximum"),
    ):
        exclusive = schema.get(word)
        if exclusive is True and key in found:
            found[key] += step
        elif exclusive is not None and not isinstance(exclusive, bool):
            found[key] = exclusive + step
    return found


def _types(schema: Body) -> set[str] | None:
    """Those that are named, or that the values or keywords imply; None if nothing is said."""
    named = schema.get("type")
    if named is not None:
        return {named} if isinstance(named, str) else set(named)
    if "const" in schema or "enum" in schema:
        values = [schema["const"]] if "const" in schema else schema["enum"]
        return {_NAMES.get(type(one), "object") for one in values}
    if "properties" in schema:
        return {"object"}
    return {"array"} if "items" in schema else None


def _both(one: Shape, two: Shape) -> Shape:
    """What both allow."""
    return Shape(
        types=_common(one.types, two.types),
        nullable=one.nullable and two.nullable,
        enum=_common(one.enum, two.enum),
        limits=_tighter(one.limits, two.limits),
        pattern=one.pattern or two.pattern,
        format=one.format or two.format,
        required=one.required or two.required,
        properties=_joined(one.properties, two.properties),
        items=one.items or two.items,
    )


def _common(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or two is None:
        return two if one is None else one
    return one & two


def _tighter(one: Mapping[str, float], two: Mapping[str, float]) -> dict[str, float]:
    return {
        key: (max if key in LOWER else min)(side[key] for side in (one, two) if key in side)
        for key in one.keys() | two.keys()
    }


def _joined(one: Mapping[str, Shape], two: Mapping[str, Shape]) -> dict[str, Shape]:
    return {
        name: _both(one[name], two[name]) if name in one and name in two else {**one, **two}[name]
        for name in {**one, **two}
    }


def _either(shapes: Iterable[Shape]) -> Shape:
    """What one of them allows: only what each of them limits is limited."""
    every = list(shapes)
    real = [one for one in every if one.types != frozenset()]  # the rest are nothing but null
    nullable = any(one.nullable for one in every)
    if not real:
        return Shape(types=frozenset(), nullable=nullable)
    if len(real) == 1:
        return replace(real[0], nullable=nullable)
    types, enums = [one.types for one in real], [one.enum for one in real]
    items = [one.items for one in real if one.items is not None]
    return Shape(
        types=None if None in types else frozenset().union(*(one for one in types if one)),
        nullable=nullable,
        enum=None if None in enums else frozenset().union(*(one for one in enums if one)),
        required=all(one.required for one in real),
        properties=_any_of([one.properties for one in real]),
        items=_either(items) if len(items) == len(real) else None,
    )


def _any_of(every: list[Mapping[str, Shape]]) -> dict[str, Shape]:
    """The properties of any of them: a value that one branch allows is allowed."""
    found = {}
    for name in {name: None for properties in every for name in properties}:
        shapes = [properties[name] for properties in every if name in properties]
        required = len(shapes) == len(every) and all(one.required for one in shapes)
        found[name] = replace(_either(shapes), required=required)
    return found
