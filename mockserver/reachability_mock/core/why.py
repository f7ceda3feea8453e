"""Why a property shows what it shows: the rule and a sentence with the facts of the case."""

from __future__ import annotations

from typing import NamedTuple

from reachability_mock.core.model import Policy, Service, User
from reachability_mock.core.reachability import Action, Axis, Verdict, latch_of, verdict
from reachability_mock.core.rules import Rules

_HELD_BACK = "a change is held back until {due}"
_FORGOTTEN = "what was known before is forgotten; nothing {enabled}"
_SENTENCES: dict[tuple[Rules, bool | None], str] = {
    (Rules.R1, None): "reachability has never been enabled on {service}",
    (Rules.R3, None): "reachability is disabled on {service}",
    (Rules.R4, None): "not online {enabled}",
    (Rules.R5, True): "connected with {devices}",
    (Rules.R6, False): "the last connection closed at {since}",
    (Rules.R7, None): "not registered for push {enabled}",
    (Rules.R7, True): "{bindings} push binding(s)",
    (Rules.R7, False): "the last push binding ended at {since}",
    (Rules.R11, None): _FORGOTTEN,
    (Rules.R14, None): _HELD_BACK,
    (Rules.R14, True): _HELD_BACK,
    (Rules.R14, False): _HELD_BACK,
}
"""Why a rule made a value, with the facts of the case; any other rule says what it always says."""


class Explanation(NamedTuple):
    """A property's value, the id of the rule that made it, and why the rule applies."""

    value: bool | None
    rule: str
    because: str

    def as_json(self) -> dict[str, object]:
        """As the control plane shows it."""
        return {"value": self.value, "rule": self.rule, "because": self.because}


def why(
    service: Service, user: User, policy: Policy, action: Action = Action.FETCH
) -> dict[str, Explanation]:
    """Both properties of `user` as `action` shows them, each with its reason."""
    return {axis.value: _explained(service, user, axis, policy, action) for axis in Axis}


def _explained(
    service: Service, user: User, axis: Axis, policy: Policy, action: Action
) -> Explanation:
    found = verdict(service, user, action, axis, policy)
    return Explanation(found.value, found.rule.id, _because(service, user, axis, found))


def _because(service: Service, user: User, axis: Axis, found: Verdict) -> str:
    latch = latch_of(user, axis)
    if found.value is False and latch.epoch != service.epoch:
        return f"true before the indicator was enabled at {service.enabled_at}, and not since"
    sentence = _SENTENCES.get((found.rule, found.value), found.rule.value.says)
    return sentence.format(
        service=service.sid,
        enabled=f"since reachability was enabled at {service.enabled_at}",
        devices=", ".join(one.device for one in user.connections),
        since=latch.since,
        due=user.online_due,
        bindings=len(user.push_bindings),
    )
