"""Null, true and false of both properties, as Twilio's Python SDK shows them."""

from __future__ import annotations

from tests.clients.control import Control
from tests.clients.sdk import Sdk


def test_online_is_none_then_true_then_false(sdk: Sdk, control: Control) -> None:
    alice = sdk.v1.users("alice")
    control.connect("alice")
    control.disconnect("alice")
    seen = [sdk(alice.fetch).is_online]
    control.enable()
    seen.append(sdk(alice.fetch).is_online)
    control.connect("alice")
    seen.append(sdk(alice.fetch).is_online)
    control.disconnect("alice")
    seen.append(sdk(alice.fetch).is_online)

    assert seen == [None, None, True, False]
    assert [type(one) for one in seen[2:]] == [bool, bool]


def test_notifiable_follows_bindings_and_not_connections(sdk: Sdk, control: Control) -> None:
    control.enable()
    service = sdk(sdk.v1.configuration().fetch).default_chat_service_sid
    binding = control.register_push("alice", service)
    alice = sdk(sdk.v1.users("alice").fetch)

    assert (alice.is_online, alice.is_notifiable) == (None, True)
    sdk(sdk.v1.services(service).bindings(binding).delete)
    alice = sdk(sdk.v1.users("alice").fetch)
    assert (alice.is_online, alice.is_notifiable) == (None, False)


def test_a_list_shows_none_whatever_the_truth(sdk: Sdk, control: Control) -> None:
    control.enable()
    control.connect("alice")
    control.register_push("alice")

    (alice,) = sdk(sdk.v1.users.list)

    assert (alice.is_online, alice.is_notifiable) == (None, None)
    assert sdk(alice.fetch).is_online is True


def test_a_create_shows_none_and_an_update_what_a_fetch_shows(sdk: Sdk, control: Control) -> None:
    control.enable()
    made = sdk(sdk.v1.users.create, identity="alice")
    control.connect("alice")
    updated = sdk(made.update, friendly_name="A")

    assert (made.is_online, updated.is_online) == (None, True)


def test_the_switch_belongs_to_one_service(sdk: Sdk, control: Control) -> None:
    support = sdk(sdk.v1.services.create, friendly_name="Support")
    sdk(sdk.v1.services(support.sid).configuration().update, reachability_enabled="true")
    for service in ("default", support.sid):
        control.connect("alice", service)

    assert sdk(sdk.v1.users("alice").fetch).is_online is None
    assert sdk(sdk.v1.services(support.sid).users("alice").fetch).is_online is True
