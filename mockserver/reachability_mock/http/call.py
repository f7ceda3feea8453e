"""The call: what one authenticated REST request is about, for the views."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from json import dumps
from typing import TypeVar
from urllib.parse import unquote

from flask import Request, Response, g
from werkzeug.sansio.utils import get_host

from reachability_mock.core import errors, sids
from reachability_mock.core.errors import Problem
from reachability_mock.core.facts import Fact
from reachability_mock.core.model import (
    Account,
    Binding,
    Credential,
    Policy,
    Role,
    Service,
    User,
)
from reachability_mock.core.paging import Numbered, page_of
from reachability_mock.core.records import Records
from reachability_mock.http.paths import resource_of
from reachability_mock.http.site import RAW_PATH, Site
from reachability_mock.journal import Entry
from reachability_mock.keyring import Caller
from reachability_mock.store import Store
from reachability_mock.wire import params, resources
from reachability_mock.wire.resources import Json, Listing, Place
from reachability_mock.world import World

R = TypeVar("R", Account, Credential, Service, Role, User, Binding)
T = TypeVar("T")
_AUTHORITY = re.compile(r"[A-Za-z0-9._-]+(:[0-9]{1,5})?|\[[0-9a-fA-F:.]+\](:[0-9]{1,5})?")
LIVE_HOST = "conversations.twilio.com"


@dataclass(slots=True)
class Call:
    """One request: the site it came to, who is asking, and its entry in the journal."""

    site: Site
    request: Request
    entry: Entry
    raw_path: str
    noted: dict[str, object]
    """The data of that entry."""
    began: float
    """When it came in, by the machine's steady clock."""
    for_control: bool = False
    """Whether it is for the control plane, whichever way its path is spelled."""
    silent: bool = False
    """Whether the journal says nothing of it: somebody who only looks at the control plane."""
    caller: Caller | None = None
    problem: Problem | None = None
    """What it was refused with."""
    reasons: list[str] = field(default_factory=list)
    """Which rules made the values it shows, if it asked for that."""

    @property
    def world(self) -> World:
        """The world it is about."""
        return self.site.world

    @property
    def store(self) -> Store:
        """The records, for looking."""
        return self.site.world.store

    @property
    def policy(self) -> Policy:
        """The settings as the core reads them."""
        return self.site.world.settings.policy

    @property
    def account_sid(self) -> str:
        """The account whose world it is."""
        return self._caller.account_sid

    @property
    def _caller(self) -> Caller:
        if self.caller is None:
            raise errors.Refused(errors.NO_CREDENTIALS)
        return self.caller

    def account(self) -> Account:
        """The account itself."""
        account = self.store.account(self.account_sid)
        if account is None:
            raise self.not_found()
        return account

    def service(self, sid: str | None) -> Service:
        """The service of the path; None means the account's default service.

        Raises:
            Refused: 404/20404, with a hint for the log.
        """
        service = self.store.service(sid or self.account().default_service_sid)
        if service is None or service.account_sid != self.account_sid:
            raise self.not_found(self._service_hint(sid))
        self.entry.service = service.sid
        return service

    def user(self, service: Service, name: str) -> User:
        """The user named by SID or identity.

        Raises:
            Refused: 404/20404.
        """
        user = find_user(self.store, service.sid, name)
        if user is None:
            raise self.not_found()
        self.entry.user = user.identity
        return user

    def submit(self, fact: Fact, about: type[R]) -> R:
        """Let a fact happen because of this request; returns what it was about, as it is now.

        Raises:
            TypeError: the core says it was about something else: a fault of ours.
        """
        subject = self.world.submit(fact, cause=self.entry.n).subject
        if not isinstance(subject, about):
            raise TypeError(f"{fact} was not about {about.__name__}")
        if isinstance(subject, User | Binding):
            self.entry.user = subject.identity
        return subject

    def place(self, service_sid: str | None = None) -> Place:
        """How this request's answers spell URLs and the account."""
        root = f"{self.request.scheme}://{authority(self.request)}/v1"
        return Place(root, self._caller.shown_sid, service_sid)

    def not_found(self, hint: str | None = None) -> errors.Refused:
        """The 404 of this request's path."""
        full = self.world.settings["not_found_path"] == "full"
        return errors.not_found(self.raw_path if full else resource_of(self.raw_path), hint)

    def page(
        self,
        items: Numbered[T],
        listing: Listing,
        render: Callable[[T], Json],
        *,
        largest: int,
    ) -> Response:
        """The list answer: the page that the query asks for, rendered."""
        asked = params.page_request(self.request.args, listing.scope, largest, self.policy)
        return answer(resources.page(page_of(items, asked), listing, render))

    def _service_hint(self, sid: str | None) -> str:
        known = [one.sid for one in self._services()]
        default = self.account().default_service_sid
        hint = f"no service {sid or '(default)'} here; known: {', '.join(known) or 'none'}"
        if self.store.service(default) is None:
            return hint
        return f"{hint}; did you mean the default service {default}?"

    def _services(self) -> list[Service]:
        found = self.store.services_of(self.account_sid).after(-1)
        return [service for _, service in islice(found, 3)]


def the_call() -> Call:
    """The call of the present request."""
    call: Call = g.call
    return call


def find_user(records: Records, service_sid: str, name: str) -> User | None:
    """The user whose SID or identity `name` is (an identity cannot look like a SID)."""
    if sids.is_sid("US", name):
        return records.user(service_sid, name)
    return records.user_by_identity(service_sid, name)


def answer(body: Json, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(dumps(body), status, content_type="application/json;charset=utf-8")


def no_content(allow: str | None = None) -> Response:
    """204 and nothing: the answer to a DELETE or, with the methods to `allow`, to OPTIONS."""
    response = Response(status=204, content_type="application/json;charset=utf-8")
    if allow is not None:
        response.headers["Allow"] = allow
    return response


def authority(request: Request) -> str:
    """The host and port the request was sent to, if it is one that a URL can hold."""
    return _spelled(request.scheme, request.environ["HTTP_HOST"])


@lru_cache(maxsize=64)
def _spelled(scheme: str, host: str) -> str:
    if ":" in host:
        host = get_host(scheme, host)  # which leaves out a port that goes without saying
    return host if _AUTHORITY.fullmatch(host) else LIVE_HOST


def request_path(request: Request) -> str:
    """The path exactly as it was sent, without its query."""
    raw: str = request.environ.get(RAW_PATH) or unquote(request.path)
    return raw
