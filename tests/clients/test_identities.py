"""Users looked up by identity, with what Twilio's Python SDK leaves unescaped in a path."""

from __future__ import annotations

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.clients.control import Control
from tests.clients.sdk import Sdk

ODD = [
    "alice@ex.com",
    "a+b",
    "a b",
    "é",
    "Ж",
    "李",
    "👋",
    "a:b",
    "a;b=c,d",
    "a&b",
    "(x)!*'",
    "~a.b_c-",
]


@pytest.mark.parametrize("identity", ODD)
def test_an_odd_identity_is_found_by_itself(sdk: Sdk, control: Control, identity: str) -> None:
    control.enable()
    control.connect(identity)
    made = sdk(sdk.v1.users(identity).fetch)

    assert made.identity == identity
    assert made.is_online is True
    assert sdk(sdk.v1.users(identity).update, friendly_name=identity).friendly_name == identity
    assert sdk(sdk.v1.users(made.sid).fetch).friendly_name == identity
    assert sdk(sdk.v1.users(identity).delete) is True


@pytest.mark.parametrize("identity", ODD)
def test_an_odd_identity_is_kept_by_a_create(sdk: Sdk, identity: str) -> None:
    assert sdk(sdk.v1.users.create, identity=identity).identity == identity


def test_a_plus_is_no_space(sdk: Sdk) -> None:
    sdk(sdk.v1.users.create, identity="a b")

    with pytest.raises(TwilioRestException, match="not found"):
        sdk(sdk.v1.users("a+b").fetch)


def test_identities_differ_by_case(sdk: Sdk) -> None:
    upper = sdk(sdk.v1.users.create, identity="Alice")
    lower = sdk(sdk.v1.users.create, identity="alice")

    assert sdk(sdk.v1.users("Alice").fetch).sid == upper.sid != lower.sid


def test_a_slash_must_be_escaped_by_the_caller(sdk: Sdk) -> None:
    sdk(sdk.v1.users.create, identity="a/b")

    assert sdk(sdk.v1.users("a%2Fb").fetch).identity == "a/b"
    with pytest.raises(TwilioRestException) as raised:
        sdk(sdk.v1.users("a/b").fetch)
    assert raised.value.status == 404


def test_a_hash_silently_asks_for_somebody_else(sdk: Sdk) -> None:
    sdk(sdk.v1.users.create, identity="a")
    sdk(sdk.v1.users.create, identity="a#b")

    assert sdk(sdk.v1.users("a#b").fetch).identity == "a"
    assert sdk(sdk.v1.users("a%23b").fetch).identity == "a#b"
