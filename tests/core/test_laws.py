"""The four laws of the core, and the laws of time, for histories that hypothesis makes up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reachability_mock.core.apply import apply
from reachability_mock.core.changes import Changes
from reachability_mock.core.errors import Refused
from reachability_mock.core.events import (
    BindingAdded,
    Event,
    ServiceUpdated,
    UserAdded,
    UserRemoved,
    UserUpdated,
)
from reachability_mock.core.facts import (
    AccountOpened,
    Connected,
    ConnectionLost,
    Disconnected,
    Fact,
    PushRegistered,
    ServiceConfigured,
    TimerDue,
    UserCreated,
    UserDeleted,
    UserEdited,
)
from reachability_mock.core.model import BindingType, Policy
from reachability_mock.core.reachability import UNKNOWN, Action, Reachability, seen
from tests.core.stage import ACCOUNT, Stage

Step = tuple[str, str, str]
IDENTITIES = st.sampled_from(["alice", "bob"])
DEVICES = st.sampled_from(["phone", "tab"])
VERBS = st.sampled_from(
    ["connect", "disconnect", "lose", "register", "unregister", "on", "off", "wait", "delete"]
)
HISTORIES = st.lists(st.tuples(VERBS, IDENTITIES, DEVICES), max_size=30)
SECONDS = st.sampled_from([0, 5, 13, 20]).map(lambda number: timedelta(seconds=number))
POLICIES = st.builds(
    Policy,
    SECONDS,
    SECONDS,
    SECONDS,
    state_survives_disable=st.booleans(),
    presence_bumps_date_updated=st.booleans(),
)
LAW = settings(max_examples=150, deadline=None, derandomize=True, database=None)


def take(stage: Stage, step: Step) -> None:
    """Let one step of a history happen."""
    verb, identity, device = step
    kind = BindingType.FCM if device == "phone" else BindingType.TWILSOCK
    deeds: dict[str, Callable[[], object]] = {
        "connect": lambda: stage.connect(device, identity),
        "disconnect": lambda: stage.disconnect(device, identity),
        "lose": lambda: stage.lose(device, identity),
        "register": lambda: stage.register(device, identity, kind),
        "unregister": lambda: unregister(stage, identity, device),
        "on": lambda: stage.switch(on=True),
        "off": lambda: stage.switch(on=False),
        "wait": lambda: stage.advance(7),
        "delete": lambda: delete(stage, identity),
    }
    deeds[verb]()


def unregister(stage: Stage, identity: str, endpoint: str) -> None:
    for one in list(stage.records.bindings.values()):
        if (one.identity, one.endpoint) == (identity, endpoint):
            stage.unregister(one.sid)


def delete(stage: Stage, identity: str) -> None:
    user = stage.records.user_by_identity(stage.service_sid, identity)
    if user:
        stage.happen(UserDeleted(stage.service_sid, user.sid))


def told(policy: Policy, history: list[Step]) -> Stage:
    """The stage after a history."""
    stage = Stage(policy)
    for step in history:
        take(stage, step)
    return stage


@LAW
@given(POLICIES, HISTORIES)
def test_a_list_shows_null_whatever_the_truth(policy: Policy, history: list[Step]) -> None:
    stage = told(policy, history)
    for user in stage.records.users.values():
        assert seen(stage.service, user, Action.READ, policy) == UNKNOWN


@LAW
@given(POLICIES, HISTORIES, st.sampled_from(Action))
def test_disabled_shows_null_whatever_happened(
    policy: Policy, history: list[Step], action: Action
) -> None:
    stage = told(policy, [*history, ("off", "", "")])
    stage.advance(60)
    for user in stage.records.users.values():
        assert seen(stage.service, user, action, policy) == UNKNOWN


REPEATED = ["connect", "disconnect", "lose", "register", "on", "off"]


@LAW
@given(
    POLICIES,
    HISTORIES,
    st.tuples(st.sampled_from(REPEATED), IDENTITIES, DEVICES),
)
def test_a_repeated_fact_changes_nothing(policy: Policy, history: list[Step], step: Step) -> None:
    stage = told(policy, [*history, step])
    before = (dict(stage.records.users), stage.service, dict(stage.records.bindings))
    timers = list(stage.timers)
    stage.events.clear()
    take(stage, step)
    assert (stage.records.users, stage.service, stage.records.bindings) == before
    assert stage.events == []
    assert stage.timers == timers


class Observer:
    """Somebody who hears the events and never looks."""

    def __init__(self, policy: Policy) -> None:
        """Know nobody."""
        self.remembers = policy.state_survives_disable
        self.on = False
        self.shown: dict[str, Reachability] = {}
        self.before: dict[str, Reachability] = {}

    def hear(self, event: Event) -> None:
        """Follow one event."""
        match event:
            case UserAdded():
                self.shown[event.user.sid] = UNKNOWN
            case UserRemoved():
                del self.shown[event.user.sid]
                self.before.pop(event.user.sid, None)
            case UserUpdated() if self.on:
                policy = Policy(state_survives_disable=self.remembers)
                self.shown[event.user.sid] = seen(event.service, event.user, Action.FETCH, policy)
            case ServiceUpdated() if event.switched:
                self._switch(on=event.service.reachability_enabled)
            case _:
                pass

    def _switch(self, *, on: bool) -> None:
        if not on:
            self.before |= {sid: one for sid, one in self.shown.items() if one != UNKNOWN}
        self.on = on
        self.shown = {sid: self._entering(sid) if on else UNKNOWN for sid in self.shown}

    def _entering(self, sid: str) -> Reachability:
        """A setting lets what was known before come back as false."""
        known = self.before.get(sid, UNKNOWN)
        if not self.remembers:
            return UNKNOWN
        return Reachability(
            None if known.is_online is None else False,
            None if known.is_notifiable is None else False,
        )


@LAW
@given(POLICIES, HISTORIES)
def test_replaying_the_events_yields_what_is_seen(policy: Policy, history: list[Step]) -> None:
    stage, observer = Stage(policy), Observer(policy)
    for step in history:
        take(stage, step)
        for _, event in stage.events:
            observer.hear(event)
        stage.events.clear()
        users = stage.records.users.values()
        truth = {user.sid: seen(stage.service, user, Action.FETCH, policy) for user in users}
        assert observer.shown == truth


@LAW
@given(POLICIES, HISTORIES)
def test_an_event_is_told_exactly_when_somebody_could_notice(
    policy: Policy, history: list[Step]
) -> None:
    stage = Stage(policy)
    for step in history:
        before = _fetched(stage)
        stage.events.clear()
        take(stage, step)
        if step[0] in {"wait", "on", "off", "delete"}:  # these may pass through other states
            continue
        reasons = {
            (event.user.sid, reason.value)
            for _, event in stage.events
            if isinstance(event, UserUpdated)
            for reason in event.reasons
        }
        after = _fetched(stage)
        noticed = set()
        for sid, now in after.items():
            then = before.get(sid, UNKNOWN)
            if then.is_online is not now.is_online:
                noticed.add((sid, "reachabilityOnline"))
            if then.is_notifiable is not now.is_notifiable:
                noticed.add((sid, "reachabilityNotifiable"))
        assert reasons == noticed


def _fetched(stage: Stage) -> dict[str, Reachability]:
    return {
        user.sid: seen(stage.service, user, Action.FETCH, stage.policy)
        for user in stage.records.users.values()
    }


@LAW
@given(POLICIES, HISTORIES)
def test_nothing_is_left_pending_while_off_or_without_a_timer(
    policy: Policy, history: list[Step]
) -> None:
    stage = told(policy, history)
    for user in stage.records.users.values():
        assert stage.service.reachability_enabled or user.online_due is None
        awaited = {user.online_due, *(one.lost_until for one in user.connections)} - {None}
        set_ = {timer.due for timer in stage.timers if timer.user_sid == user.sid}
        assert awaited <= set_
        assert all(due > stage.now for due in set_)


@LAW
@given(POLICIES, HISTORIES)
def test_events_are_told_in_the_order_of_time(policy: Policy, history: list[Step]) -> None:
    moments = [at for at, _ in told(policy, history).events]
    assert moments == sorted(moments)


FORMS = st.builds(
    UserEdited,
    st.just("the service"),
    st.just("the user"),
    st.none() | st.text(max_size=300),
    st.text(max_size=50),
    st.just("RL" + "0" * 32),
)


@LAW
@given(FORMS)
def test_a_refused_fact_changes_nothing(fact: UserEdited) -> None:
    stage = Stage()
    stage.connect()
    before = dict(stage.records.users)
    bad = UserEdited(
        stage.service_sid, stage.user().sid, fact.friendly_name, fact.attributes, fact.role_sid
    )
    with pytest.raises(Refused):
        stage.happen(bad)
    assert stage.records.users == before


def test_a_fact_says_the_same_whenever_it_is_asked() -> None:
    """`apply` is pure: asked twice about the same records, it gives the same changes."""
    stage = Stage()
    facts: list[Fact] = [
        AccountOpened(ACCOUNT, stage.service_sid),
        ServiceConfigured(stage.service_sid, reachability_enabled=True),
        UserCreated(stage.service_sid, "US" + "1" * 32, "bob"),
        Connected(stage.service_sid, "bob", "phone", "US" + "2" * 32),
        ConnectionLost(stage.service_sid, "bob", "phone"),
        Disconnected(stage.service_sid, "bob", "phone"),
        TimerDue(stage.service_sid, "US" + "1" * 32),
    ]
    for fact in facts:
        assert _applied(stage, fact) == _applied(stage, fact)
        stage.happen(fact)


def _applied(stage: Stage, fact: Fact) -> Changes:
    return apply(stage.records, fact, stage.now, stage.policy)


def test_an_event_shows_the_moment_it_happened() -> None:
    stage = Stage(Policy(offline_delay=timedelta(seconds=30)))
    stage.switch(on=True)
    stage.connect()
    stage.disconnect()
    stage.events.clear()
    stage.advance(100)
    moments: list[datetime] = [at for at, _ in stage.events]
    assert moments == [stage.now - timedelta(seconds=70)]


def test_a_new_binding_is_told_before_what_it_brings_about() -> None:
    stage = Stage()
    stage.switch(on=True)
    stage.events.clear()
    stage.happen(
        PushRegistered(
            stage.service_sid, "eve", "BS" + "1" * 32, "US" + "1" * 32, BindingType.APN, "x"
        )
    )
    assert [type(event) for _, event in stage.events] == [UserAdded, BindingAdded, UserUpdated]
