"""What steps talk to: a fake in this process, a fake over HTTP, or the live service.

A target is handed in by whoever composes (`reachability_mock.targets` has two).  It does what it is
told and judges nothing.  What it cannot do it says through `lacks`: a step that needs it is then
skipped with that reason, and never counted as passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

DEFAULT = "default"
"""The name of the account and of the service that need not be named."""


class Need(Enum):
    """What a step may ask of a target besides plain REST."""

    PRESENCE = "presence"
    """Connecting, losing and registering on behalf of a client SDK."""
    EVENTS = "events"
    """Telling what an observer's SDK was told."""
    CLOCK = "clock"
    """Moving time forward instead of waiting."""
    SETTINGS = "settings"
    """Changing the unknowns and the delays."""
    DEFAULT_PATH = "default_path"
    """The paths without a service (``/v1/Users``) lead to the scenario's default service."""
    ACCOUNTS = "accounts"
    """More than one account."""
    SDK = "sdk"
    """Driving Twilio's own SDK (``driver: sdk``)."""
    SOCKETS = "sockets"
    """Trouble for the sockets of client SDKs."""


class Credentials(Enum):
    """With which credentials a request is sent."""

    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Person:
    """A user as a target knows it."""

    identity: str
    service_sid: str
    account: str = DEFAULT


@dataclass(frozen=True, slots=True)
class Request:
    """One REST request; `path` is raw (percent-encoded) and begins with ``/v1``."""

    method: str
    path: str
    query: str = ""
    form: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    account: str = DEFAULT
    credentials: Credentials = Credentials.RIGHT


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; `body` is JSON as Python has it, a text if it was none, None if empty."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""


class NoticeKind(Enum):
    """What a client SDK, or the service it is connected to, would notice."""

    UPDATED = "updated"
    OPENED = "opened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about one user: its looks changed, or a device of it came or went."""

    n: int
    kind: NoticeKind
    service_sid: str
    identity: str
    reasons: tuple[str, ...] = ()
    device: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """A service that a scenario begins with."""

    name: str
    friendly_name: str
    sid: str | None = None
    account: str = DEFAULT


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that goes wrong for client SDKs: its name on the control plane, for whom, and how.

    Without a `person` it is for everybody.
    """

    kind: str
    person: Person | None = None
    values: Mapping[str, object] = field(default_factory=dict)


class TargetFailed(Exception):  # noqa: N818 - what is said of the step: the target failed it
    """The target could not do what a step asked; the message says why."""


class Lacking(TargetFailed):
    """The target can never do what is asked: the step, or all if it begins so, is skipped."""


class Unreachable(TargetFailed):
    """Nobody answers, or not to these credentials: going on makes no sense."""


class Stopped(Unreachable):
    """The play was told to stop, and may touch nothing any more."""


class Target(Protocol):
    """What a scenario is played against."""

    @property
    def name(self) -> str:
        """How reports call it."""

    @property
    def keeps(self) -> bool:
        """Whether services and users of an earlier play may still be there, and stay after this."""

    @property
    def in_real_time(self) -> bool:
        """Whether something goes on there that no clock can hurry: Twilio's own SDK."""

    def lacks(self, need: Need) -> str | None:
        """Why `need` cannot be had here; None if it can."""

    def begin(self, settings: Mapping[str, object]) -> None:
        """Get ready for one scenario: note where events begin, and apply its `settings`."""

    def end(self) -> None:
        """Clean up what this scenario made, if this target does not keep it; never raises."""

    def open_account(self, name: str, sid: str | None) -> str:
        """Make the account `name` ready and return its SID."""

    def open_service(self, opening: Opening) -> str:
        """Make a service ready, empty of what the scenario names, and return its SID."""

    def rest(self, request: Request) -> Reply:
        """Send one REST request.

        Raises:
            Unreachable: nobody answered.
        """

    def connect(self, person: Person, device: str, *, driver: str | None = None) -> None:
        """Open a connection; `driver` None means the target's own way, ``sdk`` Twilio's SDK."""

    def disconnect(self, person: Person, device: str, *, driver: str | None = None) -> None:
        """Close a connection cleanly."""

    def lose(self, person: Person, device: str, *, driver: str | None = None) -> None:
        """Let a connection vanish without a goodbye."""

    def register_push(
        self, person: Person, kind: str, address: str, *, driver: str | None = None
    ) -> str:
        """Register for push (`kind` is apn, gcm, fcm or twilsock); returns the binding's SID."""

    def unregister_push(self, person: Person, binding_sid: str) -> None:
        """End a registration."""

    def edit(
        self, person: Person, friendly_name: str | None = None, attributes: str | None = None
    ) -> None:
        """Let a user edit itself by Twilio's SDK; what is None stays as it is."""

    def trouble(self, trouble: Trouble) -> None:
        """Make trouble; only asked of a target that does not lack `Need.SOCKETS`."""

    def notices(self, since: int) -> Iterable[Notice]:
        """What happened after number `since` in this scenario, in order."""

    def why(self, person: Person) -> str | None:
        """Which rule made what a fetch of `person` shows, if the target can tell."""

    def now(self) -> datetime:
        """What time it is there."""

    def advance(self, seconds: float) -> None:
        """Move its time forward; only asked of a target that does not lack `Need.CLOCK`."""
