"""Why a property shows what it shows: the rule and a sentence with the facts of the case."""

from __future__ import annotations

from dataclasses import dataclass

from reachability_mock.core.model import Policy, Service, User
from reachability_mock.core.reachability import Action, Axis, latch_of, verdict
from reachability_mock.core.rules import Rules


@dataclass(frozen=True, slots=True)
class Explanation:
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
    return Explanation(
        found.value, found.rule.id, _because(service, user, axis, found.rule, found.value)
    )


def _because(
    service: Service,
    user: User,
    axis: Axis,
    rule: Rules,
    value: bool | None,  # noqa: FBT001
) -> str:
    enabled = f"since reachability was enabled at {service.enabled_at}"
    since = latch_of(user, axis).since
    devices = ", ".join(one.device for one in user.connections)
    match rule:
        case Rules.R1:
            return f"reachability has never been enabled on {service.sid}"
        case Rules.R3:
            return f"reachability is disabled on {service.sid}"
        case Rules.R4:
            return f"not online {enabled}"
        case Rules.R5:
            return f"connected with {devices}"
        case Rules.R6:
            return f"the last connection closed at {since}"
        case Rules.R7:
            return _because_of_push(user, enabled, value)
        case Rules.R11:
            return f"what was known before is forgotten; nothing {enabled}"
        case Rules.R14:
            return f"a change is held back until {user.online_due}"
        case _:
            sentence: str = rule.value.says
            return sentence


def _because_of_push(user: User, enabled: str, value: bool | None) -> str:  # noqa: FBT001
    if value is None:
        return f"not registered for push {enabled}"
    if value:
        return f"{len(user.push_bindings)} push binding(s)"
    return f"the last push binding ended at {user.notifiable.since}"
