"""control.yaml: describes every call there is, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from reachability_mock.http.app import the_app
from reachability_mock.realtime.faults import Faults
from reachability_mock.realtime.hub import Hub
from tests.http.asking import Asker

ALICE = "services/default/users/alice"
CALLS = (
    ("GET", "/_mock/health", "health", None),
    ("GET", "/_mock/settings", "settings", None),
    ("PATCH", "/_mock/settings", "settings", {"offline_delay": "1s"}),
    ("PATCH", "/_mock/settings", "settings", {"nonsense": 1}),
    ("POST", "/_mock/services/{service}/enable", "services/default/enable", None),
    ("POST", "/_mock/services/{service}/disable", "services/nope/disable", None),
    (
        "POST",
        "/_mock/services/{service}/users/{identity}/connections",
        f"{ALICE}/connections",
        None,
    ),
    ("POST", "/_mock/services/{service}/users/{identity}/bindings", f"{ALICE}/bindings", None),
    ("GET", "/_mock/services/{service}/users/{identity}/why", f"{ALICE}/why", None),
    ("GET", "/_mock/state", "state", None),
    ("POST", "/_mock/clock/advance", "clock/advance", {"seconds": 1}),
    ("GET", "/_mock/journal", "journal", None),
    ("GET", "/_mock/realtime/sockets", "realtime/sockets", None),
    ("POST", "/_mock/realtime/refuse-init", "realtime/refuse-init", {"times": 0}),
    ("POST", "/_mock/realtime/drop", "realtime/drop", {"identity": "alice"}),
    ("POST", "/_mock/realtime/offload", "realtime/offload", {"service": "nope"}),
    ("POST", "/_mock/realtime/expire", "realtime/expire", {"identity": ""}),
    ("POST", "/_mock/realtime/delay-pushes", "realtime/delay-pushes", {"seconds": 0.5}),
    ("POST", "/_mock/realtime/clear", "realtime/clear", None),
    ("POST", "/_mock/reset", "reset", None),
)


@pytest.fixture(scope="module")
def description() -> Any:
    return yaml.safe_load(Asker().mock("GET", "control.yaml").body)


def test_it_is_valid_openapi(description: Any) -> None:
    validate(description)


def test_it_describes_every_call_and_no_other(description: Any) -> None:
    described = {
        (method.upper(), re.sub(r"{\w+}", "{}", path))
        for path, item in description["paths"].items()
        for method in item
        if method != "parameters"
    }
    there = {
        (method, re.sub(r"<[^>]+>", "{}", rule.rule))
        for rule in the_app().url_map.iter_rules()
        if rule.rule.startswith("/_mock")
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }
    assert described == there


def test_answers_are_as_described(description: Any, asker: Asker) -> None:
    asker.mock("POST", f"{ALICE}/connections")
    hub = Hub(asker.site.world, asker.site.keyring)
    asker.site.realtime = Faults(hub)
    for method, path, url, body in CALLS:
        reply = asker.mock(method, url, body)
        answers = description["paths"][path][method.lower()]["responses"]
        answer = resolved(description, answers[str(reply.status)])
        if "content" not in answer:
            assert reply.body == b""
            continue
        schema = answer["content"]["application/json"]["schema"]
        whole = {**description, **resolved(description, schema)}
        Draft202012Validator(whole).validate(reply.json)


def resolved(description: Any, node: Any) -> Any:
    """Follow a `$ref`, if the node is one."""
    if "$ref" not in node:
        return node
    found = description
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found
