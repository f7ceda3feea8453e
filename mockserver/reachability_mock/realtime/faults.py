"""Faults that a front end wants to see: what the control plane and scenarios ask of the hub."""

from __future__ import annotations

from reachability_mock.realtime.hub import Hub
from reachability_mock.wire.session import EXPIRED, OFFLOAD
from reachability_mock.wire.session_words import Dismissed, InitRefusal

LONGEST_DELAY_SECONDS = 60.0


class Faults:
    """Trouble for the connections of a hub; each call says how many it met."""

    def __init__(self, hub: Hub) -> None:
        """Make trouble at `hub`."""
        self._hub = hub

    def refuse_init(
        self,
        status: int = 403,
        error_code: int = 20101,
        description: str = "Refused for a test",
        *,
        times: int = 1,
    ) -> int:
        """Refuse the next `times` inits: 401 and 403 are final, after others the SDK retries."""
        refusal = InitRefusal(status, error_code, description)
        with self._hub.world.lock:
            self._hub.refusals[:] = [refusal] * times
        return times

    def drop(self, identity: str | None = None) -> int:
        """Let sockets fall, as if a cable was cut: all, or those of one identity."""
        with self._hub.world.lock:
            chosen = self._hub.chosen(identity)
            self._hub.drop(chosen)
        return len(chosen)

    def offload(self, reconnect_min_ms: int = 1000, identity: str | None = None) -> int:
        """Ask clients to come again, not before `reconnect_min_ms`."""
        return self._dismiss(Dismissed(OFFLOAD, "Offload", reconnect_min_ms), identity)

    def expire(self, identity: str | None = None) -> int:
        """Let tokens expire now."""
        return self._dismiss(EXPIRED, identity)

    def delay_pushes(self, seconds: float) -> None:
        """Hold back what is pushed by `seconds` from now on; 0 ends it."""
        self._hub.push_delay_seconds = min(max(seconds, 0.0), LONGEST_DELAY_SECONDS)

    def clear(self) -> None:
        """No refusals and no delays any more."""
        self.refuse_init(times=0)
        self.delay_pushes(0)

    def _dismiss(self, dismissed: Dismissed, identity: str | None) -> int:
        with self._hub.world.lock:
            chosen = self._hub.chosen(identity)
            for connection in chosen:
                self._hub.feed(connection, dismissed)
        return len(chosen)
