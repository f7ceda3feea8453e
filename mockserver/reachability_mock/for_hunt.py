"""`@pytest.mark.reachability_hunt`: which lawful observation does the app misread?

The test is run again with each of them in place: by REST, to client SDKs and on the handle alike,
so that a test can say what the app should make of ``reachability_mock.users["alice"].is_online``.
A list still shows two nulls, as does the answer to a create.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from unittest.mock import patch

from reachability_mock.core import reachability, why
from reachability_mock.core.changes import Changes
from reachability_mock.core.facts import Fact, ServiceConfigured
from reachability_mock.core.model import Policy, Service, User
from reachability_mock.core.reachability import Action, Axis, Verdict, verdict
from reachability_mock.core.rules import Rules
from reachability_mock.for_reruns import Arranged, Kind, Variant
from reachability_mock.handle import ReachabilityMock
from reachability_mock.lookup import services_of

MARKER = "reachability_hunt"
_STAYS = {Rules.R1, Rules.R3, Rules.R9, Rules.R10}
"""What nothing else can be put in the place of: it holds whatever the user did."""
_LONG = "1h"
OBSERVATIONS = (
    (Axis.ONLINE, True, Rules.R5, "connected"),
    (Axis.ONLINE, False, Rules.R6, "was online, and is no longer"),
    (Axis.ONLINE, None, Rules.R4, "never online since the indicator is on"),
    (Axis.ONLINE, None, Rules.R11, "was online before the indicator went off and on"),
    (Axis.NOTIFIABLE, True, Rules.R7, "registered for push"),
    (Axis.NOTIFIABLE, False, Rules.R7, "was registered for push, and is no longer"),
    (Axis.NOTIFIABLE, None, Rules.R7, "never registered for push"),
)


def kind() -> Kind:
    """What the marker does, for one test."""
    return Kind(MARKER, nullcontext, _variants, "right whatever is observed")


def _variants() -> Iterator[Variant]:
    for axis, value, rule, because in OBSERVATIONS:
        shown = {True: "true", False: "false", None: "null"}[value]
        says = f"{rule.name}: {axis.value} is {shown} ({because})"
        yield Variant(says, arranged=_showing(axis, Verdict(value, rule)))
    yield Variant("R3: both are null (the indicator is off)", arranged=_switched_off)
    yield Variant("R14: is_online is stale (a connect takes its time)", {"online_delay": _LONG})
    yield Variant("R14: is_online is stale (a goodbye takes its time)", {"offline_delay": _LONG})


def _showing(axis: Axis, shown: Verdict) -> Arranged:
    """Show this on one axis of every user, wherever the real verdict depends on the user."""

    def instead(
        service: Service, user: User, action: Action, asked: Axis, policy: Policy
    ) -> Verdict:
        real = verdict(service, user, action, asked, policy)
        return real if asked is not axis or real.rule in _STAYS else shown

    @contextmanager
    def arranged(_: ReachabilityMock) -> Iterator[None]:
        with patch.object(reachability, "verdict", instead), patch.object(why, "verdict", instead):
            yield

    return arranged


@contextmanager
def _switched_off(mock: ReachabilityMock) -> Iterator[None]:
    """Nobody can switch the indicator on, and it is off."""
    submit = mock.world.submit

    def switching_nothing_on(fact: Fact, *, cause: int | None = None) -> Changes:
        if isinstance(fact, ServiceConfigured) and fact.reachability_enabled:
            fact = replace(fact, reachability_enabled=None)
        return submit(fact, cause=cause)

    for service in services_of(mock.world, mock.account_sid):
        submit(ServiceConfigured(service.sid, reachability_enabled=False))
    with patch.object(mock.world, "submit", switching_nothing_on):
        yield
