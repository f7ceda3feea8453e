"""Services: their birth and death, and the configuration that switches the indicator (R2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reachability_mock.core import errors
from reachability_mock.core.changes import Changes
from reachability_mock.core.events import Event, ServiceAdded, ServiceRemoved, ServiceUpdated
from reachability_mock.core.facts import ServiceConfigured, ServiceCreated, ServiceDeleted
from reachability_mock.core.model import Policy, Record, RoleType, Service
from reachability_mock.core.presence import Moment, user_changes
from reachability_mock.core.reachability import enabled
from reachability_mock.core.records import Records, the_service
from reachability_mock.core.roles import born_roles, checked_role

FRIENDLY_NAME_LIMIT = 256


def created(records: Records, fact: ServiceCreated, at: datetime) -> Changes:
    """The changes that create a service.

    Raises:
        Refused: no name, or one over 256 characters; a SID that another service has.
    """
    if not fact.friendly_name:
        raise errors.friendly_name_missing()
    if len(fact.friendly_name) > FRIENDLY_NAME_LIMIT:
        raise errors.friendly_name_too_long()
    if records.service(fact.sid) is not None:
        raise errors.conflict(f"There is a Service {fact.sid} already")
    return new_service(fact.account_sid, fact.sid, fact.friendly_name, at)


def new_service(account_sid: str, sid: str, friendly_name: str, at: datetime) -> Changes:
    """A service with its default roles, the indicator off (R1)."""
    service_user, _, channel_user, channel_admin = roles = born_roles(sid, at)
    service = Service(
        sid,
        account_sid,
        friendly_name,
        date_created=at,
        date_updated=at,
        default_conversation_creator_role_sid=channel_admin.sid,
        default_conversation_role_sid=channel_user.sid,
        default_chat_service_role_sid=service_user.sid,
    )
    return Changes(service, (service, *roles), events=(ServiceAdded(service),))


def deleted(records: Records, fact: ServiceDeleted, policy: Policy) -> Changes:
    """The changes that delete a service; the store drops what is in it.

    Raises:
        Refused: it is the account's default service and `default_service_deletable` is off.
    """
    service = the_service(records, fact.service_sid)
    account = records.account(service.account_sid)
    is_default = account is not None and account.default_service_sid == service.sid
    if is_default and not policy.default_service_deletable:
        raise errors.conflict("The default Service of the account cannot be deleted")
    return Changes(service, drops=(service,), events=(ServiceRemoved(service),))


def configured(records: Records, fact: ServiceConfigured, at: datetime, policy: Policy) -> Changes:
    """The changes of an update of the Service Configuration.

    Raises:
        Refused: a role that is not there or of the wrong type.
    """
    before = the_service(records, fact.service_sid)
    after = _switched(_with_roles(records, before, fact, policy), fact.reachability_enabled, at)
    if after == before:
        return Changes(before)
    after = _dated(after, at, policy)
    switched = after.reachability_enabled != before.reachability_enabled
    users = _touched(records, before, after, at, policy) if switched else Changes()
    events: tuple[Event, ...] = (ServiceUpdated(after, switched), *users.events)
    return Changes(after, (after, *users.puts), events=events)


def updated(before: Service, after: Service, at: datetime, policy: Policy) -> Changes:
    """The changes of an update that leaves the indicator alone."""
    if after == before:
        return Changes(before)
    after = _dated(after, at, policy)
    return Changes(after, (after,), events=(ServiceUpdated(after, switched=False),))


def _dated(service: Service, at: datetime, policy: Policy) -> Service:
    """The service, changed at that moment."""
    return replace(service, date_updated=at) if policy.configuration_bumps_date_updated else service


def _with_roles(
    records: Records, service: Service, fact: ServiceConfigured, policy: Policy
) -> Service:
    def chosen(sent: str | None, kept: str, kind: RoleType) -> str:
        if sent is None:
            return kept
        return checked_role(records, service.sid, sent, kind, policy)

    return replace(
        service,
        default_conversation_creator_role_sid=chosen(
            fact.default_conversation_creator_role_sid,
            service.default_conversation_creator_role_sid,
            RoleType.CONVERSATION,
        ),
        default_conversation_role_sid=chosen(
            fact.default_conversation_role_sid,
            service.default_conversation_role_sid,
            RoleType.CONVERSATION,
        ),
        default_chat_service_role_sid=chosen(
            fact.default_chat_service_role_sid,
            service.default_chat_service_role_sid,
            RoleType.SERVICE,
        ),
    )


def _switched(service: Service, on: bool | None, at: datetime) -> Service:  # noqa: FBT001 - a value that was sent, not a flag
    """The service with the indicator as asked; a new epoch begins whenever it goes on."""
    if on is None or on == service.reachability_enabled:
        return service
    if not on:
        return replace(service, reachability_enabled=False)
    return replace(service, reachability_enabled=True, epoch=service.epoch + 1, enabled_at=at)


def _touched(
    records: Records, before: Service, after: Service, at: datetime, policy: Policy
) -> Changes:
    """What switching does to those who are connected or registered: never a walk over all users."""
    moment = Moment(records, at, policy)
    puts: list[Record] = []
    events: list[Event] = []
    for user in records.present_users(after.sid):
        entered = enabled(after, user, at) if after.reachability_enabled else user
        one = user_changes(moment, after, user, replace(entered, online_due=None), was=before)
        puts += one.puts
        events += one.events
    return Changes(None, tuple(puts), events=tuple(events))
