"""The call: what one authenticated REST request is about, for the views."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from json import dumps
from typing import TypeVar
from urllib.parse import unquote

from flask import Response, g, request

from reachability_mock.core import errors, sids
from reachability_mock.core.facts import Fact
from reachability_mock.core.model import Account, Policy, Record, Service, User
from reachability_mock.core.paging import Numbered, page_of
from reachability_mock.core.records import Records
from reachability_mock.http.paths import resource_of
from reachability_mock.http.site import RAW_PATH, Site
from reachability_mock.keyring import Caller
from reachability_mock.store import Store
from reachability_mock.wire import params, resources
from reachability_mock.wire.resources import Json, Place
from reachability_mock.world import World

T = TypeVar("T")
_AUTHORITY = re.compile(r"[A-Za-z0-9._-]+(:[0-9]{1,5})?|\[[0-9a-fA-F:.]+\](:[0-9]{1,5})?")
LIVE_HOST = "conversations.twilio.com"


@dataclass(slots=True)
class Call:
    """One request: the site it came to, who is asking, and its number in the journal."""

    site: Site
    n: int
    raw_path: str
    caller: Caller | None = None

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
        return service

    def user(self, service: Service, name: str) -> User:
        """The user named by SID or identity.

        Raises:
            Refused: 404/20404.
        """
        user = find_user(self.store, service.sid, name)
        if user is None:
            raise self.not_found()
        return user

    def submit(self, fact: Fact) -> Record | None:
        """Let a fact happen because of this request; returns what it was about, as it is now."""
        return self.world.submit(fact, cause=self.n).subject

    def place(self, service_sid: str | None = None) -> Place:
        """How this request's answers spell URLs and the account."""
        root = f"{request.scheme}://{authority()}/v1"
        return Place(root, self._caller.shown_sid, service_sid)

    def not_found(self, hint: str | None = None) -> errors.Refused:
        """The 404 of this request's path."""
        full = self.world.settings["not_found_path"] == "full"
        return errors.not_found(self.raw_path if full else resource_of(self.raw_path), hint)

    def page(
        self,
        items: Numbered[T],
        key: str,
        render: Callable[[T], Json],
        *,
        url: str,
        largest: int,
        filters: tuple[str, ...] = (),
    ) -> Response:
        """The list answer: the page that the query asks for, rendered."""
        scope = scope_of(url)
        asked = params.page_request(request.args, scope, largest, self.policy)
        kept = {name: request.args.getlist(name) for name in filters}
        return answer(resources.page(page_of(items, asked), key, scope, url, kept, render))

    def _service_hint(self, sid: str | None) -> str:
        known = [one.sid for one in self._services()]
        return (
            f"no service {sid or '(default)'} here; known: {', '.join(known) or 'none'}; "
            f"did you mean the default service {sids.default_service_sid(self.account_sid)}?"
        )

    def _services(self) -> list[Service]:
        found = self.store.services_of(self.account_sid).after(-1)
        return [service for _, service in islice(found, 3)]


def scope_of(url: str) -> str:
    """The name of a list for its page tokens: its path, so that the host may change."""
    return url.partition("/v1/")[2]


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


def no_content() -> Response:
    """The answer to a DELETE: 204 and nothing."""
    return Response(status=204, content_type="application/json;charset=utf-8")


def authority() -> str:
    """The host and port the request was sent to, if it is one that a URL can hold."""
    host = request.host
    if _AUTHORITY.fullmatch(host):
        return host
    return LIVE_HOST


def request_path() -> str:
    """The path exactly as it was sent, without its query."""
    raw: str = request.environ.get(RAW_PATH) or unquote(request.path)
    return raw
