"""The register of rules."""

from __future__ import annotations

from reachability_mock.core.rules import ALL_RULES, Rules


def test_there_are_fourteen_in_order() -> None:
    assert [rule.id for rule in ALL_RULES] == [f"R{number}" for number in range(1, 15)]


def test_a_rule_has_the_id_of_its_name() -> None:
    assert all(rule.name == rule.id for rule in Rules)


def test_each_says_something_of_its_own_and_where_that_is_from() -> None:
    assert len({rule.says for rule in ALL_RULES}) == 14
    for rule in ALL_RULES:
        assert rule.says.endswith(".")
        assert rule.source.startswith(("https://www.twilio.com/docs/", "our reading"))


def test_what_a_rule_says_holds_no_braces() -> None:
    """`why` fills its sentences in with `format`."""
    assert not [rule for rule in ALL_RULES if {"{", "}"} & set(rule.says)]
