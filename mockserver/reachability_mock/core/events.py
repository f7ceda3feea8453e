"""Events: the differences that anyone allowed to look would notice after a fact.

The counterpart of `core/facts.py`.  The journal, the SDK hub and webhooks listen to events.

Without slots: with them each class is made twice, and importing this is part of a test's first use.
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
class ServiceAdded:
    """A new service is there."""

    service: Service


@dataclass(frozen=True)
class ServiceUpdated:
    """What is set for a service changed; `switched` if the indicator went on or off."""

    service: Service
    switched: bool


@dataclass(frozen=True)
class ServiceRemoved:
    """A service is gone."""

    service: Service


@dataclass(frozen=True)
class CredentialAdded:
    """A new push credential is there."""

    account: Account
    credential: Credential


@dataclass(frozen=True)
class CredentialUpdated:
    """A push credential changed, perhaps only in what nobody can see."""

    account: Account
    credential: Credential


@dataclass(frozen=True)
class CredentialRemoved:
    """A push credential is gone."""

    account: Account
    credential: Credential


@dataclass(frozen=True)
class RoleAdded:
    """A new role is there."""

    service: Service
    role: Role


@dataclass(frozen=True)
class RoleUpdated:
    """A role has other permissions."""

    service: Service
    role: Role


@dataclass(frozen=True)
class RoleRemoved:
    """A role is gone."""

    service: Service
    role: Role


@dataclass(frozen=True)
class UserAdded:
    """A new user is there."""

    service: Service
    user: User


@dataclass(frozen=True)
class UserUpdated:
    """A user looks different, for these `reasons`."""

    service: Service
    user: User
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class UserRemoved:
    """A user is gone."""

    service: Service
    user: User


@dataclass(frozen=True)
class ConnectionOpened:
    """A device of a user is connected now."""

    service: Service
    user: User
    device: str


@dataclass(frozen=True)
class ConnectionClosed:
    """A device of a user is no longer connected."""

    service: Service
    user: User
    device: str


@dataclass(frozen=True)
class BindingAdded:
    """A device of a user can be reached by push."""

    service: Service
    binding: Binding


@dataclass(frozen=True)
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
