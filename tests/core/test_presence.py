"""Connections and registrations come and go; what is shown follows (R4 to R8)."""

from __future__ import annotations

import pytest

from reachability_mock.core.errors import Refused
from reachability_mock.core.events import (
    BindingAdded,
    BindingRemoved,
    ConnectionClosed,
    ConnectionOpened,
    Event,
    UserAdded,
    UserUpdated,
)
from reachability_mock.core.facts import (
    Connected,
    ConnectionLost,
    Disconnected,
    PushRegistered,
    PushUnregistered,
    TimerDue,
)
from reachability_mock.core.model import Binding, BindingType, Policy
from reachability_mock.core.reachability import Action, Reachability, parted, seen
from tests.core.stage import Stage, sid

ONLINE, NOTIFIABLE = ("reachabilityOnline",), ("reachabilityNotifiable",)
NOWHERE = sid("IS", 404)


@pytest.fixture
def on(stage: Stage) -> Stage:
    """Return a stage with the indicator on."""
    stage.switch(on=True)
    stage.events.clear()
    return stage


def kinds(stage: Stage) -> list[type[Event]]:
    return [type(event) for _, event in stage.events]


def test_who_connects_is_online(on: Stage) -> None:
    on.connect()
    assert on.shown() == (True, None)


def test_an_unknown_identity_becomes_a_user_when_it_connects(on: Stage) -> None:
    on.happen(Connected(on.service_sid, "eve", "phone", sid("US", 77)))
    assert on.user("eve").sid == sid("US", 77)
    assert on.user("eve").role_sid == on.service.default_chat_service_role_sid
    assert kinds(on) == [UserAdded, ConnectionOpened, UserUpdated]


def test_an_unknown_identity_becomes_a_user_while_the_indicator_is_off(stage: Stage) -> None:
    stage.connect()
    assert stage.user().is_connected
    assert kinds(stage) == [UserAdded, ConnectionOpened]


def test_an_identity_that_no_user_may_have_cannot_connect(on: Stage) -> None:
    with pytest.raises(Refused, match="50203"):
        on.connect(identity="system")


def test_two_devices_and_one_goodbye_leave_the_user_online(on: Stage) -> None:
    on.connect("phone")
    on.connect("tab")
    on.disconnect("phone")
    assert on.shown() == (True, None)
    assert on.reasons() == [ONLINE]


def test_the_last_goodbye_makes_the_user_offline(on: Stage) -> None:
    on.connect()
    on.disconnect()
    assert on.shown() == (False, None)
    assert kinds(on)[-2:] == [ConnectionClosed, UserUpdated]
    assert on.reasons() == [ONLINE, ONLINE]


def test_a_device_that_connects_twice_is_one_connection(on: Stage) -> None:
    on.connect()
    on.connect()
    on.disconnect()
    assert on.shown() == (False, None)


def test_a_goodbye_of_nobody_and_of_another_device_is_nothing(on: Stage) -> None:
    on.disconnect()
    assert on.records.users == {}
    on.connect("phone")
    on.events.clear()
    on.disconnect("tab")
    assert on.events == []
    assert on.shown() == (True, None)


def test_a_loss_of_nobody_and_of_another_device_is_nothing(on: Stage) -> None:
    on.lose()
    on.connect("phone")
    on.events.clear()
    on.lose("tab")
    assert on.events == []


def test_a_lost_socket_without_a_waiting_time_is_closed_at_once(on: Stage) -> None:
    on.connect()
    on.lose()
    assert on.shown() == (False, None)


def test_a_registration_makes_its_user_notifiable_and_not_online(on: Stage) -> None:
    on.register()
    assert on.shown() == (None, True)
    assert on.reasons() == [NOTIFIABLE]


def test_offline_and_notifiable_is_a_phone_in_a_pocket(on: Stage) -> None:
    on.connect()
    on.register()
    on.disconnect()
    assert on.shown() == (False, True)


@pytest.mark.parametrize("kind", [BindingType.APN, BindingType.FCM, BindingType.GCM])
def test_every_kind_of_push_counts(on: Stage, kind: BindingType) -> None:
    on.register(kind=kind)
    assert on.shown() == (None, True)


