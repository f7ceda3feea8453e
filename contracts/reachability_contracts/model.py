"""The model: what is known of a server's world, and what each of its answers must show.

It watches requests and answers from outside, tells a private copy of the pure core what must have
happened, and asks it what a user's reachability is.  What it has not seen come into being it has no
opinion on.  Presence is not visible in REST, so whoever connects a user says so (`connected` …).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from reachability_contracts.pristine import pristine

Form = Mapping[str, str]
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_PATH = re.compile(
    r"/v1(?:/Services(?:/(?P<service>[^/]+))?)?"
    r"(?:/(?P<kind>Users|Bindings)(?:/(?P<name>[^/]+))?|/(?P<switch>Configuration))?/?"
)
"""Where reachability shows or is decided; not the Webhooks and Notifications of a Configuration."""
_OK = range(200, 300)
_ALSO = {"R1": ("R3",), "update": ("R10",)}
"""Never enabled is off, too; and an update shows what a fetch would."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an answer: what it had to be by which rule, and what it was."""

    rule: str
    where: str
    expected: object
    got: object
    also: tuple[str, ...] = ()
    """Other rules that ask for the same."""

    @property
    def rules(self) -> str:
        """The ids of all its rules, the first one's first."""
        return ", ".join((self.rule, *self.also))

    @property
    def is_wrong(self) -> bool:
        """Whether the answer should have said something else."""
        return self.got is not self.expected

    def __str__(self) -> str:
        """As a report shows it."""
        return f"{self.rules}: {self.where}: expected {self.expected!r}, got {self.got!r}"


@dataclass(frozen=True, slots=True)
class Seen:
    """One request with its answer; `path` is raw, without a query."""

    method: str
    path: str
    form: Form
    status: int
    body: Any


