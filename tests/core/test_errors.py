"""Refusals: values that know their status, code and message."""

from __future__ import annotations

import pytest

from reachability_mock.core import errors
from reachability_mock.core.errors import Refused


def test_a_refusal_reads_as_what_it_is() -> None:
    assert str(errors.user_exists()) == "409/50201 User already exists"


def test_a_hint_goes_along_and_is_in_no_message() -> None:
    refused = errors.user_exists().with_hint("look there")
    assert refused.problem.hint == "look there"
    assert "look there" not in str(refused)
    assert refused.problem.message == "User already exists"


def test_a_value_in_a_message_is_cut_short() -> None:
    assert len(errors.bad_value("Page", "9" * 10_000).problem.message) < 120


@pytest.mark.parametrize(
    ("refused", "status", "code", "message"),
    [
        (errors.not_found("/Users/x"), 404, 20404, "The requested resource /Users/x was not found"),
        (errors.method_not_allowed(("GET",)), 405, 20004, "Method not allowed"),
        (errors.page_size(), 400, 20007, "Page size too large"),
        (errors.page_token(), 400, 21481, "Invalid PageToken"),
        (errors.friendly_name_missing(), 400, 50000, "FriendlyName not provided"),
        (errors.friendly_name_too_long(), 400, 50003, "Friendly name too long"),
        (errors.service_not_found(), 400, 50050, "Service Instance not found"),
        (errors.role_not_found(404), 404, 50100, "Role not found"),
        (errors.user_exists(), 409, 50201, "User already exists"),
        (errors.identity_reserved(), 400, 50203, "Identity reserved"),
        (errors.identity_missing(), 400, 50204, "Identity not provided"),
        (errors.identity_like_sid(), 400, 50206, "Identity should not match user SID pattern"),
        (errors.identity_too_long(), 400, 50207, "Identity too long"),
        (errors.binding_type(), 400, 50209, "Invalid binding type"),
        (errors.attributes_too_long(), 400, 50303, "Attributes too long"),
        (errors.attributes_not_json(), 400, 50304, "Attributes not valid JSON"),
    ],
)
def test_each_has_twilios_code(refused: Refused, status: int, code: int, message: str) -> None:
    problem = refused.problem
    assert (problem.status, problem.code, problem.message) == (status, code, message)


def test_a_405_offers_what_would_do() -> None:
    assert errors.method_not_allowed(("GET", "POST")).problem.allow == ("GET", "POST")
