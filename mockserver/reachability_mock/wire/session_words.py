"""What goes into a session and what comes out: the two vocabularies, side by side.

An *input* is something that happened to one SDK's connection; an *effect* is what shall be done
about it.  A handler is a generator of effects: whoever drives it does each one at once and hands
back what came of it (the subject of a `Submit`), or throws the core's refusal into it.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from reachability_mock.core.facts import Fact
from reachability_mock.core.model import Policy, Record
from reachability_mock.core.records import Records
from reachability_mock.wire.sync import Board
from reachability_mock.wire.token import Trust

# --- inputs --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Received:
    """A binary message came in."""

    data: bytes


@dataclass(frozen=True, slots=True)
class ReceivedText:
    """A text message came in: no SDK ever sends one."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The socket is gone; `goodbye` if the peer closed it in the WebSocket's own way, and meant it.

    `code` and `reason` are those it was closed with, by either side; None if it just fell.
    """

    goodbye: bool
    code: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """It may be time for something: look at the clock."""


@dataclass(frozen=True, slots=True)
class InitAwaited:
    """The socket has been open for long; did an `init` come?"""


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The server wants this client to go: 401 for good, 308 to come again, 410 for expiry."""

    code: int
    status: str
    reconnect_min_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ClosedElsewhere:
    """Somebody else closed this connection in the world: the control plane, or a scenario."""


Input = Received | ReceivedText | Ended | TimePassed | InitAwaited | Dismissed | ClosedElsewhere

# --- effects -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Send:
    """Send a frame."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """Close the socket with a WebSocket close code and a reason (at most 123 bytes of it)."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class CloseLater:
    """Close the socket in `seconds`, unless the client has done so: it was asked to."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Submit:
    """Let a fact happen; what it was about comes back, or the core's refusal is thrown."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Watch:
    """Push what changes in the map `sid` from now on."""

    sid: str


@dataclass(frozen=True, slots=True)
class Unwatch:
    """Push nothing of the map `sid` any more."""

    sid: str


@dataclass(frozen=True, slots=True)
class Wake:
    """Let time pass (`TimePassed`) at that moment of system time."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Log:
    """Note in the journal what happened; `warns` if a person should read it in the server's log."""

    said: str
    data: dict[str, Any] = field(default_factory=dict)
    warns: bool = False


Effect = Send | Close | CloseLater | Submit | Watch | Unwatch | Wake | Log
Effects = Generator[Effect, Record | None, None]

# --- what a session may look at ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InitRefusal:
    """What an `init` is refused with while somebody wants to see that."""

    status: int
    error_code: int
    description: str


class Surroundings(Protocol):
    """What a session may ask, and all of it answers at once."""

    @property
    def records(self) -> Records:
        """The records, for looking."""

    @property
    def policy(self) -> Policy:
        """The settings as the core reads them."""

    @property
    def board(self) -> Board:
        """The Sync maps."""

    @property
    def trust(self) -> Trust:
        """Whose tokens are believed."""

    def new_sid(self, prefix: str) -> str:
        """A SID nobody has had."""

    def next_refusal(self) -> InitRefusal | None:
        """What the next `init` is refused with, if it shall be."""
