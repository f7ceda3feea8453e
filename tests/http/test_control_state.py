"""The world as a scenario's `given`: what comes out can be played in again."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from reachability_mock.core.facts import ServiceCreated
from reachability_mock.core.sids import derived
from reachability_mock.scenario.loader import loads
from reachability_mock.scenario.runner import Verdict, play
from reachability_mock.targets import InProcessTarget
from tests.http.asking import ACCOUNT, OTHER, OTHER_TOKEN, Asker, Reply, basic, new_site

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def again(asker: Asker) -> Any:
    """Return the state of a new site that the state of `asker`'s was played to."""
    other = Asker(new_site())
    given = asker.mock("GET", "state").json
    scenario = loads(json.dumps({"name": "dump", "given": given, "timeline": []}))
    results = list(play(scenario, InProcessTarget(other.site), instant=True))
    assert {one.verdict for one in results} == {Verdict.PASSED}
    return other.mock("GET", "state").json


def post(asker: Asker, path: str, form: str, auth: dict[str, str] | None = None) -> Reply:
    reply = asker.ask("POST", path, form.encode(), {**(auth or basic()), **FORM})
    assert reply.status in {200, 201}, reply.body
    return reply


def filled() -> Asker:
    asker = Asker(new_site())
    world = asker.site.world
    world.submit(ServiceCreated(ACCOUNT, world.new_sid("IS"), "support"))
    world.submit(ServiceCreated(ACCOUNT, world.new_sid("IS"), "a name: with spaces"))
    asker.mock("POST", "services/support/enable")
    asker.mock("POST", "services/default/users/alice/connections", {"device": "phone"})
    asker.mock("POST", "services/support/users/alice/connections")
    asker.mock("POST", "services/support/users/a%20%2F%20b/bindings", {"address": "token"})
    form = b"Identity=bob&FriendlyName=Bob+B.&Attributes=%7B%22a%22%3A1%7D"
    asker.ask("POST", "/v1/Users", form, {**basic(), **FORM})
    return asker


def test_the_state_says_what_is_there_and_no_more() -> None:
    given = filled().mock("GET", "state").json["accounts"]["default"]
    assert given["services"]["default"] == {"reachability": False}
    assert given["services"]["support"]["reachability"] is True
    assert given["services"]["service-1"]["friendly_name"] == "a name: with spaces"
    assert given["users"] == {
        "alice": {},
        "bob": {"friendly_name": "Bob B.", "attributes": '{"a":1}'},
        "user-1": {"identity": "alice", "service": "support"},
        "user-2": {"identity": "a / b", "service": "support"},
    }
    assert given["connections"] == [
        {"user": "alice", "device": "phone"},
        {"user": "user-1", "device": "default"},
    ]
    assert given["bindings"] == [{"user": "user-2", "type": "fcm", "address": "token"}]


def test_what_comes_out_loads_and_makes_the_same_world() -> None:
    asker = filled()
    assert again(asker) == asker.mock("GET", "state").json


OWN_ROLE = "FriendlyName=own&Type=service&Permission=editAnyUserInfo"


def test_a_role_from_birth_is_told_and_no_other() -> None:
    asker = Asker(new_site())
    admin = derived("RL", asker.service, "service admin")
    post(asker, "/v1/Users", f"Identity=bob&RoleSid={admin}")
    assert again(asker) == asker.mock("GET", "state").json
    own = post(asker, "/v1/Roles", OWN_ROLE).json["sid"]
    post(asker, "/v1/Users", f"Identity=alice&RoleSid={own}")
    state = asker.mock("GET", "state").json
    assert state["accounts"]["default"]["users"] == {"alice": {}, "bob": {"role": "service admin"}}
    assert again(asker) == {"accounts": state["accounts"]}


@pytest.mark.parametrize(
    ("path", "form", "what"),
    [
        ("/v1/Roles", OWN_ROLE, "roles, notifications and webhooks of IS"),
        ("/v1/Services/{}/Configuration/Webhooks", "Method=GET", "notifications and webhooks of"),
        ("/v1/Services/{}/Configuration/Notifications", "LogEnabled=true", "webhooks of IS"),
        ("/v1/Configuration", "DefaultClosedTimer=PT1H", "configuration of AC"),
        ("/v1/Configuration/Webhooks", "Method=GET", "configuration of AC"),
        ("/v1/Credentials", "Type=fcm", "credentials of AC"),
    ],
)
def test_what_no_scenario_begins_with_is_said_to_be_left_out(
    path: str, form: str, what: str
) -> None:
    asker = filled()
    assert "note" not in asker.mock("GET", "state").json
    post(asker, path.format(asker.service), form)
    note = asker.mock("GET", "state").json["note"]
    assert re.fullmatch("left out: [a-z, ]*(IS|AC)[0-9a-f]{32}", note)
    assert what in note
    assert "note" not in again(asker)


def test_a_default_service_that_was_changed_is_the_default_one_again() -> None:
    asker = Asker(new_site())
    new = post(asker, "/v1/Services", "FriendlyName=new").json["sid"]
    post(asker, "/v1/Users", "Identity=old")
    post(asker, "/v1/Configuration", f"DefaultChatServiceSid={new}")
    post(asker, "/v1/Users", "Identity=young")
    told = asker.mock("GET", "state").json
    assert told["accounts"]["default"]["services"] == {
        "Default": {"reachability": False, "sid": asker.service},
        "default": {"reachability": False, "sid": new, "friendly_name": "new"},
    }
    assert again(asker) == told


def test_so_it_is_in_another_account() -> None:
    asker, theirs = Asker(new_site()), basic(OTHER, OTHER_TOKEN)
    new = post(asker, "/v1/Services", "FriendlyName=new", theirs).json["sid"]
    post(asker, "/v1/Configuration", f"DefaultChatServiceSid={new}", theirs)
    told = asker.mock("GET", "state").json
    assert told["accounts"][OTHER]["services"]["new"] == {
        "reachability": False,
        "sid": new,
        "default": True,
    }
    assert again(asker) == told


def test_each_account_shows_only_its_own() -> None:
    asker = filled()
    asker.mock("POST", f"services/default/users/carol/connections?account={OTHER}")
    both = asker.mock("GET", "state").json["accounts"]
    assert list(both) == ["default", OTHER]
    assert both[OTHER]["sid"] == OTHER
    assert list(both[OTHER]["users"]) == ["carol"]
    only = asker.mock("GET", f"state?account={OTHER}").json["accounts"]
    assert only == {OTHER: both[OTHER]}
