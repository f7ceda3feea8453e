"""SIDs: two letters of prefix and 32 hex digits, and the ones that follow from others.

Random digits come from the caller; this module only knows shapes.
"""

from __future__ import annotations

import re
from hashlib import sha256

_HEX = "[0-9a-f]{32}"
_PATTERNS: dict[str, re.Pattern[str]] = {}

DEFAULT_ACCOUNT = "AC" + "0" * 32
DEFAULT_KEY = "SK" + "0" * 32


def is_sid(prefix: str, text: str) -> bool:
    """Whether `text` is a SID of the kind `prefix` (``US``, ``IS``, …)."""
    pattern = _PATTERNS.get(prefix)
    if pattern is None:
        pattern = _PATTERNS[prefix] = re.compile(f"{prefix}{_HEX}")
    return pattern.fullmatch(text) is not None


def derived(prefix: str, *words: str) -> str:
    """The SID that always follows from `words`: sha256 of the words joined by a newline.

    Used for what must be the same in every process: an account's default service, a service's
    default roles, a user's Sync map.
    """
    digest = sha256("\n".join((prefix, *words)).encode()).hexdigest()
    return prefix + digest[:32]


def default_service_sid(account_sid: str) -> str:
    """The SID of the default service of `account_sid`: documented, so an app can be configured."""
    return derived("IS", account_sid, "default service")
