"""Redaction: no account SID, token, secret or e-mail address leaves in any output.

schemathesis' own recordings hide credentials but not account SIDs, which they keep in base64, too;
so nothing of theirs is published, and everything of ours goes through here.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_ACCOUNT = re.compile(r"\b(AC|SK)[0-9a-fA-F]{28}([0-9a-fA-F]{4})\b")
_BASIC = re.compile(r"\b(Basic|Bearer)\s+[A-Za-z0-9+/=._-]{8,}", re.IGNORECASE)
_MAIL = re.compile(r"[A-Za-z0-9._+-]+(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SHORTEST = 8


@dataclass(slots=True)
class Redactor:
    """Hides what must not be seen, whoever wrote the text."""

    secrets: set[str] = field(default_factory=set)

    def know(self, secrets: Iterable[str]) -> None:
        """Hide these, too, as they are and in base64."""
        for secret in secrets:
            if len(secret) >= _SHORTEST:
                self.secrets.add(secret)
                self.secrets.add(base64.b64encode(secret.encode()).decode().rstrip("="))

    def __call__(self, text: str) -> str:
        """`text` without secrets; an account is its last four."""
        text = _ACCOUNT.sub(r"\1…\2", text)
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "[secret]")
        text = _BASIC.sub(r"\1 [secret]", text)
        return _MAIL.sub("[e-mail]", text)
