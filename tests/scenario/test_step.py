"""A step is one class: the loader and the schema find it by themselves."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from reachability_mock.scenario import step as step_module
from reachability_mock.scenario.kinds import USER, field
from reachability_mock.scenario.loader import loads
from reachability_mock.scenario.schema import schema
from reachability_mock.scenario.stage import Stage
from reachability_mock.scenario.step import Expectation, Step
from reachability_mock.scenario.vocabulary import MODULES, known_expectations, known_steps
from tests.scenario.acting import played, verdicts


@pytest.fixture
def _registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test define steps that are forgotten after it."""
    monkeypatch.setattr(step_module, "_STEPS", dict(step_module._STEPS))


@pytest.mark.usefixtures("_registry")
def test_a_new_step_is_one_class() -> None:
    waved = []

    @dataclass(frozen=True, slots=True)
    class Wave(Step, key="wave"):
        """A user waves."""

        user: str = field(USER)

        def play(self, stage: Stage) -> None:
            waved.append(stage.person(self.user).identity)

    text = "name: x\ngiven: {users: {alice: {}}}\ntimeline: [{wave: {user: alice}}]"
    assert loads(text).timeline[0].step == Wave("alice")
    assert verdicts(played(text)) == ["passed", "passed"]
    assert waved == ["alice"]
    assert '"A user waves."' in str(schema()).replace("'", '"')


@pytest.mark.usefixtures("_registry")
def test_two_steps_cannot_have_one_key() -> None:
    with pytest.raises(TypeError, match="the key 'connect' is Connect's already"):

        class _Another(Step, key="connect"):
            """Another."""


def test_two_expectations_cannot_have_one_key() -> None:
    with pytest.raises(TypeError, match="the key 'fetch' is Fetch's already"):

        class _Another(Expectation, key="fetch"):
            """Another."""


def test_every_step_says_what_it_is_and_where() -> None:
    steps = {**known_steps(), **known_expectations()}
    assert {"connect", "lose", "rest", "wait", "expect", "fetch", "list", "event"} <= set(steps)
    for key, one in steps.items():
        assert one.__doc__, key
        assert one.__module__ in {module.__name__ for module in MODULES}, key
