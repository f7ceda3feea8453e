"""One site: a world with the people who may come in, as the HTTP adapter sees it.

The Flask app is built once per process; which site a request is for travels in its WSGI environ.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from reachability_mock.keyring import Keyring
from reachability_mock.world import World

_log = logging.getLogger("reachability_mock")

ENVIRON_KEY = "reachability_mock.site"
RAW_PATH = "reachability_mock.raw_path"


class BadScenario(ValueError):  # noqa: N818 - the word a person reads
    """A scenario that cannot be loaded; `complaints` say where and why."""

    def __init__(self, message: str, complaints: Iterable[object] = ()) -> None:
        """Keep the complaints as JSON knows them."""
        super().__init__(message)
        self.complaints = list(complaints)


class Scenarios(Protocol):
    """What plays scenarios for a site, in the background."""

    def names(self) -> list[str]:
        """The scenarios that can be started by name."""

    def start(self, name: str, text: str | None, account_sid: str) -> str:
        """Start the scenario called `name`, or the YAML `text`; returns the run's id.

        Raises:
            BadScenario: it cannot be loaded; nothing of it has been played.
        """

    def state(self, run_id: str) -> dict[str, object] | None:
        """How a run goes; None if there is no such run."""

    def ids(self) -> list[str]:
        """The runs that are remembered."""

    def stop(self) -> None:
        """Let no run go on."""


class Realtime(Protocol):
    """The client SDKs' sockets of a site, and trouble for them; each call says how many it met.

    Trouble is for everybody, or for those of one `identity`, one `service_sid`, or both; `cause`
    is the journal's number of what asked for it.
    """

    def sockets(self) -> list[dict[str, object]]:
        """Every open socket: whose it is, how far it has come, what it watches."""

    def refuse_init(
        self,
        status: int = ...,
        error_code: int = ...,
        description: str = ...,
        *,
        times: int = ...,
        cause: int | None = ...,
    ) -> int:
        """Refuse the next `times` inits: 401 and 403 are final, after others the SDK retries."""

    def drop(
        self,
        identity: str | None = ...,
        *,
        service_sid: str | None = ...,
        cause: int | None = ...,
    ) -> int:
        """Let sockets fall, as if a cable was cut."""

    def offload(
        self,
        reconnect_min_ms: int = ...,
        identity: str | None = ...,
        *,
        service_sid: str | None = ...,
        cause: int | None = ...,
    ) -> int:
        """Ask clients to come again, not before `reconnect_min_ms`."""

    def expire(
        self,
        identity: str | None = ...,
        *,
        service_sid: str | None = ...,
        cause: int | None = ...,
    ) -> int:
        """Let tokens expire now."""

    def delay_pushes(self, seconds: float, *, cause: int | None = ...) -> float:
        """Hold back what is pushed from now on; returns the delay in force, 0 ends it."""

    def clear(self, *, cause: int | None = ...) -> None:
        """No refusals and no delays any more."""

    def look(self) -> None:
        """Let everything happen whose time has come."""


@dataclass(slots=True)
class Site:
    """What a request needs besides itself."""

    world: World
    keyring: Keyring
    hosts: frozenset[str] = frozenset()
    """Host names besides loopback ones from which the control plane may be driven."""
    origins: frozenset[str] = frozenset()
    """Origins besides its own whose pages may drive the control plane."""
    scenarios: Scenarios | None = None
    """What plays scenarios here, if anything does."""
    realtime: Realtime | None = None
    """The client SDKs' sockets, while a server listens for them."""
    listen: Callable[[], str] | None = None
    """What tells the URL that this site has, and opens its socket if need be."""
    hint: Callable[[str], None] = field(default=lambda _: None)
    """Where a sentence about the present request goes, for the server's log."""
    say: Callable[[str], None] = field(default=_log.warning)
    """Where one goes that belongs to no request: a socket's refusal, a scenario's end."""
    fresh: Callable[[], None] = field(default=lambda: None)
    """What makes the accounts and services that are there from the start, again after a reset."""
