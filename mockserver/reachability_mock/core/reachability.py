"""What is shown of a user's presence, and how presence changes: the heart of the fake.

This is the only place in the project that decides `null`.  `verdict` says what one property shows
and which rule made it so; `seen` is both properties as an answer shows them.  The laws, tested
with hypothesis: a list shows null; disabled shows null; a repeated fact changes nothing; replaying
the events yields what is seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from reachability_mock.core.model import Latch, Policy, Service, User
from reachability_mock.core.rules import Rules


class Action(Enum):
    """What a REST answer is an answer to, in Twilio's words (a *Read* is a list)."""

    FETCH = "fetch"
    READ = "read"
    CREATE = "create"
    UPDATE = "update"


class Axis(Enum):
    """The two independent properties (R8)."""

    ONLINE = "is_online"
    NOTIFIABLE = "is_notifiable"


@dataclass(frozen=True, slots=True)
class Reachability:
    """Both properties: True, False, or None for *unknown* — which is not false."""

    is_online: bool | None = None
    is_notifiable: bool | None = None


class Verdict(NamedTuple):
    """What one property shows, and the rule that made it so."""

    value: bool | None
    rule: Rules


UNKNOWN = Reachability()

_READ = Verdict(None, Rules.R9)
_CREATED = Verdict(None, Rules.R10)
_NEVER_ENABLED = Verdict(None, Rules.R1)
_DISABLED = Verdict(None, Rules.R3)
_FORGOTTEN = Verdict(None, Rules.R11)
_LAGGING = {value: Verdict(value, Rules.R14) for value in (None, True, False)}
_SETTLED: dict[Axis, dict[bool | None, Verdict]] = {
    Axis.ONLINE: {
        None: Verdict(value=None, rule=Rules.R4),
        True: Verdict(value=True, rule=Rules.R5),
        False: Verdict(value=False, rule=Rules.R6),
    },
    Axis.NOTIFIABLE: {value: Verdict(value, Rules.R7) for value in (None, True, False)},
}


def seen(service: Service, user: User, action: Action, policy: Policy) -> Reachability:
    """What `action` shows of `user`'s reachability."""
    return Reachability(
        verdict(service, user, action, Axis.ONLINE, policy).value,
        verdict(service, user, action, Axis.NOTIFIABLE, policy).value,
    )


def verdict(service: Service, user: User, action: Action, axis: Axis, policy: Policy) -> Verdict:
    """What `action` shows on one `axis` of `user`, with the rule behind it."""
    if action is Action.READ:
        return _READ
    if action is Action.CREATE or (action is Action.UPDATE and not policy.update_shows_state):
        return _CREATED
    if not service.reachability_enabled:
        return _DISABLED if service.epoch else _NEVER_ENABLED
    value = current(service, latch_of(user, axis), policy)
    if axis is Axis.ONLINE and user.online_due is not None:
        return _LAGGING[value]
    if value is None and latch_of(user, axis).value is not None:
        return _FORGOTTEN
    return _SETTLED[axis][value]


def latch_of(user: User, axis: Axis) -> Latch:
    """The latch behind one `axis` of `user`."""
    return user.online if axis is Axis.ONLINE else user.notifiable


def current(service: Service, latch: Latch, policy: Policy) -> bool | None:
    """What `latch` is worth in the service's present epoch (R11).

    A latch of an earlier epoch belongs to a user who is neither connected nor registered, since
    enabling touches all who are: it is forgotten or, if the state survives, it has become false.
    """
    if latch.epoch == service.epoch:
        return latch.value
    return False if policy.state_survives_disable and latch.value is not None else None


def settle(service: Service, user: User, at: datetime, policy: Policy) -> User:
    """`user` with both properties following the truth as far as they may at `at`.

    Called after anything touched the user's connections or bindings; a call that finds nothing to
    change returns the very same value, so repeated facts are silent.
    """
    if not service.reachability_enabled:
        return user if user.online_due is None else replace(user, online_due=None)
    return _settle_online(service, _settle_notifiable(service, user, at, policy), at, policy)


def _settle_notifiable(service: Service, user: User, at: datetime, policy: Policy) -> User:
    truth = bool(user.push_bindings)
    if truth == bool(current(service, user.notifiable, policy)):
        return user
    return replace(user, notifiable=Latch(service.epoch, truth, at))


def _settle_online(service: Service, user: User, at: datetime, policy: Policy) -> User:
    """Follow the connections now, or leave a due time if a delay holds the change back (R14)."""
    if user.is_connected == bool(current(service, user.online, policy)):
        return user if user.online_due is None else replace(user, online_due=None)
    due = user.online_due or at + online_delay(user, policy)
    if due <= at:
        return replace(user, online=Latch(service.epoch, user.is_connected, at), online_due=None)
    return user if user.online_due == due else replace(user, online_due=due)


def online_delay(user: User, policy: Policy) -> timedelta:
    """How long the shown `is_online` lags behind the change that `user` just went through."""
    return policy.online_delay if user.is_connected else policy.offline_delay


def enabled(service: Service, user: User, at: datetime) -> User:
    """`user` as it enters a new epoch: what is connected or registered counts at once (R11)."""
    begun = Latch(service.epoch, value=True, since=at)
    online = begun if user.is_connected else user.online
    notifiable = begun if user.push_bindings else user.notifiable
    return replace(user, online=online, notifiable=notifiable, online_due=None)


def parted(user: User) -> User:
    """`user` as it is seen for the last time, being deleted: what is known of it becomes false.

    Its connections are closed and its bindings gone; what was unknown stays so.
    """
    return replace(
        user,
        connections=(),
        push_bindings=frozenset(),
        online=_ended(user.online),
        notifiable=_ended(user.notifiable),
        online_due=None,
    )


def _ended(latch: Latch) -> Latch:
    return replace(latch, value=False) if latch.value else latch
