"""Client SDKs that a target drives: Twilio's own, one for each device of a person."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from threading import Event
from typing import Any
from urllib.parse import urlencode

from reachability_mock.clock import system_now, true_monotonic
from reachability_mock.realtime.sdk_driver import SdkDriver, SdkFailed, SdkMissing, installed
from reachability_mock.scenario.target import Lacking, Person, Reply, Request, TargetFailed
from reachability_mock.wire.token import Signer, make

SDK = "sdk"
_PATIENCE_SECONDS = 5.0
_LOOK_SECONDS = 0.01
_KINDS = ("apn", "fcm")
Send = Callable[[Request], Reply]
Key = tuple[str, str, str]


class SdkClients:
    """The SDKs of one scenario, by service, identity and device."""

    def __init__(
        self,
        uri: Callable[[], str | None],
        signer: Callable[[Person], Signer],
        send: Send,
        sockets: Callable[[Person], int] | None = None,
    ) -> None:
        """Connect to `uri` (None is the SDK's own), with tokens signed by `signer`.

        `send` asks REST; `sockets` counts those of a person, where that can be told.
        """
        self._uri = uri
        self._signer = signer
        self._send = send
        self._sockets = sockets
        self._numbers = count(1)
        self._driver: SdkDriver | None = None
        self._clients: dict[Key, str] = {}
        self._registered: dict[str, tuple[Person, str, str]] = {}
        self._missing: str | None = None

    def why_not(self) -> str | None:
        """Why there is no SDK on this machine; None if there is one, installed by now."""
        if self._driver is None and self._missing is None:
            try:
                installed()
            except SdkMissing as missing:
                self._missing = str(missing)
        return self._missing

    @property
    def running(self) -> bool:
        """Whether any is connected."""
        return bool(self._clients)

    def has(self, person: Person) -> bool:
        """Whether some device of the person's is connected."""
        return any(key[:2] == (person.service_sid, person.identity) for key in self._clients)

    def stop(self) -> None:
        """Let go of all clients, and of the process."""
        if self._driver is not None:
            self._driver.stop()
        self._driver = None
        self._clients.clear()
        self._registered.clear()

    # --- what they do ----------------------------------------------------------------------------

    def connect(self, person: Person, device: str) -> None:
        """Connect, and return when the SDK says that it is initialised."""
        key = _key(person, device)
        if key in self._clients:
            return
        client = f"{person.identity} {device} {next(self._numbers)}"
        signed = make(self._signer(person), person.identity, person.service_sid, system_now())
        uri = self._uri()
        self._do("connect", client, token=signed, **({} if uri is None else {"uri": uri}))
        self._clients[key] = client

    def disconnect(self, person: Person, device: str) -> None:
        """Say goodbye, and return when the socket is closed; one that is closed stays so."""
        client = self._clients.pop(_key(person, device), None)
        if client is not None:
            self._do("disconnect", client)

    def lose(self, person: Person, device: str) -> None:
        """Cut the connection, and return when the server has noticed, if it can be asked."""
        client = self._clients.pop(_key(person, device), None)
        if client is None:
            return
        before = self._sockets(person) if self._sockets else 0
        self._do("lose", client)
        until, pause = true_monotonic() + _PATIENCE_SECONDS, Event()
        while before and self._sockets and self._sockets(person) >= before:
            if true_monotonic() > until:
                raise TargetFailed(f"the loss of {person.identity}'s {device} goes unnoticed")
            pause.wait(_LOOK_SECONDS)

    def can_register(self, person: Person, kind: str) -> bool:
        """Whether an SDK could: one of the person's is connected, and knows that kind."""
        return kind in _KINDS and self.has(person)

    def register(self, person: Person, kind: str, address: str) -> str:
        """Register for push; returns the binding's SID."""
        if kind not in _KINDS:
            raise Lacking(f"the SDK registers for {' or '.join(_KINDS)}, not for {kind}")
        self._do("register", self._any(person), type=kind, address=address)
        sid = self._binding(person, kind, address)
        self._registered[sid] = person, kind, address
        return sid

    def unregister(self, binding_sid: str) -> bool:
        """End a registration that was made here; False if it was not, or the SDKs have left."""
        known = self._registered.pop(binding_sid, None)
        if known is None or not self.has(known[0]):
            return False
        person, kind, address = known
        self._do("unregister", self._any(person), type=kind, address=address)
        return True

    def edit(self, person: Person, friendly_name: str | None, attributes: str | None) -> None:
        """Let the user edit itself; None leaves a property alone."""
        client = self._any(person)
        self._do("edit", client, friendlyName=friendly_name, attributes=attributes)

    # --- inside ----------------------------------------------------------------------------------

    def _do(self, act: str, client: str, **more: object) -> Any:
        try:
            if self._driver is None:
                self._driver = SdkDriver(*installed())
            return self._driver.do(act, client, **more)
        except (SdkMissing, SdkFailed) as error:
            raise TargetFailed(str(error)) from None

    def _any(self, person: Person) -> str:
        """Some client of the person's."""
        for (service_sid, identity, _), client in self._clients.items():
            if (service_sid, identity) == (person.service_sid, person.identity):
                return client
        raise TargetFailed(f"no SDK of {person.identity} is connected: connect it, `driver: sdk`")

    def _binding(self, person: Person, kind: str, address: str) -> str:
        """The SID of a registration, which the SDK does not tell."""
        path = f"/v1/Services/{person.service_sid}/Bindings"
        query = urlencode({"PageSize": 100, "BindingType": kind, "Identity": person.identity})
        reply = self._send(Request("GET", path, query, account=person.account))
        found = reply.body.get("bindings", ()) if isinstance(reply.body, dict) else ()
        for one in found:
            if one.get("endpoint") == address:
                return str(one["sid"])
        raise TargetFailed(f"the SDK has registered {address}, but REST lists no such binding")


def _key(person: Person, device: str) -> Key:
    return person.service_sid, person.identity, device
