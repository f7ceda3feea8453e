"""The twilio SDK's own HTTP client: the fast door, and one that no stubbing library closes.

A plain URL goes straight to the app.  Anything odd (``#``, ``..``, a space, a percent sign) is
first spelled by requests, exactly as it would be sent: the SDK's quirks must show.
"""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from twilio.http import HttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

from reachability_mock.doors import now_open
from reachability_mock.doors.hosts import Whose, whose
from reachability_mock.doors.patching import Patch
from reachability_mock.http.site import Site
from reachability_mock.http.wsgi import Answer, Target, exchange

_PLAIN = re.compile(r"(https?)://([a-z0-9.:-]+)(/[A-Za-z0-9/_@+:,~.-]*)(?:\?([A-Za-z0-9=&_.~-]*))?")
_HOST = re.compile(r"https?://([^/?#]+)", re.IGNORECASE)
_FORM = "application/x-www-form-urlencoded"
STUBS = "reachability_mock_stubs"
"""Attribute of a patched `HTTPAdapter.send`: whether its owner has a stub for a URL."""


def to_fake(url: str) -> Site | None:
    """The site that answers for `url`, if it is one of the fake's and a site is open."""
    opened = now_open()
    if opened is None:
        return None
    found = _HOST.match(url)
    return opened.site if found and whose(found[1]) is Whose.OURS else None


def spelled(url: str, params: Mapping[str, Any] | None) -> Target:
    """Where requests would send `url` with `params`: path and query as they go on the wire."""
    plain = _PLAIN.fullmatch(url)
    if plain is None or "/." in url or not _simple(params):
        sent = urlsplit(str(requests.Request("GET", url, params=params).prepare().url))
        return Target(sent.scheme, sent.netloc.rpartition("@")[2], sent.path or "/", sent.query)
    query = "&".join(part for part in (plain[4], urlencode(params) if params else "") if part)
    return Target(plain[1], plain[2], plain[3], query)


def _simple(values: Mapping[str, Any] | None) -> bool:
    return not values or all(isinstance(value, str | int) for value in values.values())


def body_of(data: Mapping[str, Any] | None, headers: Mapping[str, str]) -> bytes:
    """The body that requests makes of the SDK's `data`."""
    if not data:
        return b""
    if headers.get("Content-Type", _FORM) == _FORM and _simple(data):
        return urlencode(data).encode("ascii")
    as_json = "json" in headers.get("Content-Type", "")
    asked = requests.Request(
        "POST", "http://localhost", **{"json" if as_json else "data": data}
    ).prepare()
    return asked.body.encode() if isinstance(asked.body, str) else asked.body or b""


@lru_cache(maxsize=64)
def basic(username: object, password: object) -> str:
    """The Authorization header of a pair of credentials."""
    return "Basic " + b64encode(f"{username}:{password}".encode("latin-1", "replace")).decode()


@dataclass(frozen=True, slots=True)
class Sent:
    """One call of the SDK, as it hands it to its HTTP client."""

    method: str
    url: str
    params: dict[str, object] | None
    data: dict[str, object] | None
    headers: dict[str, str] | None
    auth: tuple[str, str] | None


def answered(site: Site, sent: Sent, target: Target) -> Answer:
    """The fake's answer to one call of the SDK."""
    headers = dict(sent.headers or {})
    if sent.auth is not None:
        headers["Authorization"] = basic(*sent.auth)
    body = body_of(sent.data, headers)
    return exchange(site, sent.method.upper(), target, headers.items(), body)


def as_response(answer: Answer) -> Response:
    """The answer as the SDK's clients return it."""
    headers = CaseInsensitiveDict(answer.headers)
    return Response(answer.status, answer.body.decode("utf-8"), headers)


def log(client: HttpClient, sent: Sent, answer: Answer) -> None:
    """Log the call as the SDK's own clients do, if anybody listens."""
    if client.logger.isEnabledFor(logging.INFO):
        asked = {"method": sent.method, "url": sent.url, "params": sent.params}
        client.log_request({**asked, "headers": sent.headers})
        client.log_response(answer.status, as_response(answer))


def _stubbed(url: str) -> bool:
    """Whether a stubbing library stands in front of requests with a stub for `url`."""
    send = HTTPAdapter.send
    if send.__module__ == HTTPAdapter.__module__:
        return False
    has_stub: Callable[[str], bool] | None = getattr(send, STUBS, None)
    return has_stub is None or has_stub(url)


def _through_the_fake(original: Callable[..., Response]) -> Callable[..., Response]:
    @wraps(original)
    def request(  # noqa: PLR0913, PLR0917 - the SDK's own signature
        self: TwilioHttpClient,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,  # noqa: FBT001, FBT002 - likewise
    ) -> Response:
        site = to_fake(url)
        unusual = (timeout is not None and timeout <= 0) or any(self.request_hooks.values())
        if site is None or unusual or _stubbed(url):
            return original(
                self, method, url, params, data, headers, auth, timeout, allow_redirects
            )
        sent = Sent(method, url, params, data, headers, auth)
        answer = answered(site, sent, spelled(url, params))
        log(self, sent, answer)
        self._test_only_last_response = as_response(answer)
        return self._test_only_last_response

    return request


PATCHES = (Patch(TwilioHttpClient, "request", _through_the_fake),)
