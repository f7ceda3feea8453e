"""The asynchronous twin of the SDK's HTTP client; aiohttp's own spelling of URLs is kept."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from yarl import URL

from reachability_mock.doors.patching import Patch
from reachability_mock.doors.sdk import Sent, answered, as_response, log, to_fake
from reachability_mock.http.wsgi import Target

Request = Callable[..., Coroutine[Any, Any, Response]]


def spelled(url: str, params: dict[str, Any] | None) -> Target:
    """Where aiohttp would send `url` with `params`."""
    sent = URL(url)
    if params:
        sent = sent.extend_query(params)
    return Target(sent.scheme, sent.raw_authority, sent.raw_path, sent.raw_query_string)


def _through_the_fake(original: Request) -> Request:
    @wraps(original)
    async def request(  # noqa: PLR0913, PLR0917 - the SDK's own signature
        self: AsyncTwilioHttpClient,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - likewise
        allow_redirects: bool = False,  # noqa: FBT001, FBT002 - likewise
    ) -> Response:
        site = to_fake(url)
        if site is None or (timeout is not None and timeout <= 0):
            return await original(
                self, method, url, params, data, headers, auth, timeout, allow_redirects
            )
        sent = Sent(method, url, params, data, headers, auth)
        answer = answered(site, sent, spelled(url, params))
        log(self, sent, answer)
        self._test_only_last_response = as_response(answer)
        return self._test_only_last_response

    return request


PATCHES = (Patch(AsyncTwilioHttpClient, "request", _through_the_fake),)
