"""The run that is under way: what hooks and checks of schemathesis need to know of it.

schemathesis' hooks and checks are global, so there is one current run in a process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from reachability_contracts.ledger import Ledger
from reachability_contracts.model import Model
from reachability_contracts.stages import Pins, Stage, seed


@dataclass(slots=True)
class Run:
    """One run of schemathesis on a stage."""

    stage: Stage
    seeded: bool
    """Whether the world is seeded and reset for each operation, and references are pinned."""
    model: Model = field(default_factory=Model)
    ledger: Ledger = field(default_factory=Ledger)
    pins: Pins | None = None
    label: str | None = None

    def enter(self, label: str) -> None:
        """Requests of the operation `label` are about to be sent: reset the world if it is new."""
        if self.seeded and label != self.label:
            self.reset()
            self.label = label

    def reset(self) -> None:
        """The seeded world, made again; the model starts over with it."""
        self.model = Model()
        self.pins = seed(self.stage, self.model)


_RUN: list[Run] = []


def current_run() -> Run | None:
    """The run under way, if there is one."""
    return _RUN[-1] if _RUN else None


@contextmanager
def under_way(run: Run) -> Iterator[Run]:
    """Make `run` the current one while the block lasts."""
    _RUN.append(run)
    try:
        yield run
    finally:
        _RUN.remove(run)
