"""Histories: what they foresee is what the fake shows, and they reach what apps get wrong."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis.vendor.pretty import pretty

import reachability_mock
from reachability_contracts.mutants import mutant_named
from reachability_mock.strategies import History, Moment, Step, histories

UNHAPPY = """
from hypothesis import given, settings
from reachability_mock.strategies import histories

@settings(max_examples=50, database=None, derandomize=True)
@given(history=histories(["alice"], ["phone"]))
def nothing_happens(history):
    assert not history.moments

nothing_happens()
"""
LAW = settings(max_examples=60, deadline=None, derandomize=True, database=None)
SEARCH = settings(LAW, max_examples=2000, phases=[Phase.generate])


def check(history: History) -> None:
    """Hold what is foreseen against what the fake shows."""
    with reachability_mock.fake() as mock:
        for moment in history.play(mock):
            assert set(mock.users) == set(moment.users)
            for identity, shown in moment.users.items():
                user = mock.users[identity]
                assert (user.is_online, user.is_notifiable) == (
                    shown.is_online,
                    shown.is_notifiable,
                ), f"{identity} after {moment.step}"


@LAW
@given(histories())
def test_what_is_foreseen_is_what_the_fake_shows(history: History) -> None:
    check(history)


@settings(LAW, max_examples=5)
@given(histories(max_steps=8))
def test_what_is_foreseen_is_what_an_sdk_is_given_and_a_list_knows_nothing(
    history: History,
) -> None:
    with reachability_mock.fake() as mock:
        users = mock.client().conversations.v1.users
        for moment in history.play(mock):
            for identity, shown in moment.users.items():
                assert users(identity).fetch().is_online is shown.is_online
            assert {one.is_online for one in users.list()} <= {None}


@pytest.mark.parametrize("mutant", ["never_online_false", "offline_null", "unregistered_null"])
def test_a_wrong_fake_is_noticed(mutant: str) -> None:
    @settings(LAW, phases=[Phase.generate])
    @given(histories())
    def law(history: History) -> None:
        check(history)

    with mutant_named(mutant).applied(), pytest.raises(AssertionError):
        law()


def shows(moment: Moment, value: object) -> bool:
    return any(shown.is_online is value for shown in moment.users.values())


@pytest.mark.parametrize("value", [True, False, None])
def test_every_value_is_reached(value: object) -> None:
    def reached(history: History) -> bool:
        return any(shows(moment, value) for moment in history.moments)

    assert find(histories(), reached, settings=SEARCH).moments


def test_a_change_that_is_held_back_is_reached() -> None:
    def held_back(history: History) -> bool:
        return any(
            one.step.verb == "disconnect"
            and shows(one, value=True)
            and two.step.verb == "wait"
            and not shows(two, value=True)
            for one, two in pairwise(history.moments)
        )

    reached = find(histories(["alice"], ["phone"]), held_back, settings=SEARCH)
    assert reached.settings["offline_delay"]


@LAW
@given(histories(["zoe"], ["watch"], max_steps=3, delays=(0,)))
def test_a_test_says_who_what_and_how_much(history: History) -> None:
    assert len(history.moments) <= 3
    assert {moment.step.identity for moment in history.moments} <= {"zoe", ""}
    assert {moment.step.device for moment in history.moments} <= {"watch", ""}
    assert not history.settings["offline_delay"]


def test_a_history_prints_as_the_story_that_it_is() -> None:
    step = Step("connect", "alice", "phone")
    settings = {"online_delay": 0, "lost_after": 7}
    moments = (Moment(Step("enable"), {}), Moment(step, {}), Moment(Step("wait", seconds=7), {}))
    assert repr(History(settings, moments)) == (
        "<enable(); connect('alice', 'phone'); wait(7); {'lost_after': 7}>"
    )
    assert repr(History(settings, ())).startswith("<nothing happens;")


def test_without_hypothesis_the_error_names_the_extra() -> None:
    code = "import sys; sys.modules['hypothesis'] = None; import reachability_mock.strategies"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "reachability-mock[hypothesis]" in done.stderr


def test_a_history_is_told_as_a_story_wherever_it_is_printed() -> None:
    moments = tuple(
        Moment(step, {}) for step in (Step("connect", "alice", "phone"), Step("wait", seconds=7))
    )
    history = History({"online_delay": 7, "lost_after": 0}, moments)
    told = "<connect('alice', 'phone'); wait(7); {'online_delay': 7}>"
    assert repr(history) == told
    assert pretty(history) == told
    assert pretty(History({}, ())) == "<nothing happens; {}>"


def test_a_falsifying_example_is_that_story(tmp_path: Path) -> None:
    """In a process of its own, in which nothing else has changed how hypothesis prints."""
    file = tmp_path / "unhappy.py"
    file.write_text(UNHAPPY)
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=False)
    assert "history=<enable(); {'after_reenable': 'forget'}>" in done.stderr
