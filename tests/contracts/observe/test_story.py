"""A whole story in front of the good fake, and in front of wrong ones."""

from __future__ import annotations

import pytest

from reachability_contracts.mutants import mutant_named
from reachability_contracts.observe.finding import Standing
from tests.contracts.observe.watched import Watched, story

NOTICED = {
    "list_leaks_online": {"R9"},
    "list_leaks_notifiable": {"R9"},
    "list_shows_false": {"R9"},
    "default_path_list_leaks": {"R9"},
    "off_shows_false": {"R1", "R3"},
    "off_shows_truth": {"R1", "R3"},
    "off_hides_only_online": {"R1", "R3"},
    "offline_null": {"R6"},
    "unregistered_null": {"R7"},
    "online_means_notifiable": {"R7"},
    "notifiable_means_online": {"R6"},
    "create_shows_false": {"R10"},
    "update_shows_null": {"update_response"},
    "on_again_starts_over": {"R6", "R7"},
    "update_forgets": {"R6", "R7"},
    "switch_ignored": {"R2"},
    "cannot_be_switched_off": {"R2"},
    "enabled_is_text": {"R2"},
    "online_is_text": {"R5", "R6"},
    "null_is_left_out": {"R1", "R3", "R6", "R7", "R9", "R10"},
}
"""What a wrong fake is caught at.  That nobody was ever online cannot be seen from outside, so
`never_online_false` and its like are not here."""


def test_the_good_fake_agrees_and_every_rule_that_rest_shows_was_foretold() -> None:
    watched = Watched()
    story(watched)
    assert watched.outcomes == []
    agreed = {rule for rule, times in watched.watching.tally.agreed.items() if times}
    assert agreed == {"R1", "R2", "R3", "R5", "R6", "R7", "R9", "R10"}


@pytest.mark.parametrize("mutant", NOTICED)
def test_a_wrong_fake_is_noticed_and_the_rule_is_named(mutant: str) -> None:
    watched = Watched()
    with mutant_named(mutant).applied():
        story(watched)
    assert watched.about - {"update_response"} == NOTICED[mutant] - {"update_response"}
    assert watched.about >= NOTICED[mutant]


def test_a_list_that_leaks_is_certain_and_what_rests_on_the_indicator_is_not() -> None:
    for mutant, certain in (("list_leaks_online", True), ("off_shows_truth", False)):
        watched = Watched()
        with mutant_named(mutant).applied():
            story(watched)
        standings = {finding.standing for finding in watched.findings}
        assert standings == {Standing.CERTAIN if certain else Standing.OPEN}
