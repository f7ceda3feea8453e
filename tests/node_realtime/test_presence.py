"""The documented flow, in the unmodified SDK: presence is real because a real SDK connected."""

from __future__ import annotations

import pytest

from reachability_mock.core.facts import Connected, Disconnected, UserDeleted
from tests.node_realtime.conftest import SERVICE, Service
from tests.node_realtime.sdk import QUICK, Json, Sdk, SdkError
from tests.node_realtime.watching import watch

ONLINE, NOTIFIABLE = "reachabilityOnline", "reachabilityNotifiable"


def connect(sdk: Sdk, service: Service, identity: str, **more: object) -> Json:
    """Connect a client that is called as its user is."""
    token = service.token(identity)
    shown: Json = sdk.do(
        "connect", identity, token=token, uri=service.uri, **{"options": QUICK, **more}
    )
    return shown


def test_the_documented_flow(sdk: Sdk, service: Service) -> None:
    service.rest("POST", "/Users", Identity="bob")
    alice = connect(sdk, service, "alice")
    assert alice["reachabilityEnabled"] is True
    assert alice["user"]["isOnline"] is True
    assert sdk.do("watch", "alice", user="bob")["isOnline"] is None

    connect(sdk, service, "bob")
    came = sdk.event("updated", client="alice", reasons=[ONLINE])
    assert came["user"]["isOnline"] is True
    assert service.rest("GET", "/Users/bob")["is_online"] is True
    listed = service.rest("GET", "/Users")["users"]
    assert {one["identity"]: one["is_online"] for one in listed} == {"bob": None, "alice": None}

    sdk.do("shutdown", "bob")
    left = sdk.event("updated", client="alice", reasons=[ONLINE])
    assert left["user"]["isOnline"] is False
    assert service.rest("GET", "/Users/bob")["is_online"] is False


def test_two_tabs_are_one_user(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "alice")
    token = service.token("bob")
    sdk.do("connect", "tab-1", token=token, uri=service.uri)
    sdk.do("watch", "alice", user="bob")
    sdk.do("connect", "tab-2", token=token, uri=service.uri)
    sdk.do("shutdown", "tab-1")
    assert service.rest("GET", "/Users/bob")["is_online"] is True
    sdk.do("shutdown", "tab-2")
    left = sdk.event("updated", client="alice")
    while left["user"]["isOnline"]:  # the first look itself is an update: from nothing to true
        left = sdk.event("updated", client="alice")
    assert left["reasons"] == [ONLINE]


def test_without_the_indicator_nothing_is_known_and_nothing_is_told(
    sdk: Sdk, service: Service
) -> None:
    service.enable(on=False)
    alice = connect(sdk, service, "alice")
    assert alice["reachabilityEnabled"] is False
    assert alice["user"]["isOnline"] is None
    connect(sdk, service, "bob")
    assert sdk.do("watch", "alice", user="bob")["isOnline"] is None
    sdk.do("shutdown", "bob")
    sdk.do("rename", "alice", name="A")
    assert sdk.event("userUpdated", client="alice")["reasons"] == ["friendlyName"]
    assert not [one for one in sdk.events() if ONLINE in one.get("reasons", ())]


def test_switching_the_indicator_reaches_those_who_are_there(sdk: Sdk, service: Service) -> None:
    service.enable(on=False)
    connect(sdk, service, "bob")
    connect(sdk, service, "alice")
    sdk.do("watch", "alice", user="bob")
    service.enable()
    came = sdk.event("updated", client="alice", reasons=[ONLINE])
    assert came["user"]["isOnline"] is True
    assert sdk.do("state", "alice")["reachabilityEnabled"] is False  # it is read once, at the start


def test_subscribed_users_and_ending_a_subscription(sdk: Sdk, service: Service) -> None:
    service.rest("POST", "/Users", Identity="bob")
    connect(sdk, service, "alice")
    sdk.do("watch", "alice", user="bob")
    identities = [one["identity"] for one in sdk.do("users", "alice")]
    assert identities == ["alice", "bob"]
    sdk.do("unsubscribe", "alice", user="bob")
    sdk.event("userUnsubscribed", client="alice")


def test_a_user_nobody_knows_is_a_404(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "alice")
    with pytest.raises(SdkError) as caught:
        sdk.do("user", "alice", user="nobody")
    assert caught.value.status == 404


def test_an_odd_identity_is_nothing_special(sdk: Sdk, service: Service) -> None:
    odd = "we ird/@+x é%2F"
    connect(sdk, service, odd)
    connect(sdk, service, "alice")
    assert sdk.do("watch", "alice", user=odd)["identity"] == odd
    sdk.do("shutdown", odd)
    left = sdk.event("updated", client="alice")
    while left["user"]["isOnline"]:
        left = sdk.event("updated", client="alice")
    assert left["user"]["identity"] == odd


