"""From the text of a scenario to YAML nodes that know their place, or a complaint.

Only the plain part of YAML is let in: one document, no tags, no anchors (so no alias bombs), no
deep nesting, and scalars as YAML 1.2 reads them (`on` and `12:30` are texts).
"""

from __future__ import annotations

import re

import yaml
from yaml.events import AliasEvent, Event
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from reachability_mock.scenario.complaint import Complaint, Unloadable

LARGEST = 1024 * 1024
"""Bytes of the largest file that is read."""
DEEPEST = 20
"""Levels of nesting."""
MOST_NODES = 50_000
"""Keys and values in a file: more takes seconds to read."""
_TAG = "tag:yaml.org,2002:"


class _Refusal(yaml.MarkedYAMLError):
    """Something YAML allows and scenarios do not."""


class _Loader(yaml.SafeLoader):
    """PyYAML's composer, refusing what a scenario has no use for."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own class attribute, emptied
    depth = 0
    nodes = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call] # the stubs leave it out
        problem = _problem(event)
        self.nodes += 1
        if self.nodes > MOST_NODES:
            problem = f"more than {MOST_NODES} keys and values"
        if self.depth >= DEEPEST:
            problem = f"nested more than {DEEPEST} levels deep"
        if problem:
            raise _Refusal(problem=problem, problem_mark=event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def _problem(event: Event) -> str | None:
    """What is wrong with using `event` in a scenario."""
    if isinstance(event, AliasEvent):
        return f"the alias *{event.anchor}: aliases are not allowed here, write it out"
    if getattr(event, "anchor", None):
        return f"the anchor &{getattr(event, 'anchor', '')}: anchors are not allowed here"
    if getattr(event, "tag", None):
        return f"the tag {getattr(event, 'tag', '')}: tags are not allowed here"
    return None


for _tag, _pattern, _first in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", "~|null|Null|NULL|", "~nN\0"),
    ("int", "[-+]?[0-9]{1,15}", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]{1,15}|[0-9]{1,15}\.[0-9]{0,15})", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(
        _TAG + _tag, re.compile(f"(?:{_pattern})\\Z"), ["" if c == "\0" else c for c in _first]
    )


def compose(text: str | bytes, file: str) -> MappingNode:
    """The top mapping of a scenario's text.

    Raises:
        Unloadable: too large, not UTF-8, not YAML, not plain YAML, or no mapping.
    """
    source = _decoded(text, file)
    try:
        node = _Loader(source).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = " ".join(filter(None, (error.context, error.problem)))
        raise Unloadable([Complaint(file, line, column, said)]) from None
    except yaml.reader.ReaderError as error:
        line, column = _place(source, error.position)
        complaint = Complaint(file, line, column, "a character that YAML does not allow")
        raise Unloadable([complaint]) from None
    if isinstance(node, MappingNode):
        return node
    what = "empty" if node is None else f"{kind_of(node)}, where a mapping should be"
    raise Unloadable([Complaint(file, 1, 1, f"the file is {what}")])


def _decoded(text: str | bytes, file: str) -> str:
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > LARGEST:
        said = f"over {LARGEST} bytes: a scenario has at most so many"
        raise Unloadable([Complaint(file, 1, 1, said)])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(data[: error.start].decode("utf-8"), error.start)
        raise Unloadable([Complaint(file, line, column, "not UTF-8")]) from None


def _place(text: str, position: int) -> tuple[int, int]:
    before = text[:position].split("\n")
    return len(before), len(before[-1]) + 1


def kind_of(node: Node) -> str:
    """What a node is, in words for a complaint."""
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, SequenceNode):
        return "a list"
    kinds = {"bool": "true or false", "int": "a number", "float": "a number", "null": "nothing"}
    kind = kinds.get(node.tag.removeprefix(_TAG), "a text")
    return f"{kind} ({node.value})" if kind in {"a number", "a text"} else kind


def scalar(node: ScalarNode) -> str | int | float | bool | None:
    """The value of a scalar node."""
    kind, text = node.tag.removeprefix(_TAG), str(node.value)
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text)
    if kind == "float":
        return float(text)
    return None if kind == "null" else text


def data(node: Node) -> object:
    """The node as Python has it, unchecked: for showing, not for believing."""
    if isinstance(node, MappingNode):
        return {str(key.value): data(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [data(one) for one in node.value]
    return scalar(node) if isinstance(node, ScalarNode) else None
