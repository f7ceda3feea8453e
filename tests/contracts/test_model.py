"""The model that judges answers."""

from __future__ import annotations

from typing import Any

import pytest

from reachability_contracts.model import Model, Seen
from reachability_contracts.mutants import mutant_named
from reachability_contracts.pristine import pristine
from reachability_contracts.stages import InProcess, seed
from reachability_mock.core import reachability

SERVICE, USER = "IS" + "1" * 32, "US" + "2" * 32
PLACE = f"/v1/Services/{SERVICE}/Users"


def user(**values: object) -> dict[str, Any]:
    return {"sid": USER, "identity": "alice", "is_online": None, "is_notifiable": None, **values}


def watched() -> Model:
    model = Model()
    model.knows_service(SERVICE)
    model.watch(
        Seen(
            "POST",
            f"/v1/Services/{SERVICE}/Configuration",
            {"ReachabilityEnabled": "true"},
            200,
            {"reachability_enabled": True},
        )
    )
    model.watch(Seen("POST", PLACE, {"Identity": "alice"}, 201, user()))
    return model


def wrong(model: Model, path: str, body: Any) -> list[tuple[str, object, object]]:
    values = model.watch(Seen("GET", path, {}, 200, body))
    return [(one.rule, one.expected, one.got) for one in values if one.is_wrong]


def test_it_follows_what_it_watched() -> None:
    model = watched()
    assert wrong(model, f"{PLACE}/{USER}", user()) == []
    model.connected(SERVICE, "alice", "phone")
    assert wrong(model, f"{PLACE}/{USER}", user()) == [("R5", True, None)]
    assert wrong(model, f"{PLACE}/alice", user(is_online=True)) == []


def test_a_list_must_show_null() -> None:
    model = watched()
    model.connected(SERVICE, "alice", "phone")
    assert wrong(model, PLACE, {"users": [user()]}) == []
    assert wrong(model, PLACE, {"users": [user(is_online=True)]}) == [("R9", None, True)]


def test_null_is_not_false_and_a_text_is_no_boolean() -> None:
    model = watched()
    assert wrong(model, f"{PLACE}/{USER}", user(is_online=False)) == [("R4", None, False)]
    model.connected(SERVICE, "alice", "phone")
    assert wrong(model, f"{PLACE}/{USER}", user(is_online="true")) == [("R5", True, "true")]


def test_a_missing_value_is_wrong() -> None:
    body = user()
    del body["is_notifiable"]
    assert wrong(watched(), f"{PLACE}/{USER}", body) == [("R7", None, "missing")]


def test_it_has_no_opinion_of_strangers_and_of_refusals() -> None:
    model = watched()
    assert wrong(model, f"/v1/Services/IS{'9' * 32}/Users/x", user(is_online=True)) == []
    refused = Seen("GET", f"{PLACE}/{USER}", {}, 404, user(is_online=True))
    assert model.watch(refused) == []


def test_the_switch_and_deletes_are_followed() -> None:
    model = watched()
    model.registered(SERVICE, "alice", "fcm", "BS" + "3" * 32)
    configuration = f"/v1/Services/{SERVICE}/Configuration"
    off = Seen(
        "POST", configuration, {"ReachabilityEnabled": "FALSE"}, 200, {"reachability_enabled": True}
    )
    assert [str(one) for one in model.watch(off)] == [
        "R2: reachability_enabled: expected False, got True"
    ]
    assert model.is_off(SERVICE)
    model.watch(Seen("DELETE", f"{PLACE}/alice", {}, 204, None))
    assert not model.has_user(SERVICE, "alice")


@pytest.mark.parametrize("below", ["Webhooks", "Notifications"])
def test_what_is_below_a_configuration_switches_nothing_and_shows_no_indicator(below: str) -> None:
    model = watched()
    place = f"/v1/Services/{SERVICE}/Configuration/{below}"
    posted = Seen("POST", place, {"ReachabilityEnabled": "false"}, 200, {"method": None})
    assert model.watch(posted) == []
    assert not model.is_off(SERVICE)
    assert wrong(model, f"/v1/Configuration/{below}", {"method": None}) == []


def test_no_mutant_reaches_the_private_copy() -> None:
    assert pristine("core.reachability") is not reachability
    model = Model()
    with mutant_named("list_leaks_online").applied():
        stage = InProcess()
        pins = seed(stage, model)
        path = f"/v1/Services/{pins.service}/Users"
        status, body = stage.rest("GET", path, {})
        found = model.watch(Seen("GET", path, {}, status, body))
    assert [(one.rule, one.got) for one in found if one.is_wrong] == [
        ("R9", True),
        ("R9", False),
        ("R9", False),
    ]