class Model:
    """What must be true of a server, as far as it was watched."""

    def __init__(self) -> None:
        """Know nothing."""
        self._facts = pristine("core.facts")
        self._reach = pristine("core.reachability")
        self._nouns = pristine("core.model")
        self._policy = self._nouns.Policy()
        self._store = pristine("store").MemoryStore()
        self._default: str | None = None
        self._account = ""

    def watch(self, seen: Seen) -> list[Value]:
        """Learn from one exchange; returns the values of its answer that there is a rule for."""
        match = _PATH.fullmatch(seen.path)
        if match is None or seen.status not in _OK:
            return []
        service, kind = match["service"], match["kind"]
        name = unquote(match["name"]) if match["name"] else None
        if kind == "Users":
            return self._users(seen, service or self._default, name)
        if match["switch"]:
            return self._configuration(seen, service)
        if kind == "Bindings":
            self._bindings(seen, service, name)
        elif kind is None and "/Services" in seen.path:
            self._services(seen, service)
        return []

    # --- what REST does not show ----------------------------------------------------------------

    def connected(self, service_sid: str, identity: str, device: str) -> None:
        """Somebody's SDK connected."""
        self._happen("Connected", service_sid, identity, device, "US" + "e" * 32)

    def disconnected(self, service_sid: str, identity: str, device: str) -> None:
        """Somebody's SDK said goodbye."""
        self._happen("Disconnected", service_sid, identity, device)

    def registered(self, service_sid: str, identity: str, kind: str, sid: str) -> None:
        """Somebody's device can be reached by push."""
        binding_type = self._nouns.BindingType(kind)
        self._happen(
            "PushRegistered", service_sid, identity, sid, "US" + "e" * 32, binding_type, sid
        )

    def unregistered(self, service_sid: str, binding_sid: str) -> None:
        """A registration ended."""
        self._happen("PushUnregistered", service_sid, binding_sid)

    def knows_service(self, sid: str) -> None:
        """A service that was there before anybody watched, and is known to be as new."""
        if self._store.service(sid) is None:
            self._happen("ServiceCreated", self._account, sid, "known")

    def expected(self, service_sid: str, user_sid: str, action: str) -> Any:
        """What `action` (fetch, read, create, update) must show; None for a stranger."""
        service, user = self._store.service(service_sid), self._store.user(service_sid, user_sid)
        if service is None or user is None:
            return None
        return self._reach.seen(service, user, self._reach.Action(action), self._policy)

    # --- what REST shows ------------------------------------------------------------------------

    def _services(self, seen: Seen, sid: str | None) -> None:
        if seen.method == "POST" and sid is None:
            self._happen("ServiceCreated", seen.body["account_sid"], seen.body["sid"], "new")
        elif seen.method == "DELETE" and sid and self._store.service(sid):
            self._happen("ServiceDeleted", sid)

    def _configuration(self, seen: Seen, service: str | None) -> list[Value]:
        body = seen.body if isinstance(seen.body, dict) else {}
        if service is None:
            self._default = body.get("default_chat_service_sid") or self._default
            return []
        known = self._store.service(service)
        if known is None:
            return []
        if seen.method == "POST":
            on = seen.form.get("ReachabilityEnabled")
            self._happen("ServiceConfigured", service, None if on is None else on.lower() == "true")
            known = self._store.service(service)
        rule = "R2" if known.epoch else "R1"
        got = body.get("reachability_enabled", "missing")
        return [Value(rule, "reachability_enabled", known.reachability_enabled, got)]

    def has_user(self, service_sid: str, identity: str) -> bool:
        """Whether that user is known, and not known to be deleted."""
        return self._store.user_by_identity(service_sid, identity) is not None

    def is_off(self, service_sid: str) -> bool:
        """Whether the indicator of a service is known to be off."""
        service = self._store.service(service_sid)
        return service is not None and not service.reachability_enabled

    def _bindings(self, seen: Seen, service: str | None, name: str | None) -> None:
        known = service and name and self._store.binding(service, name)
        if seen.method == "DELETE" and known:
            self._happen("PushUnregistered", service, name)

    def _users(self, seen: Seen, service: str | None, name: str | None) -> list[Value]:
        if service is None or self._store.service(service) is None:
            return []
        if seen.method == "DELETE":
            self._forget(service, name or "")
            return []
        if seen.method == "POST" and name is None:
            self._born(service, seen.body)
            return self._judged(service, seen.body, "create", "")
        if name is None:
            users = seen.body.get("users", []) if isinstance(seen.body, dict) else []
            return [
                value
                for number, user in enumerate(users)
                for value in self._judged(service, user, "read", f"users[{number}].")
            ]
        return self._judged(service, seen.body, "fetch" if seen.method == "GET" else "update", "")

    def _judged(self, service: str, user: Any, action: str, where: str) -> list[Value]:
        if not isinstance(user, dict):
            return []
        must = self.expected(service, str(user.get("sid")), action)
        if must is None:
            return []
        values = []
        for axis in ("is_online", "is_notifiable"):
            rule = self._rule(service, str(user["sid"]), action, axis)
            got = user.get(axis, "missing")
            also = _ALSO.get(rule, ()) + _ALSO.get(action, ())
            values.append(Value(rule, where + axis, getattr(must, axis), got, also))
        return values

    def _rule(self, service_sid: str, user_sid: str, action: str, axis: str) -> str:
        service, user = self._store.service(service_sid), self._store.user(service_sid, user_sid)
        found = self._reach.verdict(
            service, user, self._reach.Action(action), self._reach.Axis(axis), self._policy
        )
        return str(found.rule.id)

    def _born(self, service: str, body: Any) -> None:
        identity, sid = str(body.get("identity")), str(body.get("sid"))
        if self._store.user_by_identity(service, identity) is None:
            self._happen("UserCreated", service, sid, identity)

    def _forget(self, service: str, name: str) -> None:
        user = self._store.user(service, name) or self._store.user_by_identity(service, name)
        if user is not None:
            self._happen("UserDeleted", service, user.sid)

    def _happen(self, fact: str, *values: object) -> None:
        """Let it happen here, too; what the core would have refused is for other checks to say."""
        try:
            changes = pristine("core.apply").apply(
                self._store, getattr(self._facts, fact)(*values), _EPOCH, self._policy
            )
        except pristine("core.errors").Refused:
            return
        self._store.commit(changes)
