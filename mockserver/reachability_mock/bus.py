"""The bus: events go out in order to whoever listens.

Listeners are called while the world's lock is held, so they enqueue and return: a listener that
posts a webhook or writes a socket in place would stop everybody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from reachability_mock.core.events import Event

_log = logging.getLogger("reachability_mock")


class Published(NamedTuple):
    """An event with its number in the journal and the moment it happened."""

    n: int
    at: datetime
    event: Event


Listener = Callable[[Published], None]


class Bus:
    """Who listens, and telling them."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` of every event from now on; call what comes back to stop."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def publish(self, published: Published) -> None:
        """Tell everybody; one listener's failure is logged and keeps nothing from the others."""
        for listener in tuple(self._listeners):
            try:
                listener(published)
            except Exception:  # noqa: BLE001 - whatever it is, it is the listener's, and it is logged
                _log.exception("a listener failed on event %d", published.n)
