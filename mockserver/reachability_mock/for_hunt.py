"""`@pytest.mark.reachability_hunt`: which lawful observation does the app misread?

The test is run again with each of them in place: by REST, to client SDKs and on the handle alike,
so that a test can say what the app should make of ``reachability_mock.users["alice"].is_online``.
A list still shows two nulls, as does the answer to a create.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from unittest.mock import patch

from reachability_mock.core import presence, reachability, why
from reachability_mock.core.changes import Changes
from reachability_mock.core.facts import Fact, ServiceConfigured
from reachability_mock.core.model import Policy, Service, User
from reachability_mock.core.reachability import Action, Axis, Reachability, Verdict, verdict
from reachability_mock.core.rules import Rules
from reachability_mock.for_reruns import Kind, Variant
from reachability_mock.handle import ReachabilityMock
from reachability_mock.lookup import services_of

MARKER = "reachability_hunt"
_NOBODY = {Rules.R9, Rules.R10}
"""What an answer says that tells of nobody."""
_STAYS = {Rules.R1, Rules.R3, *_NOBODY}
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
        look = _Look(axis, Verdict(value, rule))
        says = f"{rule.name}: {axis.value} is {shown} ({because})"
        yield Variant(says, arranged=look.arranged, untried=look.missing)
    off = _Look(switched_off=True)
    yield Variant(
        "R3: both are null (the indicator is off)", arranged=off.arranged, untried=off.missing
    )
    for setting, takes in (("online_delay", "a connect"), ("offline_delay", "a goodbye")):
        look = _Look()
        yield Variant(
            f"R14: is_online is stale ({takes} takes its time)",
            {setting: _LONG},
            look.arranged,
            look.missing,
        )


@dataclass
class _Look:
    """What one run is shown, and whether it looked."""

    axis: Axis | None = None
    shown: Verdict | None = None
    """This on one axis of every user, wherever the real verdict depends on the user."""
    switched_off: bool = False
    happened: bool = False

    def missing(self) -> str | None:
        """Why nothing was tried, if the test saw nothing of this."""
        return None if self.happened else "the test looked at nobody"

    @contextmanager
    def arranged(self, mock: ReachabilityMock) -> Iterator[None]:
        """Let every look see this, and note that there was one."""
        with ExitStack() as stack:
            if self.switched_off:
                stack.enter_context(_switched_off(mock))
            stack.enter_context(patch.object(reachability, "verdict", self._noted))
            stack.enter_context(patch.object(why, "verdict", self._noted))
            # What the core asks itself, to know whom to tell of a change, is nobody's look.
            stack.enter_context(patch.object(presence, "seen", self._seen))
            yield

    def _instead(
        self, service: Service, user: User, action: Action, asked: Axis, policy: Policy
    ) -> tuple[Verdict, bool]:
        """A verdict, and whether it is one that the run is about."""
        real = verdict(service, user, action, asked, policy)
        if self.shown is None:
            return real, real.rule not in _NOBODY
        if asked is not self.axis or real.rule in _STAYS:
            return real, False
        return self.shown, True

    def _noted(
        self, service: Service, user: User, action: Action, asked: Axis, policy: Policy
    ) -> Verdict:
        shown, counts = self._instead(service, user, action, asked, policy)
        self.happened = self.happened or counts
        return shown

    def _seen(self, service: Service, user: User, action: Action, policy: Policy) -> Reachability:
        return Reachability(
            *(self._instead(service, user, action, axis, policy)[0].value for axis in Axis)
        )


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
