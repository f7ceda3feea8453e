"""A client for tests: asks a site of its own, and keeps the world at hand."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from reachability_mock.clock import ManualClock
from reachability_mock.core import sids
from reachability_mock.core.facts import (
    Connected,
    ConnectionLost,
    Disconnected,
    Fact,
    PushRegistered,
)
from reachability_mock.core.model import Binding, BindingType
from reachability_mock.http.site import Site
from reachability_mock.http.wsgi import Target, exchange
from reachability_mock.journal import jsonable
from reachability_mock.keyring import Keyring
from reachability_mock.settings import Settings
from reachability_mock.store import MemoryStore
from reachability_mock.world import World

ACCOUNT = sids.DEFAULT_ACCOUNT
OTHER = "AC" + "f" * 32
TOKEN = "tokentokentokentokentokentokentoken"
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"
Form = Mapping[str, str] | Iterable[tuple[str, str]] | bytes


@dataclass(frozen=True)
class Reply:
    """An answer, its JSON at hand."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)

    def __getitem__(self, key: str) -> Any:
        return self.json[key]

    @property
    def problem(self) -> tuple[int, int, str]:
        """Status, code and message of a refusal."""
        return self.status, self["code"], self["message"]


class Api:
    """A site with a manual clock and two accounts, asked as a client would."""

    def __init__(
        self,
        settings: Mapping[str, object] | None = None,
        *,
        keyring: Keyring | None = None,
    ) -> None:
        """A fresh world, always with the same SIDs."""
        self.world = World(clock=ManualClock(START), settings=Settings(settings), seed=7)
        self.hints: list[str] = []
        self.site = Site(
            self.world,
            keyring or Keyring(accounts={ACCOUNT: TOKEN, OTHER: TOKEN}),
            hint=self.hints.append,
        )
        self.world.open_account(ACCOUNT)
        self.service = sids.default_service_sid(ACCOUNT)
        self.account = ACCOUNT

    def ask(
        self,
        method: str,
        path: str,
        form: Form = (),
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Reply:
        """Send one request; `path` may carry a query, `auth` other credentials."""
        raw_path, _, query = path.partition("?")
        username, password = auth or (self.account, TOKEN)
        sent = {
            "Authorization": "Basic " + b64encode(f"{username}:{password}".encode()).decode(),
            "Content-Type": FORM,
            **(headers or {}),
        }
        body = form if isinstance(form, bytes) else urlencode(_pairs(form)).encode()
        target = Target("https", "conversations.twilio.com", raw_path, query)
        answer = exchange(self.site, method, target, sent.items(), body)
        return Reply(answer.status, dict(answer.headers), answer.body)

    def get(self, path: str, **options: Any) -> Reply:
        """GET."""
        return self.ask("GET", path, **options)

    def post(self, path: str, form: Form = (), **options: Any) -> Reply:
        """POST."""
        return self.ask("POST", path, form, **options)

    def delete(self, path: str, **options: Any) -> Reply:
        """DELETE."""
        return self.ask("DELETE", path, **options)

    def follow(self, url: str) -> Reply:
        """GET an absolute URL of an answer."""
        parts = urlsplit(url)
        assert (parts.scheme, parts.netloc) == ("https", "conversations.twilio.com")
        return self.get(f"{parts.path}?{parts.query}" if parts.query else parts.path)

    def scope(self, service: str | None = None) -> str:
        """The path of a service, by default the default one's."""
        return f"/v1/Services/{service or self.service}"

    def switch(self, *, on: bool, service: str | None = None) -> Reply:
        """Enable or disable the indicator."""
        form = {"ReachabilityEnabled": "true" if on else "false"}
        return self.post(f"{self.scope(service)}/Configuration", form)

    def new_service(self, name: str = "support") -> str:
        """Create a service; its SID."""
        sid: str = self.post("/v1/Services", {"FriendlyName": name})["sid"]
        return sid

    # what no request can do

    def submit(self, fact: Fact) -> object:
        """Let a fact happen; what it was about."""
        return self.world.submit(fact).subject

    def connect(self, identity: str, device: str = "phone", service: str | None = None) -> None:
        """A device connects."""
        sid = self.world.new_sid("US")
        self.submit(Connected(service or self.service, identity, device, sid))

    def disconnect(self, identity: str, device: str = "phone", service: str | None = None) -> None:
        """A device says goodbye."""
        self.submit(Disconnected(service or self.service, identity, device))

    def lose(self, identity: str, device: str = "phone", service: str | None = None) -> None:
        """A device vanishes."""
        self.submit(ConnectionLost(service or self.service, identity, device))

    def register(
        self,
        identity: str,
        endpoint: str = "pixel",
        kind: BindingType = BindingType.FCM,
        service: str | None = None,
    ) -> str:
        """A device registers for push; the binding's SID."""
        fact = PushRegistered(
            service or self.service,
            identity,
            self.world.new_sid("BS"),
            self.world.new_sid("US"),
            kind,
            endpoint,
        )
        subject = self.submit(fact)
        assert isinstance(subject, Binding)
        return subject.sid

    def shown(self, identity: str, service: str | None = None) -> tuple[object, object]:
        """(is_online, is_notifiable) as a fetch shows them."""
        user = self.get(f"{self.scope(service)}/Users/{identity}")
        return user["is_online"], user["is_notifiable"]

    def dump(self) -> object:
        """Everything the world holds, to see that nothing has changed."""
        store = self.world.store
        assert isinstance(store, MemoryStore)
        rooms = {
            sid: [
                jsonable(part)
                for part in (
                    room.service,
                    list(room.roles),
                    list(room.users),
                    list(room.bindings),
                    room.present,
                    room.sid_of_identity,
                    room.bindings_of_user,
                    room.users_of_role,
                )
            ]
            for sid, room in store._rooms.items()
        }
        accounts = [jsonable(account) for account in store.accounts()]
        credentials = {
            sid: [jsonable(one) for one in shelf] for sid, shelf in store._credentials_of.items()
        }
        settings = self.world.settings.as_dict()
        return accounts, credentials, rooms, list(self.world._timers), settings


def _pairs(form: Mapping[str, str] | Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(form.items() if isinstance(form, Mapping) else form)
