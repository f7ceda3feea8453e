"""Whatever sends through urllib3, and so requests in any form: sessions, adapters, proxies.

It stands below `requests.adapters.HTTPAdapter.send`, which stubbing libraries replace and put
back as they like: what they let through arrives here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from urllib3 import HTTPHeaderDict
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError
from urllib3.response import BaseHTTPResponse, HTTPResponse
from urllib3.util.retry import Retry

from reachability_mock.doors import now_open
from reachability_mock.doors.guard import refuse_real_hosts
from reachability_mock.doors.hosts import Whose, whose
from reachability_mock.doors.patching import Patch
from reachability_mock.http.site import Site
from reachability_mock.http.wsgi import Answer, Target, exchange

Retries = Retry | bool | int | None


def sent_body(body: object) -> bytes:
    """The bytes of a request's body, whichever way it was given."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8")
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    read = getattr(body, "read", None)
    if read is not None:
        return sent_body(read())
    if isinstance(body, Iterable):
        return b"".join(sent_body(part) for part in body)
    raise TypeError(f"a request body cannot be {type(body).__name__}")


def ask(
    site: Site, method: str, url: str, headers: Mapping[str, str] | None, body: object
) -> Answer:
    """The fake's answer to a request for the absolute `url`, spelled as it is sent."""
    parts = urlsplit(url)
    target = Target(parts.scheme, parts.netloc.rpartition("@")[2], parts.path or "/", parts.query)
    return exchange(site, method, target, _texts(headers), sent_body(body))


def _texts(headers: Mapping[Any, Any] | None) -> Iterable[tuple[str, str]]:
    for name, value in (headers or {}).items():
        yield _text(name), _text(value)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def as_urllib3(answer: Answer, method: str, *, preload_content: bool = False) -> HTTPResponse:
    """The answer as urllib3 returns it, its body unread unless `preload_content`."""
    return HTTPResponse(
        BytesIO(answer.body),
        HTTPHeaderDict(answer.headers),
        answer.status,
        preload_content=preload_content,
        request_method=method,
    )


def _absolute(pool: HTTPConnectionPool, url: str) -> str:
    """The whole URL: a pool gets a path, or a URL if the request goes through an HTTP proxy."""
    if not url.startswith("/"):
        return url
    default = {"http": 80, "https": 443}.get(pool.scheme or "")
    port = f":{pool.port}" if pool.port and pool.port != default else ""
    return f"{pool.scheme}://{pool.host}{port}{url}"


def _through_the_fake(original: Callable[..., BaseHTTPResponse]) -> Callable[..., BaseHTTPResponse]:
    @wraps(original)
    def urlopen(  # noqa: PLR0913, PLR0917 - urllib3's own signature, as far as it matters
        self: HTTPConnectionPool,
        method: str,
        url: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        retries: Retries = None,
        *args: Any,
        **kwargs: Any,
    ) -> BaseHTTPResponse:
        opened, absolute = now_open(), _absolute(self, url)
        host = urlsplit(absolute).netloc
        if opened is None or whose(host) is not Whose.OURS:
            refuse_real_hosts(host)
            return original(self, method, url, body, headers, retries, *args, **kwargs)
        preload = kwargs.get("preload_content", True)
        given = self.headers if headers is None else headers
        answer = ask(opened.site, method, absolute, given, body)
        response = as_urllib3(answer, method, preload_content=preload)
        again = _again(retries, self, method, url, response)
        if again is None:
            return response
        response.drain_conn()
        return urlopen(self, method, url, body, headers, again, *args, **kwargs)

    return urlopen


def _again(
    retries: Retries,
    pool: HTTPConnectionPool,
    method: str,
    url: str,
    response: HTTPResponse,
) -> Retry | None:
    """What is left of the caller's retries if it asks for another attempt, after its pause.

    Raises:
        MaxRetryError: none is left, and the caller wants to be told so.
    """
    left = Retry.from_int(retries, default=pool.retries)
    if not left.is_retry(method, response.status, "Retry-After" in response.headers):
        return None
    try:
        left = left.increment(method, url, response=response, _pool=pool)
    except MaxRetryError:
        if left.raise_on_status:
            raise
        return None
    left.sleep(response)
    return left


PATCHES = (Patch(HTTPConnectionPool, "urlopen", _through_the_fake),)
