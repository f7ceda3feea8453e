"""What was asked and answered while a step was played: the exchanges behind its verdict."""

from __future__ import annotations

from collections.abc import Callable

from reachability_contracts.evidence.normalise import Normaliser, collapsed
from reachability_contracts.results import Exchange
from reachability_mock.scenario.target import Reply, Request

Watch = Callable[[Request, Reply], None]


class Heard:
    """Listens to one play of one scenario."""

    def __init__(self, normalise: Normaliser, also: Watch | None = None) -> None:
        """Keep what `normalise` makes of each exchange, and let `also` hear it as it is."""
        self._normalise = normalise
        self._also = also
        self._seen: list[Exchange] = []

    def watch(self, request: Request, reply: Reply) -> None:
        """Hear one exchange."""
        if self._also is not None:
            self._also(request, reply)
        self._seen.append(self._normalise(request, reply))

    def taken(self) -> tuple[Exchange, ...]:
        """What was heard since it was last asked."""
        found = collapsed(self._seen)
        self._seen.clear()
        return found
