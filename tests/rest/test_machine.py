"""Three models side by side: the pure core over dicts, the fake over HTTP, and the oracle.

Hypothesis makes the history; after every step each user is fetched, and all three must agree, to
the second, on what is shown and, the first two, on every event that was told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
)

from reachability_mock.core.errors import Refused
from reachability_mock.core.events import Event
from reachability_mock.core.facts import (
    Connected,
    ConnectionLost,
    Disconnected,
    Fact,
    PushRegistered,
    PushUnregistered,
    ServiceConfigured,
    ServiceCreated,
    ServiceDeleted,
    UserCreated,
    UserDeleted,
    UserEdited,
)
from reachability_mock.core.model import BindingType, Policy
from reachability_mock.core.reachability import Action
from tests.core.oracle import Delays, Happening, expected
from tests.core.stage import Stage
from tests.rest.api import START, Api

IDENTITIES = st.sampled_from(["alice", "bob", "a+b"])
DEVICES = st.sampled_from(["phone", "tab"])
KINDS = st.sampled_from(BindingType)
DELAYS = st.sampled_from([0, 0, 7, 30])
SERVICES = st.integers(0, 2)


class SideBySide(RuleBasedStateMachine):
    """One history, told to the core, to the fake and to the oracle."""

    bindings = Bundle("bindings")

    @initialize(online=DELAYS, offline=DELAYS, lost=DELAYS, remember=st.booleans())
    def begin(self, online: int, offline: int, lost: int, *, remember: bool) -> None:
        self.delays = Delays(online, offline, lost, remember)
        self.api = Api(
            {
                "online_delay": online,
                "offline_delay": offline,
                "lost_after": lost,
                "after_reenable": "remember" if remember else "forget",
            }
        )
        self.told: list[tuple[datetime, Event]] = []
        self.api.world.bus.subscribe(lambda one: self.told.append((one.at, one.event)))
        self.stage = Stage(
            Policy(
                timedelta(seconds=online),
                timedelta(seconds=offline),
                timedelta(seconds=lost),
                state_survives_disable=remember,
            )
        )
        self.services = [self.api.service]
        self.story: dict[str, list[tuple[str, str, Happening]]] = {self.api.service: []}

    @rule(seconds=st.integers(1, 40))
    def time_passes(self, seconds: int) -> None:
        self.api.world.advance(seconds)
        self.stage.advance(seconds)

    @rule()
    def a_service_is_created(self) -> None:
        if len(self.services) < 3:
            sid = self.api.new_service()
            self.stage.happen(ServiceCreated(self.api.account, sid, "support"))
            self.services.append(sid)
            self.story[sid] = []

    @rule(number=SERVICES)
    def a_service_is_deleted(self, number: int) -> None:
        sid = self._service(number)
        deleted = self.api.delete(self.api.scope(sid)).status
        if sid == self.api.service:
            assert deleted == 409
            return
        assert deleted == 204
        self.stage.happen(ServiceDeleted(sid))
        self.services.remove(sid)
        del self.story[sid]

    @rule(number=SERVICES, on=st.booleans())
    def the_indicator_is_switched(self, number: int, *, on: bool) -> None:
        sid = self._service(number)
        assert self.api.switch(on=on, service=sid)["reachability_enabled"] is on
        self.stage.happen(ServiceConfigured(sid, on))
        self._tell(sid, "", "both", "on" if on else "off")

    @rule(number=SERVICES, identity=IDENTITIES)
    def a_user_is_created(self, number: int, identity: str) -> None:
        sid = self._service(number)
        reply = self.api.post(f"{self.api.scope(sid)}/Users", {"Identity": identity})
        if self.stage.records.user_by_identity(sid, identity):
            assert reply.problem == (409, 50201, "User already exists")
            with pytest.raises(Refused, match="50201"):
                self.stage.happen(UserCreated(sid, "US" + "0" * 32, identity))
        else:
            self.stage.happen(UserCreated(sid, reply["sid"], identity))
            assert (reply["is_online"], reply["is_notifiable"]) == (None, None)

    @rule(number=SERVICES, identity=IDENTITIES, name=st.sampled_from(["A", "B"]))
    def a_user_is_edited(self, number: int, identity: str, name: str) -> None:
        sid = self._service(number)
        user = self.stage.records.user_by_identity(sid, identity)
        reply = self.api.post(f"{self.api.scope(sid)}/Users/{identity}", {"FriendlyName": name})
        assert reply.status == (200 if user else 404)
        if user:
            self.stage.happen(UserEdited(sid, user.sid, name))
            shown = self.stage.shown(identity, Action.UPDATE, sid)
            assert (reply["is_online"], reply["is_notifiable"]) == shown

    @rule(number=SERVICES, identity=IDENTITIES)
    def a_user_is_deleted(self, number: int, identity: str) -> None:
        sid = self._service(number)
        user = self.stage.records.user_by_identity(sid, identity)
        reply = self.api.delete(f"{self.api.scope(sid)}/Users/{identity}")
        assert reply.status == (204 if user else 404)
        if user:
            self.stage.happen(UserDeleted(sid, user.sid))
            self.story[sid] = [one for one in self.story[sid] if one[0] != identity]

    @rule(number=SERVICES, identity=IDENTITIES, device=DEVICES)
    def a_device_connects(self, number: int, identity: str, device: str) -> None:
        sid = self._service(number)
        self._both(Connected(sid, identity, device, self.api.world.new_sid("US")))
        self._tell(sid, identity, "online", "open", device)

    @rule(number=SERVICES, identity=IDENTITIES, device=DEVICES)
    def a_device_says_goodbye(self, number: int, identity: str, device: str) -> None:
        sid = self._service(number)
        self._both(Disconnected(sid, identity, device))
        self._tell(sid, identity, "online", "close", device)

    @rule(number=SERVICES, identity=IDENTITIES, device=DEVICES)
    def a_device_vanishes(self, number: int, identity: str, device: str) -> None:
        sid = self._service(number)
        self._both(ConnectionLost(sid, identity, device))
        self._tell(sid, identity, "online", "lose", device)

    @rule(target=bindings, number=SERVICES, identity=IDENTITIES, kind=KINDS, endpoint=DEVICES)
    def a_device_registers(
        self, number: int, identity: str, kind: BindingType, endpoint: str
    ) -> tuple[str, str, str]:
        sid = self._service(number)
        new = self.api.world.new_sid
        fact = PushRegistered(sid, identity, new("BS"), new("US"), kind, endpoint)
        self._both(fact)
        if kind is not BindingType.TWILSOCK:
            self._tell(sid, identity, "push", "open", f"{kind}{endpoint}")
        return sid, identity, f"{kind}{endpoint}"

    @rule(registered=consumes(bindings))
    def a_device_unregisters(self, registered: tuple[str, str, str]) -> None:
        sid, identity, what = registered
        for binding in list(self.stage.records.bindings.values()):
            named = (binding.service_sid, binding.identity, f"{binding.type}{binding.endpoint}")
            if named == registered:
                path = f"{self.api.scope(sid)}/Bindings/{binding.sid}"
                assert self.api.delete(path).status == 204
                assert self.api.delete(path).status == 404
                self.stage.happen(PushUnregistered(sid, binding.sid))
                self._tell(sid, identity, "push", "close", what)

    @invariant()
    def all_three_show_the_same(self) -> None:
        now = (self.api.world.clock.now() - START).total_seconds()
        for sid in self.services:
            listed = self.api.get(f"{self.api.scope(sid)}/Users")["users"]
            assert {(one["is_online"], one["is_notifiable"]) for one in listed} <= {(None, None)}
            known = [one for one in self.stage.records.users.values() if one.service_sid == sid]
            assert {one["identity"] for one in listed} == {one.identity for one in known}
            for user in known:
                shown = self.api.shown(user.identity, sid)
                assert shown == self.stage.shown(user.identity, service_sid=sid)
                assert shown == self._foreseen(sid, user.identity, now)

    @invariant()
    def both_tell_the_same_events(self) -> None:
        # one switch touches many users, in no promised order
        assert sorted(self.told, key=_when_and_whose) == sorted(
            self.stage.events, key=_when_and_whose
        )
        self.told.clear()
        self.stage.events.clear()

    def _service(self, number: int) -> str:
        return self.services[number % len(self.services)]

    def _both(self, fact: Fact) -> None:
        self.api.submit(fact)
        self.stage.happen(fact)

    def _tell(self, sid: str, identity: str, axis: str, verb: str, what: str = "") -> None:
        at = (self.api.world.clock.now() - START).total_seconds()
        self.story[sid].append((identity, axis, Happening(at, verb, what)))

    def _foreseen(self, sid: str, identity: str, now: float) -> tuple[bool | None, bool | None]:
        def of(axis: str) -> list[Happening]:
            return [
                happening
                for who, which, happening in self.story[sid]
                if who in {"", identity} and which in {"both", axis}
            ]

        push_delays = Delays(remember=self.delays.remember)
        return expected(of("online"), now, self.delays), expected(of("push"), now, push_delays)


def _when_and_whose(told: tuple[datetime, Event]) -> tuple[datetime, str]:
    at, event = told
    user = getattr(event, "user", None) or getattr(event, "binding", None)
    return at, user.identity if user else ""


TestSideBySide = SideBySide.TestCase
TestSideBySide.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
