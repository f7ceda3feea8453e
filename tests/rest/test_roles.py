"""Roles over REST, by both paths: born, made, given, changed, and kept while they are in use."""

from __future__ import annotations

import pytest

from reachability_mock.core import sids
from tests.rest.api import ACCOUNT, OTHER, Api, Reply
from tests.rest.contract import fits

PATHS = pytest.mark.parametrize("path", ["default", "service"])
Pairs = list[tuple[str, str]]


def role(
    name: str = "moderator", kind: str = "conversation", *permissions: str, **more: str
) -> Pairs:
    """The form of a role."""
    chosen = permissions or ("sendMessage",)
    pairs = [("FriendlyName", name), ("Type", kind), *(("Permission", one) for one in chosen)]
    return [*pairs, *more.items()]


def where(api: Api, path: str) -> tuple[str, str]:
    """Path of the roles, and what its operations are called."""
    return ("/v1/Roles", "Role") if path == "default" else (f"{api.scope()}/Roles", "ServiceRole")


def made(api: Api, *args: str, service: str | None = None) -> Reply:
    reply = api.post(f"{api.scope(service)}/Roles", role(*args))
    assert reply.status == 201
    return reply


@PATHS
def test_a_role_is_created_fetched_updated_listed_and_deleted(api: Api, path: str) -> None:
    roles, one = where(api, path)
    created = fits(
        api.post(roles, role("mod", "Conversation", "sendMessage", "deleteAnyMessage")),
        f"create{one}",
    )
    assert created.status == 201
    assert created.json == {
        "sid": created["sid"],
        "account_sid": ACCOUNT,
        "chat_service_sid": api.service,
        "friendly_name": "mod",
        "type": "conversation",
        "permissions": ["sendMessage", "deleteAnyMessage"],
        "date_created": "2026-01-05T09:00:00Z",
        "date_updated": "2026-01-05T09:00:00Z",
        "url": f"https://conversations.twilio.com{roles}/{created['sid']}",
    }
    assert api.follow(created["url"]).json == created.json
    api.world.advance(5)
    updated = fits(
        api.post(f"{roles}/{created['sid']}", [("Permission", "leaveConversation")]),
        f"update{one}",
    )
    assert updated.status == 200
    assert updated.json == created.json | {
        "permissions": ["leaveConversation"],
        "date_updated": "2026-01-05T09:00:05Z",
    }
    assert fits(api.get(f"{roles}/{created['sid']}"), f"fetch{one}").json == updated.json
    listed = fits(api.get(roles), f"list{one}s")
    assert listed["roles"][-1] == updated.json
    deleted = api.delete(f"{roles}/{created['sid']}")
    assert (deleted.status, deleted.body) == (204, b"")
    assert api.get(f"{roles}/{created['sid']}").problem[:2] == (404, 20404)
    assert created["sid"] not in [one["sid"] for one in api.get(roles)["roles"]]


def test_the_two_paths_show_one_role(api: Api) -> None:
    sid = made(api)["sid"]
    short, long = api.get(f"/v1/Roles/{sid}").json, api.get(f"{api.scope()}/Roles/{sid}").json
    assert short.pop("url") == f"https://conversations.twilio.com/v1/Roles/{sid}"
    assert long.pop("url").endswith(f"{api.scope()}/Roles/{sid}")
    assert short == long


def test_a_service_has_four_roles_from_birth_and_three_are_its_defaults(api: Api) -> None:
    listed = fits(api.follow(api.get(api.scope())["links"]["roles"]), "listServiceRoles")["roles"]
    assert [(one["friendly_name"], one["type"]) for one in listed] == [
        ("service user", "service"),
        ("service admin", "service"),
        ("channel user", "conversation"),
        ("channel admin", "conversation"),
    ]
    configuration = api.get(f"{api.scope()}/Configuration").json
    defaults = {value for key, value in configuration.items() if key.endswith("role_sid")}
    assert defaults < {one["sid"] for one in listed}


