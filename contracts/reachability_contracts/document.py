"""The document: `openapi.yaml`, and proof that it is strict.

Twilio's own document accepts ``{}`` for anything.  Ours must accept the fake's answers and refuse
each of them with one thing wrong: every key missing, every null where none may be, every lie.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import jsonschema_rs
import yaml

from reachability_contracts.model import Model
from reachability_contracts.results import Result, Verdict
from reachability_contracts.stages import InProcess, Pins, seed
from reachability_mock.data import openapi_path

SUITE = "document"
Body = dict[str, Any]
METHODS = ("get", "post", "delete")
_CREATED = 201
_NULLABLE = {
    "friendly_name",
    "is_online",
    "is_notifiable",
    "credential_sid",
    "default_messaging_service_sid",
    "default_inactive_timer",
    "default_closed_timer",
    "previous_page_url",
    "next_page_url",
}


@functools.cache
def document() -> Body:
    """The description of the REST API, as it is shipped."""
    loaded: Body = yaml.safe_load(openapi_path().read_text(encoding="utf-8"))
    return loaded


def sanity() -> list[Result]:
    """The fake's own answers are accepted; each of them with one thing wrong is refused."""
    stage = InProcess()
    pins = seed(stage, Model())
    results = []
    for operation, method, path, form in _samples(pins):
        status, body = stage.rest(method, path, form)
        results += list(_judged(operation, status, body))
    return results


def _samples(pins: Pins) -> list[tuple[str, str, str, dict[str, str]]]:
    service = f"/v1/Services/{pins.service}"
    alice = pins.users["alice"]
    name = {"FriendlyName": "one"}
    return [
        ("GET /v1/Services", "GET", "/v1/Services", {}),
        ("POST /v1/Services", "POST", "/v1/Services", name),
        ("GET /v1/Services/{Sid}", "GET", service, {}),
        ("GET /v1/Services/{ChatServiceSid}/Configuration", "GET", f"{service}/Configuration", {}),
        (
            "POST /v1/Services/{ChatServiceSid}/Configuration",
            "POST",
            f"{service}/Configuration",
            {},
        ),
        ("GET /v1/Services/{ChatServiceSid}/Users", "GET", f"{service}/Users", {}),
        ("GET /v1/Services/{ChatServiceSid}/Users/{Sid}", "GET", f"{service}/Users/{alice}", {}),
        (
            "POST /v1/Services/{ChatServiceSid}/Users/{Sid}",
            "POST",
            f"{service}/Users/{alice}",
            name,
        ),
        ("POST /v1/Services/{ChatServiceSid}/Users", "POST", f"{service}/Users", {"Identity": "n"}),
        ("GET /v1/Users", "GET", "/v1/Users", {}),
        ("POST /v1/Users", "POST", "/v1/Users", {"Identity": "m"}),
        ("GET /v1/Users/{Sid}", "GET", "/v1/Users/alice", {}),
        ("POST /v1/Users/{Sid}", "POST", "/v1/Users/alice", name),
        ("GET /v1/Services/{ChatServiceSid}/Bindings", "GET", f"{service}/Bindings", {}),
        (
            "GET /v1/Services/{ChatServiceSid}/Bindings/{Sid}",
            "GET",
            f"{service}/Bindings/{pins.binding}",
            {},
        ),
        ("GET /v1/Configuration", "GET", "/v1/Configuration", {}),
        ("POST /v1/Configuration", "POST", "/v1/Configuration", {}),
        ("GET /v1/Users/{Sid}", "GET", "/v1/Users/nobody", {}),
        ("POST /v1/Users", "POST", "/v1/Users", {"Identity": "alice"}),
        ("POST /v1/Users", "POST", "/v1/Users", {}),
    ]


def _judged(operation: str, status: int, body: Any) -> Iterator[Result]:
    validator = _validator(operation, status)
    name = f"{operation} → {status}"
    accepted = validator.is_valid(body)
    yield _result(name, "the fake's own answer is accepted", body, accepted=accepted)
    if not accepted:
        return
    created = status == _CREATED and "is_online" in body
    for says, wrong in (*wrong_bodies(body), *(_told_at_birth(body) if created else ())):
        yield _result(name, f"refused: {says}", wrong, accepted=not validator.is_valid(wrong))


