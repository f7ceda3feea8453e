"""Admission: which tokens let an SDK in, and what has to happen in the world when one does."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from reachability_mock.core import sids
from reachability_mock.core.errors import Refused
from reachability_mock.core.facts import AccountOpened, Connected
from reachability_mock.wire import token
from reachability_mock.wire.session_words import Effects, Log, Submit, Surroundings
from reachability_mock.wire.token import Claims, TokenRefused
from reachability_mock.wire.twilsock import Frame

_GRANTS = 20106
"""The code for a genuine token that does not open what it is shown to."""


def judged(frame: Frame, around: Surroundings, now: datetime) -> Claims:
    """What the token in an `init` or `update` says, if it is good at `now`.

    Raises:
        TokenRefused: it is not, or somebody wants to see a refusal.
    """
    wanted = around.next_refusal() if frame.method == "init" else None
    if wanted is not None:
        raise TokenRefused(
            wanted.error_code,
            "a refusal was asked for",
            status=wanted.status,
            description=wanted.description,
        )
    text = frame.header.get("token")
    return token.read(text if isinstance(text, str) else "", around.trust, now)


def entered(claims: Claims, device: str, around: Surroundings) -> Effects:
    """What lets somebody in: the account is opened, its service looked up, the user connected.

    Raises:
        TokenRefused: there is no such service in the account, or the identity cannot be a user's.
    """
    records = around.records
    default = sids.default_service_sid(claims.account_sid)
    if records.account(claims.account_sid) is None:
        yield Submit(AccountOpened(claims.account_sid, default))
    service = records.service(claims.service_sid)
    if service is None or service.account_sid != claims.account_sid:
        whose = f"the account has no service {claims.service_sid}"
        _forbid(f"{whose}; its default service is {default}")
    unchecked = "; the token's signature was not checked" if claims.unchecked else ""
    said = f"token accepted for {claims.identity!r}{unchecked}"
    yield Log(said, {"expires": claims.expires.isoformat()})
    try:
        yield Submit(Connected(service.sid, claims.identity, device, around.new_sid("US")))
    except Refused as refused:
        _forbid(f"{claims.identity!r} cannot be a user: {refused.problem.message}")


def check_same(claims: Claims, old: Claims) -> None:
    """A connection stays whose it is, whatever token it is updated with.

    Raises:
        TokenRefused: the new token is for somebody or something else.
    """
    if claims.identity != old.identity:
        _forbid(f"it is for {claims.identity!r}, but this connection is of {old.identity!r}")
    if (claims.account_sid, claims.service_sid) != (old.account_sid, old.service_sid):
        _forbid("it is for another service than this connection's")


def _forbid(why: str) -> NoReturn:
    raise TokenRefused(_GRANTS, why)
