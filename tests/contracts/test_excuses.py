"""What schemathesis takes for a fault and is none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from reachability_contracts.excuses import excused

CHECK = "ensure_resource_availability"


def recorder(*requests: tuple[str, str, int, str | None]) -> Any:
    """Requests by number, each with its method, path, status and what it followed from."""
    cases, interactions = {}, {}
    for number, (method, path, status, parent) in enumerate(requests, 1):
        value = SimpleNamespace(method=method, path=path)
        cases[str(number)] = SimpleNamespace(value=value, parent_id=parent)
        interactions[str(number)] = SimpleNamespace(response=SimpleNamespace(status_code=status))
    return SimpleNamespace(cases=cases, interactions=interactions)


MADE = ("POST", "/v1/Roles", 201, None)
MISSED = ("DELETE", "/v1/Roles/{Sid}", 404, "1")


def test_what_was_deleted_by_its_other_path_is_excused() -> None:
    gone = ("DELETE", "/v1/Services/{ChatServiceSid}/Roles/{Sid}", 204, "1")
    assert excused(CHECK, recorder(MADE, gone, MISSED), "3")


def test_what_was_deleted_further_down_is_excused() -> None:
    seen = ("GET", "/v1/Roles/{Sid}", 200, "1")
    gone = ("DELETE", "/v1/Services/{ChatServiceSid}/Roles/{Sid}", 204, "2")
    assert excused(CHECK, recorder(MADE, seen, gone, MISSED), "4")


@pytest.mark.parametrize(
    "between",
    [
        ("GET", "/v1/Roles/{Sid}", 200, "1"),
        ("DELETE", "/v1/Roles/{Sid}", 409, "1"),
        ("DELETE", "/v1/Users/{Sid}", 204, "1"),
        ("DELETE", "/v1/Roles/{Sid}", 204, None),
    ],
    ids=["looked at", "refused", "something else", "somebody else's"],
)
def test_what_nobody_deleted_is_missed(between: tuple[str, str, int, str | None]) -> None:
    assert not excused(CHECK, recorder(MADE, between, MISSED), "3")


def test_no_other_check_is_excused() -> None:
    gone = ("DELETE", "/v1/Services/{ChatServiceSid}/Roles/{Sid}", 204, "1")
    assert not excused("not_a_server_error", recorder(MADE, gone, MISSED), "3")


SAID = "Invalid component: in body - violates `anyOf` at /properties/PreWebhookUrl"


@pytest.mark.parametrize(
    ("form", "is_excused"),
    [
        ({"PreWebhookUrl": {}}, True),
        ({"PreWebhookUrl": []}, True),
        ({"PreWebhookUrl": {"a": 1}}, False),
        ({"PreWebhookUrl": 5, "Target": {}}, False),
        ({"PreWebhookUrl": ""}, False),
        ({}, False),
        (None, False),
    ],
)
def test_what_a_form_cannot_spell_was_never_sent(form: object, *, is_excused: bool) -> None:
    found = recorder(MADE)
    found.cases["1"].value.body = form
    assert excused("negative_data_rejection", found, "1", SAID) is is_excused
    assert not excused("negative_data_rejection", found, "1", "in query - violates `type`")
