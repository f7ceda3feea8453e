"""Facts in, events out: the two vocabularies of the core, side by side.

A *fact* is something that happened to the service: a request was accepted, an SDK connected, time
passed.  An *event* is the difference that anyone allowed to look would notice afterwards.  HTTP,
the SDK's socket, scenarios and tests submit facts; the journal, the SDK hub and webhooks listen to
events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from reachability_mock.core.model import (
    Account,
    Binding,
    BindingType,
    Credential,
    CredentialType,
    Record,
    Role,
    RoleType,
    Service,
    User,
    WebhookMethod,
    WebhookTarget,
)


class Unset(Enum):
    """The type of `UNSET`: a parameter that was not sent, as opposed to one sent empty."""

    UNSET = "unset"


UNSET = Unset.UNSET

MESSAGE_TYPES = ("new_message", "added_to_conversation", "removed_from_conversation")

# --- facts ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AccountOpened:
    """An account came into being, with its default service."""

    account_sid: str
    default_service_sid: str


@dataclass(frozen=True, slots=True)
class AccountConfigured:
    """The account's Configuration was updated; None leaves a value alone."""

    account_sid: str
    default_service_sid: str | None = None
    default_messaging_service_sid: str | None = None
    default_inactive_timer: str | None = None
    default_closed_timer: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceCreated:
    """A Service was created."""

    account_sid: str
    sid: str
    friendly_name: str


@dataclass(frozen=True, slots=True)
class ServiceDeleted:
    """A Service was deleted, with everything in it."""

    service_sid: str


@dataclass(frozen=True, slots=True)
class ServiceConfigured:
    """The Service Configuration was updated; None leaves a value alone.  The one switch (R2)."""

    service_sid: str
    reachability_enabled: bool | None = None
    default_conversation_creator_role_sid: str | None = None
    default_conversation_role_sid: str | None = None
    default_chat_service_role_sid: str | None = None


@dataclass(frozen=True, slots=True)
class PushEdit:
    """What was sent about one kind of push notification; None leaves a value alone."""

    enabled: bool | None = None
    template: str | None = None
    sound: str | None = None


@dataclass(frozen=True, slots=True)
class NotificationsConfigured:
    """The notifications of a service were updated."""

    service_sid: str
    log_enabled: bool | None = None
    new_message: PushEdit = PushEdit()
    added_to_conversation: PushEdit = PushEdit()
    removed_from_conversation: PushEdit = PushEdit()
    badge_count_enabled: bool | None = None
    with_media: PushEdit = PushEdit()


@dataclass(frozen=True, slots=True)
class WebhooksEdit:
    """What was sent about webhooks; None leaves a value alone, an empty URL takes it away."""

    pre_url: str | None = None
    post_url: str | None = None
    method: WebhookMethod | None = None
    filters: tuple[str, ...] | None = None
    target: WebhookTarget | None = None


@dataclass(frozen=True, slots=True)
class WebhooksConfigured:
    """The webhooks of a service were configured."""

    service_sid: str
    edit: WebhooksEdit = WebhooksEdit()


@dataclass(frozen=True, slots=True)
class AccountWebhooksConfigured:
    """The webhooks of an account were configured."""

    account_sid: str
    edit: WebhooksEdit = WebhooksEdit()


@dataclass(frozen=True, slots=True)
class CredentialCreated:
    """A push credential was created; what is secret in it went no further."""

    account_sid: str
    sid: str
    type: CredentialType
    friendly_name: str | None = None
    sandbox: bool | None = None


@dataclass(frozen=True, slots=True)
class CredentialEdited:
    """A push credential was updated; None leaves a value alone."""

    account_sid: str
    sid: str
    type: CredentialType | None = None
    friendly_name: str | None = None
    sandbox: bool | None = None
    new_secret: bool = False
    """Whether a key or a certificate came along: which, nobody here knows."""


@dataclass(frozen=True, slots=True)
class CredentialDeleted:
    """A push credential was deleted; bindings go on naming it."""

    account_sid: str
    sid: str


@dataclass(frozen=True, slots=True)
class RoleCreated:
    """A role was created."""

    service_sid: str
    sid: str
    friendly_name: str
    type: RoleType
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleEdited:
    """A role got other permissions, in place of all it had."""

    service_sid: str
    role_sid: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleDeleted:
    """A role was deleted."""

    service_sid: str
    role_sid: str


@dataclass(frozen=True, slots=True)
class UserCreated:
    """A user was created through REST."""

    service_sid: str
    sid: str
    identity: str
    friendly_name: str | None = None
    attributes: str | None = None
    role_sid: str | None = None


@dataclass(frozen=True, slots=True)
class UserEdited:
    """A user's own properties were updated; UNSET leaves a value alone."""

    service_sid: str
    user_sid: str
    friendly_name: str | Unset | None = UNSET
    attributes: str | Unset = UNSET
    role_sid: str | Unset = UNSET


@dataclass(frozen=True, slots=True)
class UserDeleted:
    """A user was deleted: its connections close and its bindings go."""

    service_sid: str
    user_sid: str


@dataclass(frozen=True, slots=True)
class Connected:
    """An SDK of `identity` connected; an unknown one becomes a user with `new_user_sid` (R5)."""

    service_sid: str
    identity: str
    device: str
    new_user_sid: str


