"""Mutants: named, sentenced, and never idle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from reachability_contracts import document, plays, probes, score
from reachability_contracts.mutants import (
    ALL_MUTANTS,
    FellOver,
    Mutant,
    PatchedNothing,
    mutant_named,
)
from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_contracts.results import Result, Verdict
from reachability_contracts.stages import InProcess
from reachability_mock.core import errors, paging, presence, reachability
from reachability_mock.core.rules import Rules
from reachability_mock.scenario.target import TargetFailed


def test_there_are_at_least_forty_with_names_of_their_own() -> None:
    names = [mutant.id for mutant in ALL_MUTANTS]
    assert len(names) >= 40
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("rule", [rule.id for rule in Rules])
def test_every_rule_is_broken_by_a_mutant_that_is_not_equivalent(rule: str) -> None:
    assert any(one.breaks == rule and not one.equivalent_because for one in ALL_MUTANTS)


@pytest.mark.parametrize("mutant", ALL_MUTANTS, ids=lambda mutant: mutant.id)
def test_a_mutant_says_what_it_breaks_and_patches_something(mutant: Mutant) -> None:
    assert mutant.breaks in {rule.id for rule in Rules} or mutant.breaks.startswith("edge:")
    assert mutant.says.endswith(".")
    with mutant.applied():
        pass


@pytest.mark.parametrize("rule", [rule.id for rule in Rules])
def test_who_breaks_a_rule_is_noticed_where_that_rule_is_named(rule: str) -> None:
    document.document()  # loaded before anything is patched, like the scenarios
    plays.scenarios()
    mutants = [one for one in ALL_MUTANTS if one.breaks == rule and not one.equivalent_because]
    unnamed = {one.id: names for one in mutants if rule not in (names := _rules_failed(one))}
    assert not unnamed


def _rules_failed(mutant: Mutant) -> set[str]:
    """The rules that the failed steps and probes name."""
    found: set[str] = set()
    with mutant.applied():
        for result in _judged():
            if result.verdict is Verdict.FAILED:
                found.update(result.rules)
    return found


def _judged() -> Iterator[Result]:
    for scenario in plays.scenarios():
        with suppress(TargetFailed):  # a scenario that cannot go on has said why
            yield from plays.played(scenario, plays.in_process(scenario))
    yield from probes.probe(InProcess(), has_default_key=True)


def test_a_mutant_is_taken_off_again() -> None:
    before = reachability.seen
    with mutant_named("list_leaks_online").applied():
        assert reachability.seen is not before
    assert reachability.seen is before


def test_a_mutant_that_patches_nothing_has_rotted() -> None:
    shelf = Shelf()

    @shelf.mutant("R1")
    def idle(_patch: Patch) -> None:
        """Nothing is wrong."""

    with pytest.raises(PatchedNothing, match="idle"), shelf[0].applied():
        pass


def test_a_function_that_nobody_holds_cannot_be_patched() -> None:
    shelf = Shelf()

    @shelf.mutant("R1")
    def lost(patch: Patch) -> None:
        """It patches what is not the fake's."""
        patch.around(lambda: None, lambda *_: None)

    with pytest.raises(PatchedNothing), shelf[0].applied():
        pass


def test_a_constant_that_has_the_value_already_cannot_be_patched() -> None:
    shelf = Shelf()

    @shelf.mutant("R1")
    def same(patch: Patch) -> None:
        """The default size is the default size."""
        patch.constant(paging, "DEFAULT_SIZE", paging.DEFAULT_SIZE)

    with pytest.raises(PatchedNothing), shelf[0].applied():
        pass


def test_what_fails_half_way_is_undone() -> None:
    shelf = Shelf()
    before = errors.user_exists

    @shelf.mutant("R1")
    def half(patch: Patch) -> None:
        """Its second half is missing."""
        patch.around(errors.user_exists, lambda real: real())
        patch.method(InProcess, "no_such_method", lambda *_: None)

    with pytest.raises(PatchedNothing), shelf[0].applied():
        pass
    assert errors.user_exists is before


def test_a_mutant_whose_own_code_fails_has_rotted() -> None:
    said = r"outgrown fell over: TypeError"
    with pytest.raises(FellOver, match=said), _outgrown().applied():
        errors.user_exists()
    with pytest.raises(FellOver, match=said), _outgrown().applied(), suppress(TypeError):
        errors.user_exists()  # as the app turns any fault into a 500


def test_a_judge_that_fails_does_so_itself() -> None:
    with pytest.raises(ZeroDivisionError), mutant_named("list_leaks_online").applied():
        raise ZeroDivisionError


def test_a_mutant_that_refuses_has_not_fallen_over() -> None:
    shelf = Shelf()

    @shelf.mutant("edge:error")
    def strict(patch: Patch) -> None:
        """Everything is a duplicate."""

        def refuse(_real: object, *_: object) -> None:
            raise errors.bad_value("x", "y")

        patch.around(errors.user_exists, refuse)

    with shelf[0].applied(), pytest.raises(errors.Refused):
        errors.user_exists()


def test_nobody_is_said_to_have_killed_a_mutant_that_fell_over() -> None:
    shelf = Shelf()

    @shelf.mutant("R5")
    def outgrown(patch: Patch) -> None:
        """Connecting takes an argument that this has not heard of."""
        patch.around(presence.connected, lambda _real, _fact: None)

    (one,) = score.scored(["scenarios"], shelf)
    assert not one.is_killed
    assert not one.is_fine
    result = score.result_of(one)
    assert result.verdict is Verdict.FAILED
    assert "outgrown fell over: TypeError" in result.reason
    assert score.verdict_line([one]) == "0 of 1 killed (0 equivalent)"


def _outgrown() -> Mutant:
    shelf = Shelf()

    @shelf.mutant("edge:error")
    def outgrown(patch: Patch) -> None:
        """It takes other arguments than what it stands for."""
        patch.around(errors.user_exists, lambda _real, _one_more: None)

    return shelf[0]
