"""A service over HTTP: REST, and the control plane where there is one.

Where ``/_mock/health`` answers it is a fake: presence, events, settings and the clock go through
its control plane, and `default` is its default service.  Anywhere else everything happens in
services of the scenario's own, which are deleted at the end, and what REST cannot do is lacking.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

import requests

from reachability_mock.address import NoUrl, address_of
from reachability_mock.clock import system_now
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.scenario.target import (
    DEFAULT,
    Credentials,
    Lacking,
    Need,
    Notice,
    Opening,
    Person,
    Reply,
    Request,
    TargetFailed,
    Trouble,
    Unreachable,
)
from reachability_mock.targets import opening as openings
from reachability_mock.targets.accounts import Accounts
from reachability_mock.targets.control import NO_CONTROL, ControlPlane, notice, quoted
from reachability_mock.targets.in_process import count_of, form_of, parsed
from reachability_mock.targets.sdk import SDK, SdkClients
from reachability_mock.wire.token import Signer
from reachability_mock.wire.twilsock import uri_of

TIMEOUT = 30.0
"""Seconds to wait for an answer."""
OWN_SERVICE = "the scenario plays in a service of its own, which this path does not lead to"
NO_KEY = "an API key has to sign the SDK's tokens: TWILIO_API_KEY and TWILIO_API_SECRET"
_OK, _CREATED, _UNAUTHORIZED = 200, 201, 401
Watch = Callable[[Request, Reply], None]
"""Told of every REST exchange: for whoever checks answers against the contract."""


class HttpTarget:
    """A `Target` over a base URL."""

    def __init__(  # noqa: PLR0913 - each is one thing a caller may choose
        self,
        url: str,
        account_sid: str = sids.DEFAULT_ACCOUNT,
        auth_token: str = DEFAULT_SECRET,
        *,
        own_services: bool | None = None,
        watch: Watch | None = None,
        session: requests.Session | None = None,
        driver: str | None = None,
        key: tuple[str, str] | None = None,
        other: tuple[str, str] | None = None,
        control: bool | None = None,
    ) -> None:
        """Talk to `url` as that account.

        `own_services` True plays in throw-away services even on a fake; None only elsewhere.
        `driver` is for the steps that name none; `key` is the API key that signs the SDK's tokens,
        on a fake the built-in one if there is no other; `other` is a second account's SID and
        token, for scenarios with two; `control` says whether there is a control plane, None asks.
        """
        self._base = _base_of(url)
        self._account_sid = account_sid
        self._accounts = Accounts((account_sid, auth_token), other)
        self._plane = ControlPlane(self._to_control, self._accounts, there=control)
        self._watch = watch
        self._session = session or requests.Session()
        self._session.trust_env = False  # no proxy, and no credentials out of a .netrc
        self._own = own_services
        self._driver = driver
        self._key = key
        self._sdk = SdkClients(self._uri, self._signer, self.rest, self._sockets)
        self._mine: list[tuple[str, str]] = []
        """The SID of each service of the scenario's own, and the name of its account."""
        self._begun = 0
        self._before: dict[str, object] = {}

    @property
    def name(self) -> str:
        """Its URL."""
        return self._base

    @property
    def keeps(self) -> bool:
        """Whether it plays in services that stay."""
        return not self._throws_away

    @property
    def _throws_away(self) -> bool:
        return not self._has_control if self._own is None else self._own

    @property
    def _has_control(self) -> bool:
        """Whether a control plane answers."""
        return self._plane.is_there

    @property
    def in_real_time(self) -> bool:
        """Whether an SDK is being driven."""
        return self._sdk.running

    def lacks(self, need: Need) -> str | None:
        """What a control plane would be needed for, and what nothing here can do."""
        if need is Need.PRESENCE and self._driver == SDK:
            need = Need.SDK
        if need is Need.SDK:
            return self._sdk.why_not() if self._key or self._has_control else NO_KEY
        if need is Need.ACCOUNTS:
            return self._accounts.lacking
        if need is Need.DEFAULT_PATH:
            return OWN_SERVICE if self._throws_away else None
        return None if self._has_control else NO_CONTROL

    def begin(self, settings: Mapping[str, object]) -> None:
        """Note where the journal is, and change the settings."""
        self._mine = []
        self._before = {}
        self._accounts.begin()
        if not self._has_control:
            return
        self._begun = max((one["n"] for one in self._plane.events(0)), default=0)
        if settings:
            now = self._plane.ask("GET", "settings")
            self._before = {name: now[name] for name in settings if name in now}
            self._plane.ask("PATCH", "settings", dict(settings))

    def end(self) -> None:
        """Let the SDKs go, delete the services of our own, and put the settings back."""
        self._sdk.stop()
        for sid, account in reversed(self._mine):
            with suppress(TargetFailed):
                self.rest(Request("DELETE", f"/v1/Services/{sid}", account=account))
        self._mine = []
        if self._before:
            with suppress(TargetFailed):
                self._plane.ask("PATCH", "settings", self._before)
            self._before = {}

    # --- what is given ---------------------------------------------------------------------------

    def open_account(self, name: str, sid: str | None) -> str:
        """The account of that name: its credentials are tried."""
        opened = self._accounts.open(name, sid)
        reply = self.rest(Request("GET", "/v1/Configuration", account=name))
        if reply.status == _UNAUTHORIZED:
            last = opened[-4:]
            raise Unreachable(f"{self._base} does not accept the credentials of …{last}")
        return opened

    def open_service(self, opening: Opening) -> str:
        """The default service, or a new one: of that name on a fake, of our own elsewhere."""
        if opening.sid:
            return self._with_sid(opening, opening.sid)
        if self._throws_away:
            return openings.created(self.rest, opening, f"reachability-mock {opening.name}")
        if opening.name == DEFAULT:
            return openings.default_service(self.rest, opening.account)
        return openings.replaced(self.rest, opening)

    def _with_sid(self, opening: Opening, sid: str) -> str:
        """A service with a SID of the file's choice: only if it is there, and on a fake."""
        asked = Request("GET", f"/v1/Services/{sid}", account=opening.account)
        there = self.rest(asked).status == _OK
        if self._throws_away or not there:
            raise Lacking(f"the service {opening.name}: REST cannot choose a SID ({sid})")
        openings.switched_off(self.rest, sid, opening.account)
        return sid

    # --- REST ------------------------------------------------------------------------------------

    def rest(self, request: Request) -> Reply:
        """Send it, and note which services came into being."""
        url = f"{self._base}{request.path}{'?' if request.query else ''}{request.query}"
        headers = dict(request.headers)
        body = form_of(request)
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        reply = self._send(request.method, url, headers, body, self._auth(request))
        if (request.method, request.path, reply.status) == ("POST", "/v1/Services", _CREATED):
            self._note(reply, request.account)
        if self._watch:
            self._watch(request, reply)
        return reply

    def _note(self, reply: Reply, account: str) -> None:
        sid = reply.body.get("sid") if isinstance(reply.body, dict) else None
        if self._throws_away and isinstance(sid, str) and sids.is_sid("IS", sid):
            self._mine.append((sid, account))

    def _auth(self, request: Request) -> tuple[str, str] | None:
        if request.credentials is Credentials.NONE:
            return None
        right = request.credentials is Credentials.RIGHT
        sid, token = self._accounts.of(request.account)
        return (sid, token if right else "wrong")

    def _to_control(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        return self._send(method, f"{self._base}{path}", headers, body)

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        auth: tuple[str, str] | None = None,
    ) -> Reply:
        try:
            answer = self._session.request(
                method,
                url,
                headers=headers,
                data=body,
                auth=auth,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Unreachable(f"{self._base} cannot be reached: {_reason(error)}") from None
        found = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status_code, parsed(answer.content), found)

    # --- the control plane -----------------------------------------------------------------------

    def connect(self, person: Person, device: str, *, driver: str | None = None) -> None:
        """Open a connection."""
        if self._by_sdk(driver):
            self._sdk.connect(person, device)
            return
        self._plane.ask_of(person, "POST", "connections", {"device": device})

    def disconnect(self, person: Person, device: str, *, driver: str | None = None) -> None:
        """Close a connection cleanly; one that is closed stays so."""
        if self._by_sdk(driver):
            self._sdk.disconnect(person, device)
            return
        self._plane.ask_of(person, "DELETE", f"connections/{quoted(device)}", gone=True)

    def lose(self, person: Person, device: str, *, driver: str | None = None) -> None:
        """Let a connection vanish."""
        if self._by_sdk(driver):
            self._sdk.lose(person, device)
            return
        self._plane.ask_of(person, "DELETE", f"connections/{quoted(device)}?lost=true", gone=True)

    def register_push(
        self, person: Person, kind: str, address: str, *, driver: str | None = None
    ) -> str:
        """Register for push."""
        must = driver or not self._has_control or self._sdk.can_register(person, kind)
        if self._by_sdk(driver) and must:
            return self._sdk.register(person, kind, address)
        body = {"type": kind, "address": address}
        return str(self._plane.ask_of(person, "POST", "bindings", body).get("sid"))

    def unregister_push(self, person: Person, binding_sid: str) -> None:
        """End a registration, in the way in which it was made."""
        if not self._sdk.unregister(binding_sid):
            self._plane.ask_of(person, "DELETE", f"bindings/{binding_sid}")

    def edit(
        self, person: Person, friendly_name: str | None = None, attributes: str | None = None
    ) -> None:
        """Let a user edit itself."""
        self._sdk.edit(person, friendly_name, attributes)

    def trouble(self, trouble: Trouble) -> None:
        """Make trouble for the sockets."""
        person, place = trouble.person, f"realtime/{trouble.kind}"
        if person is None:
            self._plane.ask("POST", place, dict(trouble.values))
            return
        whom = {"identity": person.identity, "service": person.service_sid}
        self._plane.ask("POST", self._plane.scoped(place, person), {**trouble.values, **whom})

    def _by_sdk(self, driver: str | None) -> bool:
        return (driver or self._driver) == SDK

    def _uri(self) -> str | None:
        """Where the SDK connects; elsewhere than at a fake it knows that itself."""
        return uri_of(self._base) if self._has_control else None

    def _signer(self, person: Person) -> Signer:
        if person.account != DEFAULT:
            raise Lacking(f"no API key of the account {person.account} is known: {NO_KEY}")
        return Signer(*(self._key or (sids.DEFAULT_KEY, DEFAULT_SECRET)), self._account_sid)

    def _sockets(self, person: Person) -> int:
        """How many sockets a person has; 0 where that cannot be told."""
        if not self._has_control:
            return 0
        return count_of(self._plane.ask("GET", "realtime/sockets")["sockets"], person)

    def notices(self, since: int) -> list[Notice]:
        """What the journal says of this scenario's time; nothing where there is none."""
        if not self._has_control:
            return []
        found = (notice(one) for one in self._plane.events(max(since, self._begun)))
        return [one for one in found if one is not None]

    def why(self, person: Person) -> str | None:
        """The rules behind a fetch."""
        if not self._has_control:
            return None
        with suppress(TargetFailed):
            reasons = self._plane.ask_of(person, "GET", "why")
            return "; ".join(
                f"{axis}: {json.dumps(one['value'])} by {one['rule']}, {one['because']}"
                for axis, one in reasons.items()
            )
        return None

    def now(self) -> datetime:
        """The fake's time, or the system's."""
        if not self._has_control:
            return system_now()
        return datetime.fromisoformat(
            self._plane.ask("POST", "clock/advance", {"seconds": 0})["now"]
        )

    def advance(self, seconds: float) -> None:
        """Move the fake's time forward."""
        self._plane.ask("POST", "clock/advance", {"seconds": seconds})


def _base_of(url: str) -> str:
    try:
        return address_of(url).base
    except NoUrl as error:
        raise Unreachable(str(error)) from None


def _reason(error: requests.RequestException) -> str:
    """The innermost reason of a failure, without requests' wrapping."""
    inner: BaseException = error
    while inner.__cause__ or inner.__context__:
        inner = inner.__cause__ or inner.__context__ or inner
    return str(inner) or type(inner).__name__
