"""Events: the differences that anyone allowed to look would notice after a fact.

The counterpart of `core/facts.py`.  The journal, the SDK hub and webhooks listen to events.

Events of one shape share a base, and none has slots: making a dataclass takes a third of a
millisecond, and importing these is part of a test's first use.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from reachability_mock.core.model import Account, Binding, Credential, Role, Service, User


class Reason(Enum):
    """What changed in a user, in the client SDK's words (`updateReasons`)."""

    FRIENDLY_NAME = "friendlyName"
    ATTRIBUTES = "attributes"
    ROLE = "roleSid"
    ONLINE = "reachabilityOnline"
    NOTIFIABLE = "reachabilityNotifiable"

    @property
    def is_told(self) -> bool:
        """Whether client SDKs hear of it: a user's role is the service's own affair."""
        return self is not Reason.ROLE


@dataclass(frozen=True)
class AccountUpdated:
    """An account was opened, or its configuration or webhooks changed."""

    account: Account


@dataclass(frozen=True)
class _OfService:
    """What happened to a service."""

    service: Service


class ServiceAdded(_OfService):
    """A new service is there."""


@dataclass(frozen=True)
class ServiceUpdated:
    """What is set for a service changed; `switched` if the indicator went on or off."""

    service: Service
    switched: bool


class ServiceRemoved(_OfService):
    """A service is gone."""


@dataclass(frozen=True)
class _OfCredential:
    """What happened to a push credential."""

    account: Account
    credential: Credential


class CredentialAdded(_OfCredential):
    """A new push credential is there."""


class CredentialUpdated(_OfCredential):
    """A push credential changed, perhaps only in what nobody can see."""


class CredentialRemoved(_OfCredential):
    """A push credential is gone."""


@dataclass(frozen=True)
class _OfRole:
    """What happened to a role."""

    service: Service
    role: Role


class RoleAdded(_OfRole):
    """A new role is there."""


class RoleUpdated(_OfRole):
    """A role has other permissions."""


class RoleRemoved(_OfRole):
    """A role is gone."""


@dataclass(frozen=True)
class _OfUser:
    """What happened to a user."""

    service: Service
    user: User


class UserAdded(_OfUser):
    """A new user is there."""


@dataclass(frozen=True)
class UserUpdated:
    """A user looks different, for these `reasons`."""

    service: Service
    user: User
    reasons: tuple[Reason, ...]


class UserRemoved(_OfUser):
    """A user is gone."""


@dataclass(frozen=True)
class _OfDevice:
    """What happened to a device of a user."""

    service: Service
    user: User
    device: str


class ConnectionOpened(_OfDevice):
    """A device of a user is connected now."""


class ConnectionClosed(_OfDevice):
    """A device of a user is no longer connected."""


@dataclass(frozen=True)
class _OfBinding:
    """What happened to a push registration."""

    service: Service
    binding: Binding


class BindingAdded(_OfBinding):
    """A device of a user can be reached by push."""


class BindingRemoved(_OfBinding):
    """A push registration is gone."""


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