def test_a_twilsock_binding_does_not_count(on: Stage) -> None:
    kept = on.register(kind=BindingType.TWILSOCK)
    assert on.shown() == (None, None)
    assert kinds(on) == [UserAdded, BindingAdded]
    assert kept in on.records.bindings
    on.unregister(kept)
    assert on.shown() == (None, None)


def test_the_last_unregistration_makes_the_user_unnotifiable(on: Stage) -> None:
    first, second = on.register("pixel"), on.register("iphone", kind=BindingType.APN)
    on.unregister(first)
    assert on.shown() == (None, True)
    on.unregister(second)
    assert on.shown() == (None, False)
    assert kinds(on)[-2:] == [BindingRemoved, UserUpdated]


def test_the_same_endpoint_again_is_the_same_binding(on: Stage) -> None:
    first = on.register("pixel")
    assert on.register("pixel") == first
    assert on.register("pixel", kind=BindingType.GCM) != first
    assert on.register("pixel", identity="bob") != first


def test_a_binding_knows_its_user_and_what_it_is_for(on: Stage) -> None:
    fact = PushRegistered(
        on.service_sid, "bob", sid("BS", 1), sid("US", 1), BindingType.APN, "x", "CR1", ("a",)
    )
    binding = on.happen(fact).subject
    assert isinstance(binding, Binding)
    assert (binding.sid, binding.user_sid, binding.identity) == (sid("BS", 1), sid("US", 1), "bob")
    assert (binding.credential_sid, binding.message_types) == ("CR1", ("a",))
    assert binding.date_created == binding.date_updated == on.now


def test_a_binding_that_is_not_there_cannot_end(on: Stage) -> None:
    with pytest.raises(Refused) as caught:
        on.unregister(sid("BS", 404))
    assert caught.value.problem.status == 404
    assert sid("BS", 404) in caught.value.problem.message


def test_nothing_is_told_while_the_indicator_is_off(stage: Stage) -> None:
    stage.connect()
    stage.register()
    stage.disconnect()
    assert stage.reasons() == []
    assert stage.shown() == (None, None)


def test_a_change_of_presence_leaves_date_updated_alone(on: Stage) -> None:
    on.connect()
    on.advance(5)
    on.disconnect()
    assert on.user().date_updated == on.user().date_created


def test_a_setting_lets_a_change_of_presence_move_date_updated() -> None:
    stage = Stage(Policy(presence_bumps_date_updated=True))
    stage.connect()
    stage.advance(5)
    stage.disconnect()
    assert stage.user().date_updated == stage.user().date_created, "nothing shows while it is off"
    stage.switch(on=True)
    stage.connect()
    assert stage.user().date_updated == stage.now


@pytest.mark.parametrize(
    "fact",
    [
        Connected(NOWHERE, "alice", "phone", sid("US", 1)),
        Disconnected(NOWHERE, "alice", "phone"),
        ConnectionLost(NOWHERE, "alice", "phone"),
        PushRegistered(NOWHERE, "alice", sid("BS", 1), sid("US", 1), BindingType.FCM, "x"),
        PushUnregistered(NOWHERE, sid("BS", 1)),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_nothing_happens_in_a_service_that_is_gone(stage: Stage, fact: Connected) -> None:
    with pytest.raises(Refused) as caught:
        stage.happen(fact)
    assert (
        caught.value.problem.message == f"The requested resource /Services/{NOWHERE} was not found"
    )


def test_a_timer_of_a_user_or_service_that_is_gone_does_nothing(stage: Stage) -> None:
    assert stage.happen(TimerDue(NOWHERE, sid("US", 1))).puts == ()
    assert stage.happen(TimerDue(stage.service_sid, sid("US", 1))).puts == ()


def test_who_is_deleted_is_seen_to_go_as_far_as_anything_was_known(on: Stage) -> None:
    def last_seen() -> Reachability:
        return seen(on.service, parted(on.user()), Action.FETCH, Policy())

    on.connect()
    assert last_seen() == Reachability(is_online=False, is_notifiable=None)
    on.register()
    assert last_seen() == Reachability(is_online=False, is_notifiable=False)
    on.switch(on=False)
    on.disconnect()
    on.switch(on=True)
    assert last_seen() == Reachability(is_online=None, is_notifiable=False)
