"""Asking a site in this process, with as little in between as there is."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from reachability_mock.clock import ManualClock
from reachability_mock.core import sids
from reachability_mock.http.site import Site
from reachability_mock.http.wsgi import Target, exchange
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.server import build_site

ACCOUNT = sids.DEFAULT_ACCOUNT
OTHER = "AC" + "f" * 32
OTHER_TOKEN = "a-token-that-nobody-else-has"
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
LOCAL = "127.0.0.1:4010"


@dataclass(frozen=True)
class Reply:
    """An answer with its JSON at hand."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = self.json["error"]
        return found


def basic(account: str = ACCOUNT, token: str = DEFAULT_SECRET) -> dict[str, str]:
    """The header that opens an account."""
    return {"Authorization": "Basic " + b64encode(f"{account}:{token}".encode()).decode()}


def new_site(**options: Any) -> Site:
    """A site of its own whose time stands still; two accounts may come in."""
    options.setdefault("clock", ManualClock(START))
    options.setdefault("accounts", {OTHER: OTHER_TOKEN})
    return build_site(**options)


@dataclass
class Asker:
    """One site, asked without a socket."""

    site: Site = field(default_factory=new_site)
    host: str = LOCAL

    @property
    def service(self) -> str:
        return sids.default_service_sid(ACCOUNT)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    ) -> Reply:
        """Send one request; a body that is no bytes goes as JSON."""
        raw, _, query = path.partition("?")
        data = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        answer = exchange(self.site, method, Target("http", self.host, raw, query), pairs, data)
        return Reply(answer.status, dict(answer.headers), answer.body)

    def mock(self, method: str, path: str, body: object = None) -> Reply:
        """Ask the control plane."""
        return self.ask(method, f"/_mock/{path}", body)

    def fetch(self, identity: str) -> dict[str, Any]:
        """A user of the default service, by REST."""
        found: dict[str, Any] = self.ask("GET", f"/v1/Users/{identity}", None, basic()).json
        return found

    def journal(self, query: str = "") -> list[dict[str, Any]]:
        """The journal, by the control plane."""
        found: list[dict[str, Any]] = self.mock("GET", f"journal{query}").json["entries"]
        return found


def _json(body: object) -> bytes:
    return b"" if body is None else json.dumps(body).encode()
