"""Kinds of fields: each reads a node and describes itself as JSON Schema.

A step declares its fields as a dataclass does, with one of the functions below in the place of a
default: that is all the loader and the schema need to know.

    user: str = field(USER)
    device: str = field(TEXT, default="default")
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Mapping
from dataclasses import MISSING, dataclass
from typing import Any, Protocol, TypeVar

from yaml.nodes import Node, ScalarNode

from reachability_mock.core.rules import ALL_RULES
from reachability_mock.durations import seconds_of
from reachability_mock.scenario.complaint import choices
from reachability_mock.scenario.document import kind_of, scalar
from reachability_mock.scenario.reader import Reader, Spoilt, Wrong, items_of, text_of

Json = dict[str, object]
R = TypeVar("R")
LONGEST_TEXT = 64 * 1024


class Kind(Protocol):
    """What a field may hold."""

    def read(self, node: Node, reader: Reader) -> object:
        """The field's value.

        Raises:
            Wrong: the node will not do.
        """

    def schema(self) -> Json:
        """The field for an editor."""


def field(kind: Kind, *, default: Any = MISSING, key: str | None = None, doc: str = "") -> Any:
    """A dataclass field of that kind; without a default it must be there."""
    metadata = {"kind": kind, "key": key, "doc": doc}
    if isinstance(default, dict | list):
        return dataclasses.field(default_factory=default.copy, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Text:
    """A text; a template may hold ``${…}``."""

    template: bool = False
    pattern: str | None = None

    def read(self, node: Node, reader: Reader) -> str:
        """Read a text of bounded length."""
        text = text_of(node)
        if len(text) > LONGEST_TEXT:
            raise Wrong(node, f"a text of {len(text)} characters: at most {LONGEST_TEXT}")
        if self.template:
            reader.check_template(node, text)
        return text

    def schema(self) -> Json:
        """Any text."""
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, reader: Reader) -> str:  # noqa: ARG002 - every kind reads alike
        """Read one of the words."""
        word = text_of(node)
        if word not in self.words:
            raise Wrong(node, f'"{word}": {choices(word, self.words)}')
        return word

    def schema(self) -> Json:
        """The words."""
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Boolean:
    """True or false; null, too, where it means *unknown*."""

    nullable: bool = False

    def read(self, node: Node, reader: Reader) -> bool | None:  # noqa: ARG002 - every kind reads alike
        """Read it; the text "false" is not false."""
        value = scalar(node) if isinstance(node, ScalarNode) else ""
        if isinstance(value, bool) or (value is None and self.nullable):
            return value
        wanted = "true, false or null" if self.nullable else "true or false"
        raise Wrong(node, f"this is {kind_of(node)}, where {wanted} should be")

    def schema(self) -> Json:
        """The type or types."""
        return {"type": ["boolean", "null"] if self.nullable else "boolean"}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in a range."""

    least: int = 0
    most: int = 100_000

    def read(self, node: Node, reader: Reader) -> int:  # noqa: ARG002 - every kind reads alike
        """Read it."""
        value = scalar(node) if isinstance(node, ScalarNode) else None
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong(node, f"this is {kind_of(node)}, where a whole number should be")
        if not self.least <= value <= self.most:
            raise Wrong(node, f"{value} is not between {self.least} and {self.most}")
        return value

    def schema(self) -> Json:
        """The range."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: ``30s``, ``2m``, ``500ms`` or a number of seconds."""

    def read(self, node: Node, reader: Reader) -> float:  # noqa: ARG002 - every kind reads alike
        """Read its seconds."""
        value = scalar(node) if isinstance(node, ScalarNode) else None
        try:
            seconds = seconds_of(value)
        except ValueError:
            said = f"this is {kind_of(node)}, where a length of time such as 30s or 2m should be"
            raise Wrong(node, said) from None
        return seconds if math.isfinite(seconds) else 0.0

    def schema(self) -> Json:
        """A number or its spelling."""
        pattern = r"^\d+(\.\d+)?\s*(ms|s|m|h)?$"
        return {"anyOf": [{"type": "string", "pattern": pattern}, {"type": "number", "minimum": 0}]}


