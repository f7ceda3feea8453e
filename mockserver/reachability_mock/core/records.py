"""What the core may ask of the records, one key at a time: no question walks all users."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from reachability_mock.core import errors
from reachability_mock.core.model import Account, Binding, Credential, Role, Service, User


class Records(Protocol):
    """Read access to the records as they are before a fact."""

    def account(self, sid: str) -> Account | None:
        """The account, if it is open."""

    def service(self, sid: str) -> Service | None:
        """The service, if it exists."""

    def credential(self, account_sid: str, sid: str) -> Credential | None:
        """A credential of the account."""

    def role(self, service_sid: str, sid: str) -> Role | None:
        """A role of the service."""

    def has_users(self, role: Role) -> bool:
        """Whether any user of its service has that role."""

    def user(self, service_sid: str, sid: str) -> User | None:
        """A user by its SID."""

    def user_by_identity(self, service_sid: str, identity: str) -> User | None:
        """A user by its identity (case-sensitive)."""

    def binding(self, service_sid: str, sid: str) -> Binding | None:
        """A binding by its SID."""

    def bindings_of(self, user: User) -> Iterable[Binding]:
        """The bindings of one user."""

    def present_users(self, service_sid: str) -> Iterable[User]:
        """The users who are connected or registered right now, and nobody else."""


def the_account(records: Records, sid: str) -> Account:
    """The account of a fact.

    Raises:
        Refused: it is not open.
    """
    account = records.account(sid)
    if account is None:
        raise errors.not_found("/Configuration")
    return account


def the_service(records: Records, sid: str) -> Service:
    """The service of a fact, or a 404 that names it.

    Raises:
        Refused: the service is gone (deleted between the request's look and its fact).
    """
    service = records.service(sid)
    if service is None:
        raise errors.not_found(f"/Services/{sid}")
    return service


def the_user(records: Records, service_sid: str, sid: str) -> User:
    """The user of a fact, or a 404 that names it.

    Raises:
        Refused: the user is gone.
    """
    user = records.user(service_sid, sid)
    if user is None:
        raise errors.not_found(f"/Services/{service_sid}/Users/{sid}")
    return user
