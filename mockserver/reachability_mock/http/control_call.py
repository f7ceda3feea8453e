"""What the control plane's views share: its errors, its bodies and queries, and finding things.

Every error is ``{"error": {"code", "message", "choices"}}``; `choices` are what would have worked.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from itertools import islice
from typing import NoReturn

from flask import Response, request

from reachability_mock.core import sids
from reachability_mock.core.facts import Fact
from reachability_mock.core.model import Account, Record, Service, User
from reachability_mock.http.call import answer, find_user, the_call
from reachability_mock.keyring import Access
from reachability_mock.lookup import DEFAULT, services_called, services_of

Json = dict[str, object]
LONGEST_TEXT = 256
_MOST_CHOICES = 50
_MOST_LOOKED_AT = 1000


class Impossible(Exception):  # noqa: N818 - the request cannot be met; nothing broke
    """A request to the control plane that cannot be met; carries the answer."""

    def __init__(
        self, status: int, code: str, message: str, choices: Iterable[object] = ()
    ) -> None:
        """Say why, and what would have worked."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.choices = list(islice(choices, _MOST_CHOICES + 1))
        self.message = message
        if len(self.choices) > _MOST_CHOICES:
            self.choices.pop()
            self.message += f" (the first {_MOST_CHOICES} choices)"

    def answer(self) -> Response:
        """The answer that says so."""
        error: Json = {"code": self.code, "message": self.message, "choices": self.choices}
        return answer({"error": error}, self.status)


def bad_request(message: str, choices: Iterable[object] = ()) -> Impossible:
    """The request itself is wrong: 400."""
    return Impossible(400, "bad_request", message, choices)


def not_found(what: str, name: str, known: Iterable[str]) -> Impossible:
    """There is no `what` of that name: 404, with the near names or all."""
    there = list(islice(known, _MOST_LOOKED_AT))
    near = get_close_matches(name, there, n=3)
    return Impossible(404, f"unknown_{what}", f"there is no {what} {name!r}", near or there)


# --- what was sent -------------------------------------------------------------------------------


def json_body(allowed: Collection[str]) -> Json:
    """The body, an object with no other keys than `allowed`; an empty body is an empty object."""
    text = request.get_data()
    try:
        body = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        raise bad_request("the body is not JSON") from None
    if not isinstance(body, dict):
        raise bad_request("the body is not a JSON object")
    _check_names("key", body, allowed)
    return body


def text_of(body: Json, key: str, default: str | None = None) -> str:
    """The text under `key`, 1 to 256 characters."""
    value = body.get(key, default)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT:
        raise bad_request(f"{key}: a text of 1 to {LONGEST_TEXT} characters is needed")
    return value


def check_query(*allowed: str) -> None:
    """Refuse query parameters that mean nothing here: a typo would go unnoticed."""
    _check_names("query parameter", request.args, allowed)


def _check_names(what: str, given: Iterable[str], allowed: Collection[str]) -> None:
    for name in given:
        if name not in allowed:
            raise bad_request(f"unknown {what} {name!r}", allowed)


# --- what it is about ----------------------------------------------------------------------------


def the_account() -> Account:
    """The account that ``?account=`` names; the default one without it."""
    call = the_call()
    keyring, world = call.site.keyring, call.world
    sid = request.args.get("account") or DEFAULT
    if sid == DEFAULT:
        sid = keyring.default_account
    if not sids.is_sid("AC", sid):
        raise bad_request(f"account: {sid!r} is not AC and 32 hex digits", [DEFAULT])
    sid = keyring.world_of(sid)
    welcome = sid in keyring.accounts or keyring.access is Access.OPEN
    if welcome or sid == keyring.default_account:
        world.open_account(sid)
    account = world.store.account(sid)
    if account is None:
        raise not_found("account", sid, (one.sid for one in world.store.accounts()))
    call.entry.account = sid
    return account


def the_service(name: str) -> Service:
    """The account's service called `name`: ``default``, a SID, or a friendly name if unique."""
    account, call = the_account(), the_call()
    found = services_called(call.world, account.sid, name)
    if not found:
        known = services_of(call.world, account.sid)
        raise not_found("service", name, [DEFAULT, *(one.friendly_name for one in known)])
    if len(found) > 1:
        said = f"{len(found)} services are called {name!r}; use a SID"
        raise Impossible(409, "ambiguous_service", said, (one.sid for one in found))
    call.entry.service = found[0].sid
    return found[0]


def the_user(service: Service, identity: str) -> User:
    """The user named by identity, or by SID."""
    call = the_call()
    user = find_user(call.store, service.sid, identity)
    if user is None:
        known = (one.identity for _, one in call.store.users_of(service.sid).after(-1))
        raise not_found("user", identity, known)
    call.entry.user = user.identity
    return user


def submit(fact: Fact) -> Record | None:
    """Let a fact happen because of this request; returns what it was about."""
    call = the_call()
    call.entry.user = getattr(fact, "identity", None) or call.entry.user
    return call.world.submit(fact, cause=call.entry.n).subject


def fail_unserved() -> NoReturn:
    """This site has no scenarios to play: a fixture's, say."""
    raise Impossible(404, "no_scenarios", "this server plays no scenarios")
