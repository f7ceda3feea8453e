"""Users over REST: every operation on both paths, by SID and by identity."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.rest.api import OTHER, Api

KEYS = {
    "sid",
    "account_sid",
    "chat_service_sid",
    "role_sid",
    "identity",
    "friendly_name",
    "attributes",
    "is_online",
    "is_notifiable",
    "date_created",
    "date_updated",
    "url",
    "links",
}


def paths(api: Api) -> list[str]:
    return ["/v1/Users", f"{api.scope()}/Users"]


def test_a_user_is_created_fetched_updated_listed_and_deleted_on_both_paths(api: Api) -> None:
    for users in paths(api):
        created = api.post(users, {"Identity": "alice", "FriendlyName": "A", "Attributes": "[]"})
        assert created.status == 201
        assert set(created.json) == KEYS
        assert created["url"] == f"https://conversations.twilio.com{users}/{created['sid']}"
        fetched = api.get(f"{users}/{created['sid']}")
        assert (fetched.status, fetched.json) == (200, created.json)
        assert api.get(f"{users}/alice").json == created.json
        api.world.advance(5)
        updated = api.post(f"{users}/alice", {"FriendlyName": "B"})
        assert updated.status == 200
        assert updated.json == created.json | {
            "friendly_name": "B",
            "date_updated": updated["date_updated"],
        }
        assert updated["date_updated"] > created["date_updated"]
        listed = api.get(users)
        assert (listed.status, listed["users"]) == (200, [updated.json])
        deleted = api.delete(f"{users}/alice")
        assert (deleted.status, deleted.body) == (204, b"")
        assert api.get(f"{users}/{created['sid']}").status == 404
        assert api.get(users)["users"] == []


def test_one_user_has_two_renderings(api: Api) -> None:
    api.post("/v1/Users", {"Identity": "alice"})
    one, other = (api.get(f"{users}/alice").json for users in paths(api))
    assert one["url"] != other["url"]
    assert one["links"] != other["links"]
    assert {key for key in KEYS if one[key] != other[key]} == {"url", "links"}


def test_an_answers_own_urls_work(api: Api) -> None:
    for users in paths(api):
        user = api.post(users, {"Identity": f"u{len(users)}"})
        assert api.follow(user["url"]).json == user.json


def test_the_urls_of_an_answer_name_the_host_it_was_asked_at(api: Api) -> None:
    asked = api.get("/v1/Users", headers={"Host": "ignored.example"})
    assert asked["meta"]["url"].startswith("https://conversations.twilio.com/v1/Users?")


def test_an_update_of_nothing_is_accepted(api: Api) -> None:
    created = api.post("/v1/Users", {"Identity": "alice"})
    api.world.advance(5)
    updated = api.post("/v1/Users/alice")
    assert (updated.status, updated.json) == (200, created.json)


IGNORED = {
    "IsOnline": "true",
    "IsNotifiable": "true",
    "is_online": "true",
    "ReachabilityEnabled": "true",
    "Nonsense": "x",
    "Sid": "US" + "0" * 32,
}


def test_nobody_can_write_either_property(api: Api) -> None:
    """R13: such a parameter is ignored like any other that is not known."""
    api.switch(on=True)
    created = api.post("/v1/Users", {"Identity": "alice", **IGNORED})
    assert created.status == 201
    assert created["sid"] != IGNORED["Sid"]
    updated = api.post("/v1/Users/alice?IsOnline=true", IGNORED)
    assert (updated.status, updated.json) == (200, created.json)
    assert api.shown("alice") == (None, None)
    api.connect("alice")
    api.post("/v1/Users/alice", {"IsOnline": "false"})
    assert api.shown("alice") == (True, None)


def test_an_identity_cannot_be_changed(api: Api) -> None:
    api.post("/v1/Users", {"Identity": "alice"})
    assert api.post("/v1/Users/alice", {"Identity": "bob"})["identity"] == "alice"


IDENTITIES = [
    "alice",
    "Alice",
    "alice@example.com",
    "a b",
    "a+b",
    "a%2Fb",
    "a/b",
    "a?b",
    "a#b",
    "a&b=c",
    "a%b",
    "%",
    "..",
    ".",
    "//",
    "é",
    "e\u0301",
    "日本",
    "👩‍💻",
    "x" * 256,
    "😀" * 256,
    "{sid}",
    '"><script>',
    "US" + "A" * 32,
    "\t",
    "\x00",
]


@pytest.mark.parametrize("identity", IDENTITIES, ids=ascii)
def test_any_identity_can_be_created_and_found_and_deleted(api: Api, identity: str) -> None:
    for users in paths(api):
        created = api.post(users, {"Identity": identity})
        assert (created.status, created["identity"]) == (201, identity)
        path = f"{users}/{quote(identity, safe='')}"
        assert api.get(path).json == created.json
        assert api.post(path, {"FriendlyName": "x"})["sid"] == created["sid"]
        assert api.post(users, {"Identity": identity}).status == 409
        assert api.delete(path).status == 204
        assert api.get(path).status == 404


def test_a_plus_in_a_path_is_a_plus_and_in_a_form_a_space(api: Api) -> None:
    api.post("/v1/Users", b"Identity=a%2Bb")
    api.post("/v1/Users", b"Identity=a+b")
    assert api.get("/v1/Users/a+b")["identity"] == "a+b"
    assert api.get("/v1/Users/a%2Bb")["identity"] == "a+b"
    assert api.get("/v1/Users/a%20b")["identity"] == "a b"


def test_a_path_is_split_before_it_is_decoded(api: Api) -> None:
    api.post("/v1/Users", {"Identity": "a/b"})
    assert api.get("/v1/Users/a%2Fb")["identity"] == "a/b"
    assert api.get("/v1/Users/a%2fb")["identity"] == "a/b"
    assert api.get("/v1/Users/a/b").problem[:2] == (404, 20404)
    assert api.get("/v1/Users/a%252Fb").status == 404


def test_case_matters(api: Api) -> None:
    lower = api.post("/v1/Users", {"Identity": "alice"})
    upper = api.post("/v1/Users", {"Identity": "ALICE"})
    assert upper.status == 201
    assert api.get("/v1/Users/alice")["sid"] == lower["sid"]
    assert api.get("/v1/Users/ALICE")["sid"] == upper["sid"]


def test_the_same_identity_elsewhere_is_another_user(api: Api) -> None:
    """R12."""
    support = api.new_service()
    api.switch(on=True)
    api.switch(on=True, service=support)
    mine = api.post("/v1/Users", {"Identity": "alice"})
    theirs = api.post(f"{api.scope(support)}/Users", {"Identity": "alice"})
    assert mine["sid"] != theirs["sid"]
    api.connect("alice", service=support)
    assert api.shown("alice") == (None, None)
    assert api.shown("alice", support) == (True, None)
    assert api.get(f"{api.scope(support)}/Users/{mine['sid']}").status == 404


def test_accounts_never_see_each_other(api: Api) -> None:
    sid = api.post("/v1/Users", {"Identity": "alice"})["sid"]
    users = f"{api.scope()}/Users"
    api.account = OTHER
    assert api.get("/v1/Users")["users"] == []
    assert api.get("/v1/Users/alice").status == 404
    for path in (users, f"{users}/{sid}", f"{users}/alice", api.scope()):
        assert api.get(path).problem[:2] == (404, 20404)
    assert api.post("/v1/Users", {"Identity": "alice"})["account_sid"] == OTHER
    assert api.get("/v1/Services").json["services"][0]["sid"] != api.service


def test_the_default_path_follows_the_default_service(api: Api) -> None:
    support = api.new_service()
    api.post("/v1/Users", {"Identity": "alice"})
    api.post("/v1/Configuration", {"DefaultChatServiceSid": support})
    assert api.get("/v1/Users/alice").status == 404
    assert api.post("/v1/Users", {"Identity": "bob"})["chat_service_sid"] == support
    assert api.get(f"{api.scope()}/Users/alice").status == 200


@pytest.mark.parametrize("path", ["/v1/Users/", "/v1/Users/alice/"])
def test_a_trailing_slash_is_accepted(api: Api, path: str) -> None:
    api.post("/v1/Users", {"Identity": "alice"})
    assert api.get(path).status == 200


def test_json_as_a_body_holds_no_parameters(api: Api) -> None:
    reply = api.post(
        "/v1/Users", b'{"Identity": "alice"}', headers={"Content-Type": "application/json"}
    )
    assert reply.problem == (400, 50204, "Identity not provided")


def test_a_role_of_the_service_can_be_given(api: Api) -> None:
    roles = {
        role.friendly_name: role.sid for _, role in api.world.store.roles_of(api.service).after(-1)
    }
    user = api.post("/v1/Users", {"Identity": "alice", "RoleSid": roles["service admin"]})
    assert user["role_sid"] == roles["service admin"]
    assert api.post("/v1/Users", {"Identity": "bob"})["role_sid"] == roles["service user"]


def test_two_devices_a_push_and_a_goodbye(api: Api) -> None:
    """The story of the README, over REST alone."""
    api.switch(on=True)
    api.post("/v1/Users", {"Identity": "alice"})
    assert api.shown("alice") == (None, None)
    api.connect("alice", "phone")
    api.connect("alice", "tab")
    api.disconnect("alice", "phone")
    assert api.shown("alice") == (True, None)
    binding = api.register("alice")
    api.disconnect("alice", "tab")
    assert api.shown("alice") == (False, True)
    assert api.delete(f"{api.scope()}/Bindings/{binding}").status == 204
    assert api.shown("alice") == (False, False)
    assert [api.get("/v1/Users")["users"][0][key] for key in ("is_online", "is_notifiable")] == [
        None,
        None,
    ]
