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


def white_space(api: Api) -> object:
    return api.post("/v1/Users", {"Identity": "a", "Attributes": '{ "a" : 1 }'})["attributes"]


def eleven_bytes(api: Api) -> object:
    return api.post("/v1/Users", {"Identity": "a", "Attributes": '"123456789"'}).status


def fifty_one_a_page(api: Api) -> object:
    return api.get("/v1/Users?PageSize=51").status


def a_page_without_a_token(api: Api) -> object:
    return api.get("/v1/Users?Page=3").status


def head(api: Api) -> object:
    reply = api.ask("HEAD", "/v1/Users")
    return reply.status, len(reply.body)


def a_missing_users_path(api: Api) -> object:
    return api.get("/v1/Users/nobody")["message"].split()[3]


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
    "attributes_whitespace": (white_space, '{ "a" : 1 }', "compacted", '{"a":1}'),
    "attributes_limit": (eleven_bytes, 201, 10, 400),
    "large_page_size": (fifty_one_a_page, 200, "refuse", 400),
    "page_without_token": (a_page_without_a_token, 200, "refuse", 400),
    "head_requests": (head, (405, 0), "as_get", (200, 0)),
    "not_found_path": (a_missing_users_path, "/Users/nobody", "full", "/v1/Users/nobody"),
}


def test_every_setting_has_a_case() -> None:
    assert set(CASES) == set(BY_ID)


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