def _result(name: str, says: str, body: Any, *, accepted: bool) -> Result:
    return Result(
        SUITE,
        name,
        says,
        Verdict.PASSED if accepted else Verdict.FAILED,
        reason="" if accepted else f"not so: {says}",
        got=str(body)[:300],
        file="openapi.yaml",
    )


@functools.cache
def _validator(operation: str, status: int) -> Any:
    """What judges a body of `operation` with `status`."""
    method, _, path = operation.partition(" ")
    response = document()["paths"][path][method.lower()]["responses"][str(status)]
    if "$ref" in response:
        response = document()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    schema = response["content"]["application/json"]["schema"]
    whole = {**schema, "components": document()["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


# --- what must be refused ------------------------------------------------------------------------


def wrong_bodies(good: Body) -> Iterator[tuple[str, Body]]:
    """`good` with one thing wrong, each with what is wrong in words."""
    yield "{}", {}
    yield "an unknown key", {**good, "surprise": 1}
    for key in good:
        yield f"without {key}", {name: value for name, value in good.items() if name != key}
    if "meta" in good:
        yield from _wrong_pages(good)
    else:
        yield from _wrong_values(good)


def _wrong_pages(good: Body) -> Iterator[tuple[str, Body]]:
    key = good["meta"]["key"]
    for says, meta in _wrong_objects(good["meta"]):
        yield f"meta {says}", {**good, "meta": meta}
    yield "another key in meta", {**good, "meta": {**good["meta"], "key": "items"}}
    for says, item in (("{}", {}), *_wrong_values(good[key][0])):
        yield f"an item {says}", {**good, key: [item, *good[key][1:]]}
    if key == "users":
        for axis in ("is_online", "is_notifiable"):
            for value in (True, False):
                lie = {**deepcopy(good[key][0]), axis: value}
                yield f"a list with {axis} {value}", {**good, key: [lie]}


def _told_at_birth(good: Body) -> Iterator[tuple[str, Body]]:
    """A user who was just created, with a reachability (R10)."""
    for axis in ("is_online", "is_notifiable"):
        for value in (True, False):
            yield f"a create with {axis} {value}", {**good, axis: value}


def _wrong_objects(good: Body) -> Iterator[tuple[str, Body]]:
    for key, value in good.items():
        yield f"without {key}", {name: one for name, one in good.items() if name != key}
        if value is not None and key not in _NULLABLE:
            yield f"with {key} null", {**good, key: None}


def _wrong_values(good: Body) -> Iterator[tuple[str, Body]]:
    """One resource or error with one value wrong."""
    yield from _wrong_objects(good)
    for key, value in good.items():
        for says, wrong in _lies(key, value):
            yield f"with {key} {says}", {**good, key: wrong}


def _lies(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Values that `key` must not have, whatever it has."""
    if key == "sid" or key.endswith("_sid"):
        yield "of another kind", "XX" + "0" * 32
        yield "in capitals", str(value).upper() + "A"
        yield "too short", str(value)[:-1]
    elif key.startswith("date_"):
        yield "with a fraction", str(value)[:-1] + ".000Z"
        yield "with an offset", str(value)[:-1] + "+00:00"
    elif key in {"is_online", "is_notifiable", "reachability_enabled"}:
        yield 'the text "true"', "true"
        yield "a number", 1
    elif key == "url":
        yield "relative", "/v1/Users"
        yield "empty", ""
    elif key == "links":
        yield "empty", {}
    elif key in {"attributes", "message_types"}:
        yield "an object", {"a": 1}
    elif key in {"code", "status"}:
        yield "a text", str(value)
        yield "zero", 0
    elif key == "more_info":
        yield "elsewhere", "https://example.com/"
    elif key == "binding_type":
        yield "unheard of", "pigeon"
