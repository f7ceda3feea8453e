"""The installed Python SDK as operations, read from its signatures and its models' source.

An SDK does not say which status carries what, or what lies inside an object, so no more than
methods, the names and types of parameters, and the names and types of properties are compared.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from reachability_contracts.drift import comparing
from reachability_contracts.drift.as_sdk import SUCCESS, as_an_sdk_says
from reachability_contracts.drift.comparing import Difference
from reachability_contracts.drift.operations import Operation
from reachability_contracts.drift.shapes import Shape, Unreadable

_OTHER_NAMES = {"page": "page_number"}
_TYPES = {"str": "string", "bool": "boolean", "int": "integer", "float": "number"}
_TYPES |= {"datetime": "string", "Dict": "object", "List": "array"}
_VERBS = {
    "page": "GET",
    "create": "POST",
    "fetch": "GET",
    "update": "POST",
    "delete": "DELETE",
}


def differences(ours: Mapping[str, Operation]) -> Iterator[Difference]:
    """Between our operations and what the SDK has at the same paths.

    Raises:
        Unreadable: the SDK is not installed, or is built in a way that we cannot read.
    """
    paths = {name.partition(" ")[2] for name in ours}
    yield from comparing.differences(
        {name: as_an_sdk_says(name, one, _spelled) for name, one in ours.items()},
        operations(paths),
    )


def operations(paths: set[str]) -> dict[str, Operation]:
    """What the SDK can do at `paths`; where it has no such resource, nothing.

    Raises:
        Unreadable: as above.
    """
    root = _root()
    try:
        return {
            f"{_VERBS[verb]} {path}": _operation(resource, verb)
            for path in sorted(paths)
            if (resource := _resource(root, path)) is not None
            for verb in _VERBS
            if hasattr(resource, verb)
        }
    except (AttributeError, KeyError, TypeError, OSError, SyntaxError) as error:
        raise Unreadable(f"the installed SDK is built in another way: {error!r}") from error


def _root() -> Any:
    try:
        from twilio.rest import Client  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        raise Unreadable(f"pip install 'reachability-mock[twilio]': {error}") from error
    return Client("AC" + "0" * 32, "nothing is sent").conversations.v1


def _resource(root: Any, path: str) -> Any:
    """Walk as an app does: an attribute for each name, a call for each SID."""
    found = root
    for step in path.removeprefix("/v1/").split("/"):
        found = found("sid") if step.startswith("{") else getattr(found, snake(step), None)
        if found is None:
            return None
    alone = not path.endswith("}") and not hasattr(found, "page") and callable(found)
    return found() if alone else found


def snake(name: str) -> str:
    """``NewMessage.WithMedia`` as Python writes it."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[.-]", "_", words).lower()


def _spelled(place: str, name: str) -> str:
    python = snake(name)
    return _OTHER_NAMES.get(python, python) if place == "query" else python


def _operation(resource: Any, verb: str) -> Operation:
    signature = inspect.signature(getattr(resource, verb))
    takes = {
        f"parameter {name}": Shape(
            types=_of_hint(one.annotation), required=one.default is inspect.Parameter.empty
        )
        for name, one in signature.parameters.items()
    }
    properties = {} if verb == "delete" else dict(_properties(_model(resource)))
    return Operation(takes, {SUCCESS[_VERBS[verb]]: Shape(properties=properties)})


def _of_hint(hint: Any) -> frozenset[str] | None:
    """Of ``Union[bool, object]``: what is meant to be given, besides the mark for nothing."""
    every = [one for one in get_args(hint) or (hint,) if one is not object]
    if get_origin(hint) is list:
        return frozenset({"array"})
    one = every[0]
    if get_origin(one) is list:
        return frozenset({"array"})
    return frozenset({_TYPES.get(getattr(one, "__name__", ""), "string")})  # else an enumeration


def _model(resource: Any) -> type:
    """The class of what `resource` answers with, beside it in its module."""
    stem = re.sub(r"(List|Context)$", "", type(resource).__name__)
    found: type = getattr(sys.modules[type(resource).__module__], f"{stem}Instance")
    return found


def _properties(model: type) -> Iterator[tuple[str, Shape]]:
    """From each ``self.name: Optional[type] = …payload.get("name")``."""
    source = ast.parse(textwrap.dedent(inspect.getsource(model.__init__)))  # type: ignore[misc] # of a class that is not made
    for node in ast.walk(source):
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            for key in _keys_read(node.value):
                yield key, Shape(types=_of_annotation(node.annotation))


def _keys_read(value: ast.expr) -> Iterator[str]:
    for call in ast.walk(value):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "payload.get":
            yield str(ast.literal_eval(call.args[0]))


def _of_annotation(annotation: ast.expr) -> frozenset[str]:
    """``Optional[Dict[str, object]]`` is an object; what is not known by name an enumeration."""
    text = ast.unparse(annotation).removeprefix("Optional[")
    word = re.match(r"\w*", text)
    return frozenset({_TYPES.get(word.group() if word else "", "string")})
