"""Changes: what a fact comes to, worked out by the core and carried out by the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from reachability_mock.core.events import Event
from reachability_mock.core.model import Record


class Timer(NamedTuple):
    """Look at a user again at `due`: a fact in the future."""

    due: datetime
    service_sid: str
    user_sid: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a fact changes: records to put and to drop, timers to set, events to publish."""

    subject: Record | None = None
    """What the fact was about, as it is afterwards: what an answer shows."""
    puts: tuple[Record, ...] = ()
    drops: tuple[Record, ...] = ()
    timers: tuple[Timer, ...] = ()
    events: tuple[Event, ...] = ()
