"""A `requests` session whose requests go straight to a site: HTTP without a socket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter

from reachability_mock.clock import ManualClock
from reachability_mock.http import wsgi
from reachability_mock.http.site import Site
from reachability_mock.keyring import DEFAULT_SECRET, Keyring
from reachability_mock.targets import HttpTarget
from reachability_mock.world import World

URL = "http://127.0.0.1:4010"


class ToSite(BaseAdapter):
    """Every request is one exchange with the app; remembers what was asked."""

    def __init__(self, site: Site, *, control: bool) -> None:
        """With `control` False there is no control plane, as on the live service."""
        super().__init__()
        self.site = site
        self.control = control
        self.asked: list[str] = []

    def send(  # noqa: PLR0913, PLR0917 - requests' own signature
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002, ARG002 - likewise
        timeout: object = None,  # noqa: ARG002 - likewise
        verify: object = True,  # noqa: FBT002, ARG002 - likewise
        cert: object = None,  # noqa: ARG002 - likewise
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002 - likewise
    ) -> requests.Response:
        parts = urlsplit(str(request.url))
        self.asked.append(f"{request.method} {parts.path}")
        response = requests.Response()
        response.request = request
        response.url = str(request.url)
        if parts.path.startswith("/_mock") and not self.control:
            response.status_code, response.raw = 404, BytesIO(b'{"code": 20404}')
            return response
        body = request.body or b""
        answer = wsgi.exchange(
            self.site,
            str(request.method),
            wsgi.Target(parts.scheme, parts.netloc, parts.path, parts.query),
            list(request.headers.items()),
            body.encode() if isinstance(body, str) else body,
        )
        response.status_code, response.raw = answer.status, BytesIO(answer.body)
        response.headers.update(dict(answer.headers))
        return response

    def close(self) -> None:
        """There is nothing to close."""


def new_site() -> Site:
    """A strict site with the default account."""
    clock = ManualClock(datetime(2026, 1, 5, 9, tzinfo=UTC))
    keyring = Keyring()
    keyring.accounts[keyring.default_account] = DEFAULT_SECRET
    return Site(World(clock=clock, seed="http"), keyring)


def over_http(
    site: Site,
    *,
    control: bool = True,
    own_services: bool | None = None,
    other: tuple[str, str] | None = None,
) -> tuple[HttpTarget, ToSite]:
    """A target that thinks it speaks HTTP, and what it speaks through."""
    session, adapter = requests.Session(), ToSite(site, control=control)
    session.mount("http://", adapter)
    target = HttpTarget(URL, session=session, own_services=own_services, other=other)
    return target, adapter
