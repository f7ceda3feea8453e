"""Addresses: which server a URL really leads to, by the eyes of what sends the requests.

A host can be spelt in many ways, and `urlsplit` does not read all of them as `requests` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

import requests

_HOST = re.compile(r"[0-9a-z._-]+|[0-9a-f:.]+(?:%[0-9a-z]+)?")
"""A name or an IPv6 address, once it is normalised."""
_LIVE = "twilio.com"


class NoUrl(ValueError):  # noqa: N818 - what the text is
    """The text is no URL of a server: wrong usage, exit code 2."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where requests go."""

    base: str
    """Scheme, host, port and path, without a slash at the end."""
    host: str
    says_more: str
    """What stands in the URL besides: `credentials`, `query`, `fragment`, or nothing."""

    @property
    def is_twilio(self) -> bool:
        """Whether that is the live service."""
        return is_twilio(self.host)


def is_twilio(host: str) -> bool:
    """Whether a host, in its plain spelling, is the live service's."""
    return host == _LIVE or host.endswith(f".{_LIVE}")


def address_of(url: str) -> Address:
    """Where requests to `url` go; without a scheme it is ``http://``.

    Raises:
        NoUrl: nowhere.
    """
    whole = url if "//" in url else f"http://{url}"
    try:
        parts = urlsplit(str(requests.Request("GET", whole).prepare().url))
        host, _ = _plain(parts.hostname or ""), parts.port  # a port that is none is found out here
        host.encode("idna")  # and a name that nobody can look up here
        nowhere = urlsplit(whole).port == 0  # which requests would take for the usual one
    except ValueError as error:  # requests.exceptions.InvalidURL is one, UnicodeError another
        raise NoUrl(f"{url!r} is no URL: {error}") from None
    if nowhere or parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        raise NoUrl(f"{url!r} is no http:// or https:// URL of a server")
    place = parts.netloc.rpartition("@")[2]
    base = urlunsplit((parts.scheme, place, parts.path.rstrip("/"), "", ""))
    return Address(base, host, _besides(parts))


def _plain(host: str) -> str:
    """`host` without disguise: no percent-encoding, however deep, no capitals, no dot behind it."""
    while (plain := unquote(host)) != host:
        host = plain
    return host.rstrip(".").lower()


def _besides(parts: SplitResult) -> str:
    if "@" in parts.netloc:
        return "credentials"
    return "query" if parts.query else "fragment" if parts.fragment else ""
