"""Access tokens: making one, and judging one that an SDK brought.

The form is the one of Twilio's helper libraries: a JWT signed with an API key's secret
(https://www.twilio.com/docs/iam/access-tokens).  Neither a token nor a secret is ever in a message.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from jwt.algorithms import HMACAlgorithm
from jwt.api_jws import PyJWS
from jwt.exceptions import InvalidTokenError

from reachability_mock.core import sids
from reachability_mock.wire.twilsock import Malformed, read_json

Json = dict[str, Any]

CONTENT_TYPE = "twilio-fpa;v=1"
LONGEST_LIFE = timedelta(hours=24)
DEFAULT_LIFE_SECONDS = 3600
_HASHES = {
    "HS256": HMACAlgorithm.SHA256,
    "HS384": HMACAlgorithm.SHA384,
    "HS512": HMACAlgorithm.SHA512,
}
_LAST_SECOND = datetime(9999, 12, 31, tzinfo=UTC).timestamp()

# Codes and their sentences: https://www.twilio.com/docs/api/errors, 20101 to 20157.
_SENTENCES = {
    20101: "Invalid Access Token",
    20102: "Invalid Access Token header",
    20103: "Invalid Access Token issuer/subject",
    20104: "Access Token expired or expiration date invalid",
    20105: "Access Token not yet valid",
    20106: "Invalid Access Token grants",
    20107: "Invalid Access Token signature",
    20157: "Expiration Time In The Access Token Exceeds Maximum Time Allowed",
}
_FORBIDDEN = frozenset({20106})
"""The token is genuine, but does not open this: 403 where the others are 401."""
_ACCOUNT_HINT = (
    "all keys are the default account's: make another one the default "
    "(serve --account AC…, without a token), or have no keys checked (--open)"
)


class TokenRefused(Exception):  # noqa: N818 - the field's word, as core's Refused
    """A token was refused: what the SDK is told, and `why`, which is for the server's log only."""

    def __init__(
        self, code: int, why: str, *, status: int | None = None, description: str | None = None
    ) -> None:
        """Refuse with one of the 201xx codes, or with whatever somebody wants to see."""
        self.code = code
        self.status = status or (403 if code in _FORBIDDEN else 401)
        self.description = description or _SENTENCES[code]
        self.why = why
        super().__init__(f"{code} {self.description}: {why}")


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose tokens are believed."""

    keys: Mapping[str, tuple[str, str]]
    """API key SID → its secret and its account's SID."""
    checks: bool = True
    """False: any key and any signature will do (open accounts, the pytest fixture)."""
    shared_account: str | None = None
    """The account that everybody belongs to, whatever the token says."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What an accepted token says."""

    identity: str
    account_sid: str
    service_sid: str
    expires: datetime
    push_credential_sid: str | None = None
    unchecked: bool = False
    """Nobody looked at the signature."""


@dataclass(frozen=True, slots=True)
class Signer:
    """An API key to sign with, and the account it belongs to."""

    key_sid: str
    secret: str
    account_sid: str


def make(  # noqa: PLR0913 - a token says all of these
    signer: Signer,
    identity: str,
    service_sid: str,
    now: datetime,
    *,
    ttl: int = DEFAULT_LIFE_SECONDS,
    push_credential_sid: str | None = None,
) -> str:
    """A token for `identity`, good for `ttl` seconds from `now`."""
    start = int(now.timestamp())
    chat = {"service_sid": service_sid}
    if push_credential_sid:
        chat["push_credential_sid"] = push_credential_sid
    claims = {
        "jti": f"{signer.key_sid}-{start}",
        "grants": {"identity": identity, "chat": chat},
        "iss": signer.key_sid,
        "exp": start + ttl,
        "nbf": start,
        "sub": signer.account_sid,
    }
    return PyJWS().encode(
        json.dumps(claims, separators=(",", ":")).encode(),
        signer.secret,
        algorithm="HS256",
        headers={"cty": CONTENT_TYPE},
    )


def read(text: str, trust: Trust, now: datetime) -> Claims:
    """What the token `text` says, if it is good at `now`.

    Raises:
        TokenRefused: it is not.
    """
    if not text:
        _refuse(20101, "there is none")
    try:
        # Only taken apart: PyJWT's own checks read the system's clock and warn of short secrets.
        parts = PyJWS().decode_complete(text, options={"verify_signature": False})
        claims = read_json(parts["payload"], "the payload")
    except (InvalidTokenError, Malformed, ValueError) as error:
        raise TokenRefused(20101, f"it is not a JWT: {error}") from None
    if not isinstance(claims, dict):
        raise TokenRefused(20101, "its payload is not a JSON object")
    algorithm = _checked_header(parts["header"])
    account_sid, secret = _issued(claims, trust)
    if secret is not None:
        _check_signature(text, algorithm, secret, parts["signature"])
    identity, chat = _granted(claims)
    return Claims(
        identity,
        account_sid,
        chat["service_sid"],
        _checked_times(claims, now),
        _text(chat, "push_credential_sid"),
        unchecked=secret is None,
    )


