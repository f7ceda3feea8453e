"""Identities: what may name a user.

Source: https://www.twilio.com/docs/conversations/identity and the error dictionary's 502xx pages.
"""

from __future__ import annotations

from reachability_mock.core import errors, sids

LIMIT = 256
RESERVED = frozenset({"system", "private", "unique"})


def checked_identity(identity: str) -> str:
    """`identity` itself, if it may name a user (case matters, most characters are allowed).

    Raises:
        Refused: missing 50204, over 256 characters 50207, reserved 50203, like a SID 50206.
    """
    if not identity:
        raise errors.identity_missing()
    if len(identity) > LIMIT:
        raise errors.identity_too_long()
    if identity in RESERVED:
        raise errors.identity_reserved()
    if sids.is_sid("US", identity):
        raise errors.identity_like_sid()
    return identity
