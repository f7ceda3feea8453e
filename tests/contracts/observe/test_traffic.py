"""Lawful traffic, however it overlaps, is never called wrong."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reachability_contracts.observe.evidence import text_of
from reachability_contracts.observe.finding import Answer, Asked
from reachability_contracts.observe.knowledge import Knowledge
from reachability_mock.core import sids
from reachability_mock.core.errors import Refused
from reachability_mock.strategies import History, histories
from tests.contracts.observe.watched import Watched

LAW = settings(max_examples=250, deadline=None, derandomize=True, database=None)
DEFAULT = sids.default_service_sid(sids.DEFAULT_ACCOUNT)
BASE = f"/v1/Services/{DEFAULT}"
REQUESTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "fetch alice": ("GET", f"{BASE}/Users/alice", {}),
    "fetch bob": ("GET", "/v1/Users/bob", {}),
    "list": ("GET", "/v1/Users", {}),
    "read the indicator": ("GET", f"{BASE}/Configuration", {}),
    "on": ("POST", f"{BASE}/Configuration", {"ReachabilityEnabled": "true"}),
    "off": ("POST", f"{BASE}/Configuration", {"ReachabilityEnabled": "false"}),
    "another setting": ("POST", f"{BASE}/Configuration", {}),
    "a bad setting": ("POST", f"{BASE}/Configuration", {"DefaultConversationRoleSid": "x"}),
    "update alice": ("POST", f"{BASE}/Users/alice", {"FriendlyName": "A"}),
    "delete bob": ("DELETE", f"{BASE}/Users/bob", {}),
    "create bob": ("POST", f"{BASE}/Users", {"Identity": "bob"}),
}
PRESENCE = ("connect", "disconnect", "register", "unregister")
_OFTEN = ("fetch alice", "fetch alice", "on", "off", "on", "off", "read the indicator")
_PROPERTIES = "users meta sid chat_service_sid is_online is_notifiable reachability_enabled"
_KEYS = st.sampled_from([*_PROPERTIES.split(), "date_updated", "friendly_name", "code", "message"])
_names, _which = st.sampled_from([*_OFTEN, *REQUESTS]), st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["ask", "begin", "begin"]), _names),
        st.tuples(st.sampled_from(["serve", "finish", "finish", "lose"]), _which),
        st.tuples(st.sampled_from(PRESENCE), st.sampled_from(["alice", "alice", "bob"])),
    ),
    min_size=10,
    max_size=40,
)


class Traffic(Watched):
    """Requests that overlap: begun, served and answered at different times."""

    def __init__(self, knowledge: Knowledge, unknowns: dict[str, str]) -> None:
        super().__init__(knowledge)
        self.stage.site.world.settings.update(unknowns)
        self._under_way: list[tuple[Asked, str, Answer | None]] = []
        self._bindings: dict[str, str] = {}
        self.switch(DEFAULT, on=True)
        self.stage.connect(DEFAULT, "alice", "phone")

    def step(self, verb: str, what: Any) -> None:
        if verb == "ask":
            self.ask(*REQUESTS[what])
        elif verb == "begin":
            method, path, _ = REQUESTS[what]
            self._under_way.append((self.begin(method, path), what, None))
        elif verb in PRESENCE:
            self._presence(verb, what)
        elif self._under_way:
            self._go_on(verb, what % len(self._under_way))

    def _go_on(self, verb: str, number: int) -> None:
        asked, name, answer = self._under_way[number]
        answer = answer or self.serve(*REQUESTS[name])
        if verb == "serve":
            self._under_way[number] = (asked, name, answer)
            return
        del self._under_way[number]
        if verb == "finish":
            self.finish(asked, answer)
        else:
            self.watching.fail(asked)

    def _presence(self, verb: str, identity: str) -> None:
        if verb == "register":
            self._bindings[identity] = self.stage.register(DEFAULT, identity, "fcm")
        elif verb == "unregister":
            sid = self._bindings.pop(identity, None)
            with suppress(Refused):  # it may have gone with its user
                if sid:
                    self.stage.unregister(DEFAULT, sid)
        else:
            getattr(self.stage, verb)(DEFAULT, identity, "phone")


@LAW
@given(STEPS, st.sampled_from([1, 5000]))
def test_traffic_that_overlaps_is_never_called_wrong(
    steps: list[tuple[str, Any]], most_users: int
) -> None:
    traffic = Traffic(Knowledge(most_users=most_users), {})
    for verb, what in steps:
        traffic.step(verb, what)
        assert traffic.findings == []


@settings(LAW, max_examples=60)
@given(STEPS, st.sampled_from(["forget", "remember"]), st.sampled_from(["fetch", "null"]))
def test_whatever_the_service_chose_of_the_unknowns_no_rule_is_called_broken(
    steps: list[tuple[str, Any]], after_reenable: str, update_response: str
) -> None:
    chosen = {"after_reenable": after_reenable, "update_response": update_response}
    traffic = Traffic(Knowledge(), chosen)
    for verb, what in steps:
        traffic.step(verb, what)
    for finding in traffic.findings:
        assert finding.got == chosen[finding.about]


@settings(LAW, max_examples=40)
@given(histories())
def test_the_histories_of_our_strategies_agree_delays_and_all(history: History) -> None:
    watched = Watched()
    world = watched.stage.site.world
    world.settings.update({**dict(history.settings), "after_reenable": "forget"})
    bindings: dict[tuple[str, str], str] = {}
    for moment in history.moments:
        step = moment.step
        whose = step.identity, step.device
        if step.verb in {"enable", "disable"}:
            watched.switch(DEFAULT, on=step.verb == "enable")
        elif step.verb == "wait":
            watched.stage.advance(step.seconds)
        elif step.verb == "register_push":
            bindings[whose] = watched.stage.register(DEFAULT, step.identity, "fcm")
        elif step.verb == "unregister_push":
            watched.stage.unregister(DEFAULT, bindings.pop(whose))
        else:
            verb = "connect" if step.verb == "connect" else "disconnect"
            getattr(watched.stage, verb)(DEFAULT, *whose)
        for identity in moment.users:
            watched.get(f"{BASE}/Users/{identity}")
        watched.get(f"{BASE}/Users")
        assert watched.outcomes == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=15,
)


@settings(LAW, max_examples=200)
@given(_names, _JSON, st.sampled_from([200, 201, 404, 500]))
def test_whatever_the_service_says_is_heard_out(name: str, body: object, status: int) -> None:
    method, path, form = REQUESTS[name]
    watched = Watched()
    for _ in range(2):
        watched.finish(watched.begin(method, path), Answer(status, body, form))
    for finding in watched.findings:
        assert text_of(finding, date(2026, 11, 23), "https://conversations.twilio.com")
