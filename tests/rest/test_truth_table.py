"""The truth table: every history of one user, as every operation shows it on both paths.

`value_of` and `rule_of` are the rules once more, in the fewest words and without the code's help.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from itertools import product

import pytest

from tests.rest.api import Api, Reply

INDICATOR = ("never on", "off again", "on", "on again")
ACTIONS = ("fetch", "update", "list", "create")  # create begins alice anew, so it is last
PATHS = ("default", "service")
WHY = {"X-Mock-Why": "1"}


@dataclass(frozen=True)
class Axis:
    """One property's history: was it true before the indicator was last switched, is it now?"""

    ever: bool
    now: bool


@dataclass(frozen=True)
class History:
    """A row of the table."""

    indicator: str
    online: Axis
    push: Axis


AXES = [Axis(*flags) for flags in product((False, True), repeat=2)]
HISTORIES = [History(*row) for row in product(INDICATOR, AXES, AXES)]


def value_of(indicator: str, action: str, axis: Axis) -> bool | None:
    """What one property shows."""
    if action in {"create", "list"} or indicator in {"never on", "off again"}:
        return None
    if axis.now:
        return True
    return False if axis.ever and indicator == "on" else None


def rule_of(indicator: str, action: str, axis: Axis, name: str) -> str:
    """The rule behind it."""
    if action in {"create", "list"}:
        return {"create": "R10", "list": "R9"}[action]
    if indicator in {"never on", "off again"}:
        return {"never on": "R1", "off again": "R3"}[indicator]
    if indicator == "on again" and axis.ever and not axis.now:
        return "R11"
    if name == "is_notifiable":
        return "R7"
    return {True: "R5", False: "R6", None: "R4"}[value_of(indicator, action, axis)]


def staged(history: History) -> Api:
    """A world in which alice has that history."""
    api = Api()
    api.post("/v1/Users", {"Identity": "alice"})
    if history.indicator != "never on":
        api.switch(on=True)
    if history.online.ever:
        api.connect("alice")
        api.disconnect("alice")
    if history.push.ever:
        api.delete(f"{api.scope()}/Bindings/{api.register('alice')}")
    if history.indicator in {"off again", "on again"}:
        api.switch(on=False)
    if history.online.now:
        api.connect("alice")
    if history.push.now:
        api.register("alice")
    if history.indicator == "on again":
        api.switch(on=True)
    return api


def asked(api: Api, action: str, path: str) -> Reply:
    """The answer of `action` about alice, with reasons."""
    users = "/v1/Users" if path == "default" else f"{api.scope()}/Users"
    match action:
        case "create":
            assert api.delete(f"{users}/alice").status == 204
            return api.post(users, {"Identity": "alice"}, headers=WHY)
        case "list":
            return api.get(users, headers=WHY)
        case "update":
            return api.post(f"{users}/alice", {"FriendlyName": "Alice"}, headers=WHY)
        case _:
            return api.get(f"{users}/alice", headers=WHY)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("history", HISTORIES, ids=lambda row: "-".join(map(str, astuple(row))))
def test_every_operation_shows_what_the_rules_say(history: History, path: str) -> None:
    api = staged(history)
    for action in ACTIONS:
        reply = asked(api, action, path)
        assert reply.status == (201 if action == "create" else 200)
        alice = reply["users"][0] if action == "list" else reply.json
        axes = {"is_online": history.online, "is_notifiable": history.push}
        shown = {name: alice[name] for name in axes}
        indicator = history.indicator
        assert shown == {n: value_of(indicator, action, axis) for n, axis in axes.items()}, action
        rules = [f"{n}: {rule_of(indicator, action, axis, n)}" for n, axis in axes.items()]
        assert reply.headers["X-Mock-Why"] == "; ".join(rules), action


def test_the_table_holds_every_kind_of_answer() -> None:
    cells = product(INDICATOR, ACTIONS, AXES)
    assert {value_of(*cell) for cell in cells} == {None, True, False}
    rules = {
        rule_of(*cell, name)
        for cell in product(INDICATOR, ACTIONS, AXES)
        for name in ("is_online", "is_notifiable")
    }
    assert rules == {"R1", "R3", "R4", "R5", "R6", "R7", "R9", "R10", "R11"}
