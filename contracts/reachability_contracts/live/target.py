"""The live service as a target of scenarios: guarded, in services of this run's own."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping
from typing import Any

from reachability_contracts.live.ledger import Ledger
from reachability_contracts.live.session import Guarded
from reachability_mock.address import address_of
from reachability_mock.scenario.target import (
    Lacking,
    Need,
    Opening,
    Person,
    Reply,
    Request,
    TargetFailed,
)
from reachability_mock.targets.http import HttpTarget, Watch
from reachability_mock.targets.sdk import SDK
from reachability_mock.wire.twilsock import uri_of

NO_DRIVER = (
    "REST cannot make anybody online: give --presence-cmd, or TWILIO_API_KEY and "
    "TWILIO_API_SECRET for Twilio's own SDK (an auth token cannot sign access tokens)"
)
NO_SETTINGS = "the live service has no settings"
_PATIENCE = 120
_CREATED = 201


class LiveTarget(HttpTarget):
    """Scenarios on the live service: own services only, presence by a driver if there is one."""

    def __init__(  # noqa: PLR0913 - each is one thing to know
        self,
        base: str,
        credentials: tuple[str, str],
        session: Guarded,
        ledger: Ledger,
        *,
        presence: str | None = None,
        key: tuple[str, str] | None = None,
        watch: Watch | None = None,
    ) -> None:
        """Play at `base`; `presence` is a command that acts as a client SDK.

        Without one, `key` signs the tokens with which Twilio's own SDK acts.
        """
        driver = SDK if key and not presence else None
        super().__init__(
            base,
            *credentials,
            own_services=True,
            watch=watch,
            driver=driver,
            key=key,
            control=False,  # never asked: /_mock is not a path of the live service
        )
        self._session = session
        self._ledger = ledger
        self._presence = presence

    def lacks(self, need: Need) -> str | None:
        """What REST cannot do."""
        if need is Need.PRESENCE and self._presence:
            return None
        if need is Need.PRESENCE and self._key is None:
            return NO_DRIVER
        if need in {Need.SETTINGS, Need.EVENTS}:
            return NO_SETTINGS if need is Need.SETTINGS else "nobody listens to events here"
        return super().lacks(need)

    def open_service(self, opening: Opening) -> str:
        """A new service under a name that only this run uses."""
        if opening.sid:
            raise TargetFailed(f"the service {opening.name}: REST cannot choose a SID")
        form = (("FriendlyName", self._ledger.new_name()),)
        reply = self.rest(Request("POST", "/v1/Services", form=form))
        sid = reply.body.get("sid") if isinstance(reply.body, dict) else None
        if reply.status != _CREATED or not isinstance(sid, str):
            raise TargetFailed(f"the service {opening.name} was answered {reply.status}")
        return sid

    def rest(self, request: Request) -> Reply:
        """Send it; a service that a scenario creates gets a name of this run's."""
        if (request.method, request.path) == ("POST", "/v1/Services") and request.form:
            form = tuple(
                (name, self._named(value) if name == "FriendlyName" else value)
                for name, value in request.form
            )
            request = Request(
                request.method,
                request.path,
                request.query,
                form,
                request.headers,
                request.account,
                request.credentials,
            )
        return super().rest(request)

    def _named(self, name: str) -> str:
        return name if name.startswith(self._ledger.run) else f"{self._ledger.new_name()} {name}"

    # --- presence, by a command or by Twilio's own SDK ------------------------------------------

    def _uri(self) -> str | None:
        """Where the SDK connects: a stand-in is not to send it to Twilio."""
        return None if address_of(self._base).is_twilio else uri_of(self._base)

    def connect(self, person: Person, device: str, *, driver: str | None = None) -> None:
        """Connect."""
        if self._presence is None:
            super().connect(person, device, driver=driver)
            return
        self._drive("connect", person, device)

    def disconnect(self, person: Person, device: str, *, driver: str | None = None) -> None:
        """Say goodbye."""
        if self._presence is None:
            super().disconnect(person, device, driver=driver)
            return
        self._drive("disconnect", person, device)

    def lose(self, person: Person, device: str, *, driver: str | None = None) -> None:
        """Cut the connection."""
        if self._presence is None:
            super().lose(person, device, driver=driver)
            return
        self._drive("lose", person, device)

    def register_push(
        self, person: Person, kind: str, address: str, *, driver: str | None = None
    ) -> str:
        """Register; a command prints the binding's SID."""
        if self._presence is None:
            if not self._sdk.has(person):
                raise Lacking(
                    f"an SDK registers while it is connected, and {person.identity} is not"
                )
            return super().register_push(person, kind, address, driver=driver)
        return self._drive("register", person, kind, address)

    def unregister_push(self, person: Person, binding_sid: str) -> None:
        """End a registration."""
        if self._presence is None:
            super().unregister_push(person, binding_sid)
            return
        self._drive("unregister", person, binding_sid)

    def _drive(self, verb: str, person: Person, *words: str) -> str:
        begun = shlex.split(self._presence or "")
        command = [*begun, verb, person.service_sid, person.identity, *words]
        try:
            done = subprocess.run(  # noqa: S603 - the person's own command
                command, capture_output=True, text=True, timeout=_PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise TargetFailed(f"--presence-cmd {verb}: {error}") from None
        if done.returncode:
            raise TargetFailed(f"--presence-cmd {verb} failed: {done.stderr.strip()[:200]}")
        return done.stdout.strip()

    def begin(self, settings: Mapping[str, object]) -> None:
        """Nothing to get ready."""
        del settings
        self._mine = []


def said(reply: Reply) -> Any:
    """The message of an error."""
    return reply.body.get("message") if isinstance(reply.body, dict) else reply.body
