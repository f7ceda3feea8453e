"""Faults that a front end wants to see: what the control plane and scenarios ask of the hub."""

from __future__ import annotations

from reachability_mock.realtime.hub import Hub
from reachability_mock.wire.session import EXPIRED, OFFLOAD
from reachability_mock.wire.session_words import Dismissed, InitRefusal

LONGEST_DELAY_SECONDS = 60.0


class Faults:
    """Trouble for the connections of a hub; each call says how many it met.

    It is for everybody, or for those of one `identity`, one `service_sid`, or both; `cause` is the
    journal's number of what asked for it.
    """

    def __init__(self, hub: Hub) -> None:
        """Make trouble at `hub`."""
        self._hub = hub

    def sockets(self) -> list[dict[str, object]]:
        """Every open socket: whose it is, how far it has come, what it watches."""
        return self._hub.sockets()

    def refuse_init(
        self,
        status: int = 403,
        error_code: int = 20101,
        description: str = "Refused for a test",
        *,
        times: int = 1,
        cause: int | None = None,
    ) -> int:
        """Refuse the next `times` inits: 401 and 403 are final, after others the SDK retries."""
        refusal = InitRefusal(status, error_code, description)
        with self._hub.world.lock:
            self._hub.refusals[:] = [refusal] * times
            self._note("refuse_init", cause, times=times, status=status, error_code=error_code)
        return times

    def drop(
        self,
        identity: str | None = None,
        *,
        service_sid: str | None = None,
        cause: int | None = None,
    ) -> int:
        """Let sockets fall, as if a cable was cut."""
        with self._hub.world.lock:
            chosen = self._hub.chosen(identity, service_sid)
            self._note("drop", cause, user=identity, service=service_sid, sockets=len(chosen))
            self._hub.drop(chosen)
        return len(chosen)

    def offload(
        self,
        reconnect_min_ms: int = 1000,
        identity: str | None = None,
        *,
        service_sid: str | None = None,
        cause: int | None = None,
    ) -> int:
        """Ask clients to come again, not before `reconnect_min_ms`."""
        dismissed = Dismissed(OFFLOAD, "Offload", reconnect_min_ms)
        return self._dismiss("offload", dismissed, identity, service_sid, cause)

    def expire(
        self,
        identity: str | None = None,
        *,
        service_sid: str | None = None,
        cause: int | None = None,
    ) -> int:
        """Let tokens expire now."""
        return self._dismiss("expire", EXPIRED, identity, service_sid, cause)

    def delay_pushes(self, seconds: float, *, cause: int | None = None) -> float:
        """Hold back what is pushed from now on; returns the delay in force, 0 ends it."""
        delay = min(max(seconds, 0.0), LONGEST_DELAY_SECONDS)
        with self._hub.world.lock:
            self._hub.push_delay_seconds = delay
            self._note("delay_pushes", cause, seconds=delay)
        return delay

    def clear(self, *, cause: int | None = None) -> None:
        """No refusals and no delays any more."""
        with self._hub.world.lock:
            self._hub.forget_faults()
            self._note("clear", cause)

    def look(self) -> None:
        """Let everything happen whose time has come."""
        self._hub.look()

    def _dismiss(
        self,
        said: str,
        dismissed: Dismissed,
        identity: str | None,
        service_sid: str | None,
        cause: int | None,
    ) -> int:
        with self._hub.world.lock:
            chosen = self._hub.chosen(identity, service_sid)
            self._note(said, cause, user=identity, service=service_sid, sockets=len(chosen))
            for connection in chosen:
                self._hub.feed(connection, dismissed)
        return len(chosen)

    def _note(
        self,
        said: str,
        cause: int | None,
        *,
        user: str | None = None,
        service: str | None = None,
        **more: object,
    ) -> None:
        world, data = self._hub.world, {"said": said, **more}
        now = world.clock.now()
        world.journal.add("fault", now, data, user=user, service=service, cause=cause)