def test_roles_are_paged_fifty_at_most(api: Api) -> None:
    for number in range(50):
        made(api, f"r{number}")
    first = api.get("/v1/Roles?PageSize=1000")
    assert (first["meta"]["page_size"], len(first["roles"])) == (50, 50)
    rest = api.follow(first["meta"]["next_page_url"])
    assert [one["friendly_name"] for one in rest["roles"]] == ["r46", "r47", "r48", "r49"]


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ([], (400, 50105, "Invalid role type")),
        (role(kind=""), (400, 50105, "Invalid role type")),
        (role(kind="channel"), (400, 50105, "Invalid role type")),
        (role(""), (400, 50000, "FriendlyName not provided")),
        (role()[1:], (400, 50000, "FriendlyName not provided")),
        (role("x" * 65), (400, 50003, "Friendly name too long")),
        (role()[:2], (400, 50104, "Permission not found")),
        (role("m", "service", ""), (400, 50104, "Permission not found")),
        (role("m", "service", "sendMessage"), (400, 50104, "Permission not found")),
        (role("m", "conversation", "joinConversation"), (400, 50104, "Permission not found")),
        (role("m", "conversation", "sendMessage", "fly"), (400, 50104, "Permission not found")),
        (role("m", "conversation", "sendmessage"), (400, 50104, "Permission not found")),
    ],
)
def test_a_role_that_will_not_do_is_not_made(
    api: Api, form: Pairs, problem: tuple[int, int, str]
) -> None:
    before = api.dump()
    assert api.post("/v1/Roles", form).problem == problem
    assert api.dump() == before


def test_permissions_are_kept_in_order_and_once(api: Api) -> None:
    reply = made(api, "m", "service", "editOwnUserInfo", "addParticipant", "editOwnUserInfo")
    assert reply["permissions"] == ["editOwnUserInfo", "addParticipant"]


@pytest.mark.parametrize("kind", ["service", "conversation"])
def test_permissions_that_are_known_from_live_accounts_only_are_taken(api: Api, kind: str) -> None:
    permissions = ("addNonChatParticipant", "editNotificationLevel")
    assert made(api, "m", kind, *permissions)["permissions"] == [*permissions]


def test_a_name_may_have_64_characters_and_may_be_anothers(api: Api) -> None:
    assert made(api, "é" * 64)["friendly_name"] == "é" * 64
    assert made(api, "é" * 64)["sid"] != made(api, "é" * 64)["sid"]


@pytest.mark.parametrize("form", [[], [("Permission", "createConversation")], role("x")[:2]])
def test_an_update_needs_permissions_of_the_roles_own_type(api: Api, form: Pairs) -> None:
    sid = made(api)["sid"]
    before = api.dump()
    assert api.post(f"/v1/Roles/{sid}", form).problem == (400, 50104, "Permission not found")
    assert api.dump() == before


def test_an_update_changes_nothing_but_the_permissions(api: Api) -> None:
    created = made(api)
    api.world.advance(5)
    again = api.post(f"/v1/Roles/{created['sid']}", role("other", "service", "sendMessage"))
    assert again.status == 200
    assert {**again.json, "url": None} == {**created.json, "url": None}


def test_a_user_gets_a_role_that_was_made_if_it_is_a_service_role(api: Api) -> None:
    service_role = made(api, "staff", "service", "editAnyUserInfo")["sid"]
    conversation_role = made(api)["sid"]
    form = {"Identity": "alice", "RoleSid": service_role}
    assert api.post("/v1/Users", form)["role_sid"] == service_role
    refused = api.post("/v1/Users/alice", {"RoleSid": conversation_role})
    assert refused.problem == (400, 50100, "Role not found")


def test_a_role_that_was_made_can_become_a_default(api: Api) -> None:
    sid = made(api, "staff", "service", "editAnyUserInfo")["sid"]
    path = f"{api.scope()}/Configuration"
    assert api.post(path, {"DefaultChatServiceRoleSid": sid}).status == 200
    assert api.post("/v1/Users", {"Identity": "alice"})["role_sid"] == sid


