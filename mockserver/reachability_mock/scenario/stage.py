"""The stage: a target with the names of one scenario on it, as steps see it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from reachability_mock.core import sids
from reachability_mock.scenario.given import Given, ServiceGiven, UserGiven
from reachability_mock.scenario.reader import filled
from reachability_mock.scenario.target import (
    DEFAULT,
    Need,
    Opening,
    Person,
    Reply,
    Request,
    Target,
    TargetFailed,
)

Json = dict[str, object]
_CREATED, _OK = 201, 200
_GONE = (204, 404)
_MOST_PAGES: Final = 10_000
_MOST_SLICES: Final = 120
"""How often an expectation looks again, at most, while it waits."""


class NotMade(Exception):  # noqa: N818 - says what is the matter
    """A step needs what another step would have made, which was skipped or failed."""


@dataclass(slots=True)
class Stage:
    """What a scenario's names stand for on one target."""

    target: Target
    given: Given
    accounts: dict[str, str] = field(default_factory=dict)
    """Names of accounts to their SIDs."""
    services: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    """Names of users to their SIDs, as far as they have been looked up."""
    bindings: dict[str, tuple[Person, str]] = field(default_factory=dict)
    saved: dict[str, str] = field(default_factory=dict)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    """The last notice that each observer has been asked about, by observer and user."""
    began: int = 0
    """The last notice of the set-up, which nobody is asked about."""
    unborn: set[str] = field(default_factory=set)
    """Users who would have come by connecting, had that not been skipped."""
    let_pass: Callable[[float], None] = lambda _: None
    """Let that many seconds pass, by moving the target's clock or by waiting."""

    # --- setting it up ---------------------------------------------------------------------------

    def set_up(self) -> Iterator[str]:
        """Make everything that is given; yields why something could not be made.

        The indicator goes on last, so that connections and registrations count at once (R11),
        whatever the delays.

        Raises:
            TargetFailed: the target refused something that it should be able to do.
        """
        for account in self.given.accounts:
            self.accounts[account.name] = self.target.open_account(account.name, account.sid)
        for service in self.given.services:
            self.services[service.name] = self._open(service)
            if service.default or (service.name == DEFAULT and service.sid):
                self._make_default(service)
        for user in self.given.users:
            self._make(user)
        yield from self._make_present()
        for service in self.given.services:
            if service.reachability:
                self.switch(service.name, on=True)
        self.began = max((one.n for one in self.target.notices(0)), default=0)

    def _open(self, service: ServiceGiven) -> str:
        named = service.friendly_name or service.name
        return self.target.open_service(Opening(service.name, named, service.sid, service.account))

    def _make_default(self, service: ServiceGiven) -> None:
        form = {"DefaultChatServiceSid": self.services[service.name]}
        self.asked("POST", "/v1/Configuration", form, account=service.account)

    def _make(self, user: UserGiven) -> None:
        if self.target.keeps and user.service in self._lasting:
            self.asked("DELETE", self.person_path(user.name), allow=_GONE, account=user.account)
        if not user.absent:
            self.create(user)

    def create(self, user: UserGiven) -> None:
        """Create a user through REST."""
        form = {"Identity": user.identity, "RoleSid": self._role(user)}
        form |= {"FriendlyName": user.friendly_name, "Attributes": user.attributes}
        sent = {key: value for key, value in form.items() if value is not None}
        path = f"/v1/Services/{self.services[user.service]}/Users"
        reply = self.asked("POST", path, sent, allow=(_CREATED,), account=user.account)
        self.users[user.name] = str(member(reply, "sid"))
        self.unborn.discard(user.name)

    @property
    def _lasting(self) -> set[str]:
        """The services that are not made anew, where earlier users may be left."""
        return {one.name for one in self.given.services if one.sid or one.name == DEFAULT}

    def _role(self, user: UserGiven) -> str | None:
        """The SID of the user's role; where roles cannot be listed they are derived."""
        if user.role is None or sids.is_sid("RL", user.role):
            return user.role
        service_sid = self.services[user.service]
        listed = self.target.rest(
            Request("GET", f"/v1/Services/{service_sid}/Roles", account=user.account)
        )
        for role in listed_in(listed, "roles"):
            if role.get("friendly_name") == user.role:
                return str(role["sid"])
        return sids.derived("RL", service_sid, user.role)

    def _make_present(self) -> Iterator[str]:
        wanted = bool(self.given.connections or self.given.bindings)
        reason = self.target.lacks(Need.PRESENCE) if wanted else None
        if reason:
            yield reason
            return
        for one in self.given.connections:
            self.target.connect(self.person(one.user), one.device)
        for binding in self.given.bindings:
            self.register(binding.user, binding.type, binding.name, binding.address)

    # --- what steps do ---------------------------------------------------------------------------

    def switch(self, service: str, *, on: bool) -> None:
        """Switch the indicator of a service (R2)."""
        path = f"/v1/Services/{self.services[service]}/Configuration"
        form = {"ReachabilityEnabled": "true" if on else "false"}
        self.asked("POST", path, form, account=self.account_of_service(service))

    def register(
        self,
        user: str,
        kind: str,
        name: str | None,
        address: str | None,
        driver: str | None = None,
    ) -> None:
        """Register a user for push, under a name for later if it has one."""
        person = self.person(user)
        where = address or f"{name or kind}-of-{person.identity}"
        sid = self.target.register_push(person, kind, where, driver=driver)
        if name:
            self.bindings[name] = (person, sid)

    def asked(  # noqa: PLR0913 - a request has that many sides
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        query: str = "",
        allow: Iterable[int] = (_OK,),
        account: str = DEFAULT,
    ) -> Reply:
        """The reply to a request that has to succeed.

        Raises:
            TargetFailed: it did not.
        """
        pairs = tuple((form or {}).items())
        reply = self.target.rest(Request(method, path, query, pairs, account=account))
        if reply.status not in tuple(allow):
            said = member(reply, "message") or reply.body
            raise TargetFailed(f"{method} {path} was answered {reply.status}: {said}")
        return reply

    def listed(
        self, path: str, key: str, *, query: str = "", account: str = DEFAULT
    ) -> Iterator[Json]:
        """The items of a list, page after page to the end."""
        for _ in range(_MOST_PAGES):
            reply = self.asked("GET", path, query=query, account=account)
            yield from listed_in(reply, key)
            meta = member(reply, "meta")
            following = meta.get("next_page_url") if isinstance(meta, dict) else None
            if not following:
                return
            parts = urlsplit(str(following))
            path, query = parts.path, parts.query
        raise TargetFailed(f"the list {path} does not end")

    def patience(self, seconds: float) -> Iterator[None]:
        """Let `seconds` pass in slices, with a turn after each."""
        if not seconds:
            return
        slices = max(1, min(_MOST_SLICES, math.ceil(seconds)))
        for _ in range(slices):
            self.let_pass(seconds / slices)
            yield

    # --- what names stand for --------------------------------------------------------------------

    def person(self, name: str) -> Person:
        """The user as the target knows it."""
        user = self.given.user(name)
        return Person(user.identity, self.services[user.service], user.account)

    def person_path(self, name: str, *, by_sid: bool = False, default: bool = False) -> str:
        """Where the user is: under its service or, `default`, on the path without one."""
        user = self.given.user(name)
        base = "/v1" if default else f"/v1/Services/{self.services[user.service]}"
        return f"{base}/Users/{self.user_sid(name) if by_sid else segment(user.identity)}"

    def user_sid(self, name: str) -> str:
        """The user's SID; one who came by connecting is looked up."""
        if name in self.unborn:
            raise NotMade(f"{name} is not there: the step that makes it was not carried out")
        if name not in self.users:
            account = self.given.user(name).account
            reply = self.asked("GET", self.person_path(name), account=account)
            self.users[name] = str(member(reply, "sid"))
        return self.users[name]

    def binding(self, name: str) -> tuple[Person, str]:
        """The registration of that name: whose it is, and its SID."""
        if name not in self.bindings:
            raise NotMade(f"{name} is not there: the step that makes it was not carried out")
        return self.bindings[name]

    def account_of_service(self, name: str) -> str:
        """The name of the account that has the service."""
        found = (one.account for one in self.given.services if one.name == name)
        return next(found, DEFAULT)

    def value_of(self, place: str) -> str:
        """What ``${place}`` stands for."""
        bindings = {name: sid for name, (_, sid) in self.bindings.items()}
        for known in (self.saved, self.services, bindings, {"account": self.accounts[DEFAULT]}):
            if place in known:
                return known[place]
        names = {one.name for one in self.given.users}
        if place in names:
            return self.user_sid(place)
        name, _, part = place.rpartition(".")
        if name not in names:
            raise NotMade(f"${{{place}}} is not there: the step that makes it was not carried out")
        person = self.person(name)
        return {"identity": person.identity, "service": person.service_sid}.get(
            part
        ) or self.user_sid(name)

    def fill(self, value: object) -> object:
        """`value` with every ``${…}`` in it replaced."""
        if isinstance(value, str):
            return filled(value, self.value_of)
        if isinstance(value, Mapping):
            return {key: self.fill(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.fill(one) for one in value]
        return value

    def filled(self, text: str | None) -> str | None:
        """A text with every ``${…}`` in it replaced; None stays None."""
        return None if text is None else str(self.fill(text))

    def fill_path(self, text: str) -> tuple[str, str]:
        """The raw path and query of a request's text.

        A placeholder that is all of it is a URL of an answer: its path and query count, its host
        does not, so no request strays to another host.  Elsewhere a value is percent-encoded.
        """
        if text.startswith("${") and text.endswith("}") and text.count("${") == 1:
            parts = urlsplit(self.value_of(text[2:-1]))
            return parts.path, parts.query
        path, _, query = filled(text, lambda place: segment(self.value_of(place))).partition("?")
        return path, query


def segment(text: str) -> str:
    """`text` as one segment of a path."""
    return quote(text, safe="")


def encoded(query: Mapping[str, str]) -> str:
    """A query string."""
    return urlencode(query)


def member(reply: Reply, key: str) -> object:
    """One member of a reply's body, or None."""
    return reply.body.get(key) if isinstance(reply.body, dict) else None


def listed_in(reply: Reply, key: str) -> Iterator[Json]:
    """The items of one page."""
    items = member(reply, key)
    yield from (one for one in items if isinstance(one, dict)) if isinstance(items, list) else ()


def flow(value: object) -> str:
    """`value` in one short line, as YAML's flow style (which JSON is, too)."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    if isinstance(value, str):
        return value if value and not set(value) & set(',:{}[]"#\n') else json.dumps(value)
    return json.dumps(value) if value is None or isinstance(value, bool | int | float) else "…"
