"""Every operation of the contract, by Twilio's Python SDK."""

from __future__ import annotations

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.clients.control import Control, all_operations, more_operations
from tests.clients.sdk import ACCOUNT, Sdk


def test_a_service_is_made_fetched_listed_and_deleted(sdk: Sdk) -> None:
    made = sdk(sdk.v1.services.create, friendly_name="Support")

    assert made.friendly_name == "Support"
    assert made.account_sid == ACCOUNT
    assert sdk(sdk.v1.services(made.sid).fetch).date_created == made.date_created
    assert made.sid in [one.sid for one in sdk(sdk.v1.services.list)]
    assert sdk(made.delete) is True
    assert made.sid not in [one.sid for one in sdk(sdk.v1.services.list)]


def test_a_service_configuration_is_fetched_and_updated(sdk: Sdk) -> None:
    configuration = _new_service(sdk).configuration()
    before = sdk(configuration.fetch)

    after = sdk(configuration.update, reachability_enabled=True)

    assert before.reachability_enabled is False
    assert after.reachability_enabled is True
    assert sdk(configuration.fetch).reachability_enabled is True
    assert before.default_chat_service_role_sid.startswith("RL")


@pytest.mark.parametrize("path", ["default", "service"])
def test_a_user_is_made_fetched_updated_listed_and_deleted(sdk: Sdk, path: str) -> None:
    users = sdk.v1.users if path == "default" else _new_service(sdk).users
    made = sdk(users.create, identity="alice", friendly_name="Alice", attributes='{"a": 1}')

    assert made.sid.startswith("US")
    assert (made.identity, made.friendly_name, made.attributes) == ("alice", "Alice", '{"a": 1}')
    assert sdk(users("alice").fetch).sid == sdk(users(made.sid).fetch).sid == made.sid
    assert sdk(users("alice").update, friendly_name="A").friendly_name == "A"
    assert [(one.identity, one.friendly_name) for one in sdk(users.list)] == [("alice", "A")]
    assert sdk(users("alice").delete) is True
    with pytest.raises(TwilioRestException, match="was not found"):
        sdk(users(made.sid).fetch)


def test_a_binding_is_listed_with_filters_fetched_and_deleted(sdk: Sdk, control: Control) -> None:
    service = _new_service(sdk)
    sid = sdk(service.fetch).sid
    apple = control.register_push("alice", sid, "apn")
    google = control.register_push("bob", sid, "fcm")

    def listed(**filters: list[str]) -> list[str]:
        return [one.sid for one in sdk(service.bindings.list, **filters)]

    assert listed() == [apple, google]
    assert listed(identity=["bob"]) == [google]
    assert listed(identity=["bob", "alice"]) == [apple, google]
    assert listed(binding_type=["apn"]) == [apple]
    assert listed(binding_type=["apn"], identity=["bob"]) == []
    fetched = sdk(service.bindings(apple).fetch)
    assert (fetched.identity, fetched.binding_type) == ("alice", "apn")
    assert sdk(service.bindings(apple).delete) is True
    assert listed() == [google]


def test_the_account_configuration_is_fetched_and_its_default_service_changed(sdk: Sdk) -> None:
    before = sdk(sdk.v1.configuration().fetch)
    other = sdk(sdk.v1.services.create, friendly_name="Other")

    after = sdk(sdk.v1.configuration().update, default_chat_service_sid=other.sid)

    assert before.account_sid == ACCOUNT
    assert before.default_chat_service_sid != other.sid
    assert after.default_chat_service_sid == other.sid
    assert sdk(sdk.v1.users.create, identity="alice").chat_service_sid == other.sid


def test_no_operation_is_left_out(sdk: Sdk, control: Control) -> None:
    sdk(sdk.v1.configuration().fetch)
    sdk(sdk.v1.configuration().update, default_closed_timer="P7D")
    sdk(sdk.v1.services.list)
    service = _new_service(sdk)
    sid = sdk(service.fetch).sid
    sdk(service.configuration().fetch)
    sdk(service.configuration().update, reachability_enabled=True)
    for users in (sdk.v1.users, service.users):
        sdk(users.create, identity="alice")
        sdk(users.list)
        sdk(users("alice").fetch)
        sdk(users("alice").update, friendly_name="A")
    binding = service.bindings(control.register_push("alice", sid))
    sdk(service.bindings.list)
    sdk(binding.fetch)
    sdk(binding.delete)
    for users in (sdk.v1.users, service.users):
        sdk(users("alice").delete)
    sdk(service.delete)

    assert len(all_operations()) == 42
    assert control.operations_that_worked() == all_operations() - more_operations()


def _new_service(sdk: Sdk) -> Any:
    return sdk.v1.services(sdk(sdk.v1.services.create, friendly_name="Support").sid)
