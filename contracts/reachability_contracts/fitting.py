"""Makes generated requests that should succeed fit the world they are sent to.

A schema can say what a role's SID looks like, not which roles there are; what a page token looks
like, not which were handed out; that attributes are JSON, but generators do not read that.  Only
requests that are meant to be valid are touched: a wrong one stays as wrong as it was generated.
"""

from __future__ import annotations

import functools
import json
import re
from typing import Any

from schemathesis import Case, GenerationMode

from reachability_contracts.document import METHODS, document
from reachability_contracts.stages import Pins

_ATTRIBUTES_BYTES = 4096
_PERMISSION = "addParticipant"
"""One that roles of either type know: a schema cannot tell which type a role has."""


_REFERENCES = {
    "RoleSid": "service_role",
    "DefaultChatServiceRoleSid": "service_role",
    "DefaultConversationRoleSid": "conversation_role",
    "DefaultConversationCreatorRoleSid": "conversation_role",
    "DefaultChatServiceSid": "service",
}


def fit(case: Case[Any], pins: Pins | None) -> None:
    """Let `case` name what exists, if it is meant to be accepted.

    Without `pins` nothing is known to exist, and optional references are left out.
    """
    if pins is not None:
        _fit_path(case, pins)
    meta = case.meta
    if meta is None or meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if isinstance(case.body, dict):
        _fit_form(case.body, pins)
        if case.operation.label.endswith("/Roles/{Sid}"):
            case.body["Permission"] = [_PERMISSION]
    if case.query:
        case.query.pop("PageToken", None)  # the walks of the scenarios follow real ones


def _fit_path(case: Case[Any], pins: Pins) -> None:
    """Where the configuration pins a placeholder, put what the present world has."""
    real = placeholders(pins)
    for name, value in list((case.path_parameters or {}).items()):
        if isinstance(value, str) and value in real:
            case.path_parameters[name] = real[value]


def _fit_form(form: dict[str, Any], pins: Pins | None) -> None:
    for name in _REFERENCES.keys() & form.keys():
        if pins is None:
            del form[name]
        else:
            form[name] = getattr(pins, _REFERENCES[name])
    if "Attributes" in form:
        form["Attributes"] = as_json(form["Attributes"])


def as_json(text: object) -> str:
    """`text` if it is JSON that is short enough; else a JSON string made of it."""
    if isinstance(text, str) and _is_json(text) and len(text.encode()) <= _ATTRIBUTES_BYTES:
        return text
    made = json.dumps(str(text), ensure_ascii=True)
    return made if len(made) <= _ATTRIBUTES_BYTES else json.dumps("x" * (_ATTRIBUTES_BYTES - 2))


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(name: str) -> None:
    raise ValueError(name)


_SEGMENT = re.compile(r"/([A-Za-z]+)/\{Sid\}$")
_PLACEHOLDER = {
    "Services": "IS" + "a" * 32,
    "Users": "US" + "a" * 32,
    "Bindings": "BS" + "a" * 32,
    "Roles": "RL" + "a" * 32,
    "Credentials": "CR" + "a" * 32,
}
"""What ``{Sid}`` is pinned to before a world exists, by the path segment in front of it."""
_SPARE, _DAN = "IS" + "b" * 32, "US" + "b" * 32
_OTHERWISE: dict[str, str] = {
    "deleteService": _SPARE,  # an account keeps its default service
    "deleteServiceUser": _DAN,
    "fetchUser": "eve@ex.com",
    "updateUser": "bob",
    "deleteUser": "alice",
}
"""Operations whose ``{Sid}`` is another one, or an identity."""


def placeholders(pins: Pins) -> dict[str, str]:
    """What each placeholder stands for in the present world."""
    return {
        _PLACEHOLDER["Services"]: pins.service,
        _PLACEHOLDER["Users"]: pins.users["alice"],
        _PLACEHOLDER["Bindings"]: pins.binding,
        _PLACEHOLDER["Roles"]: pins.role,
        _PLACEHOLDER["Credentials"]: pins.credential,
        _SPARE: pins.spare,
        _DAN: pins.users["dan"],
    }


@functools.cache
def pinned() -> dict[str, dict[str, str]]:
    """Path parameters by operation: one that only ever saw 404 has not been tested."""
    return {
        str(operation["operationId"]): _pins_of(path, str(operation["operationId"]))
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if method in METHODS and "{" in path
    }


def _pins_of(path: str, name: str) -> dict[str, str]:
    found = {}
    if "{ChatServiceSid}" in path:
        found["path.ChatServiceSid"] = _PLACEHOLDER["Services"]
    segment = _SEGMENT.search(path)
    if segment and segment[1] in _PLACEHOLDER:
        found["path.Sid"] = _OTHERWISE.get(name, _PLACEHOLDER[segment[1]])
    return found
