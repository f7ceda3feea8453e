"""Facts: what happened to the service, and the only way to change anything.

A request was accepted, an SDK connected, time passed.  HTTP, the SDK's socket, scenarios and tests
submit facts; what anybody would notice afterwards is the other vocabulary, `core/events.py`.

Without slots: with them each class is made twice, and importing this is part of a test's first use.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from reachability_mock.core.model import (
    BindingType,
    CredentialType,
    RoleType,
    WebhookMethod,
    WebhookTarget,
)


class Unset(Enum):
    """The type of `UNSET`: a parameter that was not sent, as opposed to one sent empty."""

    UNSET = "unset"


UNSET = Unset.UNSET

MESSAGE_TYPES = ("new_message", "added_to_conversation", "removed_from_conversation")


@dataclass(frozen=True)
class AccountOpened:
    """An account came into being, with its default service."""

    account_sid: str
    default_service_sid: str


@dataclass(frozen=True)
class AccountConfigured:
    """The account's Configuration was updated; None leaves a value alone."""

    account_sid: str
    default_service_sid: str | None = None
    default_messaging_service_sid: str | None = None
    default_inactive_timer: str | None = None
    default_closed_timer: str | None = None


@dataclass(frozen=True)
class ServiceCreated:
    """A Service was created."""

    account_sid: str
    sid: str
    friendly_name: str


@dataclass(frozen=True)
class ServiceDeleted:
    """A Service was deleted, with everything in it."""

    service_sid: str


@dataclass(frozen=True)
class ServiceConfigured:
    """The Service Configuration was updated; None leaves a value alone.  The one switch (R2)."""

    service_sid: str
    reachability_enabled: bool | None = None
    default_conversation_creator_role_sid: str | None = None
    default_conversation_role_sid: str | None = None
    default_chat_service_role_sid: str | None = None


@dataclass(frozen=True)
class PushEdit:
    """What was sent about one kind of push notification; None leaves a value alone."""

    enabled: bool | None = None
    template: str | None = None
    sound: str | None = None


@dataclass(frozen=True)
class NotificationsConfigured:
    """The notifications of a service were updated."""

    service_sid: str
    log_enabled: bool | None = None
    new_message: PushEdit = PushEdit()
    added_to_conversation: PushEdit = PushEdit()
    removed_from_conversation: PushEdit = PushEdit()
    badge_count_enabled: bool | None = None
    with_media: PushEdit = PushEdit()


@dataclass(frozen=True)
class WebhooksEdit:
    """What was sent about webhooks; None leaves a value alone, an empty URL takes it away."""

    pre_url: str | None = None
    post_url: str | None = None
    method: WebhookMethod | None = None
    filters: tuple[str, ...] | None = None
    target: WebhookTarget | None = None


@dataclass(frozen=True)
class WebhooksConfigured:
    """The webhooks of a service were configured."""

    service_sid: str
    edit: WebhooksEdit = WebhooksEdit()


@dataclass(frozen=True)
class AccountWebhooksConfigured:
    """The webhooks of an account were configured."""

    account_sid: str
    edit: WebhooksEdit = WebhooksEdit()


@dataclass(frozen=True)
class CredentialCreated:
    """A push credential was created; what is secret in it went no further."""

    account_sid: str
    sid: str
    type: CredentialType
    friendly_name: str | None = None
    sandbox: bool | None = None


@dataclass(frozen=True)
class CredentialEdited:
    """A push credential was updated; None leaves a value alone."""

    account_sid: str
    sid: str
    type: CredentialType | None = None
    friendly_name: str | None = None
    sandbox: bool | None = None
    new_secret: bool = False
    """Whether a key or a certificate came along: which, nobody here knows."""


@dataclass(frozen=True)
class CredentialDeleted:
    """A push credential was deleted; bindings go on naming it."""

    account_sid: str
    sid: str


@dataclass(frozen=True)
class RoleCreated:
    """A role was created."""

    service_sid: str
    sid: str
    friendly_name: str
    type: RoleType
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class RoleEdited:
    """A role got other permissions, in place of all it had."""

    service_sid: str
    role_sid: str
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class RoleDeleted:
    """A role was deleted."""

    service_sid: str
    role_sid: str


@dataclass(frozen=True)
class UserCreated:
    """A user was created through REST."""

    service_sid: str
    sid: str
    identity: str
    friendly_name: str | None = None
    attributes: str | None = None
    role_sid: str | None = None


@dataclass(frozen=True)
class UserEdited:
    """A user's own properties were updated; UNSET leaves a value alone."""

    service_sid: str
    user_sid: str
    friendly_name: str | Unset | None = UNSET
    attributes: str | Unset = UNSET
    role_sid: str | Unset = UNSET


@dataclass(frozen=True)
class _OfUser:
    """Something about a known user."""

    service_sid: str
    user_sid: str


class UserDeleted(_OfUser):
    """A user was deleted: its connections close and its bindings go."""


@dataclass(frozen=True)
class Connected:
    """An SDK of `identity` connected; an unknown one becomes a user with `new_user_sid` (R5)."""

    service_sid: str
    identity: str
    device: str
    new_user_sid: str


@dataclass(frozen=True)
class _OfDevice:
    """Something about a connected device."""

    service_sid: str
    identity: str
    device: str


class Disconnected(_OfDevice):
    """A connection closed cleanly."""


class ConnectionLost(_OfDevice):
    """A connection vanished without a goodbye: it counts as closed after `lost_after` (R14)."""


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class PushUnregistered:
    """A push registration ended."""

    service_sid: str
    binding_sid: str


class TimerDue(_OfUser):
    """Time has come to look at a user again: a lost connection, or a delayed change (R14)."""


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
