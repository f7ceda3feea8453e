"""What a scenario begins with: accounts, services, users, connections and push registrations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from yaml.nodes import MappingNode, Node, ScalarNode

from reachability_mock.core import sids
from reachability_mock.core.errors import Refused
from reachability_mock.core.identity import checked_identity
from reachability_mock.scenario import kinds
from reachability_mock.scenario.kinds import Json, field
from reachability_mock.scenario.reader import Pair, Reader, Wrong, items_of, text_of
from reachability_mock.scenario.target import DEFAULT

BINDING_TYPES = ("apn", "gcm", "fcm", "twilsock")
"""A twilsock binding is a socket's: it is listed with the others, and notifies nobody (R7)."""
_WORD = re.compile(r"[A-Za-z0-9_@+-][A-Za-z0-9_@.+-]*")
_MOST_USERS = 10_000


@dataclass(frozen=True, slots=True)
class Sid:
    """A SID of one kind."""

    prefix: str

    def read(self, node: Node, reader: Reader) -> str:  # noqa: ARG002 - every kind reads alike
        """Read one."""
        text = text_of(node)
        if not sids.is_sid(self.prefix, text):
            raise Wrong(node, f'"{text}" is not {self.prefix} and 32 hex digits')
        return text

    def schema(self) -> Json:
        """Its pattern."""
        return {"type": "string", "pattern": f"^{self.prefix}[0-9a-f]{{32}}$"}


@dataclass(frozen=True, slots=True)
class Identity:
    """What may name a user in Twilio."""

    def read(self, node: Node, reader: Reader) -> str:  # noqa: ARG002 - every kind reads alike
        """Read one, judged as the service judges it."""
        try:
            return checked_identity(text_of(node))
        except Refused as refused:
            raise Wrong(node, refused.problem.message) from None

    def schema(self) -> Json:
        """Its limits."""
        return {"type": "string", "minLength": 1, "maxLength": 256}


@dataclass(frozen=True, slots=True)
class Attributes:
    """A text of JSON, or the mapping itself."""

    def read(self, node: Node, reader: Reader) -> str:
        """Read either as the text that is sent."""
        if isinstance(node, MappingNode):
            return json.dumps(reader.plain(node))
        return text_of(node)

    def schema(self) -> Json:
        """Either."""
        return {"type": ["string", "object"]}


@dataclass(frozen=True, slots=True)
class ServiceGiven:
    """A service; `default` is the account's own."""

    name: str
    account: str = DEFAULT
    reachability: bool = field(
        kinds.BOOLEAN, default=False, doc="Whether the indicator is on (R1: off)."
    )
    sid: str | None = field(
        Sid("IS"), default=None, doc="A SID of your own choice; only a fake can give it."
    )
    friendly_name: str | None = field(kinds.TEXT, default=None)
    default: bool = field(
        kinds.BOOLEAN,
        default=False,
        doc="It becomes the account's default service, as `default` with a SID does.",
    )


@dataclass(frozen=True, slots=True)
class UserGiven:
    """A user; the name is its identity unless `identity` says otherwise."""

    name: str
    account: str = DEFAULT
    identity: str = field(Identity(), default="", doc="As the service knows the user.")
    service: str = field(kinds.SERVICE, default=DEFAULT)
    role: str | None = field(kinds.TEXT, default=None, doc="A role's name, or its SID.")
    friendly_name: str | None = field(kinds.TEXT, default=None)
    attributes: str | None = field(Attributes(), default=None)
    absent: bool = field(
        kinds.BOOLEAN, default=False, doc="Only named here: nobody has made this user yet."
    )


@dataclass(frozen=True, slots=True)
class Crowd:
    """Many users at once: prefix1, prefix2 and so on."""

    count: int = field(kinds.Whole(1, _MOST_USERS))
    prefix: str = field(kinds.Text())
    service: str = field(kinds.SERVICE, default=DEFAULT)


@dataclass(frozen=True, slots=True)
class ConnectionGiven:
    """A device that is connected from the beginning."""

    user: str = field(kinds.USER)
    device: str = field(kinds.TEXT, default=DEFAULT)


