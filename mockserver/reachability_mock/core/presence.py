"""Presence: connections that open and close, registrations that come and go, and time passing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from reachability_mock.core import errors
from reachability_mock.core.changes import Changes, Timer
from reachability_mock.core.events import (
    BindingAdded,
    BindingRemoved,
    ConnectionClosed,
    ConnectionOpened,
    Event,
    Reason,
    UserAdded,
    UserUpdated,
)
from reachability_mock.core.facts import (
    Connected,
    ConnectionLost,
    Disconnected,
    PushRegistered,
    PushUnregistered,
    TimerDue,
)
from reachability_mock.core.identity import checked_identity
from reachability_mock.core.model import Binding, Connection, Policy, Service, User
from reachability_mock.core.reachability import Action, seen, settle
from reachability_mock.core.records import Records, the_service, the_user


class Moment(NamedTuple):
    """What every question about a fact needs: the records, the time and the policy."""

    records: Records
    at: datetime
    policy: Policy


def connected(fact: Connected, moment: Moment) -> Changes:
    """An SDK of `identity` connected: the first connection makes the user online (R5).

    Raises:
        Refused: the service is gone, or the identity cannot be a user's.
    """
    service = the_service(moment.records, fact.service_sid)
    user, born = _user_or_new(service, fact.identity, fact.new_user_sid, moment)
    open_already = user.connection(fact.device)
    if open_already is not None and open_already.lost_until is None:
        return Changes(user)
    others = tuple(one for one in user.connections if one.device != fact.device)
    now = replace(user, connections=(*others, Connection(fact.device)))
    opened = () if open_already else (ConnectionOpened(service, now, fact.device),)
    return _settled(service, user, now, moment, before=(*born, *opened), new=bool(born))


def disconnected(fact: Disconnected, moment: Moment) -> Changes:
    """A device said goodbye: the last one makes the user offline (R6)."""
    service = the_service(moment.records, fact.service_sid)
    user = moment.records.user_by_identity(service.sid, fact.identity)
    if user is None or user.connection(fact.device) is None:
        return Changes(user)
    return _closed(service, user, (fact.device,), moment)


def connection_lost(fact: ConnectionLost, moment: Moment) -> Changes:
    """A socket vanished: it counts as closed after `lost_after`, unless the device returns."""
    service = the_service(moment.records, fact.service_sid)
    user = moment.records.user_by_identity(service.sid, fact.identity)
    connection = user.connection(fact.device) if user else None
    if user is None or connection is None or connection.lost_until is not None:
        return Changes(user)
    until = moment.at + moment.policy.lost_after
    if until <= moment.at:
        return _closed(service, user, (fact.device,), moment)
    lost = replace(connection, lost_until=until)
    kept = tuple(lost if one is connection else one for one in user.connections)
    now = replace(user, connections=kept)
    return Changes(now, (now,), timers=(Timer(until, service.sid, user.sid),))


def timer_due(fact: TimerDue, moment: Moment) -> Changes:
    """Close what was lost long enough, and show what was held back; nothing if it was overtaken."""
    service = moment.records.service(fact.service_sid)
    user = moment.records.user(fact.service_sid, fact.user_sid)
    if service is None or user is None:
        return Changes()
    gone = tuple(
        one.device
        for one in user.connections
        if one.lost_until is not None and one.lost_until <= moment.at
    )
    return _closed(service, user, gone, moment)


def push_registered(fact: PushRegistered, moment: Moment) -> Changes:
    """A device can be reached by push: the first one makes the user notifiable (R7).

    Registering the same endpoint again (same user, type and address) is the same binding.
    """
    service = the_service(moment.records, fact.service_sid)
    user, born = _user_or_new(service, fact.identity, fact.new_user_sid, moment)
    for known in moment.records.bindings_of(user):
        if (known.type, known.endpoint) == (fact.type, fact.endpoint):
            return Changes(known)
    binding = Binding(
        fact.sid,
        service.sid,
        user.sid,
        user.identity,
        fact.type,
        fact.endpoint,
        fact.credential_sid,
        fact.message_types,
        date_created=moment.at,
        date_updated=moment.at,
    )
    added = frozenset((binding.sid,)) if fact.type.is_push else frozenset()
    now = replace(user, push_bindings=user.push_bindings | added)
    changes = _settled(
        service, user, now, moment, before=(*born, BindingAdded(service, binding)), new=bool(born)
    )
    return replace(changes, subject=binding, puts=(binding, *changes.puts))


def push_unregistered(fact: PushUnregistered, moment: Moment) -> Changes:
    """A registration ended: without any, the user is no longer notifiable (R7).

    Raises:
        Refused: there is no such binding.
    """
    service = the_service(moment.records, fact.service_sid)
    binding = moment.records.binding(service.sid, fact.binding_sid)
    if binding is None:
        raise errors.not_found(f"/Services/{service.sid}/Bindings/{fact.binding_sid}")
    gone = (BindingRemoved(service, binding),)
    user = the_user(moment.records, service.sid, binding.user_sid)
    now = replace(user, push_bindings=user.push_bindings - {binding.sid})
    changes = _settled(service, user, now, moment, before=gone)
    return replace(changes, subject=binding, drops=(binding,))


def user_changes(
    moment: Moment, service: Service, before: User, user: User, *, was: Service | None = None
) -> Changes:
    """What became of one user: its record, its timers, and an event if anybody could notice.

    `was` is the service as it was before the fact, if the fact changed that too.  While the
    indicator is off nothing is told of presence, whatever the record says.
    """
    if user == before and was is None:
        return Changes(user)
    reasons = _reasons(was or service, service, before, user, moment.policy)
    presence = {Reason.ONLINE, Reason.NOTIFIABLE} & set(reasons)
    if presence and moment.policy.presence_bumps_date_updated:
        user = replace(user, date_updated=moment.at)
    pending = user.online_due is not None and user.online_due != before.online_due
    timers = (Timer(user.online_due, service.sid, user.sid),) if pending and user.online_due else ()
    events: tuple[Event, ...] = (UserUpdated(service, user, reasons),) if reasons else ()
    return Changes(user, (user,), timers=timers, events=events)


def _reasons(
    service_before: Service, service: Service, before: User, user: User, policy: Policy
) -> tuple[Reason, ...]:
    reasons = []
    if user.friendly_name != before.friendly_name:
        reasons.append(Reason.FRIENDLY_NAME)
    if user.attributes != before.attributes:
        reasons.append(Reason.ATTRIBUTES)
    if user.role_sid != before.role_sid:
        reasons.append(Reason.ROLE)
    if service.reachability_enabled:
        then = seen(service_before, before, Action.FETCH, policy)
        now = seen(service, user, Action.FETCH, policy)
        if then.is_online is not now.is_online:
            reasons.append(Reason.ONLINE)
        if then.is_notifiable is not now.is_notifiable:
            reasons.append(Reason.NOTIFIABLE)
    return tuple(reasons)


def new_user(
    service: Service, identity: str, sid: str, at: datetime, name: str | None = None
) -> User:
    """A user as it is born, whoever asked for it."""
    return User(
        sid,
        service.sid,
        checked_identity(identity),
        friendly_name=name,
        attributes="{}",
        role_sid=service.default_chat_service_role_sid,
        date_created=at,
        date_updated=at,
    )


def _user_or_new(
    service: Service, identity: str, new_sid: str, moment: Moment
) -> tuple[User, tuple[Event, ...]]:
    """The user of `identity`; one unknown to the service is born here (R5)."""
    user = moment.records.user_by_identity(service.sid, identity)
    if user is not None:
        return user, ()
    user = new_user(service, identity, new_sid, moment.at, moment.policy.unnamed_user)
    return user, (UserAdded(service, user),)


def _closed(service: Service, user: User, devices: tuple[str, ...], moment: Moment) -> Changes:
    kept = tuple(one for one in user.connections if one.device not in devices)
    now = replace(user, connections=kept) if devices else user
    closed = tuple(ConnectionClosed(service, now, device) for device in devices)
    return _settled(service, user, now, moment, before=closed)


def _settled(  # noqa: PLR0913 - one more name would hide that these six belong together
    service: Service,
    user: User,
    now: User,
    moment: Moment,
    *,
    before: tuple[Event, ...] = (),
    new: bool = False,
) -> Changes:
    """`now` after settling, with the events that lead up to it; a `new` user is stored anyway."""
    settled = settle(service, now, moment.at, moment.policy)
    changes = user_changes(moment, service, user, settled)
    puts = changes.puts or ((settled,) if new else ())
    return replace(changes, puts=puts, events=(*before, *changes.events))
