"""The installed Node SDK as operations, read from its typings.

It describes each answer twice: what comes over the wire, and the model that an app gets, whose
names are written as JavaScript does.  A change of either is a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reachability_contracts.drift import comparing, typings
from reachability_contracts.drift.as_sdk import SUCCESS, as_an_sdk_says
from reachability_contracts.drift.comparing import Difference
from reachability_contracts.drift.operations import Operation
from reachability_contracts.drift.shapes import Shape, Unreadable

PACKAGE = "twilio"
WIRE = "wire"
"""In a place: what the SDK believes to come over the wire, beside what it makes of it."""
_OTHER_NAMES = {"page": "pageNumber"}


def differences(ours: Mapping[str, Operation], folders: Sequence[Path]) -> Iterator[Difference]:
    """Between our operations and what the SDK has at the same paths.

    Raises:
        Skipped: there is no SDK, or nothing to read it with.
        Unreadable: its typings are built in a way that we cannot read.
    """
    paths = {name.partition(" ")[2] for name in ours}
    theirs = operations(folders, paths)
    yield from comparing.differences({name: _said(name, one) for name, one in ours.items()}, theirs)


def operations(folders: Sequence[Path], paths: set[str]) -> dict[str, Operation]:
    """What the SDK can do at `paths`; where it has no such resource, nothing.

    Raises:
        Skipped: as above.
        Unreadable: as above.
    """
    sdk = typings.package(PACKAGE, folders)
    file = sdk.folder / "lib" / "rest" / "conversations" / "V1.d.ts"
    found = typings.asked(folders, file, paths=paths)
    if not found:
        raise Unreadable(f"{file}: none of our paths is there")
    return {name: _operation(name, one) for name, one in found.items()}


def camel(name: str) -> str:
    """``NewMessage.WithMedia`` or ``new_message`` as JavaScript writes it."""
    joined = re.sub(r"[-_](\w)", lambda one: one[1].upper(), name)
    return ".".join(part[:1].lower() + part[1:] for part in joined.split("."))


def _spelled(place: str, name: str) -> str:
    called = camel(name)
    return _OTHER_NAMES.get(called, called) if place == "query" else called


def _said(name: str, operation: Operation) -> Operation:
    """Ours, as the SDK would describe it: twice."""
    once = as_an_sdk_says(name, operation, _spelled, _plain)
    status = SUCCESS[name.partition(" ")[0]]
    wire = once.gives[status]
    model = {camel(key): one for key, one in wire.properties.items()}
    return Operation(once.takes, _given(status, model, wire.properties))


def _plain(shape: Shape) -> Shape:
    """Typings know types and values; every number is a number there, and null is left out."""
    types = shape.types
    if types is not None and "integer" in types:
        types = types - {"integer"} | {"number"}
    return Shape(types=types, enum=shape.enum, required=shape.required)


def _operation(name: str, said: Mapping[str, Any]) -> Operation:
    takes = {f"parameter {key}": _bare(one) for key, one in typings.shapes(said["takes"]).items()}
    model, wire = (
        {key: replace(_bare(one), required=False) for key, one in typings.shapes(part).items()}
        for part in (said["gives"], said["payload"])
    )
    return Operation(takes, _given(SUCCESS[name.partition(" ")[0]], model, wire))


def _bare(shape: Shape) -> Shape:
    return replace(shape, nullable=False, properties={})


def _given(status: str, model: Mapping[str, Shape], wire: Mapping[str, Shape]) -> dict[str, Shape]:
    return {status: Shape(properties=model), WIRE: Shape(properties=wire)}
