"""What the states that are possible may show."""

from __future__ import annotations

from itertools import product

import pytest

from reachability_contracts.observe.lawful import AXES, Supposed, judge, possible

ACTIONS = ("fetch", "read", "create", "update")
FLAGS = (True, False)
EVERYTHING = tuple(
    Supposed(enabled, ever, settled, before)
    for enabled in (None, True, False)
    for ever, settled, before in product(FLAGS, FLAGS, FLAGS)
)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("action", ACTIONS)
def test_knowing_more_never_allows_more(action: str, axis: str) -> None:
    anything = {one.value for one in possible(Supposed(), action, axis)}
    for supposed in EVERYTHING:
        assert {one.value for one in possible(supposed, action, axis)} <= anything


@pytest.mark.parametrize("action", ACTIONS)
def test_something_is_always_lawful(action: str) -> None:
    assert all(possible(supposed, action, "is_online") for supposed in EVERYTHING)


@pytest.mark.parametrize(
    ("supposed", "action", "lawful"),
    [
        (Supposed(), "read", (None,)),
        (Supposed(), "create", (None,)),
        (Supposed(), "fetch", (None, True, False)),
        (Supposed(enabled=True), "fetch", (None, True, False)),
        (Supposed(enabled=False), "fetch", (None,)),
        (Supposed(enabled=True, settled=True), "fetch", (True, False)),
        (Supposed(enabled=True, settled_before=True), "fetch", (None, True, False)),
        (Supposed(enabled=False, settled=True), "update", (None,)),
    ],
)
def test_the_rules_leave_this_choice(
    supposed: Supposed, action: str, lawful: tuple[object, ...]
) -> None:
    judgement = judge(supposed, action, "is_online", None)
    assert judgement.lawful == lawful
    assert judgement.leaves_no_choice is (len(lawful) < 3)


@pytest.mark.parametrize(
    ("supposed", "action", "axis", "got", "rule"),
    [
        (Supposed(), "read", "is_online", True, "R9"),
        (Supposed(), "create", "is_online", False, "R10"),
        (Supposed(enabled=False), "fetch", "is_online", True, "R3"),
        (Supposed(enabled=False, ever_enabled=False), "fetch", "is_online", True, "R1"),
        (Supposed(enabled=True, settled=True), "fetch", "is_online", None, "R6"),
        (Supposed(enabled=True, settled=True), "fetch", "is_notifiable", None, "R7"),
        (Supposed(enabled=True), "fetch", "is_online", "true", "R5"),
        (Supposed(enabled=True), "fetch", "is_online", "false", "R6"),
    ],
)
def test_a_disagreement_names_the_rule_of_the_nearest_state(
    supposed: Supposed, action: str, axis: str, got: object, rule: str
) -> None:
    judgement = judge(supposed, action, axis, got)
    assert not judgement.is_lawful
    assert judgement.rule == rule


def test_what_only_one_choice_of_an_unknown_allows_bears_on_it() -> None:
    forgotten = judge(Supposed(enabled=True, settled_before=True), "fetch", "is_online", None)
    assert forgotten.bearings == (("after_reenable", "forget"),)
    shown = judge(Supposed(enabled=True), "update", "is_online", got=True)
    assert shown.bearings == (("update_response", "fetch"),)
    assert judge(Supposed(enabled=True), "update", "is_online", None).bearings == ()
