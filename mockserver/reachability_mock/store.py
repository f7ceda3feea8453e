"""The store: every record by SID, by identity and in creation order, behind one small interface.

`Store` is what the world needs; `MemoryStore` is the one that ships.  Nothing here decides
anything: `commit` takes the changes that the core worked out.  No operation walks all users.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import count
from typing import Generic, NamedTuple, Protocol, TypeVar, assert_never

from sortedcontainers import SortedDict

from reachability_mock.core.changes import Changes
from reachability_mock.core.model import (
    Account,
    Binding,
    BindingType,
    Credential,
    Record,
    Role,
    Service,
    User,
)
from reachability_mock.core.paging import Numbered
from reachability_mock.core.records import Records

R = TypeVar("R", Service, Credential, Role, User, Binding)


class Shelf(Generic[R]):
    """Records of one kind: by SID in O(1), and by creation number in O(log n), both ways."""

    def __init__(self) -> None:
        """Begin empty."""
        self._by_sid: dict[str, R] = {}
        self._number_of: dict[str, int] = {}
        self._sid_at: SortedDict[int, str] = SortedDict()
        self._numbers = count()

    def __len__(self) -> int:
        """How many records there are."""
        return len(self._by_sid)

    def __iter__(self) -> Iterator[R]:
        """All records, oldest first: for a dump of the world, never for answering a request."""
        return (self._by_sid[sid] for sid in self._sid_at.values())

    def get(self, sid: str) -> R | None:
        """The record with that SID."""
        return self._by_sid.get(sid)

    def put(self, record: R) -> None:
        """Add a record, or replace the one with its SID in its place."""
        if record.sid not in self._by_sid:
            number = next(self._numbers)
            self._number_of[record.sid] = number
            self._sid_at[number] = record.sid
        self._by_sid[record.sid] = record

    def drop(self, sid: str) -> None:
        """Remove the record with that SID; its number is not used again."""
        if self._by_sid.pop(sid, None) is not None:
            del self._sid_at[self._number_of.pop(sid)]

    def number_of(self, sid: str) -> int:
        """The creation number of a record that is there."""
        return self._number_of[sid]

    def at(self, number: int) -> R:
        """The record with that creation number; it must be there."""
        return self._by_sid[self._sid_at[number]]

    def after(self, number: int) -> Iterator[tuple[int, R]]:
        """Records with a higher creation number, oldest first."""
        for key in self._sid_at.irange(number, inclusive=(False, False)):
            yield key, self.at(key)

    def before(self, number: int) -> Iterator[tuple[int, R]]:
        """Records with a lower creation number, newest first."""
        for key in self._sid_at.irange(maximum=number, inclusive=(False, False), reverse=True):
            yield key, self.at(key)


@dataclass(slots=True)
class Room:
    """What lives inside one service."""

    service: Service
    roles: Shelf[Role] = field(default_factory=Shelf)
    users: Shelf[User] = field(default_factory=Shelf)
    bindings: Shelf[Binding] = field(default_factory=Shelf)
    sid_of_identity: dict[str, str] = field(default_factory=dict)
    users_of_role: dict[str, int] = field(default_factory=dict)
    """How many users have a role; one that nobody has is not there."""
    present: dict[str, None] = field(default_factory=dict)
    """SIDs of the users who are connected or registered, in the order they became so."""
    bindings_of_user: dict[str, dict[str, None]] = field(default_factory=dict)
    bindings_of_type: dict[BindingType, SortedDict[int, str]] = field(default_factory=dict)

    def put_user(self, user: User) -> None:
        """Store a user and note its role and whether it is present."""
        before = self.users.get(user.sid)
        if before is None or before.role_sid != user.role_sid:
            self._count_role(user.role_sid, 1)
            if before is not None:
                self._count_role(before.role_sid, -1)
        self.users.put(user)
        self.sid_of_identity[user.identity] = user.sid
        if user.is_present:
            self.present[user.sid] = None
        else:
            self.present.pop(user.sid, None)

    def drop_user(self, user: User) -> None:
        """Forget a user; its identity is free again."""
        kept = self.users.get(user.sid)
        if kept is not None:
            self._count_role(kept.role_sid, -1)
        self.users.drop(user.sid)
        self.present.pop(user.sid, None)
        if self.sid_of_identity.get(user.identity) == user.sid:
            del self.sid_of_identity[user.identity]

    def _count_role(self, sid: str, change: int) -> None:
        number = self.users_of_role.get(sid, 0) + change
        if number:
            self.users_of_role[sid] = number
        else:
            del self.users_of_role[sid]

    def put_binding(self, binding: Binding) -> None:
        """Store a binding under its user and its type."""
        self.bindings.put(binding)
        self.bindings_of_user.setdefault(binding.user_sid, {})[binding.sid] = None
        by_number = self.bindings_of_type.setdefault(binding.type, SortedDict())
        by_number[self.bindings.number_of(binding.sid)] = binding.sid

    def drop_binding(self, binding: Binding) -> None:
        """Forget a binding."""
        number = self.bindings.number_of(binding.sid)
        self.bindings.drop(binding.sid)
        self.bindings_of_type[binding.type].pop(number, None)
        sids = self.bindings_of_user.get(binding.user_sid, {})
        sids.pop(binding.sid, None)
        if not sids:
            self.bindings_of_user.pop(binding.user_sid, None)


class Store(Records, Protocol):
    """What the world needs of a store: the core's questions, lists, and one commit."""

    def services_of(self, account_sid: str) -> Numbered[Service]:
        """The services of an account in creation order."""

    def credentials_of(self, account_sid: str) -> Numbered[Credential]:
        """The credentials of an account in creation order."""

    def users_of(self, service_sid: str) -> Numbered[User]:
        """The users of a service in creation order."""

    def roles_of(self, service_sid: str) -> Numbered[Role]:
        """The roles of a service in creation order."""

    def bindings_in(
        self, service_sid: str, identities: Iterable[str], types: Iterable[BindingType]
    ) -> Numbered[Binding]:
        """The bindings of a service in creation order; no identity or no type means any."""

    def accounts(self) -> Iterable[Account]:
        """Every open account: for a dump of the world."""

    def commit(self, changes: Changes) -> None:
        """Take all of `changes`, under the world's lock.

        What the core decided fits the records it was decided on; nothing is rolled back if not.
        """