@dataclass(frozen=True, slots=True)
class BindingGiven:
    """A push registration that is there from the beginning."""

    user: str = field(kinds.USER)
    type: str = field(kinds.Choice(BINDING_TYPES), default="fcm")
    name: str | None = field(kinds.TEXT, default=None, doc="For unregister_push and ${name}.")
    address: str | None = field(kinds.TEXT, default=None)


@dataclass(frozen=True, slots=True)
class AccountGiven:
    """An account; `default` is the one everybody has."""

    name: str = DEFAULT
    sid: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """The beginning of a scenario."""

    accounts: tuple[AccountGiven, ...] = (AccountGiven(),)
    services: tuple[ServiceGiven, ...] = (ServiceGiven(DEFAULT),)
    users: tuple[UserGiven, ...] = ()
    connections: tuple[ConnectionGiven, ...] = ()
    bindings: tuple[BindingGiven, ...] = ()

    def user(self, name: str) -> UserGiven:
        """The user called `name`, who is there: the loader has seen to it."""
        return next(one for one in self.users if one.name == name)

    def __str__(self) -> str:
        """Sum it up for a report."""
        parts = {
            "service": len(self.services),
            "user": sum(not one.absent for one in self.users),
            "connection": len(self.connections),
            "push registration": len(self.bindings),
        }
        return ", ".join(f"{n} {word}{'s' * (n != 1)}" for word, n in parts.items() if n)


_ACCOUNT_KEYS = ("sid", "services", "users", "connections", "bindings")


def read_given(node: Node, reader: Reader) -> Given:
    """Read ``given``: by account or, where there is only the default one, without.

    A ``note`` is for the reader.

    Raises:
        Wrong: it is no mapping.
    """
    entries = reader.entries(node, ("accounts", "note", *_ACCOUNT_KEYS))
    _note(entries.pop("note", None), reader)
    if "accounts" not in entries:
        return _together([_Account(DEFAULT, entries, reader)], reader)
    for key, pair in entries.items():
        if key != "accounts":
            reader.complain(pair.key, f'"{key}" belongs under an account, since there are accounts')
    accounts = reader.entries(entries["accounts"].value)
    return _together([_account(name, pair, reader) for name, pair in accounts.items()], reader)


def _note(pair: Pair | None, reader: Reader) -> None:
    if pair is not None:
        reader.attempt(lambda: kinds.TEXT.read(pair.value, reader))


def _account(name: str, pair: Pair, reader: Reader) -> _Account:
    reader.names.accounts.add(_word(name, pair.key, reader))
    entries = reader.attempt(lambda: reader.entries(pair.value, _ACCOUNT_KEYS))
    return _Account(name, entries or {}, reader)


def _together(accounts: list[_Account], reader: Reader) -> Given:
    """Services first, then users, then what users have: each may name what came before."""
    services = [one for account in accounts for one in account.services()]
    if not any(one.name == DEFAULT for one in services):
        services.insert(0, ServiceGiven(DEFAULT))
    users = [one for account in accounts for one in account.users({s.name: s for s in services})]
    connections = [one for account in accounts for one in account.connections()]
    bindings = [one for account in accounts for one in account.bindings()]
    for connection in connections:
        reader.names.devices.setdefault(connection.user, set()).add(connection.device)
    given = [AccountGiven(account.name, account.sid()) for account in accounts]
    if not any(one.name == DEFAULT for one in given):
        given.insert(0, AccountGiven())
    return Given(tuple(given), tuple(services), tuple(users), tuple(connections), tuple(bindings))


