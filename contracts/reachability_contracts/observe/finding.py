"""What watching hands on: a disagreement, and what later traffic says of one."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from reachability_contracts.observe.knowledge import Earlier

Key = tuple[Hashable, ...]
"""The same for what is the same disagreement; it begins with the rule or the unknown."""


class Standing(Enum):
    """How much a disagreement rests on nobody having switched the indicator unseen."""

    CERTAIN = "whatever the indicator was"
    OPEN = "unless somebody else switched the indicator since it was last seen"
    CONFIRMED = "the Configuration, read afterwards, still showed the indicator as assumed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as far as it matters, and when it began."""

    method: str
    path: str
    """Raw, without its query."""
    query: Mapping[str, str] = field(default_factory=dict)
    tick: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` is None where it was no JSON or was not looked at."""

    status: int
    body: object = None
    form: Mapping[str, str] = field(default_factory=dict)
    """Of a write: whether it switched the indicator or emptied a name."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One exchange, when its answer came: the tick and the second."""

    asked: Asked
    answer: Answer
    now: int
    at: float

    def earlier(self, what: str, shown: Mapping[str, object]) -> Earlier:
        """This, for the evidence of what comes later."""
        path = self.asked.path if self.asked.method == "GET" else ""
        return Earlier(self.now, self.at, what, path, tuple(shown.items()))


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that the service did not keep, or an unknown that it chose otherwise than the fake."""

    about: str
    """A rule's id, or the unknown's."""
    where: str
    predicted: tuple[object, ...]
    got: object
    reason: str
    standing: Standing
    asked: Asked
    status: int
    body: Mapping[str, object]
    """Reduced: nothing personal."""
    before: tuple[Earlier, ...]
    at: float
    key: Key

    @property
    def is_kept(self) -> bool:
        """Whether it may become a file: nothing of a write is ever stored."""
        return self.asked.method == "GET"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The Configuration was read and shows what a finding assumed."""

    key: Key


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The Configuration was read and shows that somebody switched: there was no disagreement."""

    key: Key


Outcome = Finding | Confirmed | Withdrawn
