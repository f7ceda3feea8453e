"""A document as operations: what each takes and gives, in shapes that can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from reachability_contracts.drift.shapes import Body, Shape, Shapes, Unreadable

METHODS = ("get", "post", "put", "patch", "delete")
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass
class Operation:
    """One method of one path: parameters by place and name, and the body of each status."""

    takes: dict[str, Shape] = field(default_factory=dict)
    gives: dict[str, Shape] = field(default_factory=dict)


def operations(document: Body) -> dict[str, Operation]:
    """By method and path, as in ``GET /v1/Users``.

    Raises:
        Unreadable: the document is not built as OpenAPI says.
    """
    shapes = Shapes(document)
    try:
        return {
            f"{method.upper()} {path}": _operation(item, item[method], shapes)
            for path, item in document["paths"].items()
            for method in METHODS
            if method in item
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise Unreadable(f"the document is malformed: {error!r}") from error


def of_paths(document: Body, paths: set[str]) -> dict[str, Operation]:
    """The operations of these paths: a vast document is read only where it is compared."""
    kept = {path: item for path, item in document["paths"].items() if path in paths}
    return operations({**document, "paths": kept})


def _operation(item: Body, operation: Body, shapes: Shapes) -> Operation:
    declared = [*item.get("parameters", ()), *operation.get("parameters", ())]
    takes = dict(_parameter(shapes.resolved(one), shapes) for one in declared)
    takes.update(_form(operation.get("requestBody"), shapes))
    return Operation(takes, dict(_answers(operation["responses"], shapes)))


def _parameter(parameter: Body, shapes: Shapes) -> tuple[str, Shape]:
    name, place = parameter["name"], parameter["in"]
    shape = shapes.of(parameter.get("schema", {}))
    return f"{place} {name}", replace(shape, required=parameter.get("required", False))


def _form(body: Any, shapes: Shapes) -> Iterator[tuple[str, Shape]]:
    content = (shapes.resolved(body) or {}).get("content", {})
    form = shapes.of(content[_FORM]["schema"]) if _FORM in content else Shape()
    for name, shape in form.properties.items():
        yield f"form {name}", shape


def _answers(responses: Body, shapes: Shapes) -> Iterator[tuple[str, Shape]]:
    for status, response in responses.items():
        content = shapes.resolved(response).get("content", {})
        schema = content.get(_JSON, {}).get("schema")
        yield str(status), Shape() if schema is None else shapes.of(schema)
