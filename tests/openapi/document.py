"""openapi.yaml, read once, and a few ways of walking through it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tests.tools import ROOT

Node: TypeAlias = dict[str, Any]

DOCUMENT: Final[Node] = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
METHODS: Final = ("get", "post", "delete")


@dataclass(frozen=True)
class Operation:
    """One method of one path, with the path's parameters among its own."""

    path: str
    method: str
    node: Node
    parameters: list[Node]

    @property
    def id(self) -> str:
        """Its operationId."""
        return str(self.node["operationId"])

    @property
    def answers(self) -> dict[str, Node]:
        """Its responses by status, references followed."""
        return {status: follow(answer) for status, answer in self.node["responses"].items()}

    @property
    def form(self) -> Node | None:
        """The schema of its form, if it takes one."""
        if "requestBody" not in self.node:
            return None
        content = self.node["requestBody"]["content"]["application/x-www-form-urlencoded"]
        return follow(content["schema"])

    def parameters_in(self, place: str) -> dict[str, Node]:
        """Return its parameters that travel in `place`, by name."""
        return {each["name"]: each for each in self.parameters if each["in"] == place}


def follow(node: Node) -> Node:
    """Return what `node` points to, or `node` itself when it is no reference."""
    while "$ref" in node:
        node = target(node["$ref"])
    return node


def target(reference: str) -> Node:
    """Return the part of the document that a `#/…` reference names."""
    node: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return cast("Node", node)


def operations() -> dict[str, Operation]:
    """Return every operation by its operationId."""
    found = (
        Operation(
            path,
            method,
            item[method],
            [
                follow(each)
                for each in item.get("parameters", []) + item[method].get("parameters", [])
            ],
        )
        for path, item in DOCUMENT["paths"].items()
        for method in METHODS
        if method in item
    )
    return {operation.id: operation for operation in found}


def answer_schema(operation: str, status: str) -> Node | None:
    """Return the schema of an answer's JSON body, if that answer has a body."""
    answer = operations()[operation].answers[status]
    content = answer.get("content")
    return None if content is None else cast("Node", content["application/json"]["schema"])


def component(name: str) -> Node:
    """Return a reference to the schema called `name`."""
    return {"$ref": f"#/components/schemas/{name}"}


def accepts(schema: Node, value: object) -> bool:
    """Whether `schema`, which may point into the document, finds nothing wrong with `value`."""
    whole = {"allOf": [schema], "components": DOCUMENT["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker()).is_valid(value)


def walk(node: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Yield every mapping in `node`, with the keys that lead to it."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from walk(value, (*path, str(key)))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from walk(value, (*path, str(index)))
