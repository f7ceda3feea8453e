"""Stages: where generated traffic plays, and the world that is set up on them before it does.

A stage can be reset, which makes the same seeded world again: an online user, one who went offline,
one who never came, push registrations of every kind, and a second service with the indicator off.
Without it the rules about true and false would never be visited by generated requests.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from reachability_contracts.model import Model, Seen
from reachability_mock.core import sids
from reachability_mock.core.facts import Connected, Disconnected, PushRegistered, PushUnregistered
from reachability_mock.core.model import BindingType
from reachability_mock.http.site import Site
from reachability_mock.http.wsgi import Target, exchange
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.server import build_site

ORIGIN = "http://localhost"
"""Where in-process requests say they are sent."""
TIMEOUT = 30.0
"""Seconds to wait for an answer."""
Auth = tuple[str, str] | None
USERS = ("alice", "bob", "carol", "dan", "eve@ex.com", "a/b", "Älice", "zoe")


@dataclass(frozen=True, slots=True)
class Credentials:
    """With what requests are authenticated; never printed."""

    username: str = sids.DEFAULT_ACCOUNT
    password: str = field(default=DEFAULT_SECRET, repr=False)


@dataclass(slots=True)
class Pins:
    """What there is in a seeded world, for path parameters and references."""

    account: str
    service: str
    spare: str
    users: dict[str, str]
    binding: str
    service_role: str
    conversation_role: str
    role: str
    """A role that nobody has."""
    credential: str


class Stage(Protocol):
    """A server that may be seeded and reset."""

    credentials: Credentials
    url: str

    @property
    def adapter(self) -> HTTPAdapter | None:
        """What requests go through if they need no socket."""

    def clear(self) -> None:
        """Begin with an empty world."""

    def rest(
        self, method: str, path: str, form: Mapping[str, str], auth: Auth = None
    ) -> tuple[int, Any]:
        """Send one request, with the right credentials unless `auth` has others."""

    def advance(self, seconds: float) -> None:
        """Move time forward."""

    def connect(self, service: str, identity: str, device: str) -> None:
        """Open a connection as a client SDK would."""

    def disconnect(self, service: str, identity: str, device: str) -> None:
        """Close it."""

    def register(self, service: str, identity: str, kind: str) -> str:
        """Register for push; the binding's SID."""

    def unregister(self, service: str, sid: str) -> None:
        """End a registration."""


class Broken(RuntimeError):  # noqa: N818 - what is said of the stage
    """The stage could not even be set up; the message says what it answered."""


class InProcess:
    """The fake in this process: no socket, and a new world in 2 ms."""

    def __init__(self) -> None:
        """Begin with an empty world."""
        self.credentials = Credentials()
        self.url = ORIGIN
        self.adapter: HTTPAdapter | None = Adapter(lambda: self.site)
        self.site = _quiet_site()

    def clear(self) -> None:
        """Begin with an empty world."""
        self.site = _quiet_site()

    def rest(
        self, method: str, path: str, form: Mapping[str, str], auth: Auth = None
    ) -> tuple[int, Any]:
        """Send one request, with the right credentials unless `auth` has others."""
        raw, _, query = path.partition("?")
        target = Target("http", ORIGIN.removeprefix("http://"), raw, query)
        headers = [
            ("Authorization", basic(*(auth or _pair(self.credentials)))),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ]
        got = exchange(self.site, method, target, headers, urlencode(form).encode())
        return got.status, _json(got.body)

    def advance(self, seconds: float) -> None:
        """Move time forward."""
        self.site.world.advance(seconds)

    def connect(self, service: str, identity: str, device: str) -> None:
        """Open a connection as a client SDK would."""
        world = self.site.world
        world.submit(Connected(service, identity, device, world.new_sid("US")))

    def disconnect(self, service: str, identity: str, device: str) -> None:
        """Close it."""
        self.site.world.submit(Disconnected(service, identity, device))

    def register(self, service: str, identity: str, kind: str) -> str:
        """Register for push; the binding's SID."""
        world = self.site.world
        sid = world.new_sid("BS")
        fact = PushRegistered(
            service, identity, sid, world.new_sid("US"), BindingType(kind), f"{identity}-{kind}"
        )
        world.submit(fact)
        return sid

    def unregister(self, service: str, sid: str) -> None:
        """End a registration."""
        self.site.world.submit(PushUnregistered(service, sid))


