"""What an answer may show of one property, given the little that is certain: pure.

Presence is invisible in REST, so an answer cannot be foretold.  But the hidden states that a user
may be in are few.  The core is asked what it would show of each of them, and a value that none of
them shows is a disagreement.  Null is decided in the core and not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import product

from reachability_contracts.pristine import pristine
from reachability_mock.settings import BY_ID, Settings, Value

AXES = ("is_online", "is_notifiable")
UNKNOWNS = ("update_response", "after_reenable")
"""The entries of the unknowns register that decide what an answer shows."""
Choices = tuple[tuple[str, Value], ...]
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_NEVER, _EARLIER, _PRESENT = 0, 1, 2
"""Epochs of the indicator: a latch belongs to one, and only the present one's counts."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is certain of a service, and of one property of one user, when an answer was made."""

    enabled: bool | None = None
    """Whether the indicator is on; None if nobody knows."""
    ever_enabled: bool = True
    """False only of a service that was seen coming into being and has been off since."""
    settled: bool = False
    """Whether true or false was seen since the indicator has been on."""
    settled_before: bool = False
    """Whether true or false was seen, but before the indicator went off and on."""


@dataclass(frozen=True, slots=True)
class Possible:
    """A value that an answer may show, and the rule behind it."""

    value: bool | None
    rule: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was seen of one property, and what the rules make of it."""

    axis: str
    got: object
    lawful: tuple[bool | None, ...]
    rule: str
    """The rule of the possible state that is nearest to what was seen."""
    is_lawful: bool
    bearings: tuple[tuple[str, str], ...] = ()
    """Unknowns of which this shows what the service chose: their ids and the choices."""

    @property
    def leaves_no_choice(self) -> bool:
        """Whether anything was foretold: of true, false and null at least one was excluded."""
        return len(self.lawful) < len(_EVERY_VALUE)


_EVERY_VALUE = (None, True, False)


@cache
def judge(supposed: Supposed, action: str, axis: str, got: object) -> Judgement:
    """Hold what was seen on one `axis` against every state that is possible.

    `got` is a bool, None, or a text in place of anything else.
    """
    may = {choices: possible(supposed, action, axis, choices) for choices in _every_choice()}
    everything = [one for shown in may.values() for one in shown]
    allowing = [choices for choices, shown in may.items() if any(one.value is got for one in shown)]
    lawful = tuple(v for v in _EVERY_VALUE if any(one.value is v for one in everything))
    nearest = min(everything, key=lambda one: _distance(got, one.value))
    bearings = tuple(_only_choices(allowing)) if allowing else ()
    return Judgement(axis, got, lawful, nearest.rule, bool(allowing), bearings)


@cache
def possible(
    supposed: Supposed, action: str, axis: str, choices: Choices = ()
) -> tuple[Possible, ...]:
    """What the core would show of each state that is possible under `choices` of the unknowns."""
    reach = pristine("core.reachability")
    policy = Settings(dict(choices)).policy
    shown = (
        reach.verdict(service, user, reach.Action(action), reach.Axis(axis), policy)
        for service, user in _states(supposed)
    )
    return tuple(dict.fromkeys(Possible(one.value, one.rule.id) for one in shown))


def _every_choice() -> Iterator[Choices]:
    """Every combination of what the unknowns may be."""
    return product(*([(name, choice) for choice in BY_ID[name].choices] for name in UNKNOWNS))


def _only_choices(allowing: list[Choices]) -> Iterator[tuple[str, str]]:
    """The unknowns of which every combination that allows the value makes the same choice."""
    for name in UNKNOWNS:
        chosen = {dict(choices)[name] for choices in allowing}
        if len(chosen) == 1:
            yield name, str(chosen.pop())


def _states(supposed: Supposed) -> Iterator[tuple[object, object]]:
    """Each possible state: a service and a user of the core's."""
    nouns = pristine("core.model")
    switches = (True, False) if supposed.enabled is None else (supposed.enabled,)
    for enabled in switches:
        epoch = _PRESENT if enabled or supposed.ever_enabled else _NEVER
        service = nouns.Service(
            "IS", "AC", "", _EPOCH, _EPOCH, "", "", "", reachability_enabled=enabled, epoch=epoch
        )
        for value, of_epoch in _latches(supposed):
            latch = nouns.Latch(of_epoch, value)
            user = nouns.User(
                "US", "IS", "", None, "{}", "", _EPOCH, _EPOCH, online=latch, notifiable=latch
            )
            yield service, user


def _latches(supposed: Supposed) -> Iterator[tuple[bool | None, int]]:
    """What a property may have settled to, and in which epoch."""
    for value in (True, False):
        yield value, _PRESENT
    if not supposed.settled:
        yield True, _EARLIER
        yield False, _EARLIER
        if not supposed.settled_before:
            yield None, _NEVER


def _distance(got: object, value: bool | None) -> int:  # noqa: FBT001 - a value, not a flag
    """How far apart two values are: unknown is nearer to false than to true."""
    if got is value or str(got).lower() == str(value).lower():
        return 0
    return 2 if got is True or value is True else 1