@dataclass(frozen=True, slots=True)
class Name:
    """The name of something the scenario has: a user, a service, a binding, an account."""

    of: str
    """The attribute of `Names` that knows them."""

    def read(self, node: Node, reader: Reader) -> str:
        """Read a name that is known."""
        name = text_of(node)
        known: Collection[str] = getattr(reader.names, self.of)
        if name not in known:
            raise Wrong(node, f'no {self.of[:-1]} "{name}": {choices(name, known)}')
        return name

    def schema(self) -> Json:
        """Any text: which names there are, the file says itself."""
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever JSON can say, with ``${…}`` in its texts."""

    def read(self, node: Node, reader: Reader) -> object:
        """Read it as Python has it."""
        return reader.plain(node)

    def schema(self) -> Json:
        """No restriction."""
        return {}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; where `single` is set one item may stand without its list."""

    item: Kind
    single: bool = False

    def read(self, node: Node, reader: Reader) -> tuple[object, ...]:
        """Read every item."""
        nodes = [node] if self.single and isinstance(node, ScalarNode) else items_of(node)
        return tuple(self.item.read(one, reader) for one in nodes)

    def schema(self) -> Json:
        """A list of that."""
        array: Json = {"type": "array", "items": self.item.schema()}
        return {"anyOf": [self.item.schema(), array]} if self.single else array


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping from any names to one kind."""

    value: Kind

    def read(self, node: Node, reader: Reader) -> dict[str, object]:
        """Read every value."""
        entries = reader.entries(node)
        return {key: self.value.read(pair.value, reader) for key, pair in entries.items()}

    def schema(self) -> Json:
        """Any names."""
        return {"type": "object", "additionalProperties": self.value.schema()}


@dataclass(frozen=True, slots=True)
class Keyed:
    """A mapping with a few known keys, none of which must be there."""

    kinds: Mapping[str, Kind]

    def read(self, node: Node, reader: Reader) -> dict[str, object]:
        """Read what is there."""
        entries = reader.entries(node, self.kinds)
        return {key: self.kinds[key].read(one.value, reader) for key, one in entries.items()}

    def schema(self) -> Json:
        """The keys."""
        properties = {key: kind.schema() for key, kind in self.kinds.items()}
        return {"type": "object", "additionalProperties": False, "properties": properties}


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with the fields of a dataclass whose fields were made by `field`."""

    type: type[Any]

    def read(self, node: Node, reader: Reader) -> Any:
        """Read an instance, complaining about every field that will not do."""
        return read_record(self.type, node, reader)

    def schema(self) -> Json:
        """The fields."""
        return record_schema(self.type)


def keys_of(type_: type[Any]) -> dict[str, dataclasses.Field[Any]]:
    """The fields of such a dataclass by the key that the file uses."""
    found = {}
    for one in dataclasses.fields(type_):
        if "kind" in one.metadata:
            found[one.metadata["key"] or one.name] = one
    return found


def read_record(type_: type[R], node: Node, reader: Reader, **more: object) -> R:
    """An instance of `type_` from the mapping `node`; `more` are fields that are not in it.

    Raises:
        Wrong: after all its fields were read, if one of them would not do.
    """
    fields = keys_of(type_)
    before = reader.complaints
    entries = reader.entries(node, fields)
    values = dict(more)
    for key, one in fields.items():
        if key in entries:
            kind: Kind = one.metadata["kind"]
            pair = entries[key]
            values[one.name] = reader.attempt(lambda k=kind, p=pair: k.read(p.value, reader))  # type: ignore[misc] # default arguments bind this round's values
        elif one.default is MISSING and one.default_factory is MISSING:
            reader.complain(node, f'"{key}" is missing')
    if reader.complaints > before:
        raise Spoilt(node)
    return type_(**values)


def record_schema(type_: type[Any]) -> Json:
    """The JSON Schema of such a dataclass."""
    properties: Json = {}
    required = []
    for key, one in keys_of(type_).items():
        kind: Kind = one.metadata["kind"]
        described = kind.schema()
        if one.metadata["doc"]:
            described = {"description": one.metadata["doc"], **described}
        properties[key] = described
        if one.default is MISSING and one.default_factory is MISSING:
            required.append(key)
    schema: Json = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**schema, "required": required} if required else schema


TEXT = Text()
TEMPLATE = Text(template=True)
BOOLEAN = Boolean()
TRISTATE = Boolean(nullable=True)
DURATION = Duration()
USER = Name("users")
SERVICE = Name("services")
BINDING = Name("bindings")
ACCOUNT = Name("accounts")
ANYTHING = Anything()
RULES = ListOf(Choice(tuple(rule.id for rule in ALL_RULES)))