@dataclass(frozen=True, slots=True)
class Disconnected:
    """A connection closed cleanly."""

    service_sid: str
    identity: str
    device: str


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """A connection vanished without a goodbye: it counts as closed after `lost_after` (R14)."""

    service_sid: str
    identity: str
    device: str


@dataclass(frozen=True, slots=True)
class PushRegistered:
    """A device registered for push; `new_user_sid` serves if the service does not know its user."""

    service_sid: str
    identity: str
    sid: str
    new_user_sid: str
    type: BindingType
    endpoint: str
    credential_sid: str | None = None
    message_types: tuple[str, ...] = MESSAGE_TYPES


@dataclass(frozen=True, slots=True)
class PushUnregistered:
    """A push registration ended."""

    service_sid: str
    binding_sid: str


@dataclass(frozen=True, slots=True)
class TimerDue:
    """Time has come to look at a user again: a lost connection, or a delayed change (R14)."""

    service_sid: str
    user_sid: str


Fact = (
    AccountOpened
    | AccountConfigured
    | ServiceCreated
    | ServiceDeleted
    | ServiceConfigured
    | NotificationsConfigured
    | WebhooksConfigured
    | AccountWebhooksConfigured
    | CredentialCreated
    | CredentialEdited
    | CredentialDeleted
    | RoleCreated
    | RoleEdited
    | RoleDeleted
    | UserCreated
    | UserEdited
    | UserDeleted
    | Connected
    | Disconnected
    | ConnectionLost
    | PushRegistered
    | PushUnregistered
    | TimerDue
)

# --- events --------------------------------------------------------------------------------------


class Reason(Enum):
    """What changed in a user, in the client SDK's words (`updateReasons`)."""

    FRIENDLY_NAME = "friendlyName"
    ATTRIBUTES = "attributes"
    ROLE = "roleSid"
    ONLINE = "reachabilityOnline"
    NOTIFIABLE = "reachabilityNotifiable"


@dataclass(frozen=True, slots=True)
class AccountUpdated:
    """An account was opened, or its configuration or webhooks changed."""

    account: Account


@dataclass(frozen=True, slots=True)
class ServiceAdded:
    """A new service is there."""

    service: Service


@dataclass(frozen=True, slots=True)
class ServiceUpdated:
    """What is set for a service changed; `switched` if the indicator went on or off."""

    service: Service
    switched: bool


@dataclass(frozen=True, slots=True)
class ServiceRemoved:
    """A service is gone."""

    service: Service


@dataclass(frozen=True, slots=True)
class CredentialAdded:
    """A new push credential is there."""

    account: Account
    credential: Credential


@dataclass(frozen=True, slots=True)
class CredentialUpdated:
    """A push credential changed, perhaps only in what nobody can see."""

    account: Account
    credential: Credential


@dataclass(frozen=True, slots=True)
class CredentialRemoved:
    """A push credential is gone."""

    account: Account
    credential: Credential


@dataclass(frozen=True, slots=True)
class RoleAdded:
    """A new role is there."""

    service: Service
    role: Role


@dataclass(frozen=True, slots=True)
class RoleUpdated:
    """A role has other permissions."""

    service: Service
    role: Role


@dataclass(frozen=True, slots=True)
class RoleRemoved:
    """A role is gone."""

    service: Service
    role: Role


@dataclass(frozen=True, slots=True)
class UserAdded:
    """A new user is there."""

    service: Service
    user: User


@dataclass(frozen=True, slots=True)
class UserUpdated:
    """A user looks different, for these `reasons`."""

    service: Service
    user: User
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class UserRemoved:
    """A user is gone."""

    service: Service
    user: User


@dataclass(frozen=True, slots=True)
class ConnectionOpened:
    """A device of a user is connected now."""

    service: Service
    user: User
    device: str


@dataclass(frozen=True, slots=True)
class ConnectionClosed:
    """A device of a user is no longer connected."""

    service: Service
    user: User
    device: str


@dataclass(frozen=True, slots=True)
class BindingAdded:
    """A device of a user can be reached by push."""

    service: Service
    binding: Binding


@dataclass(frozen=True, slots=True)
class BindingRemoved:
    """A push registration is gone."""

    service: Service
    binding: Binding


Event = (
    AccountUpdated
    | ServiceAdded
    | ServiceUpdated
    | ServiceRemoved
    | CredentialAdded
    | CredentialUpdated
    | CredentialRemoved
    | RoleAdded
    | RoleUpdated
    | RoleRemoved
    | UserAdded
    | UserUpdated
    | UserRemoved
    | ConnectionOpened
    | ConnectionClosed
    | BindingAdded
    | BindingRemoved
)

# --- what a fact comes to ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Timer:
    """Look at a user again at `due`: a fact in the future."""

    due: datetime
    service_sid: str
    user_sid: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a fact changes: records to put and to drop, timers to set, events to publish."""

    subject: Record | None = None
    """What the fact was about, as it is afterwards: what an answer shows."""
    puts: tuple[Record, ...] = ()
    drops: tuple[Record, ...] = ()
    timers: tuple[Timer, ...] = ()
    events: tuple[Event, ...] = ()


NOTHING = Changes()
