"""What an ``expect`` step may look at, one small class each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from reachability_mock.scenario import kinds
from reachability_mock.scenario.compare import UNSAID, Unsaid, differences, mentions, not_null
from reachability_mock.scenario.given import BINDING_TYPES
from reachability_mock.scenario.kinds import SERVICE, TEMPLATE, TEXT, TRISTATE, USER, field
from reachability_mock.scenario.stage import Stage, encoded, listed_in, member, segment
from reachability_mock.scenario.step import EVERYBODY, NOBODY, Difference, Expectation
from reachability_mock.scenario.target import DEFAULT, Need, Request

_NOT_FOUND = (404, 20404)
_OK = 200


# --- users ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fetch(Expectation, key="fetch"):
    """What fetching one user shows."""

    user: str = field(USER)
    by: str = field(kinds.Choice(("identity", "sid")), default="identity")
    path: str = field(
        kinds.Choice(("service", "default")), default="service", doc="default: /v1/Users/…"
    )
    is_online: bool | Unsaid | None = field(TRISTATE, default=UNSAID)
    is_notifiable: bool | Unsaid | None = field(TRISTATE, default=UNSAID)
    friendly_name: str | Unsaid | None = field(kinds.ANYTHING, default=UNSAID)
    attributes: object = field(kinds.ANYTHING, default=UNSAID, doc="A text, or what it must say.")
    identity: str | Unsaid = field(TEMPLATE, default=UNSAID)
    sid: str | Unsaid = field(TEMPLATE, default=UNSAID)
    role_sid: str | Unsaid = field(TEMPLATE, default=UNSAID)
    chat_service_sid: str | Unsaid = field(TEMPLATE, default=UNSAID)

    @property
    def _said(self) -> dict[str, object]:
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        how = ("user", "by", "path")
        return {key: one for key, one in values.items() if key not in how and one is not UNSAID}

    @property
    def needs(self) -> frozenset[Need]:
        """Presence that is not null has to come from somewhere."""
        needs = {Need.PRESENCE} if not_null(self._said) else set()
        return frozenset(needs | ({Need.DEFAULT_PATH} if self.path == "default" else set()))

    @property
    def shows_presence_of(self) -> frozenset[str]:
        """The user's, if it is looked at."""
        return frozenset({self.user}) if mentions(self._said) else NOBODY

    @property
    def looks_for(self) -> frozenset[str]:
        """The user."""
        return frozenset({self.user})

    def check(self, stage: Stage) -> Iterator[Difference]:
        """Fetch."""
        path = stage.person_path(self.user, by_sid=self.by == "sid", default=self.path == "default")
        account = stage.given.user(self.user).account
        reply = stage.target.rest(Request("GET", path, account=account))
        if reply.status != _OK:
            yield Difference(self.user, "to be there", f"{reply.status} {member(reply, 'message')}")
            return
        body = reply.body if isinstance(reply.body, dict) else {}
        said = stage.fill(self._said)
        if isinstance(self.attributes, dict):
            body = {**body, "attributes": _parsed(body.get("attributes"))}
        yield from differences(said, body, self.user)

    def explain(self, stage: Stage) -> str | None:
        """Ask the target for its rules."""
        return stage.target.why(stage.person(self.user))


def _parsed(text: object) -> object:
    try:
        return json.loads(str(text))
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class NotFound(Expectation, key="not_found"):
    """Nobody is there: 404/20404 for a user (any identity will do), a binding or a service."""

    user: str | None = field(TEXT, default=None)
    service: str = field(SERVICE, default=DEFAULT)
    binding: str | None = field(kinds.BINDING, default=None)

    @property
    def needs(self) -> frozenset[Need]:
        """A binding has to have been there."""
        return frozenset({Need.PRESENCE}) if self.binding else frozenset()

    def _path(self, stage: Stage) -> str:
        base = f"/v1/Services/{stage.services[self.service]}"
        if self.binding:
            person, sid = stage.binding(self.binding)
            return f"/v1/Services/{person.service_sid}/Bindings/{sid}"
        if self.user is None:
            return base
        known = {one.name for one in stage.given.users}
        if self.user in known:
            return stage.person_path(self.user)
        return f"{base}/Users/{segment(self.user)}"

    def check(self, stage: Stage) -> Iterator[Difference]:
        """Fetch, in vain."""
        account = stage.account_of_service(self.service)
        reply = stage.target.rest(Request("GET", self._path(stage), account=account))
        got = (reply.status, member(reply, "code"))
        if got != _NOT_FOUND:
            what = self.user or self.binding or self.service
            yield Difference(what, "404/20404", f"{reply.status}/{member(reply, 'code')}")


