"""Watching: each answer held against what the traffic before it leaves possible.  Pure.

Every request is announced when it begins (`begin`) and told of when its answer is there (`finish`)
or will never be (`fail`), so that requests which overlap are not taken for a sequence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reachability_contracts.observe import bearings
from reachability_contracts.observe.finding import (
    Answer,
    Asked,
    Finding,
    Key,
    Moment,
    Outcome,
    Standing,
    Withdrawn,
)
from reachability_contracts.observe.knowledge import Earlier, Knowledge
from reachability_contracts.observe.lawful import AXES, Judgement, Supposed, judge
from reachability_contracts.observe.reducing import plain, reduced
from reachability_contracts.observe.switching import DONE, SWITCH, Switching
from reachability_contracts.observe.tally import Tally
from reachability_mock.core.rules import ALL_RULES
from reachability_mock.settings import BY_ID

FORM_NAMES = (SWITCH, "FriendlyName")
"""What is looked at in a write, and nothing else."""
_USERS = re.compile(
    r"/v1/(?:Services/(?P<service>IS[0-9a-fA-F]{32})/)?Users(?:/(?P<name>[^/]+))?/?"
)
_SID = re.compile(r"(?:IS|US)[0-9a-fA-F]{32}")
_SAYS = {rule.id: rule.says for rule in ALL_RULES}
_HARMLESS = frozenset(("GET", "HEAD"))


class Watching:
    """What is known of a service from outside, and what its answers must therefore show."""

    def __init__(self, knowledge: Knowledge | None = None) -> None:
        """Know nothing, or what is handed in."""
        self.knowledge = knowledge or Knowledge()
        self.tally = Tally()
        self._switching = Switching(self.knowledge, self.tally)
        self._tick = 0

    def begin(self, method: str, path: str, query: Mapping[str, str] | None = None) -> Asked:
        """A request is about to be passed on."""
        asked = Asked(method, path, query or {}, self._next())
        self._switching.begin(asked)
        return asked

    def fail(self, asked: Asked) -> None:
        """Its answer got lost: what it did nobody knows."""
        self._switching.fail(asked, self._next())

    def finish(self, asked: Asked, answer: Answer, at: float = 0.0) -> list[Outcome]:
        """Its answer came, at second `at` of a steady clock."""
        moment = Moment(asked, answer, self._next(), at)
        self.tally.gets += asked.method == "GET"
        self.tally.writes += asked.method not in _HARMLESS
        outcomes = [*self._unknowns(moment), *self._switching.finish(moment), *self._users(moment)]
        for outcome in outcomes:
            if isinstance(outcome, Finding):
                self.tally.disagreed[outcome.key] += 1
            elif isinstance(outcome, Withdrawn):
                self.tally.disagreed.pop(outcome.key, None)
        return outcomes

    def _next(self) -> int:
        self._tick += 1
        return self._tick

    # --- users ----------------------------------------------------------------------------------

    def _users(self, moment: Moment) -> Iterator[Outcome]:
        match, body = _USERS.fullmatch(moment.asked.path), moment.answer.body
        if match is None or not isinstance(body, dict) or moment.answer.status not in DONE:
            return
        service, is_one = match["service"], match["name"] is not None
        if moment.asked.method == "GET" and not is_one:
            users = body.get("users")
            for user in users if isinstance(users, list) else ():
                yield from self._judged(moment, "read", service, user)
        elif moment.asked.method == "POST" and not is_one:
            yield from self._judged(moment, "create", service, body)
        elif moment.asked.method in {"GET", "POST"}:
            action = "fetch" if moment.asked.method == "GET" else "update"
            yield from self._judged(moment, action, service, body)
            self._learn(moment, service, body)

    def _judged(
        self, moment: Moment, action: str, service: str | None, user: object
    ) -> Iterator[Outcome]:
        """Both properties of a user, as the answer to `action` shows them."""
        if not isinstance(user, dict):
            return
        who = _who(user, service)
        for axis in AXES:
            supposed = Supposed()
            if who is not None:
                supposed = self.knowledge.supposed(who.service, who.user, axis, moment.asked.tick)
            got = plain(user[axis]) if axis in user else "<missing>"
            found = judge(supposed, action, axis, got)
            self.tally.values += 1
            if found.is_lawful:
                self.tally.agreed[found.rule] += found.leaves_no_choice
                yield from self._chosen(moment, found.bearings, who)
            else:
                case = _Case(action, who, supposed, user)
                yield self._disagreement(moment, case, found)

    def _disagreement(self, moment: Moment, case: _Case, found: Judgement) -> Finding:
        certain = not judge(Supposed(), case.action, found.axis, found.got).is_lawful
        key: Key = (found.rule, case.action, found.axis, found.lawful, found.got)
        if case.who is not None and not certain:
            key = (*key, case.who.service)
            self._switching.doubt(case.who.service, key)
        return Finding(
            found.rule,
            found.axis,
            found.lawful,
            found.got,
            _reason(found.rule, case),
            Standing.CERTAIN if certain else Standing.OPEN,
            moment.asked,
            moment.answer.status,
            reduced(moment.answer.body, case.user),
            () if certain else self._past(case.who, moment.asked.tick),
            moment.at,
            key,
        )

    def _learn(self, moment: Moment, service: str | None, user: Mapping[str, Any]) -> None:
        """Remember what a fetch or an update showed, for those that come later."""
        who = _who(user, service)
        if who is None:
            return
        shown = {axis: plain(user.get(axis)) for axis in AXES}
        self.knowledge.saw(who.service, who.user, shown, moment.asked.tick, moment.now)
        person = self.knowledge.person(who.service, who.user)
        is_get = moment.asked.method == "GET"
        what = "a user was fetched" if is_get else "the answer to a write showed a user"
        person.past.append(moment.earlier(what, shown))
        if is_get:
            dated = (shown["is_online"], user.get("date_updated"))
            self.tally.chose.update(bearings.of_two_fetches(person.dated, dated))
            person.dated = dated

    def _past(self, who: _Who | None, before: int) -> tuple[Earlier, ...]:
        """The last that was learned of a service and a user before a request began."""
        if who is None:
            return ()
        indicator = self.knowledge.indicators.get(who.service)
        person = self.knowledge.people.get((who.service, who.user))
        both = [*(indicator.past if indicator else ()), *(person.past if person else ())]
        return tuple(sorted((one for one in both if one.tick < before), key=lambda one: one.tick))

    # --- the unknowns ---------------------------------------------------------------------------

    def _unknowns(self, moment: Moment) -> Iterator[Outcome]:
        asked, answer = moment.asked, moment.answer
        if asked.method in _HARMLESS:
            found = bearings.of_answer(
                asked.method, asked.path, asked.query, answer.status, answer.body
            )
            yield from self._chosen(moment, found)
        elif asked.method == "POST" and isinstance(answer.body, dict) and answer.status in DONE:
            yield from self._chosen(moment, bearings.of_update(answer.form, answer.body))

    def _chosen(
        self, moment: Moment, found: Iterable[bearings.Bearing], who: _Who | None = None
    ) -> Iterator[Outcome]:
        """Count what was seen of unknowns; what differs from the fake's default is a finding."""
        for unknown, choice in found:
            self.tally.chose[unknown, choice] += 1
            default = str(BY_ID[unknown].default).lower()
            if choice.lower() == default:
                continue
            yield Finding(
                unknown,
                unknown,
                (default,),
                choice,
                f"That is the fake's default: {BY_ID[unknown].why}",
                Standing.CERTAIN if who is None else Standing.OPEN,
                moment.asked,
                moment.answer.status,
                reduced(moment.answer.body),
                self._past(who, moment.asked.tick),
                moment.at,
                (unknown, choice),
            )


@dataclass(frozen=True, slots=True)
class _Who:
    """Whose reachability was shown."""

    service: str
    user: str


@dataclass(frozen=True, slots=True)
class _Case:
    """What a judgement was made of."""

    action: str
    who: _Who | None
    supposed: Supposed
    user: object


def _who(user: Mapping[str, Any], service: str | None) -> _Who | None:
    """Whose reachability is shown; None if the answer does not say it in SIDs."""
    who = _Who(str(user.get("chat_service_sid") or service), str(user.get("sid")))
    return who if _SID.fullmatch(who.service) and _SID.fullmatch(who.user) else None


def _reason(rule: str, case: _Case) -> str:
    """Why the value was not possible, in a sentence or two."""
    supposed = case.supposed
    if case.action in {"read", "create"} or supposed.enabled is None:
        return _SAYS[rule]
    seen = "true or false was seen since then; " if supposed.settled else ""
    state = "on" if supposed.enabled else "off"
    return (
        f"{_SAYS[rule]} (The indicator was last seen {state}; {seen}nobody was seen switching it.)"
    )
