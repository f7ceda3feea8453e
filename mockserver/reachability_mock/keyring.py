"""Who may come in: accounts with their auth tokens, API keys with their secrets.

Strict knows only what it was told; open lets an account be born when it is first seen; shared (the
pytest fixture) gives every well-formed pair of credentials the default account's world.  Secrets
are compared in constant time and appear in no message.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from hmac import compare_digest
from typing import NamedTuple, NoReturn

from reachability_mock.core import errors, sids
from reachability_mock.core.errors import Refused

DEFAULT_SECRET = "0" * 32
"""The built-in auth token and API secret: published, so no secret at all."""


class Access(Enum):
    """How strangers are treated."""

    STRICT = "strict"
    OPEN = "open"
    SHARED = "shared"


class Caller(NamedTuple):
    """Who is asking: the account whose world it is, and the account SID that answers show."""

    account_sid: str
    shown_sid: str


class Keyring:
    """The known credentials and what becomes of unknown ones."""

    def __init__(
        self,
        access: Access = Access.STRICT,
        *,
        default_account: str = sids.DEFAULT_ACCOUNT,
        accounts: Mapping[str, str] | None = None,
        keys: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        """Know `accounts` (SID → auth token) and `keys` (SID → secret, account SID)."""
        self.access = access
        self.default_account = default_account
        self.accounts = dict(accounts or {})
        self.keys = dict(keys or {})

    def admit(self, username: str, password: str) -> Caller:
        """Whose world these credentials open.

        Raises:
            Refused: 401/20003, as the live service words it; the reason is in the hint only.
        """
        is_account, is_key = sids.is_sid("AC", username), sids.is_sid("SK", username)
        if not (is_account or is_key):
            _refuse(errors.UNKNOWN_USERNAME, "a username is AC or SK and 32 hex digits")
        if self.access is Access.SHARED:
            shown = username if is_account else self.default_account
            return Caller(self.world_of(shown), shown)
        account_sid = (
            self._account(username, password) if is_account else self._key(username, password)
        )
        return Caller(account_sid, account_sid)

    def world_of(self, account_sid: str) -> str:
        """Whose world an account's credentials open: the default one's, where all share it."""
        return self.default_account if self.access is Access.SHARED else account_sid

    def _account(self, sid: str, token: str) -> str:
        known = self.accounts.get(sid)
        if known is None and self.access is Access.OPEN:
            known = self.accounts.setdefault(sid, token)
        return self._compared(sid, sid, known, token)

    def _key(self, sid: str, secret: str) -> str:
        known, account = self.keys.get(sid, (None, self.default_account))
        if known is None and self.access is Access.OPEN:
            known, account = self.keys.setdefault(sid, (secret, self.default_account))
        return self._compared(sid, account, known, secret)

    def _compared(self, sid: str, account: str, known: str | None, sent: str) -> str:
        """Compare also for a stranger, so that time does not tell who is known."""
        same = _same(known if known is not None else DEFAULT_SECRET, sent)
        if known is None:
            _refuse(errors.UNKNOWN_USERNAME, f"{sid[:2]}…{sid[-4:]} is not known here")
        if not same:
            _refuse(errors.WRONG_TOKEN, f"wrong secret for {sid[:2]}…{sid[-4:]}")
        return account


def _same(known: str, sent: str) -> bool:
    return compare_digest(
        known.encode("utf-8", "surrogatepass"), sent.encode("utf-8", "surrogatepass")
    )


def _refuse(problem: errors.Problem, hint: str) -> NoReturn:
    raise Refused(problem).with_hint(hint)