@dataclass(frozen=True, slots=True)
class _Account:
    """One account's part of the file."""

    name: str
    entries: dict[str, Pair]
    reader: Reader

    def sid(self) -> str | None:
        pair = self.entries.get("sid")
        return (
            self.reader.attempt(lambda: Sid("AC").read(pair.value, self.reader)) if pair else None
        )

    def services(self) -> Iterator[ServiceGiven]:
        names = self.reader.names
        for name, pair in self._named("services"):
            if name == DEFAULT and self.name != DEFAULT:
                self.reader.complain(pair.key, f"call the default service of {self.name} otherwise")
            if name in names.services - {DEFAULT}:
                self.reader.complain(pair.key, f'there is a service "{name}" already')
            names.services.add(_word(name, pair.key, self.reader))
            found = self._record(ServiceGiven, pair.value, name=name, account=self.name)
            if found:
                yield found

    def users(self, services: dict[str, ServiceGiven]) -> Iterator[UserGiven]:
        pair = self.entries.get("users")
        if pair and _is_crowd(pair.value):
            yield from self._crowd(pair)
            return
        for name, one in self._named("users"):
            if _is_crowd(one.value):
                yield from self._crowd(one)
                continue
            user = self._user(name, one)
            if user:
                home = services.get(user.service)
                if home and home.account != self.name:
                    said = f'the service "{home.name}" is of the account "{home.account}"'
                    self.reader.complain(one.key, said)
                yield user

    def _user(self, name: str, pair: Pair) -> UserGiven | None:
        _word(name, pair.key, self.reader)
        self._new_user(name, pair.key)
        entries = self.reader.attempt(lambda: self.reader.entries(pair.value))
        if entries is None:
            return None
        if "identity" not in entries:
            self.reader.attempt(lambda: Identity().read(pair.key, self.reader))
        return self._record(UserGiven, pair.value, name=name, account=self.name, identity=name)

    def _crowd(self, pair: Pair) -> Iterator[UserGiven]:
        crowd = self._record(Crowd, pair.value)
        if crowd is None:
            return
        for n in range(1, crowd.count + 1):
            name = f"{crowd.prefix}{n}"
            self._new_user(name, pair.key)
            yield UserGiven(name, self.name, identity=name, service=crowd.service)

    def _new_user(self, name: str, node: Node) -> None:
        names = self.reader.names
        if name in names.users:
            self.reader.complain(node, f'there is a user "{name}" already')
        elif name in names.services:
            self.reader.complain(node, f'"{name}" is a service; ${{{name}}} would be either')
        names.users.add(name)

    def connections(self) -> Iterator[ConnectionGiven]:
        for node in self._listed("connections"):
            found = self._record(ConnectionGiven, node)
            if found:
                yield found

    def bindings(self) -> Iterator[BindingGiven]:
        for node in self._listed("bindings"):
            found = self._record(BindingGiven, node)
            if found:
                if found.name:
                    name_binding(found.name, node, self.reader)
                yield found

    def _named(self, key: str) -> Iterator[tuple[str, Pair]]:
        pair = self.entries.get(key)
        found = self.reader.attempt(lambda: self.reader.entries(pair.value)) if pair else None
        yield from (found or {}).items()

    def _listed(self, key: str) -> Iterator[Node]:
        pair = self.entries.get(key)
        found = self.reader.attempt(lambda: items_of(pair.value)) if pair else None
        yield from found or ()

    def _record(self, type_: type[kinds.R], node: Node, **more: object) -> kinds.R | None:
        return self.reader.attempt(partial(kinds.read_record, type_, node, self.reader, **more))


def _is_crowd(node: Node) -> bool:
    return isinstance(node, MappingNode) and any(
        key.value == "count" and isinstance(value, ScalarNode) for key, value in node.value
    )


def _word(name: str, node: Node, reader: Reader) -> str:
    if not _WORD.fullmatch(name):
        said = "a name has letters, digits and _ @ . + - (an identity may have any: `identity:`)"
        reader.complain(node, f'"{name}": {said}')
    return name


def name_binding(name: str, node: Node, reader: Reader) -> None:
    """Remember a registration's name, which must be free."""
    names = reader.names
    if name in names.in_templates():
        reader.complain(node, f'"{name}" names something else already')
    names.bindings.add(name)


def given_schema() -> Json:
    """The JSON Schema of ``given``."""
    services: Json = {
        "type": "object",
        "additionalProperties": kinds.record_schema(ServiceGiven),
    }
    crowd = kinds.record_schema(Crowd)
    one_user: Json = {"anyOf": [kinds.record_schema(UserGiven), crowd]}
    users: Json = {"anyOf": [crowd, {"type": "object", "additionalProperties": one_user}]}
    account: Json = {
        "sid": Sid("AC").schema(),
        "services": services,
        "users": users,
        "connections": {"type": "array", "items": kinds.record_schema(ConnectionGiven)},
        "bindings": {"type": "array", "items": kinds.record_schema(BindingGiven)},
    }
    by_account: Json = {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "additionalProperties": False,
            "properties": account,
        },
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {"note": kinds.TEXT.schema(), "accounts": by_account, **account},
    }
