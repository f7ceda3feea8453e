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

from reachability_mock.core.model import Account, Binding, BindingType, Record, Service, User


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
    """An account was opened or its configuration changed."""

    account: Account


@dataclass(frozen=True, slots=True)
class ServiceAdded:
    """A new service is there."""

    service: Service


@dataclass(frozen=True, slots=True)
class ServiceUpdated:
    """A service's configuration changed; `switched` if the indicator went on or off."""

    service: Service
    switched: bool


@dataclass(frozen=True, slots=True)
class ServiceRemoved:
    """A service is gone."""

    service: Service


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