def test_edits_by_the_sdk_are_seen_by_rest_and_by_others(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "bob")
    connect(sdk, service, "alice")
    sdk.do("watch", "alice", user="bob")
    sdk.do("rename", "bob", name="Bobby")
    told = sdk.event("updated", client="alice", reasons=["friendlyName"])
    assert told["user"]["friendlyName"] == "Bobby"
    sdk.do("attributes", "bob", attributes={"mood": ["good", 7]})
    told = sdk.event("updated", client="alice", reasons=["attributes"])
    assert told["user"]["attributes"] == {"mood": ["good", 7]}
    fetched = service.rest("GET", "/Users/bob")
    assert (fetched["friendly_name"], fetched["attributes"]) == ("Bobby", '{"mood":["good",7]}')


def test_edits_by_rest_are_seen_by_the_sdk(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "alice")
    service.rest("POST", "/Users/alice", FriendlyName="Al", Attributes='{"a":1}')
    seen = [sdk.event("userUpdated", client="alice") for _ in range(2)]
    while len(seen) < 3 and seen[-1]["user"]["attributes"] != {"a": 1}:
        seen.append(sdk.event("userUpdated", client="alice"))
    assert seen[-1]["user"]["friendlyName"] == "Al"
    assert seen[-1]["user"]["attributes"] == {"a": 1}


def test_push_registrations_come_and_go(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "alice")
    credential = "CR" + "c" * 32
    token = service.token("bob", push_credential_sid=credential)
    sdk.do("connect", "bob", token=token, uri=service.uri)
    sdk.do("watch", "alice", user="bob")
    sdk.do("register", "bob", type="fcm", address="pixel")
    assert sdk.event("updated", reasons=[NOTIFIABLE])["user"]["isNotifiable"] is True
    (binding,) = service.rest("GET", f"/Services/{SERVICE}/Bindings")["bindings"]
    keys = ("identity", "binding_type", "endpoint", "credential_sid")
    shown = {key: binding[key] for key in keys}
    assert shown == {
        "identity": "bob",
        "binding_type": "fcm",
        "endpoint": "pixel",
        "credential_sid": credential,
    }
    sdk.do("unregister", "bob", type="fcm")
    assert sdk.event("updated", reasons=[NOTIFIABLE])["user"]["isNotifiable"] is False

    sdk.do("register", "bob", type="apn", address="phone")
    sdk.event("updated", reasons=[NOTIFIABLE])
    sdk.do("shutdown", "bob")
    assert service.rest("GET", "/Users/bob")["is_notifiable"] is True
    connect(sdk, service, "bob")
    sdk.do("remove", "bob", type="apn", address="phone")
    assert service.rest("GET", "/Users/bob")["is_notifiable"] is False
    assert service.rest("GET", f"/Services/{SERVICE}/Bindings")["bindings"] == []


def test_deleting_a_user_closes_its_clients_for_good(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "bob")
    service.world.submit(UserDeleted(SERVICE, service.user("bob").sid))
    sdk.event("connectionStateChanged", client="bob", to="disconnected")
    assert [one["identity"] for one in service.rest("GET", "/Users")["users"]] == []


def test_a_deleted_user_is_seen_to_go_and_its_namesake_is_heard_once_it_is_asked_for(
    sdk: Sdk, service: Service
) -> None:
    service.world.submit(Connected(SERVICE, "bob", "tab", service.world.new_sid("US")))
    connect(sdk, service, "alice")
    watch(sdk, service, "alice", "bob")
    service.rest("DELETE", "/Users/bob")
    gone = sdk.event("updated", client="alice", reasons=[ONLINE])
    assert gone["user"]["isOnline"] is False

    service.world.submit(Connected(SERVICE, "bob", "tab", service.world.new_sid("US")))
    assert sdk.do("user", "alice", user="bob")["isOnline"] is False
    sdk.do("unsubscribe", "alice", user="bob")
    assert sdk.do("watch", "alice", user="bob")["isOnline"] is True


def test_closed_from_outside_the_client_comes_again(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "bob")
    sdk.event("connectionStateChanged", client="bob", to="connected")
    service.world.submit(Disconnected(SERVICE, "bob", service.connections("bob")[0].device))
    sdk.event("connectionStateChanged", client="bob", to="connecting")
    sdk.event("connectionStateChanged", client="bob", to="connected")
    assert service.rest("GET", "/Users/bob")["is_online"] is True


def test_conversations_are_a_clear_404(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "alice")
    with pytest.raises(SdkError) as caught:
        sdk.do("createConversation", "alice")
    assert caught.value.status == 404
    assert any("conversations and media are not faked" in hint for hint in service.hints)
