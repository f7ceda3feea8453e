"""Reading nodes: what every field of a scenario has in common, and what is known so far.

A kind of field that cannot read its node raises `Wrong`; the reader turns that into a complaint
with a place and goes on, so that one look shows everything that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from reachability_mock.scenario.complaint import Complaint, Unloadable, choices
from reachability_mock.scenario.document import kind_of, scalar
from reachability_mock.scenario.target import DEFAULT

T = TypeVar("T")
_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
_MOST_COMPLAINTS = 100
_OF_A_USER = ("identity", "service", "sid")


class Wrong(Exception):  # noqa: N818 - never leaves the loader
    """A node that will not do."""

    def __init__(self, node: Node, message: str) -> None:
        """Remember which one and why."""
        super().__init__(message)
        self.node = node


class Spoilt(Wrong):
    """Something inside was wrong and has been complained about already."""

    def __init__(self, node: Node) -> None:
        """There is nothing more to say."""
        super().__init__(node, "")


@dataclass(slots=True)
class Names:
    """Who and what a scenario has named so far; a step may use no other."""

    accounts: set[str] = field(default_factory=lambda: {DEFAULT})
    services: set[str] = field(default_factory=lambda: {DEFAULT})
    users: set[str] = field(default_factory=set)
    devices: dict[str, set[str]] = field(default_factory=dict)
    """The devices each user has connected with at some time."""
    bindings: set[str] = field(default_factory=set)
    saved: set[str] = field(default_factory=set)

    def knows(self, place: str) -> bool:
        """Whether ``${place}`` stands for something."""
        name, _, part = place.rpartition(".")
        if name in self.users and part in _OF_A_USER:
            return True
        return place in self.in_templates()

    def in_templates(self) -> set[str]:
        """The words that may stand alone between ``${`` and ``}``."""
        return self.services | self.users | self.bindings | self.saved | {"account"}


class Reader:
    """Reads one file: collects complaints and knows the names."""

    def __init__(self, file: str) -> None:
        """Begin with nothing known."""
        self.file = file
        self.step: int | None = None
        self.names = Names()
        self._complaints: list[Complaint] = []

    def complain(self, node: Node, message: str) -> None:
        """Note what is wrong with `node`; enough is enough.

        Raises:
            Unloadable: that was the last one that anybody will read.
        """
        mark = node.start_mark
        place = (mark.line + 1, mark.column + 1)
        self._complaints.append(Complaint(self.file, *place, message, self.step))
        if len(self._complaints) >= _MOST_COMPLAINTS:
            self.finish()

    def attempt(self, read: Callable[[], T]) -> T | None:
        """What `read` returns, or None and a complaint."""
        try:
            return read()
        except Spoilt:
            return None
        except Wrong as wrong:
            self.complain(wrong.node, str(wrong))
            return None

    @property
    def complaints(self) -> int:
        """How many there are so far."""
        return len(self._complaints)

    def finish(self) -> None:
        """Let nothing pass that anybody complained about.

        Raises:
            Unloadable: there are complaints.
        """
        if self._complaints:
            raise Unloadable(self._complaints)

    def entries(self, node: Node, known: Collection[str] | None = None) -> dict[str, Pair]:
        """The entries of a mapping; keys that are unknown, doubled or no texts are complaints.

        Nothing at all (``alice:``) is an empty mapping.

        Raises:
            Wrong: it is no mapping.
        """
        if isinstance(node, ScalarNode) and scalar(node) is None:
            return {}
        if not isinstance(node, MappingNode):
            raise Wrong(node, f"this is {kind_of(node)}, where a mapping should be")
        found: dict[str, Pair] = {}
        for key_node, value in node.value:
            key = self.attempt(lambda node=key_node: text_of(node))  # type: ignore[misc] # a default argument binds the node of this round
            if key is None:
                continue
            if key in found:
                first = found[key].key.start_mark.line + 1
                self.complain(key_node, f'"{key}" is here twice, first in line {first}')
            elif known is not None and key not in known:
                self.complain(key_node, f'"{key}": {choices(key, known)}')
            else:
                found[key] = Pair(key_node, value)
        return found

    def plain(self, node: Node) -> object:
        """The node as Python has it, with its ``${…}`` looked at."""
        if isinstance(node, ScalarNode):
            value = scalar(node)
            if isinstance(value, str):
                self.check_template(node, value)
            return value
        if isinstance(node, SequenceNode):
            return [self.plain(one) for one in node.value]
        return {key: self.plain(pair.value) for key, pair in self.entries(node).items()}

    def check_template(self, node: Node, text: str) -> None:
        """Complain about a ``${…}`` that stands for nothing."""
        for place in placeholders(text):
            if not self.names.knows(place):
                known = self.names.in_templates()
                known |= {f"{user}.{part}" for user in self.names.users for part in _OF_A_USER}
                self.complain(node, f'"${{{place}}}": {choices(place, known)}')


@dataclass(frozen=True, slots=True)
class Pair:
    """A key's node and its value's."""

    key: Node
    value: Node


def text_of(node: Node) -> str:
    """The text that a scalar node is.

    Raises:
        Wrong: it is something else; a bare number or `true` wants quotes.
    """
    if isinstance(node, ScalarNode):
        value = scalar(node)
        if isinstance(value, str):
            return value
        if value is not None:
            raise Wrong(node, f'this is {kind_of(node)}; if it is a text, quote it: "{node.value}"')
    raise Wrong(node, f"this is {kind_of(node)}, where a text should be")


def items_of(node: Node) -> list[Node]:
    """The items of a list node; nothing at all (``timeline:``) is an empty list.

    Raises:
        Wrong: it is none.
    """
    if isinstance(node, ScalarNode) and scalar(node) is None:
        return []
    if not isinstance(node, SequenceNode):
        raise Wrong(node, f"this is {kind_of(node)}, where a list should be")
    return list(node.value)


def placeholders(text: str) -> Iterator[str]:
    """What stands between ``${`` and ``}`` in `text`."""
    return (match[1] for match in _PLACEHOLDER.finditer(text))


def filled(text: str, value_of: Callable[[str], str]) -> str:
    """`text` with every ``${…}`` replaced by what it stands for."""
    return _PLACEHOLDER.sub(lambda match: value_of(match[1]), text)


def quoted(words: Iterable[str]) -> str:
    """Words for a sentence."""
    return ", ".join(f'"{word}"' for word in words)
