"""Redaction: no account SID, token, secret, e-mail address or phone number leaves in any output.

schemathesis' own recordings hide credentials but not account SIDs, which they keep in base64, too;
so nothing of theirs is published, and everything of ours goes through here.  What is hidden is
hidden percent-encoded and in base64 as well.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])(AC|SK)[0-9a-fA-F]{28}([0-9a-fA-F]{4})(?![0-9a-fA-F])")
_BASIC = re.compile(r"\b(Basic|Bearer)\s+[A-Za-z0-9+/=._-]{8,}", re.IGNORECASE)
_MAIL = re.compile(
    r"[^\s\"'<>@/:,;=&?()\[\]{}|\\]+(?:@|%40)[^\s\"'<>@/:,;=&?()\[\]{}|\\.]+\.[\w.%-]*\w"
)
_PHONE = re.compile(
    r"(?:(?:(?<!\d)\+|%2B|(?<!\w)00)\d(?:[ ().-]?\d){7,14}|\(\d{3}\) ?\d{3}[ .-]\d{4}"
    r"|(?<![\w.-])\d{3}[.-]\d{3}[.-]\d{4})(?![\w-])",
    re.IGNORECASE,
)
"""International numbers, and the two usual North American spellings."""
_WORD = re.compile(r"[A-Za-z0-9+/_%.~-]{12,}={0,2}")
"""What may be base64 or percent-encoding."""
_SHORTEST = 8
_LAYERS = 3
SECRET, MAIL, PHONE, ENCODED = "[secret]", "[e-mail]", "[phone]", "[encoded]"


@dataclass(slots=True)
class Redactor:
    """Hides what must not be seen, whoever wrote the text."""

    secrets: set[str] = field(default_factory=set)

    def know(self, secrets: Iterable[str]) -> None:
        """Hide these, too."""
        self.secrets.update(secret for secret in secrets if len(secret) >= _SHORTEST)

    def __call__(self, text: str) -> str:
        """`text` without secrets; an account is its last four."""
        text = _ACCOUNT.sub(r"\1…\2", _BASIC.sub(rf"\1 {SECRET}", text))
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, SECRET)
        text = _PHONE.sub(PHONE, _MAIL.sub(MAIL, text))
        return _WORD.sub(lambda word: self._decoded(word[0]), text)

    def finds(self, text: str) -> bool:
        """Whether `text` has something to hide in it, in whatever disguise."""
        return self(text) != text

    def _decoded(self, word: str) -> str:
        """`word`, but what encodes something to hide: a part between slashes, or all of it."""
        parts = [ENCODED if self._encodes(part) else part for part in word.split("/")]
        return "/".join(parts) if ENCODED in parts or not self._encodes(word) else ENCODED

    def _encodes(self, word: str) -> bool:
        return any(map(self._is_telling, disguised(word)))

    def _is_telling(self, text: str) -> bool:
        known = any(secret in text for secret in self.secrets)
        return known or any(one.search(text) for one in (_ACCOUNT, _MAIL, _PHONE, _BASIC))


def disguised(word: str) -> Iterator[str]:
    """What `word` says once it is decoded: percent-encoding and base64, a few layers deep."""
    layer = {word}
    for _ in range(_LAYERS):
        layer = {found for one in layer for found in _peeled(one)} - layer
        yield from layer


def _peeled(word: str) -> Iterator[str]:
    if "%" in word:
        yield unquote(word)
    for part in {word, *word.split(".")}:
        text = _from_base64(part)
        if text is not None:
            yield text


def _from_base64(word: str) -> str | None:
    """The text that `word` is in base64, of either alphabet and with or without its padding."""
    bare = word.rstrip("=").replace("-", "+").replace("_", "/")
    if len(bare) < _SHORTEST:
        return None
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode()
    except ValueError:  # not base64, not ASCII, or no text
        return None
