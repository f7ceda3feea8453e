"""The scenarios we ship: product, documentation and test data at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from reachability_mock import data
from reachability_mock.core import reachability
from reachability_mock.core.rules import ALL_RULES, Rules
from reachability_mock.scenario.expect import Expect
from reachability_mock.scenario.loader import load
from reachability_mock.scenario.report import explain
from reachability_mock.scenario.runner import Verdict, play
from reachability_mock.scenario.schema import LINE
from reachability_mock.targets import InProcessTarget
from tests.scenario.acting import new_site

SHIPPED = sorted(data.scenario_folder().glob("*.yaml"))
NAMED = {
    "enable-and-disable",
    "null-in-list",
    "first-time-online",
    "two-devices",
    "push-while-offline",
    "slow-offline",
    "two-services-one-identity",
    "observer-sees-updates",
    "identity-gotchas",
    "paging-under-churn",
    "errors",
    "roles",
    "settings",
    "push-credentials",
}
each = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)


def test_those_that_the_documents_promise_are_there() -> None:
    assert {path.stem for path in SHIPPED} >= NAMED


@each
def test_it_is_as_it_says(path: Path) -> None:
    results = list(play(load(path), InProcessTarget(new_site()), instant=True))
    assert not explain(results)
    assert {one.verdict for one in results} == {Verdict.PASSED}


@each
def test_it_can_be_played_again_in_the_same_world(path: Path) -> None:
    target = InProcessTarget(new_site())
    for _ in range(2):
        assert not explain(play(load(path), target, instant=True))


@each
def test_every_expectation_names_its_rules(path: Path) -> None:
    nameless = [
        f"{path.name}:{planned.line}"
        for planned in load(path).timeline
        if isinstance(planned.step, Expect) and not planned.rules
    ]
    assert not nameless


@each
def test_it_has_the_editors_line_and_says_what_it_teaches(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == LINE
    header = [line for line in lines if line.startswith("#")]
    assert any("Teaches" in line for line in header)
    assert load(path).about.endswith(".")


@each
def test_it_is_called_what_it_is_called(path: Path) -> None:
    assert load(path).name == path.stem


@each
def test_it_can_be_played_anywhere(path: Path) -> None:
    scenario = load(path)
    assert not any(service.sid for service in scenario.given.services)
    assert [account.name for account in scenario.given.accounts] == ["default"]


def test_together_they_name_every_rule() -> None:
    named = frozenset[str]().union(*(load(path).rules for path in SHIPPED))
    assert named == {rule.id for rule in ALL_RULES}


def test_a_fake_whose_lists_tell_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Expectations that nothing can fail would be no evidence."""
    told = reachability.Verdict(value=False, rule=Rules.R9)
    monkeypatch.setattr(reachability, "_READ", told)
    path = data.scenario_folder() / "null-in-list.yaml"
    results = list(play(load(path), InProcessTarget(new_site()), instant=True))
    assert {rule for one in results if one.verdict is Verdict.FAILED for rule in one.rules} >= {
        "R9"
    }


def test_the_syntax_of_the_handbook_loads() -> None:
    """One file with every construct, so that none is lost by accident."""
    load(Path(__file__).with_name("everything.yaml"))