_EVERY = kinds.Keyed(
    {"is_online": TRISTATE, "is_notifiable": TRISTATE, "chat_service_sid": TEMPLATE}
)


@dataclass(frozen=True, slots=True)
class Listing(Expectation, key="list"):
    """What the list of a service's users shows, read page by page to its end."""

    service: str = field(SERVICE, default=DEFAULT)
    every: dict[str, object] = field(_EVERY, default={}, doc="What each of them shows (R9).")
    users: tuple[str, ...] | None = field(
        kinds.ListOf(USER), default=None, doc="Exactly these, in this order."
    )
    including: tuple[str, ...] = field(kinds.ListOf(USER), default=())
    without: tuple[str, ...] = field(kinds.ListOf(USER), default=())
    count: int | None = field(kinds.Whole(), default=None)
    page_size: int = field(kinds.Whole(1, 1000), default=50)

    @property
    def needs(self) -> frozenset[Need]:
        """Nothing: a list shows null."""
        return frozenset({Need.PRESENCE}) if not_null(self.every) else frozenset()

    @property
    def shows_presence_of(self) -> frozenset[str]:
        """Everybody's, if it is looked at: null proves little where nobody was connected."""
        return EVERYBODY if mentions(self.every) else NOBODY

    @property
    def looks_for(self) -> frozenset[str]:
        """Those who should be in it."""
        return frozenset((*(self.users or ()), *self.including))

    def check(self, stage: Stage) -> Iterator[Difference]:
        """Walk through the list."""
        path = f"/v1/Services/{stage.services[self.service]}/Users"
        query = encoded({"PageSize": str(self.page_size)})
        account = stage.account_of_service(self.service)
        found = list(stage.listed(path, "users", query=query, account=account))
        for one in found:
            said = stage.fill(self.every)
            yield from differences(said, one, f"{one.get('identity')} in the list")
        identities = [str(one.get("identity")) for one in found]
        yield from self._who(identities, stage)

    def _who(self, found: list[str], stage: Stage) -> Iterator[Difference]:
        def identities(names: Iterable[str]) -> list[str]:
            return [stage.given.user(name).identity for name in names]

        if self.count is not None and len(found) != self.count:
            yield Difference("how many", self.count, len(found))
        if self.users is not None and found != identities(self.users):
            yield Difference("who is in the list", identities(self.users), found)
        for identity in identities(self.including):
            if identity not in found:
                yield Difference(identity, "to be in the list", "not among " + ", ".join(found))
        for identity in identities(self.without):
            if identity in found:
                yield Difference(identity, "not to be in the list", "in it")


# --- services and bindings -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Configuration(Expectation, key="configuration"):
    """What a service's Configuration shows."""

    service: str = field(SERVICE, default=DEFAULT)
    reachability_enabled: bool | Unsaid = field(kinds.BOOLEAN, default=UNSAID)
    chat_service_sid: str | Unsaid = field(TEMPLATE, default=UNSAID)

    def check(self, stage: Stage) -> Iterator[Difference]:
        """Fetch it."""
        path = f"/v1/Services/{stage.services[self.service]}/Configuration"
        reply = stage.asked("GET", path, account=stage.account_of_service(self.service))
        values = {
            "reachability_enabled": self.reachability_enabled,
            "chat_service_sid": self.chat_service_sid,
        }
        said = {key: one for key, one in values.items() if one is not UNSAID}
        yield from differences(stage.fill(said), reply.body, f"configuration of {self.service}")


@dataclass(frozen=True, slots=True)
class Bindings(Expectation, key="bindings"):
    """Which push registrations a user has."""

    user: str = field(USER)
    types: tuple[str, ...] | None = field(
        kinds.ListOf(kinds.Choice(BINDING_TYPES)), default=None, doc="In order of registration."
    )
    count: int | None = field(kinds.Whole(), default=None)

    @property
    def needs(self) -> frozenset[Need]:
        """Only a client SDK makes them."""
        return frozenset({Need.PRESENCE}) if self.types or self.count else frozenset()

    @property
    def shows_presence_of(self) -> frozenset[str]:
        """The user's."""
        return frozenset({self.user})

    def check(self, stage: Stage) -> Iterator[Difference]:
        """List them."""
        person = stage.person(self.user)
        path = f"/v1/Services/{person.service_sid}/Bindings"
        query = encoded({"Identity": person.identity})
        reply = stage.asked("GET", path, query=query, account=person.account)
        types = [str(one.get("binding_type")) for one in listed_in(reply, "bindings")]
        if self.count is not None and len(types) != self.count:
            yield Difference(f"how many bindings {self.user} has", self.count, len(types))
        if self.types is not None and types != list(self.types):
            yield Difference(f"the bindings of {self.user}", list(self.types), types)
