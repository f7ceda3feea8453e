"""Raw paths: split on ``/`` before anything is percent-decoded, as the live service does.

WSGI's PATH_INFO is decoded already, so ``a%2Fb`` would look like two segments.  Whoever builds an
environ puts `canonical(raw)` there instead: every segment decoded and encoded again in one
spelling, so that routing sees the segments as they were sent and converters decode them once.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

_ASCII = bytes(range(128))
_PLAIN = re.compile(r"/(?!/)[A-Za-z0-9/_.~-]*[A-Za-z0-9_.~-]")
_SLASH = "%2F"


def canonical(raw: str) -> str:
    """`raw` in one spelling: segments decoded and re-encoded, one trailing slash dropped."""
    if _PLAIN.fullmatch(raw):
        return raw
    path = "/".join(quote(unquote(segment), safe="") for segment in raw.split("/"))
    if path.startswith("//"):  # the router would take any number of slashes there for one
        path = f"/{_SLASH}{path[1:]}"
    return path[:-1] if len(path) > 1 and path.endswith("/") else path


def encoded(query: str) -> str:
    """`query` with what is not ASCII percent-encoded: bytes read as Latin-1, or else as UTF-8."""
    if query.isascii():
        return query
    return quote(query, safe=_ASCII, encoding="latin-1" if max(query) <= "\xff" else "utf-8")


def resource_of(raw: str) -> str:
    """The path as a 404's message spells it: without the leading ``/v1``."""
    return raw[3:] if raw.startswith("/v1/") else raw
