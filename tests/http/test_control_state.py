"""The world as a scenario's `given`: what comes out can be played in again."""

from __future__ import annotations

import json

from reachability_mock.core.facts import ServiceCreated
from reachability_mock.core.sids import derived
from reachability_mock.scenario.loader import loads
from reachability_mock.scenario.model import Scenario
from reachability_mock.scenario.runner import Verdict, play
from reachability_mock.targets import InProcessTarget
from tests.http.asking import ACCOUNT, OTHER, Asker, basic, new_site

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def as_scenario(asker: Asker) -> Scenario:
    """Read the state as a scenario: JSON is YAML."""
    given = asker.mock("GET", f"state?account={ACCOUNT}").json
    return loads(json.dumps({"name": "dump", "given": given, "timeline": [{"wait": 0}]}))


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
    asker, again = filled(), Asker(new_site())
    results = list(play(as_scenario(asker), InProcessTarget(again.site), instant=True))
    assert {one.verdict for one in results} == {Verdict.PASSED}
    assert again.mock("GET", "state").json == asker.mock("GET", "state").json


def test_a_role_from_birth_is_told_and_one_that_somebody_made_is_not() -> None:
    asker = Asker(new_site())
    form = b"FriendlyName=own&Type=service&Permission=editAnyUserInfo"
    own = asker.ask("POST", "/v1/Roles", form, {**basic(), **FORM}).json["sid"]
    admin = derived("RL", asker.service, "service admin")
    for name, role in (("alice", own), ("bob", admin)):
        asker.ask(
            "POST", "/v1/Users", f"Identity={name}&RoleSid={role}".encode(), {**basic(), **FORM}
        )
    users = asker.mock("GET", "state").json["accounts"]["default"]["users"]
    assert users == {"alice": {}, "bob": {"role": "service admin"}}
    again = InProcessTarget(new_site())
    assert {one.verdict for one in play(as_scenario(asker), again)} == {Verdict.PASSED}


def test_each_account_shows_only_its_own() -> None:
    asker = filled()
    asker.mock("POST", f"services/default/users/carol/connections?account={OTHER}")
    both = asker.mock("GET", "state").json["accounts"]
    assert list(both) == ["default", OTHER]
    assert both[OTHER]["sid"] == OTHER
    assert list(both[OTHER]["users"]) == ["carol"]
    only = asker.mock("GET", f"state?account={OTHER}").json["accounts"]
    assert only == {OTHER: both[OTHER]}
