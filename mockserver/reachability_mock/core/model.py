"""The nouns: accounts, services, roles, users, bindings … and their settings, as immutable values.

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


class CredentialType(Enum):
    """Which push service a credential is for."""

    APN = "apn"
    GCM = "gcm"
    FCM = "fcm"


class WebhookMethod(Enum):
    """How a webhook is called."""

    GET = "GET"
    POST = "POST"


class WebhookTarget(Enum):
    """Who gets an account's webhooks: its own URLs, or Flex."""

    WEBHOOK = "webhook"
    FLEX = "flex"


class RoleType(Enum):
    """Where a role applies."""

    CONVERSATION = "conversation"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Where the webhooks of an account or a service go, and which; None: nobody has said yet."""

    pre_url: str | None = None
    post_url: str | None = None
    method: WebhookMethod | None = None
    filters: tuple[str, ...] | None = None
    """The events that are told; no other is."""
    target: WebhookTarget = WebhookTarget.WEBHOOK
    """Of an account only."""


@dataclass(frozen=True, slots=True)
class Push:
    """One kind of push notification: whether it is sent, and how; None: nobody has said yet."""

    enabled: bool = False
    template: str | None = None
    sound: str | None = None


@dataclass(frozen=True, slots=True)
class Notifications:
    """Which push notifications a service sends."""

    log_enabled: bool = False
    new_message: Push = Push()
    added_to_conversation: Push = Push()
    removed_from_conversation: Push = Push()
    badge_count_enabled: bool | None = None
    with_media: Push | None = None
    """Of a new message that has media; it has no sound of its own."""


@dataclass(frozen=True, slots=True)
class Account:
    """One tenant.  Accounts never see each other."""

    sid: str
    default_service_sid: str
    default_messaging_service_sid: str | None
    default_inactive_timer: str | None = None
    default_closed_timer: str | None = None
    webhooks: Webhooks = Webhooks(method=WebhookMethod.POST, filters=())


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
    notifications: Notifications = Notifications()
    webhooks: Webhooks = Webhooks()


@dataclass(frozen=True, slots=True)
class Credential:
    """What an account lets a push service know it by; the secret in it is nobody's to keep here."""

    sid: str
    account_sid: str
    friendly_name: str | None
    type: CredentialType
    sandbox: bool
    date_created: datetime
    date_updated: datetime


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


Record = Account | Credential | Service | Role | User | Binding
"""Anything a store keeps."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The choices the core needs where Twilio's documentation is silent, and the delays (R14).

    Every field has an entry in the register (`register.py`), which says why the default is what
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
    unnamed_user: str | None = None
    refuse_large_pages: bool = False
    refuse_malformed_page: bool = True
    refuse_page_without_token: bool = False
    configuration_bumps_date_updated: bool = True
    used_role_deletable: bool = False
    generic_role_codes: bool = False
    webhook_filter_code: int | None = 50054
    """None: an unknown filter is kept."""
    webhook_method_filled: bool = False
    cleared_webhook_url: str | None = None
    template_limit: int = 4096
    sound_limit: int = 256
    whole_notifications: bool = False
    credential_type_code: int = 20001
    unnamed_credential: str | None = None
    token_warning: timedelta = timedelta(minutes=3)
    """How long before its token expires an SDK is told, at most."""
    offload_is_loss: bool = True
    """An SDK that was asked to come again counts as lost until then; else as gone at once."""
