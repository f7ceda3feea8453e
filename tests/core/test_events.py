"""Events and facts: values, of which those of one shape are still different things."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from reachability_mock.core import events, facts
from reachability_mock.core.events import UserAdded, UserRemoved
from reachability_mock.core.facts import ConnectionLost, Disconnected, TimerDue, UserDeleted
from reachability_mock.journal import jsonable
from tests.core.stage import Stage


def test_two_kinds_of_event_are_never_the_same(stage: Stage) -> None:
    stage.connect()
    service, user = stage.service, stage.user()
    removed = UserRemoved(service, user)
    assert removed == UserRemoved(service, user)
    assert not same(removed, UserAdded(service, user))
    assert repr(removed).startswith("UserRemoved(service=")


def test_two_kinds_of_fact_are_never_the_same() -> None:
    phone = ("IS", "alice", "phone")
    assert Disconnected(*phone) == Disconnected(*phone)
    assert not same(Disconnected(*phone), ConnectionLost(*phone))
    assert not same(UserDeleted("IS", "US"), TimerDue("IS", "US"))


@pytest.mark.parametrize("kind", [*facts.Fact.__args__, *events.Event.__args__])
def test_what_happened_cannot_be_changed(kind: type) -> None:
    made = kind(*("x" for _ in fields(kind)))
    with pytest.raises(FrozenInstanceError):
        setattr(made, fields(kind)[0].name, "y")


def test_the_journal_names_the_kind_and_not_its_base() -> None:
    assert jsonable(TimerDue("IS", "US")) == {
        "type": "TimerDue",
        "service_sid": "IS",
        "user_sid": "US",
    }


def same(one: object, other: object) -> bool:
    """Whether two values are equal, whatever mypy knows of their types."""
    return one == other
