"""Sync maps: derived names, ids that only grow, and items that follow what may be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reachability_mock.core.facts import (
    Connected,
    Disconnected,
    ServiceConfigured,
    UserCreated,
    UserEdited,
)
from reachability_mock.core.model import Policy
from reachability_mock.wire import sync
from reachability_mock.wire.sync import ATTRIBUTES, FRIENDLY_NAME, REACHABILITY, Board, Item
from tests.wire.playbook import SERVICE, START, Playbook, map_of

POLICY = Policy()


@pytest.fixture
def play() -> Playbook:
    play = Playbook()
    play.world.submit(UserCreated(SERVICE, "US" + "1" * 32, "alice"))
    return play


def refresh(play: Playbook, board: Board, *, again: bool = False) -> list[Item]:
    return board.refresh(play.service, play.user(), POLICY, START, again=again)


def switch(play: Playbook, *, on: bool) -> None:
    play.world.submit(ServiceConfigured(SERVICE, reachability_enabled=on))


def connect(play: Playbook) -> None:
    play.world.submit(Connected(SERVICE, "alice", "phone", "US" + "2" * 32))


def test_a_sid_follows_from_service_and_identity_and_so_does_the_name() -> None:
    sid = sync.map_sid(SERVICE, "alice")
    assert sid == sync.map_sid(SERVICE, "alice")
    assert sid not in {sync.map_sid(SERVICE, "Alice"), sync.conversations_sid(SERVICE, "alice")}
    assert sync.sid_of(sync.name_of(sid)) == sid == sync.sid_of(sid)


def test_ids_begin_with_the_milliseconds_and_only_grow(play: Playbook) -> None:
    board = Board()
    found = board.open(play.service, play.user(), POLICY, START)
    first = int(START.timestamp() * 1000)
    assert [item.event_id for item in found.after(None)] == [first, first + 1, first + 2]
    connect(play)
    earlier = START - timedelta(days=1)
    (item,) = board.refresh(play.service, play.user(), POLICY, earlier)
    assert item.event_id == first + 3 == found.last_event_id


def test_a_board_made_later_has_higher_ids(play: Playbook) -> None:
    """A server that was restarted a second later is never behind what clients have seen."""
    before = Board().open(play.service, play.user(), POLICY, START)
    after = Board().open(play.service, play.user(), POLICY, START + timedelta(seconds=1))
    assert len(after.after(before.last_event_id)) == 3


def test_a_map_is_made_once_and_is_the_same_for_all(play: Playbook) -> None:
    board = Board()
    found = board.open(play.service, play.user(), POLICY, START)
    assert board.open(play.service, play.user(), POLICY, START) is found
    assert found.items[FRIENDLY_NAME].data == {"value": None}
    assert found.items[ATTRIBUTES].data == {"value": "{}"}
    assert found.items[REACHABILITY].data == {"online": None, "notifiable": None}


def test_without_the_indicator_there_is_no_such_item() -> None:
    play = Playbook(enabled=False)
    play.world.submit(UserCreated(SERVICE, "US" + "1" * 32, "alice"))
    found = Board().open(play.service, play.user(), POLICY, START)
    assert set(found.items) == {FRIENDLY_NAME, ATTRIBUTES}


def test_nobody_looked_so_nothing_is_refreshed(play: Playbook) -> None:
    board = Board()
    assert refresh(play, board) == []
    board.learn(play.user())
    assert refresh(play, board) == []


def test_only_what_looks_different_is_refreshed(play: Playbook) -> None:
    board = Board()
    board.open(play.service, play.user(), POLICY, START)
    assert refresh(play, board) == []
    connect(play)
    play.world.submit(UserEdited(SERVICE, play.user().sid, friendly_name="A"))
    assert {item.key: item.data for item in refresh(play, board)} == {
        FRIENDLY_NAME: {"value": "A"},
        REACHABILITY: {"online": True, "notifiable": None},
    }
    assert refresh(play, board) == []


def test_while_it_is_off_the_indicators_item_stays_as_it_is(play: Playbook) -> None:
    board = Board()
    connect(play)
    board.open(play.service, play.user(), POLICY, START)
    switch(play, on=False)
    play.world.submit(Disconnected(SERVICE, "alice", "phone"))
    assert refresh(play, board) == []


def test_switched_on_again_it_is_told_anew_even_if_it_looks_the_same(play: Playbook) -> None:
    board = Board()
    connect(play)
    found = board.open(play.service, play.user(), POLICY, START)
    before = found.items[REACHABILITY]
    switch(play, on=False)
    switch(play, on=True)
    (item,) = refresh(play, board, again=True)
    assert (item.key, item.data) == (REACHABILITY, before.data)
    assert item.event_id > before.event_id
    assert item.created == before.created


def test_who_went_away_while_it_was_off_is_unknown_again(play: Playbook) -> None:
    board = Board()
    connect(play)
    board.open(play.service, play.user(), POLICY, START)
    switch(play, on=False)
    play.world.submit(Disconnected(SERVICE, "alice", "phone"))
    switch(play, on=True)
    (item,) = refresh(play, board, again=True)
    assert item.data == {"online": None, "notifiable": None}


def test_what_is_missed_is_at_most_one_event_an_item(play: Playbook) -> None:
    board = Board()
    found = board.open(play.service, play.user(), POLICY, START)
    seen = found.last_event_id
    for name in ("A", "B", "C"):
        play.world.submit(UserEdited(SERVICE, play.user().sid, friendly_name=name))
        refresh(play, board)
    assert [item.data for item in found.after(seen)] == [{"value": "C"}]
    assert found.after(found.last_event_id) == []


def test_whose_map_it_is_can_be_asked_within_its_service(play: Playbook) -> None:
    board = Board()
    assert board.owner(SERVICE, map_of("alice")) is None
    board.learn(play.user())
    assert board.owner(SERVICE, map_of("alice")) == "alice"
    assert board.owner("IS" + "f" * 32, map_of("alice")) is None
    assert board.looked_at(SERVICE) == []
    assert board.looked_at("IS" + "f" * 32) == []
    board.open(play.service, play.user(), POLICY, START)
    assert board.looked_at(SERVICE) == ["alice"]


def test_a_deleted_user_is_remembered_as_gone_until_it_comes_again(play: Playbook) -> None:
    board = Board()
    assert not board.is_gone(SERVICE, map_of("alice"))
    found = board.open(play.service, play.user(), POLICY, START)
    sid, event_id = board.forget(play.user(), START)
    assert sid == map_of("alice")
    assert event_id > found.last_event_id
    assert board.is_gone(SERVICE, map_of("alice"))
    assert board.owner(SERVICE, map_of("alice")) is None
    board.learn(play.user())
    assert not board.is_gone(SERVICE, map_of("alice"))


def test_not_every_deleted_user_is_remembered_for_ever(
    play: Playbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "LARGEST_GRAVEYARD", 2)
    board = Board()
    for identity in ("a", "b", "c"):
        board.forget(replace(play.user(), identity=identity), START)
    gone = [identity for identity in "abc" if board.is_gone(SERVICE, map_of(identity))]
    assert gone == ["b", "c"]


def test_a_deleted_service_takes_its_maps_along(play: Playbook) -> None:
    board = Board()
    board.open(play.service, play.user(), POLICY, START)
    board.forget_service(SERVICE)
    assert board.owner(SERVICE, map_of("alice")) is None
    assert board.looked_at(SERVICE) == []