class MemoryStore:
    """A `Store` in this process's memory."""

    def __init__(self) -> None:
        """Begin with no account."""
        self._accounts: dict[str, Account] = {}
        self._services_of: dict[str, Shelf[Service]] = {}
        self._credentials_of: dict[str, Shelf[Credential]] = {}
        self._rooms: dict[str, Room] = {}

    def account(self, sid: str) -> Account | None:
        """The account, if it is open."""
        return self._accounts.get(sid)

    def accounts(self) -> Iterable[Account]:
        """Every open account, oldest first."""
        return self._accounts.values()

    def service(self, sid: str) -> Service | None:
        """The service, if it exists."""
        room = self._rooms.get(sid)
        return room.service if room else None

    def credential(self, account_sid: str, sid: str) -> Credential | None:
        """A credential of the account."""
        shelf = self._credentials_of.get(account_sid)
        return shelf.get(sid) if shelf else None

    def role(self, service_sid: str, sid: str) -> Role | None:
        """A role of the service."""
        room = self._rooms.get(service_sid)
        return room.roles.get(sid) if room else None

    def has_users(self, role: Role) -> bool:
        """Whether any user of its service has that role."""
        room = self._rooms.get(role.service_sid)
        return room is not None and role.sid in room.users_of_role

    def user(self, service_sid: str, sid: str) -> User | None:
        """A user by its SID."""
        room = self._rooms.get(service_sid)
        return room.users.get(sid) if room else None

    def user_by_identity(self, service_sid: str, identity: str) -> User | None:
        """A user by its identity (case-sensitive)."""
        room = self._rooms.get(service_sid)
        sid = room.sid_of_identity.get(identity) if room else None
        return room.users.get(sid) if room and sid else None

    def binding(self, service_sid: str, sid: str) -> Binding | None:
        """A binding by its SID."""
        room = self._rooms.get(service_sid)
        return room.bindings.get(sid) if room else None

    def bindings_of(self, user: User) -> tuple[Binding, ...]:
        """The bindings of one user, oldest first."""
        room = self._rooms.get(user.service_sid)
        sids = room.bindings_of_user.get(user.sid, {}) if room else {}
        found = (room.bindings.get(sid) for sid in sids) if room else ()
        return tuple(binding for binding in found if binding)

    def present_users(self, service_sid: str) -> tuple[User, ...]:
        """The users who are connected or registered right now, and nobody else."""
        room = self._rooms.get(service_sid)
        found = (room.users.get(sid) for sid in room.present) if room else ()
        return tuple(user for user in found if user)

    def services_of(self, account_sid: str) -> Numbered[Service]:
        """The services of an account in creation order."""
        return self._services_of.get(account_sid) or Shelf()

    def credentials_of(self, account_sid: str) -> Numbered[Credential]:
        """The credentials of an account in creation order."""
        return self._credentials_of.get(account_sid) or Shelf()

    def users_of(self, service_sid: str) -> Numbered[User]:
        """The users of a service in creation order."""
        room = self._rooms.get(service_sid)
        return room.users if room else Shelf()

    def roles_of(self, service_sid: str) -> Numbered[Role]:
        """The roles of a service in creation order."""
        room = self._rooms.get(service_sid)
        return room.roles if room else Shelf()

    def bindings_in(
        self, service_sid: str, identities: Iterable[str], types: Iterable[BindingType]
    ) -> Numbered[Binding]:
        """The bindings of a service in creation order; no identity or no type means any."""
        room = self._rooms.get(service_sid)
        wanted, kinds = tuple(dict.fromkeys(identities)), tuple(dict.fromkeys(types))
        if room is None:
            return Shelf()
        if wanted:
            return _OfIdentities(room, wanted, kinds)
        return _OfTypes(room, kinds) if kinds else room.bindings

    def commit(self, changes: Changes) -> None:
        """Take all of `changes`: puts first, then drops."""
        for record in changes.puts:
            self._put(record)
        for record in changes.drops:
            self._drop(record)

    def _put(self, record: Record) -> None:
        match record:
            case User():
                self._rooms[record.service_sid].put_user(record)
            case Binding():
                self._rooms[record.service_sid].put_binding(record)
            case Role():
                self._rooms[record.service_sid].roles.put(record)
            case Service():
                room = self._rooms.setdefault(record.sid, Room(record))
                room.service = record
                self._services_of.setdefault(record.account_sid, Shelf()).put(record)
            case Credential():
                self._credentials_of.setdefault(record.account_sid, Shelf()).put(record)
            case Account():
                self._accounts[record.sid] = record
            case _:
                assert_never(record)

    def _drop(self, record: Record) -> None:
        match record:
            case User():
                self._rooms[record.service_sid].drop_user(record)
            case Binding():
                self._rooms[record.service_sid].drop_binding(record)
            case Role():
                self._rooms[record.service_sid].roles.drop(record.sid)
            case Service():
                self._services_of[record.account_sid].drop(record.sid)
                del self._rooms[record.sid]
            case Credential():
                self._credentials_of[record.account_sid].drop(record.sid)
            case Account():
                del self._accounts[record.sid]
            case _:
                assert_never(record)


