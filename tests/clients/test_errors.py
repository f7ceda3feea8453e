"""Refusals as Twilio's Python SDK raises them: status, code and message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException

from reachability_mock.server import Server
from tests.clients.sdk import ACCOUNT, KEY, SECRET, Sdk

STRANGER = "IS" + "f" * 32
Attempt = Callable[[Sdk], Any]

REFUSALS: dict[str, tuple[Attempt, int, int, str]] = {
    "fetch nobody": (
        lambda sdk: sdk(sdk.v1.users("nobody").fetch),
        *(404, 20404, "Unable to fetch record: The requested resource /Users/nobody was not found"),
    ),
    "update nobody": (
        lambda sdk: sdk(sdk.v1.users("nobody").update, friendly_name="x"),
        *(404, 20404, "Unable to update record: The requested resource /Users/nobody"),
    ),
    "delete nobody": (
        lambda sdk: sdk(sdk.v1.users("nobody").delete),
        *(404, 20404, "Unable to delete record: The requested resource /Users/nobody"),
    ),
    "unknown service": (
        lambda sdk: sdk(sdk.v1.services(STRANGER).fetch),
        *(404, 20404, f"Unable to fetch record: The requested resource /Services/{STRANGER}"),
    ),
    "malformed service": (
        lambda sdk: sdk(sdk.v1.services("undefined").users("alice").fetch),
        *(404, 20404, "Unable to fetch record: The requested resource /Services/undefined"),
    ),
    "unknown binding": (
        lambda sdk: sdk(_default(sdk).bindings("BS" + "0" * 32).fetch),
        *(404, 20404, "Unable to fetch record: The requested resource /Services/IS"),
    ),
    "duplicate": (
        lambda sdk: sdk(sdk.v1.users.create, identity="taken"),
        *(409, 50201, "Unable to create record: User already exists"),
    ),
    "identity empty": (
        lambda sdk: sdk(sdk.v1.users.create, identity=""),
        *(400, 50204, "Unable to create record: Identity not provided"),
    ),
    "identity reserved": (
        lambda sdk: sdk(sdk.v1.users.create, identity="system"),
        *(400, 50203, "Unable to create record: "),
    ),
    "identity like a SID": (
        lambda sdk: sdk(sdk.v1.users.create, identity="US" + "a" * 32),
        *(400, 50206, "Unable to create record: "),
    ),
    "identity too long": (
        lambda sdk: sdk(sdk.v1.users.create, identity="x" * 257),
        *(400, 50207, "Unable to create record: Identity too long"),
    ),
    "attributes not JSON": (
        lambda sdk: sdk(sdk.v1.users("taken").update, attributes="{oops"),
        *(400, 50304, "Unable to update record: Attributes not valid JSON"),
    ),
    "attributes too long": (
        lambda sdk: sdk(sdk.v1.users("taken").update, attributes=f'"{"x" * 5000}"'),
        *(400, 50303, "Unable to update record: "),
    ),
    "friendly name missing": (
        lambda sdk: sdk(sdk.v1.services.create, friendly_name=""),
        *(400, 50000, "Unable to create record: "),
    ),
    "switch neither true nor false": (
        lambda sdk: sdk(_default(sdk).configuration().update, reachability_enabled="maybe"),
        *(400, 20001, "Unable to update record: "),
    ),
}


@pytest.mark.parametrize(
    ("attempt", "status", "code", "message"), REFUSALS.values(), ids=REFUSALS.keys()
)
def test_a_refusal_raises_with_status_code_and_message(
    sdk: Sdk, attempt: Attempt, status: int, code: int, message: str
) -> None:
    sdk(sdk.v1.users.create, identity="taken")

    with pytest.raises(TwilioRestException) as raised:
        attempt(sdk)

    assert (raised.value.status, raised.value.code) == (status, code)
    assert raised.value.msg.startswith(message)


def test_a_refused_page_raises_too(sdk: Sdk) -> None:
    with pytest.raises(TwilioException) as raised:
        sdk(sdk.v1.users.list, page_size=1001)

    assert "20007" in str(raised.value.args) + str(getattr(raised.value, "code", ""))


@pytest.mark.parametrize(
    ("username", "password", "message"),
    [
        (ACCOUNT, "wrong", "Authenticate"),
        ("AC" + "1" * 32, SECRET, "Authentication Error - invalid username"),
        ("SK" + "1" * 32, SECRET, "Authentication Error - invalid username"),
        (KEY, "wrong", "Authenticate"),
    ],
)
def test_wrong_credentials_raise_401(
    kind: type[Sdk], server: Server, username: str, password: str, message: str
) -> None:
    with kind(server.url, username, password) as sdk, pytest.raises(TwilioRestException) as raised:
        sdk(sdk.v1.users("alice").fetch)

    assert (raised.value.status, raised.value.code) == (401, 20003)
    assert raised.value.msg == f"Unable to fetch record: {message}"


def test_an_api_key_opens_its_account(kind: type[Sdk], server: Server) -> None:
    with kind(server.url, KEY) as sdk:
        assert sdk(sdk.v1.users.create, identity="alice").account_sid == ACCOUNT


def _default(sdk: Sdk) -> Any:
    return sdk.v1.services(sdk(sdk.v1.configuration().fetch).default_chat_service_sid)
