"""Services, both Configurations and Bindings over REST."""

from __future__ import annotations

import pytest

from reachability_mock.core import sids
from reachability_mock.core.model import BindingType
from tests.rest.api import ACCOUNT, OTHER, Api


def test_a_service_is_created_fetched_listed_and_deleted(api: Api) -> None:
    created = api.post("/v1/Services", {"FriendlyName": "support"})
    assert created.status == 201
    assert created["friendly_name"] == "support"
    assert sids.is_sid("IS", created["sid"])
    path = f"/v1/Services/{created['sid']}"
    assert api.get(path).json == created.json
    assert [one["friendly_name"] for one in api.get("/v1/Services")["services"]] == [
        "Default",
        "support",
    ]
    deleted = api.delete(path)
    assert (deleted.status, deleted.body) == (204, b"")
    assert api.get(path).status == 404
    assert [one["sid"] for one in api.get("/v1/Services")["services"]] == [api.service]


def test_there_is_no_update_of_a_service(api: Api) -> None:
    reply = api.post(api.scope(), {"FriendlyName": "x"})
    assert reply.problem == (405, 20004, "Method not allowed")
    assert reply.headers["Allow"] == "DELETE, GET"


def test_what_was_in_a_deleted_service_is_gone(api: Api) -> None:
    support = api.new_service()
    api.connect("alice", service=support)
    binding = api.register("alice", service=support)
    api.delete(api.scope(support))
    for path in ("", "/Configuration", "/Users", "/Users/alice", f"/Bindings/{binding}"):
        assert api.get(api.scope(support) + path).problem[:2] == (404, 20404)


def test_a_service_is_born_with_the_indicator_off_and_its_roles(api: Api) -> None:
    """R1."""
    support = api.new_service()
    found = api.get(f"{api.scope(support)}/Configuration")
    assert found["reachability_enabled"] is False
    roles = [value for key, value in found.json.items() if key.endswith("role_sid")]
    assert len(set(roles)) == 3
    assert all(sids.is_sid("RL", role) for role in roles)


