"""The `responses` library: a request that none of a test's own stubs wants goes to the fake.

The fake stands behind every `RequestsMock` there is, whenever and however deep it was started, as
one more stub that is asked last.  It is in no registry, so a test that insists on all its stubs
being called, or counts them, sees only its own; a stub of the test's for the real host wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import responses
from requests import PreparedRequest
from urllib3.response import HTTPResponse

from reachability_mock.doors import now_open
from reachability_mock.doors.hosts import Whose, whose
from reachability_mock.doors.patching import Patch
from reachability_mock.doors.requests_door import as_urllib3, ask
from reachability_mock.http.site import Site

STUBS = "reachability_mock_stubs"
ANY_URL = re.compile(r"https?://conversations(\.[a-z0-9-]+){0,2}\.twilio\.com(:\d+)?(/|\?|$)")
Found = tuple["responses.BaseResponse | None", list[str]]


class TheFake(responses.CallbackResponse):
    """A stub for everything under the fake's hosts, with any method, asked last."""

    def __init__(self, site: Site, rsps: responses.RequestsMock) -> None:
        """Answer for `site`, behind the other stubs of `rsps`."""
        super().__init__("ANY", ANY_URL, lambda _: None)
        self._site = site
        self._rsps = rsps

    @property
    def call_count(self) -> int:
        """One, so that `assert_all_requests_are_fired` does not ask for the fake."""
        return 1

    def matches(self, request: PreparedRequest) -> tuple[bool, str]:
        """Whether the request is for the fake and nobody else's."""
        if not ANY_URL.match(str(request.url)):
            return False, "not a host of reachability_mock"
        if own_stub(self._rsps, request):
            return False, "a stub of the test's own wins"
        return True, ""

    def get_response(self, request: PreparedRequest) -> HTTPResponse:
        """The fake's answer."""
        method = str(request.method)
        answer = ask(self._site, method, str(request.url), request.headers, request.body)
        return as_urllib3(answer, method)


def own_stub(rsps: responses.RequestsMock, request: PreparedRequest) -> bool:
    """Whether a stub of the test's own matches the request."""
    return any(
        not isinstance(stub, TheFake) and stub.matches(request)[0] for stub in rsps.registered()
    )


def install(rsps: responses.RequestsMock, site: Site) -> None:
    """Register the fake in `rsps` itself, for one whose class does things its own way."""
    rsps.add(TheFake(site, rsps))


def _behind_the_stubs(original: Callable[..., Found]) -> Callable[..., Found]:
    @wraps(original)
    def _find_match(self: responses.RequestsMock, request: PreparedRequest) -> Found:
        opened = now_open()
        for_us = opened is not None and whose(_host(request)) is Whose.OURS
        if opened is None or not for_us or own_stub(self, request):
            return original(self, request)
        return TheFake(opened.site, self), []

    return _find_match


def _host(request: PreparedRequest) -> str:
    return str(request.url).partition("://")[2].partition("/")[0].partition("?")[0]


def _telling_its_stubs(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def unbound_on_send(self: responses.RequestsMock) -> Any:
        """The replacement of `HTTPAdapter.send`, which can tell for which URLs it has a stub."""
        send = original(self)
        setattr(send, STUBS, lambda url: _has_stub(self, url))
        return send

    return unbound_on_send


def _has_stub(rsps: responses.RequestsMock, url: str) -> bool:
    return any(_may_match(stub, url) for stub in rsps.registered())


def _may_match(stub: responses.BaseResponse, url: str) -> bool:
    """Whether `stub` could be for `url`: the SDK then takes the way on which stubs are asked."""
    if isinstance(stub, TheFake):
        return False
    if isinstance(stub.url, str):
        return whose(stub.url.partition("://")[2].partition("/")[0]) is Whose.OURS
    return stub.url.match(url) is not None


PATCHES = (
    Patch(responses.RequestsMock, "_find_match", _behind_the_stubs),
    Patch(responses.RequestsMock, "unbound_on_send", _telling_its_stubs),
)
