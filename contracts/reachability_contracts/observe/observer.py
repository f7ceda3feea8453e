"""The observer: tells watching of what passes, and the keeper of what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reachability_contracts.observe.finding import Answer, Asked, Outcome
from reachability_contracts.observe.watching import Watching
from reachability_mock.clock import true_monotonic


class Observer:
    """Hears of every request, on one thread."""

    def __init__(
        self,
        watching: Watching,
        keep: Callable[[Outcome], None],
        seconds: Callable[[], float] = true_monotonic,
    ) -> None:
        """`keep` hears of every outcome; `seconds` is a steady clock."""
        self._watching = watching
        self._keep = keep
        self._seconds = seconds
        self.faults = 0
        """Answers that could not be judged, by our own fault."""

    def begin(self, method: str, path: str, query: Mapping[str, str]) -> Asked:
        """A request is about to be passed on."""
        return self._watching.begin(method, path, query)

    def finish(self, asked: Asked, answer: Answer) -> None:
        """Its answer is complete."""
        try:
            for outcome in self._watching.finish(asked, answer, self._seconds()):
                self._keep(outcome)
        except Exception:  # noqa: BLE001 - traffic passes whatever we do wrong; its words are not ours to log
            self.faults += 1

    def fail(self, asked: Asked) -> None:
        """It got no answer, or one that broke off."""
        self._watching.fail(asked)
