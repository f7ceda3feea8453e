"""Each setting of the register switches what it says: its default shows, its other value too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reachability_mock.settings import BY_ID
from tests.rest.api import Api

Probe = Callable[[Api], object]


def online_at_once(api: Api) -> object:
    api.switch(on=True)
    api.connect("alice")
    at_once = api.shown("alice")[0]
    api.world.advance(30)
    return at_once, api.shown("alice")[0]


def offline_at_once(api: Api) -> object:
    api.switch(on=True)
    api.connect("alice")
    api.disconnect("alice")
    at_once = api.shown("alice")[0]
    api.world.advance(30)
    return at_once, api.shown("alice")[0]


def lost_at_once(api: Api) -> object:
    api.switch(on=True)
    api.connect("alice")
    api.lose("alice")
    at_once = api.shown("alice")[0]
    api.world.advance(30)
    return at_once, api.shown("alice")[0]


def update_of_somebody_online(api: Api) -> object:
    api.switch(on=True)
    api.connect("alice")
    return api.post("/v1/Users/alice", {"FriendlyName": "x"})["is_online"]


def off_and_on_again(api: Api) -> object:
    api.switch(on=True)
    api.connect("alice")
    api.disconnect("alice")
    api.switch(on=False)
    api.switch(on=True)
    return api.shown("alice")[0]


def date_moved_by_presence(api: Api) -> object:
    api.switch(on=True)
    before = api.post("/v1/Users", {"Identity": "alice"})["date_updated"]
    api.world.advance(5)
    api.connect("alice")
    return api.get("/v1/Users/alice")["date_updated"] != before


def deleting_the_default_service(api: Api) -> object:
    return api.delete(api.scope()).status


def a_role_that_is_missing(api: Api) -> object:
    reply = api.post("/v1/Users", {"Identity": "alice", "RoleSid": "RL" + "0" * 32})
    return reply.problem


def an_empty_name(api: Api) -> object:
    api.post("/v1/Users", {"Identity": "alice", "FriendlyName": "A"})
    return api.post("/v1/Users/alice", {"FriendlyName": ""})["friendly_name"]


def users_without_a_name(api: Api) -> object:
    api.post("/v1/Users", {"Identity": "alice"})
    api.connect("bob")
    return [api.get(f"/v1/Users/{name}")["friendly_name"] for name in ("alice", "bob")]


def white_space(api: Api) -> object:
    return api.post("/v1/Users", {"Identity": "a", "Attributes": '{ "a" : 1 }'})["attributes"]


def eleven_bytes(api: Api) -> object:
    return api.post("/v1/Users", {"Identity": "a", "Attributes": '"123456789"'}).status


def fifty_one_a_page(api: Api) -> object:
    return api.get("/v1/Users?PageSize=51").status


def a_page_without_a_token(api: Api) -> object:
    return api.get("/v1/Users?Page=3").status


def pages_that_are_no_number(api: Api) -> object:
    return [api.get(f"/v1/Users?Page={text}").status for text in ("abc", "-1", "9" * 12, "")]


def head(api: Api) -> object:
    reply = api.ask("HEAD", "/v1/Users")
    return reply.status, len(reply.body)


def a_missing_users_path(api: Api) -> object:
    return api.get("/v1/Users/nobody")["message"].split()[3]


def date_moved_by_the_configuration(api: Api) -> object:
    dates = [api.get(api.scope())["date_updated"]]
    for what, form in (
        ("", {"ReachabilityEnabled": "true"}),
        ("/Notifications", {"LogEnabled": "true"}),
        ("/Webhooks", {"Method": "GET"}),
    ):
        api.world.advance(5)
        api.post(f"{api.scope()}/Configuration{what}", form)
        dates.append(api.get(api.scope())["date_updated"])
    return len(set(dates))


def deleting_a_role_in_use(api: Api) -> object:
    default = api.get(f"{api.scope()}/Configuration")["default_chat_service_role_sid"]
    made = {"FriendlyName": "m", "Type": "service", "Permission": "addParticipant"}
    sid = api.post("/v1/Roles", made)["sid"]
    api.post("/v1/Users", {"Identity": "alice", "RoleSid": sid})
    kept = api.get("/v1/Users/alice")["role_sid"] == sid
    return api.delete(f"/v1/Roles/{sid}").status, api.delete(f"/v1/Roles/{default}").status, kept


def a_role_without_this_or_that(api: Api) -> object:
    return (
        api.post("/v1/Roles", {"FriendlyName": "m", "Permission": "addParticipant"})["code"],
        api.post("/v1/Roles", {"FriendlyName": "m", "Type": "service"})["code"],
    )


def a_filter_of_nothing(api: Api) -> object:
    reply = api.post("/v1/Configuration/Webhooks", {"Filters": "onNothing"})
    return (reply.status, reply.json.get("code", reply.json.get("filters")))


def a_url_alone(api: Api) -> object:
    form = {"PostWebhookUrl": "https://example.com"}
    return api.post(f"{api.scope()}/Configuration/Webhooks", form)["method"]


def a_url_taken_away(api: Api) -> object:
    path = f"{api.scope()}/Configuration/Webhooks"
    api.post(path, {"PreWebhookUrl": "https://example.com"})
    return api.post(path, {"PreWebhookUrl": ""})["pre_webhook_url"]


def a_template_of_eleven(api: Api) -> object:
    path = f"{api.scope()}/Configuration/Notifications"
    return api.post(path, {"NewMessage.WithMedia.Template": "x" * 11}).status


def a_sound_of_eleven(api: Api) -> object:
    path = f"{api.scope()}/Configuration/Notifications"
    return api.post(path, {"NewMessage.Sound": "x" * 11}).status


def one_key_of_a_block(api: Api) -> object:
    path = f"{api.scope()}/Configuration/Notifications"
    reply = api.post(path, {"NewMessage.Enabled": "true", "NewMessage.WithMedia.Enabled": "true"})
    return sorted(reply["new_message"]), sorted(reply["added_to_conversation"])


def a_credential_of_no_type(api: Api) -> object:
    return {api.post("/v1/Credentials", form)["code"] for form in ({}, {"Type": "sms"})}


def a_credential_without_a_name(api: Api) -> object:
    return api.post("/v1/Credentials", {"Type": "fcm"})["friendly_name"]


CASES: dict[str, tuple[Probe, object, object, object]] = {
    # setting: how to see it, what its default shows, another value, what that shows
    "online_delay": (online_at_once, (True, True), "30s", (None, True)),
    "offline_delay": (offline_at_once, (False, False), "30s", (True, False)),
    "lost_after": (lost_at_once, (False, False), "30s", (True, False)),
    "update_response": (update_of_somebody_online, True, "null", None),
    "after_reenable": (off_and_on_again, None, "remember", False),
    "presence_bumps_date_updated": (date_moved_by_presence, False, True, True),
    "delete_default_service": (deleting_the_default_service, 409, "allow", 204),
    "missing_role_status": (
        a_role_that_is_missing,
        (400, 50100, "Role not found"),
        404,
        (404, 50100, "Role not found"),
    ),
    "cleared_friendly_name": (an_empty_name, "", "null", None),
    "unnamed_user": (users_without_a_name, [None, None], "empty", ["", ""]),
    "attributes_whitespace": (white_space, '{ "a" : 1 }', "compacted", '{"a":1}'),
    "attributes_limit": (eleven_bytes, 201, 10, 400),
    "configuration_bumps_date_updated": (date_moved_by_the_configuration, 4, False, 1),
    "delete_role_in_use": (deleting_a_role_in_use, (409, 409, True), "allow", (204, 204, True)),
    "missing_role_parameter": (
        a_role_without_this_or_that,
        (50105, 50104),
        "generic",
        (20001, 20001),
    ),
    "webhook_filter": (a_filter_of_nothing, (400, 50054), "accept", (200, ["onNothing"])),
    "webhook_method": (a_url_alone, None, "POST", "POST"),
    "cleared_webhook_url": (a_url_taken_away, None, "empty", ""),
    "notification_template_limit": (a_template_of_eleven, 200, 10, 400),
    "notification_sound_limit": (a_sound_of_eleven, 200, 10, 400),
    "partial_notifications": (
        one_key_of_a_block,
        (["enabled", "with_media"], ["enabled"]),
        "null",
        (["badge_count_enabled", "enabled", "sound", "template", "with_media"], ["enabled"]),
    ),
    "credential_type": (a_credential_of_no_type, {20001}, 50209, {50209}),
    "unnamed_credential": (a_credential_without_a_name, None, "empty", ""),
    "large_page_size": (fifty_one_a_page, 200, "refuse", 400),
    "page_without_token": (a_page_without_a_token, 200, "refuse", 400),
    "malformed_page": (pages_that_are_no_number, [400] * 4, "ignore", [200] * 4),
    "head_requests": (head, (405, 0), "as_get", (200, 0)),
    "not_found_path": (a_missing_users_path, "/Users/nobody", "full", "/v1/Users/nobody"),
}


AT_THE_SOCKET = {"token_warning", "offload"}
"""What no REST answer shows; `tests/wire/test_session.py` switches these."""


def test_every_setting_has_a_case() -> None:
    assert set(CASES) | AT_THE_SOCKET == set(BY_ID)


@pytest.mark.parametrize("name", CASES)
def test_its_default_shows(name: str) -> None:
    probe, by_default, _, _ = CASES[name]
    assert probe(Api()) == by_default


@pytest.mark.parametrize("name", CASES)
def test_its_other_value_shows(name: str) -> None:
    probe, _, value, otherwise = CASES[name]
    assert probe(Api({name: value})) == otherwise


@pytest.mark.parametrize("name", CASES)
def test_it_can_be_switched_while_the_world_lives(name: str) -> None:
    probe, by_default, value, otherwise = CASES[name]
    api = Api()
    api.world.settings.update({name: value})
    assert probe(api) == otherwise
    api.world.reset()
    api.world.open_account(api.account)
    assert probe(api) == by_default
