"""From a fact to its changes: one pure function over the records as they are."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from reachability_mock.core import (
    accounts,
    credentials,
    notifications,
    presence,
    roles,
    services,
    users,
    webhooks,
)
from reachability_mock.core.changes import Changes
from reachability_mock.core.facts import (
    AccountConfigured,
    AccountOpened,
    AccountWebhooksConfigured,
    Connected,
    ConnectionLost,
    CredentialCreated,
    CredentialDeleted,
    CredentialEdited,
    Disconnected,
    Fact,
    NotificationsConfigured,
    PushRegistered,
    PushUnregistered,
    RoleCreated,
    RoleDeleted,
    RoleEdited,
    ServiceConfigured,
    ServiceCreated,
    ServiceDeleted,
    TimerDue,
    UserCreated,
    UserDeleted,
    UserEdited,
    WebhooksConfigured,
)
from reachability_mock.core.model import Policy
from reachability_mock.core.presence import Moment
from reachability_mock.core.records import Records


def apply(records: Records, fact: Fact, at: datetime, policy: Policy) -> Changes:  # noqa: C901, PLR0911, PLR0912 - one row per fact: a table, not a maze
    """What `fact` changes if it happens at `at`; touches the records it names and no others.

    Raises:
        Refused: the fact cannot happen; nothing has changed.
    """
    moment = Moment(records, at, policy)
    match fact:
        case UserCreated():
            return users.created(fact, moment)
        case UserEdited():
            return users.edited(fact, moment)
        case UserDeleted():
            return users.deleted(fact, moment)
        case Connected():
            return presence.connected(fact, moment)
        case Disconnected():
            return presence.disconnected(fact, moment)
        case ConnectionLost():
            return presence.connection_lost(fact, moment)
        case PushRegistered():
            return presence.push_registered(fact, moment)
        case PushUnregistered():
            return presence.push_unregistered(fact, moment)
        case TimerDue():
            return presence.timer_due(fact, moment)
        case ServiceConfigured():
            return services.configured(records, fact, at, policy)
        case ServiceCreated():
            return services.created(records, fact, at)
        case ServiceDeleted():
            return services.deleted(records, fact, policy)
        case NotificationsConfigured():
            return notifications.configured(records, fact, at, policy)
        case WebhooksConfigured():
            return webhooks.configured(records, fact, at, policy)
        case AccountWebhooksConfigured():
            return webhooks.account_configured(records, fact, policy)
        case RoleCreated():
            return roles.created(records, fact, at, policy)
        case RoleEdited():
            return roles.edited(records, fact, at, policy)
        case RoleDeleted():
            return roles.deleted(records, fact, policy)
        case CredentialCreated():
            return credentials.created(records, fact, at, policy)
        case CredentialEdited():
            return credentials.edited(records, fact, at, policy)
        case CredentialDeleted():
            return credentials.deleted(records, fact)
        case AccountConfigured():
            return accounts.configured(records, fact)
        case AccountOpened():
            return accounts.opened(records, fact, at)
        case _:
            assert_never(fact)
