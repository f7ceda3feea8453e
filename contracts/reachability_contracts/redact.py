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
_GAP = r"(?:[^\S\n]|[().\-/\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e]){0,3}"
"""What people write between the digits of a number, blanks of every kind and width among it."""
_ONE_GAP = r"[ \u00a0./\u2010-\u2015-]"
_DIGITS = rf"{_GAP}0{{0,2}}[1-9](?:{_GAP}\d){{7,14}}(?!\d)"
_PHONE = re.compile(
    rf"(?:(?<!\d)[+\uff0b]|%2B){_DIGITS}"
    rf"|(?<![\w.])00{_DIGITS}(?![0-9a-f]{{5}})"  # what goes on like that is a hash
    rf"|(?<!\d)(?<!\d{_ONE_GAP})(?:1{_ONE_GAP}?)?"
    rf"(?:\([2-9]\d\d\){_ONE_GAP}?|[2-9]\d\d(?P<gap>{_ONE_GAP}))"
    rf"[2-9]\d\d(?(gap)(?P=gap)|{_ONE_GAP})\d{{4}}(?!{_ONE_GAP}?\d)",
    re.IGNORECASE,
)
"""International numbers, and the usual North American spellings.

A national number of another country looks like any other number, and is not found.
"""
_WORD = re.compile(r"[A-Za-z0-9+/_%.~-]{12,}={0,2}")
"""What may be base64 or percent-encoding."""
_BREAK = r"[ \t]*(?:\r?\n|(?:\\r)?\\n)[ \t]*"
_LETTER = "[A-Za-z0-9+/_-]"
_WRAPPED = re.compile(rf"(?<!{_LETTER})(?:{_LETTER}{{4,}}{_BREAK})+{_LETTER}+={{0,2}}")
"""What may be base64 in lines, as they are or as JSON writes them."""
_JOINT = re.compile(r"[-_.~]")
_MOST_JOINTS = 8
_SHORTEST = 8
_LAYERS = 3
_MOST_ODD = 4
"""One letter in so many may be none of ASCII's where a text is of an old encoding."""
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
        text = _WRAPPED.sub(lambda lines: self._unwrapped(lines[0]), text)
        return _WORD.sub(lambda word: self._decoded(word[0]), text)

    def finds(self, text: str) -> bool:
        """Whether `text` has something to hide in it, in whatever disguise."""
        return self(text) != text

    def _unwrapped(self, lines: str) -> str:
        """`lines`, unless they are one text that encodes something to hide."""
        return ENCODED if self._encodes(re.sub(_BREAK, "", lines)) else lines

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
    for part in _pieces(word):
        text = _from_base64(part)
        if text is not None:
            yield text


def _pieces(word: str) -> set[str]:
    """Where base64 may stand in `word`: all of it, between joints, or behind something like `id-`.

    One of its alphabets has two of the joints in it, so what goes on over a joint is tried, too.
    """
    joints = [found.start() for found in _JOINT.finditer(word)]
    begins = [0, *(joint + 1 for joint in joints)]
    if len(joints) <= _MOST_JOINTS:
        return {word[begin:end] for begin in begins for end in (*joints, len(word)) if begin < end}
    return {word, *_JOINT.split(word), *(word[begin:] for begin in begins[: _MOST_JOINTS + 1])}


def _from_base64(word: str) -> str | None:
    """The text that `word` is in base64, of either alphabet and with or without its padding."""
    bare = word.rstrip("=").replace("-", "+").replace("_", "/")
    if len(bare) < _SHORTEST:
        return None
    try:
        data = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except ValueError:  # not base64, or not ASCII
        return None
    return _text_in(data.replace(b"\0", b""))  # UTF-16 is Latin-1 with those in between


def _text_in(data: bytes) -> str | None:
    """What `data` says; nothing if it is no text, but noise in which anything might be found."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    odd = sum(not one.isascii() for one in text)
    readable = all(one.isprintable() or one.isspace() for one in text)
    return text if readable and odd * _MOST_ODD <= len(text) else None