def test_a_role_of_another_service_or_account_is_not_there(api: Api) -> None:
    sid = made(api, "staff", "service", "editAnyUserInfo", service=api.new_service())["sid"]
    for path in (f"/v1/Roles/{sid}", f"{api.scope()}/Roles/{sid}"):
        for reply in (api.get(path), api.post(path, role()), api.delete(path)):
            assert reply.problem[:2] == (404, 20404)
    assert api.post("/v1/Users", {"Identity": "a", "RoleSid": sid})["code"] == 50100
    api.account = OTHER
    assert api.get(f"/v1/Roles/{sid}").status == 404
    assert [one["friendly_name"] for one in api.get("/v1/Roles")["roles"]][4:] == []


def test_a_role_is_not_found_by_its_name(api: Api) -> None:
    made(api, "staff")
    assert api.get("/v1/Roles/staff").problem == (
        404,
        20404,
        "The requested resource /Roles/staff was not found",
    )


def test_a_role_that_users_have_stays_until_the_last_of_them_has_another(api: Api) -> None:
    staff = made(api, "staff", "service", "editAnyUserInfo")["sid"]
    other = made(api, "other", "service", "editAnyUserInfo")["sid"]
    for name in ("alice", "bob", "carol"):
        api.post("/v1/Users", {"Identity": name, "RoleSid": staff})
    for method, name in (("POST", "alice"), ("DELETE", "bob"), ("POST", "carol")):
        assert api.delete(f"/v1/Roles/{staff}").problem == (409, 20409, "Role is in use")
        assert api.get(f"/v1/Roles/{staff}").status == 200
        assert api.ask(method, f"/v1/Users/{name}", {"RoleSid": other}).status < 300
    assert api.delete(f"/v1/Roles/{staff}").status == 204
    assert api.delete(f"/v1/Roles/{other}").status == 409


def test_a_default_role_stays_until_another_takes_its_place(api: Api) -> None:
    defaults = {
        "DefaultChatServiceRoleSid": "service",
        "DefaultConversationRoleSid": "conversation",
        "DefaultConversationCreatorRoleSid": "conversation",
    }
    path = f"{api.scope()}/Configuration"
    for parameter, kind in defaults.items():
        sid = made(api, "m", kind, "addParticipant")["sid"]
        before = [one for one in api.get(path).json.items() if one[0].endswith("role_sid")]
        old = dict(before)[_key(parameter)]
        api.post(path, {parameter: sid})
        assert api.delete(f"/v1/Roles/{sid}").status == 409
        api.post(path, {parameter: old})
        assert api.delete(f"/v1/Roles/{sid}").status == 204
        assert api.delete(f"/v1/Roles/{old}").status == 409


def _key(parameter: str) -> str:
    return {
        "DefaultChatServiceRoleSid": "default_chat_service_role_sid",
        "DefaultConversationRoleSid": "default_conversation_role_sid",
        "DefaultConversationCreatorRoleSid": "default_conversation_creator_role_sid",
    }[parameter]


def test_a_role_that_nobody_has_can_go_although_the_service_was_born_with_it(api: Api) -> None:
    admin = sids.derived("RL", api.service, "service admin")
    assert api.delete(f"/v1/Roles/{admin}").status == 204
    assert len(api.get("/v1/Roles")["roles"]) == 3


def test_users_keep_a_role_that_is_gone_if_it_may_go() -> None:
    api = Api({"delete_role_in_use": "allow"})
    default = api.get(f"{api.scope()}/Configuration")["default_chat_service_role_sid"]
    api.post("/v1/Users", {"Identity": "alice"})
    assert api.delete(f"/v1/Roles/{default}").status == 204
    assert api.get("/v1/Users/alice")["role_sid"] == default
    assert api.post("/v1/Users", {"Identity": "bob", "RoleSid": default})["code"] == 50100


def test_the_journal_tells_of_roles(api: Api) -> None:
    sid = made(api)["sid"]
    api.post(f"/v1/Roles/{sid}", {"Permission": "deleteOwnMessage"})
    api.delete(f"/v1/Roles/{sid}")
    entries = [one.as_json() for one in api.world.journal.since(kind="event")][-3:]
    assert [one["data"]["type"] for one in entries] == ["RoleAdded", "RoleUpdated", "RoleRemoved"]  # type: ignore[index] # JSON
    assert {one["service"] for one in entries} == {api.service}
    assert {one["account"] for one in entries} == {ACCOUNT}
