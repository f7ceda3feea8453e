"""The journal: bounded, numbered, readable as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from threading import Thread

from reachability_mock.core.model import BindingType
from reachability_mock.journal import HEAVIEST, LIMIT, Journal, jsonable
from tests.core.stage import START


def test_the_oldest_fall_out_and_numbers_go_on() -> None:
    journal = Journal(limit=3)
    for number in range(5):
        assert journal.add("request", START, number) == number + 1
    assert [(entry.n, entry.data) for entry in journal] == [(3, 2), (4, 3), (5, 4)]
    journal.clear()
    assert list(journal) == []
    assert journal.add("request", START, "x") == 6


def test_it_is_bounded_unless_told_otherwise() -> None:
    journal = Journal()
    for _ in range(LIMIT + 1):
        journal.add("request", START, None)
    assert len(list(journal)) == LIMIT


def test_what_is_heavy_makes_the_oldest_fall_out() -> None:
    journal = Journal(limit=4)
    for number in range(4):
        journal.weigh(journal.note("request", START, number), HEAVIEST // 3)
    assert [entry.data for entry in journal] == [1, 2, 3]
    journal.weigh(journal.note("request", START, "whale"), HEAVIEST * 2)
    assert [entry.data for entry in journal] == ["whale"]
    journal.clear()
    for number in range(6):  # the limits of number and of weight do not get into each other's way
        journal.weigh(journal.note("request", START, number), HEAVIEST // 4)
    assert [entry.data for entry in journal] == [2, 3, 4, 5]


def test_it_can_be_asked_for_what_is_new_of_a_kind_about_a_user() -> None:
    journal = Journal()
    journal.add("request", START, 1, user="alice")
    journal.add("event", START, 2, user="alice")
    journal.add("event", START, 3, user="bob")
    assert [entry.data for entry in journal.since()] == [1, 2, 3]
    assert [entry.data for entry in journal.since(1)] == [2, 3]
    assert [entry.data for entry in journal.since(kind="event", user="alice")] == [2]
    assert journal.since(3) == []


def test_an_entry_is_json() -> None:
    journal = Journal()
    journal.add("fact", START, {"a": 1}, account="AC", service="IS", user="alice", cause=9)
    [entry] = journal
    assert entry.as_json() == {
        "n": 1,
        "at": "2026-01-05T09:00:00+00:00",
        "kind": "fact",
        "account": "AC",
        "service": "IS",
        "user": "alice",
        "cause": 9,
        "data": {"a": 1},
    }


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Thing:
    colour: Colour
    parts: tuple[object, ...]


def test_anything_can_be_json() -> None:
    thing = Thing(Colour.RED, (1, None, START.date(), START, {3}, frozenset({BindingType.APN})))
    read = jsonable({"thing": thing, 7: [timedelta(1), b"x", 1.5, True]})
    assert read == {
        "thing": {
            "type": "Thing",
            "colour": "red",
            "parts": [1, None, "2026-01-05", "2026-01-05T09:00:00+00:00", [3], ["apn"]],
        },
        "7": ["1 day, 0:00:00", "b'x'", 1.5, True],
    }
    assert json.loads(json.dumps(read)) == read
    assert jsonable(Thing) == str(Thing), "a type is not a value of it"


def test_entries_stand_in_the_order_of_their_numbers_whoever_adds_them() -> None:
    journal = Journal(limit=10_000)

    def add() -> None:
        for _ in range(500):
            journal.add("request", START, None)

    threads = [Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.n for entry in journal] == list(range(1, 2001))