def _checked_header(header: Json) -> str:
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in _HASHES:
        _refuse(20102, f"alg is {algorithm!r}, not one of {', '.join(_HASHES)}")
    if header.get("cty") != CONTENT_TYPE:
        _refuse(20102, f"cty is {header.get('cty')!r}, not {CONTENT_TYPE!r}")
    return algorithm


def _issued(claims: Json, trust: Trust) -> tuple[str, str | None]:
    """The account the token opens, and the secret to check it with (None: do not)."""
    issuer, subject = _text(claims, "iss") or "", _text(claims, "sub") or ""
    if not sids.is_sid("SK", issuer):
        _refuse(20103, f"iss is {_shown(claims.get('iss'))}, not an API key's SID (SK…)")
    if not sids.is_sid("AC", subject):
        _refuse(20103, f"sub is {_shown(claims.get('sub'))}, not an account's SID (AC…)")
    if not trust.checks:
        return trust.shared_account or subject, None
    if issuer not in trust.keys:
        known = ", ".join(_last_four(sid) for sid in trust.keys) or "none"
        _refuse(20103, f"iss {_last_four(issuer)} is not a known API key; known: {known}")
    secret, account_sid = trust.keys[issuer]
    if subject != account_sid:
        whose = f"{_last_four(issuer)} belongs to {_last_four(account_sid)}"
        _refuse(20103, f"sub is {_last_four(subject)}, but the key {whose}; {_ACCOUNT_HINT}")
    return account_sid, secret


def _check_signature(text: str, algorithm: str, secret: str, signature: bytes) -> None:
    signed = text.rpartition(".")[0].encode()
    if not HMACAlgorithm(_HASHES[algorithm]).verify(signed, secret.encode(), signature):
        _refuse(20107, "it was signed with another secret than its API key's")


def _granted(claims: Json) -> tuple[str, Json]:
    """The identity and the chat grant."""
    grants = claims.get("grants")
    if not isinstance(grants, dict):
        _refuse(20106, "it has no grants")
    identity, chat = _text(grants, "identity"), grants.get("chat")
    if identity is None:
        given = f"{_shown(grants['identity'])}, no text" if "identity" in grants else "missing"
        _refuse(20106, f"grants.identity is {given}: whose token is it?")
    if not isinstance(chat, dict):
        others = ", ".join(key for key in grants if key != "identity") or "none"
        _refuse(20106, f"it has no chat grant (ChatGrant in the helper library); it has: {others}")
    if not sids.is_sid("IS", _text(chat, "service_sid") or ""):
        wrong = _shown(chat.get("service_sid"))
        _refuse(20106, f"grants.chat.service_sid is {wrong}, not a service's SID (IS…)")
    return identity, chat


def _checked_times(claims: Json, now: datetime) -> datetime:
    """When it expires."""
    expires = _moment(claims, "exp")
    if expires is None:
        given = f"{_shown(claims['exp'])}, no time" if "exp" in claims else "missing"
        _refuse(20104, f"exp is {given}")
    if expires <= now:
        _refuse(20104, f"it expired at {_spelled(expires)}; it is {_spelled(now)} here")
    begins = _moment(claims, "nbf")
    if begins is None and claims.get("nbf") is not None:
        _refuse(20105, f"nbf is {_shown(claims['nbf'])}, no time")
    if begins is not None and begins > now:
        _refuse(20105, f"it begins (nbf) at {_spelled(begins)}; it is {_spelled(now)} here")
    life = expires - (begins or _moment(claims, "iat") or now)
    if life > LONGEST_LIFE:
        _refuse(20157, f"it lives for {life.total_seconds():.0f} s; the most is 86400 s (24 h)")
    return expires


def _moment(claims: Json, name: str) -> datetime | None:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return datetime.fromtimestamp(value, UTC) if 0 <= value < _LAST_SECOND else None


def _text(claims: Json, name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and value else None


def _spelled(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _last_four(sid: str) -> str:
    return f"{sid[:2]}…{sid[-4:]}"


def _shown(value: object) -> str:
    return repr(value)[:60]


def _refuse(code: int, why: str) -> NoReturn:
    raise TokenRefused(code, why)
