"""The steps that make trouble for client SDKs: what a front end wants to see once before it ships.

They are for the sockets of SDKs only; a connection that the fake itself made for a `connect` step
without ``driver: sdk`` has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from reachability_mock.scenario.kinds import DURATION, TEXT, USER, Whole, field
from reachability_mock.scenario.stage import Stage
from reachability_mock.scenario.step import EVERYBODY, NOBODY, Step
from reachability_mock.scenario.target import Need, Trouble

_WHOM_DOC = "Whose sockets; everybody's if left out."


@dataclass(frozen=True, slots=True)
class _Trouble(Step):
    """What the steps that make trouble have in common."""

    @property
    def needs(self) -> frozenset[Need]:
        """Sockets that somebody can reach into."""
        return frozenset({Need.SOCKETS})


@dataclass(frozen=True, slots=True)
class _ForSomebody(_Trouble):
    """Trouble for the sockets of one user, or of everybody."""

    kind: ClassVar[str]
    """What the control plane calls it."""

    user: str | None = field(USER, default=None, doc=_WHOM_DOC)

    @property
    def changes_presence_of(self) -> frozenset[str]:
        """The user, or anybody."""
        return frozenset({self.user}) if self.user else EVERYBODY

    @property
    def values(self) -> dict[str, object]:
        """How, besides for whom."""
        return {}

    def play(self, stage: Stage) -> None:
        """Make it."""
        person = stage.person(self.user) if self.user else None
        stage.target.trouble(Trouble(self.kind, person, self.values))


@dataclass(frozen=True, slots=True)
class Drop(_ForSomebody, key="drop"):
    """Sockets fall as if a cable was cut; the SDK connects again by itself (R14)."""

    kind: ClassVar[str] = "drop"


@dataclass(frozen=True, slots=True)
class Offload(_ForSomebody, key="offload"):
    """The service asks clients to connect again, as it does when it moves them elsewhere."""

    kind: ClassVar[str] = "offload"
    wait: float = field(DURATION, default=1.0, doc="How long they shall wait before that.")

    @property
    def values(self) -> dict[str, object]:
        """How long to wait."""
        return {"reconnect_min_ms": round(self.wait * 1000)}


@dataclass(frozen=True, slots=True)
class ExpireToken(_ForSomebody, key="expire_token"):
    """Tokens expire now: the SDK says `tokenExpired` and waits for another one."""

    kind: ClassVar[str] = "expire"


@dataclass(frozen=True, slots=True)
class RefuseInit(_Trouble, key="refuse_init"):
    """The next clients are not let in: 401 and 403 are final, after others the SDK tries again."""

    times: int = field(Whole(0, 1000), default=1, doc="How many; 0 ends it.")
    status: int = field(Whole(300, 599), default=403)
    error_code: int = field(Whole(1, 99_999), default=20101)
    description: str = field(TEXT, default="Refused for a test")

    def play(self, stage: Stage) -> None:
        """Refuse."""
        how = {
            "times": self.times,
            "status": self.status,
            "error_code": self.error_code,
            "description": self.description,
        }
        stage.target.trouble(Trouble("refuse-init", values=how))


@dataclass(frozen=True, slots=True)
class DelayPushes(_Trouble, key="delay_pushes"):
    """Everything that SDKs are told comes later from now on, until `clear_trouble`."""

    by: float = field(DURATION)

    def play(self, stage: Stage) -> None:
        """Hold back."""
        stage.target.trouble(Trouble("delay-pushes", values={"seconds": self.by}))


@dataclass(frozen=True, slots=True)
class ClearTrouble(_Trouble, key="clear_trouble"):
    """No refusals and no delays any more."""

    @property
    def changes_presence_of(self) -> frozenset[str]:
        """Nobody, by itself."""
        return NOBODY

    def play(self, stage: Stage) -> None:
        """Clear."""
        stage.target.trouble(Trouble("clear"))
