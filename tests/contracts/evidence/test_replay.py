"""Replays: the fake under the conditions of a recording, and the same each time."""

from __future__ import annotations

from reachability_contracts.evidence.replay import replayed
from reachability_contracts.plays import scenarios
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Verdict
from reachability_mock.scenario.loader import loads
from reachability_mock.scenario.runner import Verdict as StepVerdict
from tests.contracts.evidence.samples import of_the_fake, scenario_named


def test_a_replay_is_the_same_each_time() -> None:
    for scenario in scenarios():
        if scenario.name != "edge-accounts":
            assert of_the_fake(scenario.name) == of_the_fake(scenario.name), scenario.name


def test_what_the_recorded_service_could_not_do_the_fake_does_not_do_either() -> None:
    free = of_the_fake("two-devices")
    bound = of_the_fake("two-devices", presence="nobody can come online")
    assert {step.verdict for step in free.steps} == {Verdict.PASSED.value}
    skipped = [step for step in bound.steps if step.verdict == StepVerdict.SKIPPED.value]
    assert any(step.reason == "nobody can come online" for step in skipped)
    assert len(bound.steps) == len(free.steps) == len(scenario_named("two-devices").timeline) + 1


BY_SDK = """
name: by-sdk
given:
  users: {alice: {}}
timeline:
  - update_user: {user: alice, friendly_name: Alice herself, by: sdk}
  - expect: {fetch: {user: alice, friendly_name: Alice herself}}
"""


def test_what_a_user_did_by_its_sdk_happens_here_without_an_exchange() -> None:
    setup, edited, seen = replayed(loads(BY_SDK, "by-sdk.yaml"), {}, Redactor())
    assert [one.result.verdict for one in (setup, edited, seen)] == [StepVerdict.PASSED] * 3
    assert edited.exchanges == ()
    assert "Alice herself" in str(seen.exchanges)