class _OfIdentities(NamedTuple):
    """The bindings of a few users: as many as those users have, however many there are in all."""

    room: Room
    identities: tuple[str, ...]
    types: tuple[BindingType, ...]

    def _numbered(self) -> list[tuple[int, Binding]]:
        sids = (self.room.sid_of_identity.get(identity) for identity in self.identities)
        bindings = (
            self.room.bindings.get(sid)
            for user_sid in sids
            if user_sid
            for sid in self.room.bindings_of_user.get(user_sid, ())
        )
        return sorted(
            (
                (self.room.bindings.number_of(binding.sid), binding)
                for binding in bindings
                if binding and (not self.types or binding.type in self.types)
            ),
            key=lambda pair: pair[0],
        )

    def after(self, number: int) -> Iterator[tuple[int, Binding]]:
        return (pair for pair in self._numbered() if pair[0] > number)

    def before(self, number: int) -> Iterator[tuple[int, Binding]]:
        return (pair for pair in reversed(self._numbered()) if pair[0] < number)


class _OfTypes(NamedTuple):
    """The bindings of some types, merged from one sorted index a type."""

    room: Room
    types: tuple[BindingType, ...]

    def _indexes(self) -> list[SortedDict[int, str]]:
        return [
            self.room.bindings_of_type[kind]
            for kind in self.types
            if kind in self.room.bindings_of_type
        ]

    def after(self, number: int) -> Iterator[tuple[int, Binding]]:
        runs = (index.irange(number, inclusive=(False, False)) for index in self._indexes())
        return ((key, self.room.bindings.at(key)) for key in merge(*runs))

    def before(self, number: int) -> Iterator[tuple[int, Binding]]:
        runs = (
            index.irange(maximum=number, inclusive=(False, False), reverse=True)
            for index in self._indexes()
        )
        return ((key, self.room.bindings.at(key)) for key in merge(*runs, reverse=True))