class Adapter(HTTPAdapter):
    """Takes requests' own requests to the fake in this process, without a socket."""

    def __init__(self, site: Callable[[], Site]) -> None:
        """Ask whatever `site` returns at the time."""
        super().__init__()
        self._site = site

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override] # options of sockets, of which there is none
        """Answer from the fake."""
        url = urlsplit(str(request.url))
        body = request.body or b""
        got = exchange(
            self._site(),
            str(request.method),
            Target(url.scheme, url.netloc, url.path, url.query),
            list(request.headers.items()),
            body.encode() if isinstance(body, str) else bytes(body),
        )
        raw = HTTPResponse(
            BytesIO(got.body),
            HTTPHeaderDict(got.headers),
            got.status,
            reason=HTTPStatus(got.status).phrase,
            preload_content=False,
        )
        return self.build_response(request, raw)


class ByHttp:
    """A server reached by HTTP, which has the fake's control plane."""

    adapter: HTTPAdapter | None = None

    def __init__(self, url: str, credentials: Credentials) -> None:
        """Talk to `url`."""
        self.url = url.rstrip("/")
        self.credentials = credentials
        self._session = requests.Session()
        self._session.trust_env = False

    def clear(self) -> None:
        """Begin with an empty world."""
        self._control("POST", "reset")

    def rest(
        self, method: str, path: str, form: Mapping[str, str], auth: Auth = None
    ) -> tuple[int, Any]:
        """Send one request, with the right credentials unless `auth` has others."""
        got = self._session.request(
            method,
            self.url + path,
            data=form,
            headers={"Authorization": basic(*(auth or _pair(self.credentials)))},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        return got.status_code, _json(got.content)

    def advance(self, seconds: float) -> None:
        """Move time forward."""
        self._control("POST", "clock/advance", {"seconds": seconds})

    def connect(self, service: str, identity: str, device: str) -> None:
        """Open a connection as a client SDK would."""
        place = f"services/{service}/users/{quote(identity, safe='')}/connections"
        self._control("POST", place, {"device": device})

    def disconnect(self, service: str, identity: str, device: str) -> None:
        """Close it."""
        user = quote(identity, safe="")
        device = quote(device, safe="")
        self._control("DELETE", f"services/{service}/users/{user}/connections/{device}")

    def register(self, service: str, identity: str, kind: str) -> str:
        """Register for push; the binding's SID."""
        place = f"services/{service}/users/{quote(identity, safe='')}/bindings"
        made = self._control("POST", place, {"type": kind, "address": f"{identity}-{kind}"})
        return str(made["sid"])

    def unregister(self, service: str, sid: str) -> None:
        """End a registration."""
        status, _ = self.rest("DELETE", f"/v1/Services/{service}/Bindings/{sid}", {})
        if status != 204:  # noqa: PLR2004 - the status itself
            raise Broken(f"DELETE of a binding: {status}")

    def _control(self, method: str, place: str, body: Mapping[str, object] | None = None) -> Any:
        query = {"account": self.credentials.username} if place.startswith("services/") else {}
        got = self._session.request(
            method, f"{self.url}/_mock/{place}", json=body, params=query, timeout=TIMEOUT
        )
        if not got.ok:
            raise Broken(f"{method} /_mock/{place}: {got.status_code} {got.text[:200]}")
        return _json(got.content)


def seed(stage: Stage, model: Model) -> Pins:
    """Make the same world again and tell `model` about it.

    Raises:
        Broken: the server refused one of the steps.
    """
    stage.clear()
    hand = _Hand(stage, model)
    account = hand.rest("GET", "/v1/Configuration")
    service = str(account["default_chat_service_sid"])
    model.knows_service(service)
    hand.rest("GET", f"/v1/Services/{service}/Configuration")
    spare = str(hand.rest("POST", "/v1/Services", FriendlyName="spare")["sid"])
    base = f"/v1/Services/{service}"
    configuration = hand.rest("POST", f"{base}/Configuration", ReachabilityEnabled="true")
    users = {name: _user(hand, base, name) for name in USERS}
    _user(hand, f"/v1/Services/{spare}", "alice")
    binding = _presence(hand, service, spare)
    return Pins(
        str(account["account_sid"]),
        service,
        spare,
        users,
        binding,
        str(configuration["default_chat_service_role_sid"]),
        str(configuration["default_conversation_role_sid"]),
        hand.made(f"{base}/Roles", FriendlyName="r", Type="service", Permission="joinConversation"),
        hand.made("/v1/Credentials", FriendlyName="c", Type="fcm"),
    )


def _presence(hand: _Hand, service: str, spare: str) -> str:
    """Alice true/true, bob false/false, carol null/null, dan null/true, eve false/true."""
    hand.register(service, "carol", "twilsock")  # no push, so it changes nothing
    hand.connect(service, "alice", "phone")
    hand.connect(service, "alice", "tab")
    hand.connect(spare, "alice", "tab")
    for name in ("bob", "eve@ex.com"):
        hand.connect(service, name, "tab")
        hand.disconnect(service, name, "tab")
    hand.unregister(service, hand.register(service, "bob", "apn"))
    hand.register(service, "dan", "gcm")
    hand.register(service, "eve@ex.com", "apn")
    hand.register(spare, "alice", "fcm")
    return hand.register(service, "alice", "fcm")


def _user(hand: _Hand, base: str, identity: str) -> str:
    return str(hand.rest("POST", f"{base}/Users", Identity=identity)["sid"])


class _Hand:
    """Does things on a stage and tells the model of each."""

    def __init__(self, stage: Stage, model: Model) -> None:
        self.stage = stage
        self.model = model

    def rest(self, method: str, path: str, **form: str) -> Any:
        status, body = self.stage.rest(method, path, form)
        if not 200 <= status < 300 or not isinstance(body, dict):  # noqa: PLR2004 - a success
            raise Broken(f"{method} {path}: {status} {str(body)[:200]}")
        wrong = [
            one for one in self.model.watch(Seen(method, path, form, status, body)) if one.is_wrong
        ]
        if wrong:
            raise Broken(f"{method} {path}: {wrong[0]}")
        return body

    def made(self, path: str, **form: str) -> str:
        """The SID of something that a server may or may not know."""
        _, body = self.stage.rest("POST", path, form)
        return str(body.get("sid")) if isinstance(body, dict) else "unknown here"

    def connect(self, service: str, identity: str, device: str) -> None:
        self.stage.connect(service, identity, device)
        self.model.connected(service, identity, device)

    def disconnect(self, service: str, identity: str, device: str) -> None:
        self.stage.disconnect(service, identity, device)
        self.model.disconnected(service, identity, device)

    def register(self, service: str, identity: str, kind: str) -> str:
        sid = self.stage.register(service, identity, kind)
        self.model.registered(service, identity, kind, sid)
        return sid

    def unregister(self, service: str, sid: str) -> None:
        self.stage.unregister(service, sid)
        self.model.unregistered(service, sid)


def _quiet_site() -> Site:
    return build_site(hint=lambda _: None)


def basic(username: str, password: str) -> str:
    """The Authorization header of a pair of credentials, spelt exactly as they are."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def _pair(credentials: Credentials) -> tuple[str, str]:
    return credentials.username, credentials.password


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
