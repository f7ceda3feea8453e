"""Parity: per expectation and per whole body; what could not be played there is never passed."""

from __future__ import annotations

from dataclasses import replace

from reachability_contracts.evidence.cassette import Cassette, Taped
from reachability_contracts.evidence.parity import compared, differences
from reachability_contracts.results import Result, Verdict
from tests.contracts.evidence.samples import (
    LIVE,
    a_step,
    exchange,
    of_the_fake,
    scenario_named,
)

NULL, TRUE = {"is_online": None}, {"is_online": True}
IN_A_LIST = {"users": [TRUE]}


def judged(theirs: list[Taped], ours: list[Taped]) -> list[Result]:
    scenario = scenario_named("two-devices")
    cassette = Cassette(LIVE, scenario.name, "", {}, tuple(theirs))
    return list(compared(cassette, scenario, ours, "s.yaml"))


def one(theirs: Taped, ours: Taped) -> Result:
    (result,) = judged([theirs], [ours])
    return result


def test_the_same_answers_are_parity() -> None:
    step = a_step(99, exchange(NULL))
    assert one(step, step).verdict is Verdict.PASSED


def test_a_whole_body_counts_not_only_what_is_expected() -> None:
    found = one(a_step(99, exchange({"a": 1})), a_step(99, exchange({"a": 1, "b": 2})))
    assert found.verdict is Verdict.FAILED
    assert found.reason == "body.b differs"
    assert (found.expected, found.got) == ("body.b = nothing", "body.b = 2")


def test_reachability_goes_before_all_else_and_names_the_list_rule() -> None:
    theirs = exchange({"users": [{"sid": "<US:1>", "is_online": True}]})
    ours = exchange({"users": [{"sid": "<US:2>", "is_online": None}]})
    found = one(a_step(99, theirs), a_step(99, ours))
    assert found.expected == "body.users[0].is_online = true"
    assert found.rules == ("R9",)
    assert found.exchanges == (theirs, ours)


def test_a_steps_own_rules_are_named() -> None:
    ruled = next(one for one in scenario_named("two-devices").timeline if one.rules)
    found = one(a_step(ruled.index, exchange(NULL)), a_step(ruled.index, exchange(TRUE)))
    assert found.rules == ruled.rules
    assert (found.file, found.line) == ("s.yaml", ruled.line)


def test_a_verdict_counts_where_no_answer_shows_it() -> None:
    failed = a_step(99, verdict="failed", differences=("event: expected true",))
    found = one(failed, a_step(99))
    assert found.verdict is Verdict.FAILED
    assert found.reason == "failed there, passed here"
    assert "event: expected true" in found.expected


def test_what_both_fail_alike_is_said() -> None:
    failed = a_step(99, verdict="failed")
    assert one(failed, failed).reason == "both fail it alike"


def test_what_was_skipped_there_is_skipped_with_its_reason() -> None:
    found = one(a_step(99, verdict="skipped", reason="nobody online"), a_step(99))
    assert found.verdict is Verdict.SKIPPED
    assert found.reason == "not verifiable there: nobody online"


def test_a_step_that_one_side_has_not_got_is_a_difference() -> None:
    assert [one.reason for one in judged([], [a_step(99)])] == ["only the fake has this step"]
    assert [one.reason for one in judged([a_step(99)], [])] == ["only the recording has this step"]


def test_requests_and_statuses_are_compared_too() -> None:
    asked = exchange(NULL)
    other = replace(asked, path="/v1/Services")
    assert [one.where for one in differences([asked], [other])] == ["request"]
    assert [one.where for one in differences([asked], [replace(asked, status=404)])] == ["status"]
    extra = list(differences([asked, other], [asked]))
    assert [(one.theirs, one.ours) for one in extra] == [("sent", "nothing")]


def test_true_is_not_one() -> None:
    assert list(differences([exchange({"n": 1})], [exchange({"n": True})]))


def test_lists_are_compared_to_their_ends() -> None:
    found = list(differences([exchange([1, 2])], [exchange([1])]))
    assert [(one.where, one.theirs, one.ours) for one in found] == [("body[1]", 2, "nothing")]


def test_the_fake_equals_itself() -> None:
    for name in ("two-devices", "null-in-list", "errors"):
        cassette = of_the_fake(name)
        results = list(compared(cassette, scenario_named(name), cassette.steps, "s.yaml"))
        assert Verdict.PASSED in {one.verdict for one in results}
        assert not [one for one in results if one.verdict is Verdict.FAILED]
