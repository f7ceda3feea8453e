"""The nouns: accounts, services, roles, users, connections and bindings as immutable values.

Dates are timezone-aware UTC datetimes.  A record knows the SIDs around it but not its URL or its
account's spelling in an answer: those belong to the request (see `wire.resources`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class BindingType(Enum):
    """How a registration reaches a device."""

    APN = "apn"
    GCM = "gcm"
    FCM = "fcm"
    TWILSOCK = "twilsock"

    @property
    def is_push(self) -> bool:
        """Whether a binding of this type makes its user notifiable (a socket does not: R7)."""
        return self is not BindingType.TWILSOCK


class RoleType(Enum):
    """Where a role applies."""

    CONVERSATION = "conversation"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Account:
    """One tenant.  Accounts never see each other."""

    sid: str
    default_service_sid: str
    default_messaging_service_sid: str | None
    default_inactive_timer: str | None = None
    default_closed_timer: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One Conversations Service instance: the scope of users and of the indicator (R12)."""

    sid: str
    account_sid: str
    friendly_name: str
    date_created: datetime
    date_updated: datetime
    default_conversation_creator_role_sid: str
    default_conversation_role_sid: str
    default_chat_service_role_sid: str
    reachability_enabled: bool = False
    epoch: int = 0
    """How often the indicator has been enabled: a state latched in another epoch is forgotten."""
    enabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions of one service."""

    sid: str
    service_sid: str
    friendly_name: str
    type: RoleType
    permissions: tuple[str, ...]
    date_created: datetime
    date_updated: datetime


@dataclass(frozen=True, slots=True)
class Connection:
    """One open SDK connection of a user, named by its device."""

    device: str
    lost_until: datetime | None = None
    """Set when the socket vanished without a goodbye: at that moment it counts as closed."""


@dataclass(frozen=True, slots=True)
class Latch:
    """What one property last settled to: nothing (`value is None`) until first true in `epoch`."""

    epoch: int = 0
    value: bool | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class User:
    """A chat user of one service, with what is known of its presence."""

    sid: str
    service_sid: str
    identity: str
    friendly_name: str | None
    attributes: str
    role_sid: str
    date_created: datetime
    date_updated: datetime
    connections: tuple[Connection, ...] = ()
    push_bindings: frozenset[str] = frozenset()
    """SIDs of the bindings that make the user notifiable."""
    online: Latch = Latch()
    notifiable: Latch = Latch()
    online_due: datetime | None = None
    """When a pending change of `is_online` will show (R14); None when nothing is pending."""

    @property
    def is_connected(self) -> bool:
        """Whether at least one connection is open right now, whatever is shown."""
        return bool(self.connections)

    @property
    def is_present(self) -> bool:
        """Whether switching the indicator has anything to look at in this user."""
        return bool(self.connections or self.push_bindings or self.online_due)

    def connection(self, device: str) -> Connection | None:
        """The open connection of `device`, if there is one."""
        return next((one for one in self.connections if one.device == device), None)


@dataclass(frozen=True, slots=True)
class Binding:
    """One push registration of one user's device."""

    sid: str
    service_sid: str
    user_sid: str
    identity: str
    type: BindingType
    endpoint: str
    credential_sid: str | None
    message_types: tuple[str, ...]
    date_created: datetime
    date_updated: datetime


Record = Account | Service | Role | User | Binding
"""Anything a store keeps."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The choices the core needs where Twilio's documentation is silent, and the delays (R14).

    Every field has an entry in the register (`settings.py`), which says why the default is what
    it is and how a live account could settle it.
    """

    online_delay: timedelta = timedelta(0)
    offline_delay: timedelta = timedelta(0)
    lost_after: timedelta = timedelta(0)
    update_shows_state: bool = True
    state_survives_disable: bool = False
    presence_bumps_date_updated: bool = False
    default_service_deletable: bool = False
    attributes_compacted: bool = False
    attributes_limit: int = 4096
    missing_role_status: int = 400
    cleared_friendly_name: str | None = ""
    refuse_large_pages: bool = False
    refuse_page_without_token: bool = False
