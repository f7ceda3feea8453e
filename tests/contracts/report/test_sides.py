"""Exchanges on a page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reachability_contracts.report.sides import Side, Sides, text_of
from reachability_contracts.results import Exchange
from tests.contracts.report.sample import an_exchange

FAKE, LIVE = an_exchange(online=None), an_exchange("live 2026-11-20", online=True)


def marked(side: Side) -> list[str]:
    return [line.text.strip() for line in side.lines if line.differs]


@pytest.mark.parametrize("order", [[LIVE, FAKE, LIVE, FAKE, FAKE], [LIVE, LIVE, FAKE, FAKE, FAKE]])
def test_what_two_people_answered_stands_side_by_side_in_turn(order: list[Exchange]) -> None:
    rows = Sides().of(order)
    assert [[side.exchange.who for side in row] for row in rows] == [
        ["live 2026-11-20", "the fake"],
        ["live 2026-11-20", "the fake"],
        ["the fake"],
    ]


def test_what_one_alone_answered_stands_in_its_order() -> None:
    rows = Sides().of([replace(FAKE, status=status) for status in (200, 201, 204)])
    assert [[side.exchange.status for side in row] for row in rows] == [[200], [201], [204]]
    assert Sides().of([]) == []


def test_what_they_differ_in_is_marked_and_nothing_else() -> None:
    ((left, right),) = Sides().of([LIVE, FAKE])
    assert marked(left) == ['"is_online": true,']
    assert marked(right) == ['"is_online": null,']


def test_a_comma_more_is_no_difference() -> None:
    ((left, right),) = Sides().of(
        [replace(LIVE, body={"a": 1, "b": 2}), replace(FAKE, body={"a": 1})]
    )
    assert marked(left) == ['"b": 2']
    assert marked(right) == []


def test_a_body_is_shown_once_and_linked_to_after_that() -> None:
    sides = Sides()
    body = {"identity": "x" * 200}
    ((first,),) = sides.of([replace(FAKE, body=body)])
    ((second,),) = sides.of([replace(FAKE, body=body, status=201)])
    assert first.lines
    assert not second.lines
    assert second.same_as == first.anchor
    assert second.anchor != first.anchor


def test_a_short_body_is_shown_again_rather_than_linked_to() -> None:
    (_, (again,)) = Sides().of([replace(FAKE, body={}), replace(FAKE, body={})])
    assert [line.text for line in again.lines] == ["{}"]


def test_answers_that_agree_share_their_body() -> None:
    body = {"identity": "x" * 200}
    ((left, right),) = Sides().of([replace(LIVE, body=body), replace(FAKE, body=body)])
    assert right.same_as == left.anchor
    assert marked(left) == []


def test_a_body_is_json_a_text_or_nothing() -> None:
    assert text_of({"ä": None}) == '{\n "ä": null\n}'
    assert text_of("<html>") == "<html>"
    assert text_of(None) == ""


def test_of_a_very_long_body_the_beginning_is_shown() -> None:
    text = text_of("x" * 20_003)
    assert text.endswith("… and 3 more characters: see --json")


def test_a_form_is_a_parameter_a_line() -> None:
    ((side,),) = Sides().of([replace(FAKE, form=(("Identity", "a"), ("FriendlyName", "")))])
    assert side.form == "Identity=a\nFriendlyName="