@pytest.mark.parametrize(("text", "on"), [("true", True), ("True", True), ("FALSE", False)])
def test_the_configuration_of_the_service_switches_the_indicator(
    api: Api,
    text: str,
    on: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """R2."""
    path = f"{api.scope()}/Configuration"
    api.switch(on=not on)
    updated = api.post(path, {"ReachabilityEnabled": text})
    assert (updated.status, updated["reachability_enabled"]) == (200, on)
    assert api.get(path).json == updated.json


def test_nothing_else_switches_it(api: Api) -> None:
    """R2: not the account's Configuration, not a query, not the Service, not a user."""
    form = {"ReachabilityEnabled": "true", "FriendlyName": "x", "Identity": "alice"}
    for path in ("/v1/Configuration", "/v1/Services", "/v1/Users", api.scope()):
        api.post(path, form)
    api.post(f"{api.scope()}/Configuration?ReachabilityEnabled=true")
    services = [one["sid"] for one in api.get("/v1/Services")["services"]]
    assert len(services) == 2
    for sid in services:
        assert api.get(f"{api.scope(sid)}/Configuration")["reachability_enabled"] is False


def test_switching_one_service_leaves_the_others_alone(api: Api) -> None:
    support = api.new_service()
    api.connect("alice")
    api.connect("alice", service=support)
    api.switch(on=True, service=support)
    assert api.shown("alice") == (None, None)
    assert api.shown("alice", support) == (True, None)


def test_default_roles_can_be_changed_and_new_users_get_them(api: Api) -> None:
    roles = {
        one.friendly_name: one.sid for _, one in api.world.store.roles_of(api.service).after(-1)
    }
    sent = {
        "DefaultChatServiceRoleSid": roles["service admin"],
        "DefaultConversationRoleSid": roles["channel admin"],
        "DefaultConversationCreatorRoleSid": roles["channel user"],
    }
    updated = api.post(f"{api.scope()}/Configuration", sent)
    assert updated["default_chat_service_role_sid"] == roles["service admin"]
    assert updated["default_conversation_role_sid"] == roles["channel admin"]
    assert updated["default_conversation_creator_role_sid"] == roles["channel user"]
    assert api.post("/v1/Users", {"Identity": "a"})["role_sid"] == roles["service admin"]


def test_the_accounts_configuration(api: Api) -> None:
    found = api.get("/v1/Configuration")
    assert found["account_sid"] == ACCOUNT
    assert found["default_chat_service_sid"] == api.service
    assert api.follow(found["links"]["service"])["chat_service_sid"] == api.service
    sent = {"DefaultInactiveTimer": "PT5M", "DefaultClosedTimer": "PT10M"}
    updated = api.post("/v1/Configuration", {**sent, "Nonsense": "x"})
    assert updated.status == 200
    assert updated.json == found.json | {
        "default_inactive_timer": "PT5M",
        "default_closed_timer": "PT10M",
    }
    assert api.get("/v1/Configuration").json == updated.json


def test_the_links_of_what_is_here_work(api: Api) -> None:
    links = api.get(api.scope())["links"]
    for name in ("users", "bindings", "configuration"):
        assert api.follow(links[name]).status == 200
    missing = api.follow(links["conversations"])
    assert missing.problem == (
        404,
        20404,
        f"The requested resource /Services/{api.service}/Conversations was not found",
    )


def test_a_binding_is_listed_fetched_and_deleted(api: Api) -> None:
    sid = api.register("alice", "pixel")
    path = f"{api.scope()}/Bindings"
    [listed] = api.get(path)["bindings"]
    assert listed["identity"] == "alice"
    assert listed["endpoint"] == "pixel"
    assert api.get(f"{path}/{sid}").json == listed
    assert api.follow(listed["url"]).json == listed
    assert api.delete(f"{path}/{sid}").status == 204
    assert api.delete(f"{path}/{sid}").status == 404
    assert api.get(path)["bindings"] == []


def test_bindings_are_not_made_by_rest_and_have_no_default_path(api: Api) -> None:
    assert api.post(f"{api.scope()}/Bindings").problem[:2] == (405, 20004)
    assert api.get("/v1/Bindings").problem[:2] == (404, 20404)


def test_bindings_are_filtered_by_type_and_identity(api: Api) -> None:
    for name in ("alice", "a+b"):
        for kind in BindingType:
            api.register(name, kind=kind)
    path = f"{api.scope()}/Bindings"

    def found(query: str) -> list[tuple[str, str]]:
        reply = api.get(f"{path}?{query}")["bindings"]
        return [(one["identity"], one["binding_type"]) for one in reply]

    assert len(found("")) == 8
    assert found("BindingType=FCM") == [("alice", "fcm"), ("a+b", "fcm")]
    assert found("BindingType=fcm&BindingType=apn&Identity=a%2Bb") == [
        ("a+b", "apn"),
        ("a+b", "fcm"),
    ]
    assert len(found("Identity=alice&Identity=a%2Bb")) == 8
    assert found("Identity=nobody") == []
    assert api.get(f"{path}?BindingType=sms").problem == (400, 50209, "Invalid binding type")


def test_a_users_bindings_go_with_the_user(api: Api) -> None:
    api.register("alice")
    api.register("bob")
    api.delete("/v1/Users/alice")
    assert [one["identity"] for one in api.get(f"{api.scope()}/Bindings")["bindings"]] == ["bob"]


def test_a_binding_of_another_service_or_account_is_not_there(api: Api) -> None:
    sid = api.register("alice")
    support = api.new_service()
    assert api.get(f"{api.scope(support)}/Bindings/{sid}").status == 404
    api.account = OTHER
    assert api.get(f"{api.scope()}/Bindings/{sid}").status == 404
