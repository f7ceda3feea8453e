"""R14: what is shown may lag behind the truth, and what overtakes a change cancels it."""

from __future__ import annotations

from datetime import timedelta

from reachability_mock.core.facts import UserDeleted
from reachability_mock.core.model import Policy
from tests.core.stage import Stage

ONLINE, NOTIFIABLE = ("reachabilityOnline",), ("reachabilityNotifiable",)


def lagging(online: int = 0, offline: int = 0, lost: int = 0) -> Stage:
    """A stage with those delays, the indicator on."""
    stage = Stage(
        Policy(timedelta(seconds=online), timedelta(seconds=offline), timedelta(seconds=lost))
    )
    stage.switch(on=True)
    stage.events.clear()
    return stage


def test_going_online_shows_after_the_delay_and_not_before() -> None:
    stage = lagging(online=10)
    stage.connect()
    stage.advance(9.999)
    assert stage.shown() == (None, None)
    assert stage.reasons() == []
    stage.advance(0.001)
    assert stage.shown() == (True, None)
    assert stage.reasons() == [ONLINE]


def test_going_offline_shows_after_the_delay_and_not_before() -> None:
    stage = lagging(offline=10)
    stage.connect()
    assert stage.shown() == (True, None), "going online has no delay here"
    stage.disconnect()
    stage.advance(9.999)
    assert stage.shown() == (True, None)
    stage.advance(0.001)
    assert stage.shown() == (False, None)


def test_back_in_time_means_no_event() -> None:
    stage = lagging(offline=10)
    stage.connect()
    stage.reasons()
    stage.disconnect()
    stage.advance(9)
    stage.connect()
    stage.advance(60)
    assert stage.reasons() == []
    assert stage.shown() == (True, None)


def test_gone_again_before_it_showed_means_no_event() -> None:
    stage = lagging(online=10)
    stage.connect()
    stage.advance(9)
    stage.disconnect()
    stage.advance(60)
    assert stage.reasons() == []
    assert stage.shown() == (None, None)


def test_a_second_absence_waits_anew() -> None:
    stage = lagging(offline=10)
    stage.connect()
    stage.disconnect()
    stage.advance(6)
    stage.connect()
    stage.disconnect()
    stage.advance(6)
    assert stage.shown() == (True, None), "the first absence's timer has come due in between"
    stage.advance(4)
    assert stage.shown() == (False, None)


def test_a_second_device_does_not_put_off_the_moment() -> None:
    stage = lagging(online=10)
    stage.connect("phone")
    stage.advance(6)
    stage.connect("tab")
    stage.advance(4)
    assert stage.shown() == (True, None)


def test_a_lost_socket_counts_as_open_for_a_while() -> None:
    stage = lagging(lost=10)
    stage.connect()
    stage.lose()
    stage.advance(9.999)
    assert stage.user().is_connected
    assert stage.shown() == (True, None)
    stage.advance(0.001)
    assert not stage.user().is_connected
    assert stage.shown() == (False, None)


def test_a_lost_socket_is_closed_first_and_then_offline_is_held_back() -> None:
    stage = lagging(lost=10, offline=5)
    stage.connect()
    stage.lose()
    stage.advance(14)
    assert stage.shown() == (True, None)
    stage.advance(1)
    assert stage.shown() == (False, None)


def test_one_look_long_after_sees_both_happen_each_at_its_own_time() -> None:
    stage = lagging(lost=10, offline=5)
    began = stage.now
    stage.connect()
    stage.lose()
    stage.events.clear()
    stage.advance(1000)
    assert [at - began for at, _ in stage.events] == [timedelta(seconds=10), timedelta(seconds=15)]


def test_a_lost_device_that_returns_was_never_away() -> None:
    stage = lagging(lost=10)
    stage.connect()
    stage.reasons()
    stage.lose()
    stage.advance(9)
    stage.connect()
    stage.advance(60)
    assert stage.events == []
    assert stage.shown() == (True, None)


def test_a_lost_device_may_still_say_goodbye() -> None:
    stage = lagging(lost=10)
    stage.connect()
    stage.lose()
    stage.disconnect()
    assert stage.shown() == (False, None)


def test_losing_it_twice_does_not_put_off_the_end() -> None:
    stage = lagging(lost=10)
    stage.connect()
    stage.lose()
    stage.advance(6)
    stage.lose()
    stage.advance(4)
    assert stage.shown() == (False, None)


def test_a_lost_device_closes_also_while_the_indicator_is_off() -> None:
    stage = lagging(lost=10)
    stage.connect()
    stage.lose()
    stage.switch(on=False)
    stage.advance(10)
    assert not stage.user().is_connected
    stage.switch(on=True)
    assert stage.shown() == (None, None)


def test_disabling_cancels_what_is_pending() -> None:
    stage = lagging(offline=10)
    stage.connect()
    stage.disconnect()
    stage.switch(on=False)
    stage.events.clear()
    stage.advance(60)
    assert stage.events == []
    assert stage.user().online_due is None
    stage.switch(on=True)
    assert stage.shown() == (None, None)


def test_what_is_connected_counts_at_once_when_it_is_switched_on() -> None:
    stage = lagging(online=10)
    stage.switch(on=False)
    stage.connect()
    stage.switch(on=True)
    assert stage.shown() == (True, None)


def test_a_change_that_was_pending_does_not_come_through_after_off_and_on() -> None:
    stage = lagging(online=10)
    stage.connect()
    stage.advance(5)
    stage.switch(on=False)
    stage.disconnect()
    stage.switch(on=True)
    stage.events.clear()
    stage.advance(60)
    assert stage.events == []
    assert stage.shown() == (None, None)


def test_is_notifiable_has_no_delay() -> None:
    stage = lagging(online=10, offline=10, lost=10)
    binding = stage.register()
    assert stage.shown() == (None, True)
    stage.unregister(binding)
    assert stage.shown() == (None, False)
    assert stage.reasons() == [NOTIFIABLE, NOTIFIABLE]


def test_a_change_of_push_leaves_a_pending_change_alone() -> None:
    stage = lagging(offline=10)
    stage.connect()
    stage.disconnect()
    stage.advance(5)
    stage.register()
    stage.advance(5)
    assert stage.shown() == (False, True)


def test_timers_of_a_deleted_user_do_nothing_to_the_next_of_that_name() -> None:
    stage = lagging(offline=10)
    stage.connect()
    stage.disconnect()
    stage.happen(UserDeleted(stage.service_sid, stage.user().sid))
    stage.connect()
    stage.events.clear()
    stage.advance(60)
    assert stage.events == []
    assert stage.shown() == (True, None)
