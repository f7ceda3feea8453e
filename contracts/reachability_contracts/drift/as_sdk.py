"""Our operations as an SDK would describe them: it says less, and has its own spelling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reachability_contracts.drift.operations import Operation
from reachability_contracts.drift.shapes import Shape

SUCCESS = {"GET": "200", "POST": "200", "DELETE": "204"}
"""The one status by which an SDK's answer goes here, by method."""


def _plain(shape: Shape) -> Shape:
    """Without null, values, limits and contents, of which an SDK says nothing."""
    return Shape(types=shape.types, required=shape.required)


def as_an_sdk_says(
    name: str,
    operation: Operation,
    spelled: Callable[[str, str], str],
    plain: Callable[[Shape], Shape] = _plain,
) -> Operation:
    """Only as much of ours as an SDK could say.

    `spelled` is how it calls a parameter, by place and name; `plain` is what it says of a value.
    """
    takes = {}
    for key, shape in operation.takes.items():
        place, _, parameter = key.partition(" ")
        if place != "path":
            takes[f"parameter {spelled(place, parameter)}"] = plain(shape)
    status = SUCCESS[name.partition(" ")[0]]
    properties = {
        key: replace(plain(one), required=False)
        for key, one in _record(operation, status).properties.items()
    }
    return Operation(takes, {status: Shape(properties=properties)})


def _record(operation: Operation, status: str) -> Shape:
    """What comes back, or each of it if that is a list."""
    given = operation.gives.get("201") or operation.gives.get(status) or Shape()
    page = next((one.items for one in given.properties.values() if one.items), None)
    return page if page and "meta" in given.properties else given
