"""One SDK's connection as a table: at each stage, each method has one handler.

Bytes in, effects out, no I/O.  The laws:

* Presence counts from a successful `init` to the first of: `close`, expiry, dismissal, the end.
* Whatever a client sends, the worst it can do is end its own connection, with a reason.
* A token is judged by the `now` that is handed in, before anything else is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from itertools import count
from typing import assert_never

from reachability_mock.core.errors import Refused
from reachability_mock.core.facts import ConnectionLost, Disconnected
from reachability_mock.wire import session_admission, session_requests, twilsock
from reachability_mock.wire.session_asking import Asking, reason_of
from reachability_mock.wire.session_words import (
    Close,
    ClosedElsewhere,
    CloseLater,
    Dismissed,
    Effects,
    Ended,
    InitAwaited,
    Input,
    Log,
    Received,
    ReceivedText,
    Send,
    Submit,
    Surroundings,
    TimePassed,
    Unwatch,
    Wake,
    Watch,
)
from reachability_mock.wire.token import Claims, TokenRefused
from reachability_mock.wire.twilsock import Frame, Malformed

CLOSING_SECONDS = 10.0
"""How long a client that was asked to go may take: the SDK itself takes 3."""
OFFLOAD = 308
"""The `close` status that asks a client to come again."""
EXPIRED = Dismissed(410, "Gone")

# WebSocket close codes (https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1).
NORMAL, UNSUPPORTED, POLICY, TOO_BIG, RESTART = 1000, 1003, 1008, 1009, 1012
FAULTS = frozenset({1002, 1007, TOO_BIG})
"""What the WebSocket itself is closed with: for broken frames, broken text, too much of either."""


class Stage(Enum):
    """How far a connection has come."""

    FRESH = "fresh"
    """Open, and nobody has said yet who it is."""
    READY = "ready"
    """Initialised: the user is connected."""
    LEAVING = "leaving"
    """Asked to go; the user is no longer connected."""
    OVER = "over"


class Session:
    """The state of one connection, `device` being its name in the world."""

    def __init__(self, device: str, surroundings: Surroundings, origin: str) -> None:
        """Begin with an open socket; `origin` is where the client reaches this server by HTTP."""
        self.device = device
        self.stage = Stage.FRESH
        self.claims: Claims | None = None
        """Who it is; until the stage is `READY`, only who it says it is."""
        self._around = surroundings
        self._origin = origin
        self._watched: dict[str, None] = {}
        self._warn_at: datetime | None = None
        self._numbers = count(1)

    @property
    def watches(self) -> int:
        """How many maps it has subscribed to."""
        return len(self._watched)

    def feed(self, happened: Input, now: datetime) -> Effects:
        """What shall be done about an input at the moment `now` of system time."""
        if not isinstance(happened, Ended):
            yield from self._look_at_the_clock(now)
        match happened:
            case Received():
                yield from self._received(happened.data, now)
            case ReceivedText():
                yield from self._give_up(UNSUPPORTED, "frames are binary, this was text")
            case Ended():
                yield from self._ended(happened)
            case TimePassed():
                pass
            case InitAwaited():
                if self.stage is Stage.FRESH:
                    yield from self._give_up(POLICY, "no init came")
            case Dismissed():
                yield from self._dismissed(happened)
            case ClosedElsewhere():
                yield from self._closed_elsewhere()
            case _:
                assert_never(happened)

    def _received(self, data: bytes, now: datetime) -> Effects:
        if self.stage is Stage.OVER:
            return
        if len(data) > twilsock.LARGEST_FRAME:
            yield from self._give_up(TOO_BIG, f"a frame has {len(data)} bytes")
            return
        try:
            frame = twilsock.read(data)
        except Malformed as error:
            yield from self._give_up(POLICY, str(error))
            return
        handler = TABLE[self.stage].get(frame.method, Session.on_unknown)
        yield from handler(self, frame, now)

    # --- handlers of frames ----------------------------------------------------------------------

    def on_init(self, frame: Frame, now: datetime) -> Effects:
        """Let the client in, or say why not."""
        try:
            claims = self.claims = session_admission.judged(frame, self._around, now)
            yield from session_admission.entered(claims, self.device, self._around)
        except TokenRefused as refused:
            yield from self._refuse(frame, refused)
            return
        self.stage = Stage.READY
        yield _reply(frame, 200)
        yield from self._set_alarm(claims, now)

    def on_update(self, frame: Frame, now: datetime) -> Effects:
        """Go on with another token of the same user's."""
        assert self.claims is not None  # noqa: S101 - the table lets only the initialised in
        try:
            claims = session_admission.judged(frame, self._around, now)
            session_admission.check_same(claims, self.claims)
        except TokenRefused as refused:
            yield from self._refuse(frame, refused)
            return
        self.claims = claims
        yield _reply(frame, 200)
        yield Log("token updated", {"expires": claims.expires.isoformat()})
        yield from self._set_alarm(claims, now)

    def on_message(self, frame: Frame, now: datetime) -> Effects:
        """Answer the request inside."""
        assert self.claims is not None  # noqa: S101 - the table lets only the initialised in
        asking = Asking(self.claims, self._around, self._origin, now)
        answer = yield from session_requests.answer(asking, frame)
        fields: dict[str, object] = {
            "status": {"code": 200, "status": "OK"},
            "http_status": {"code": answer.status, "status": answer.reason},
            "http_headers": {},
        }
        yield Send(twilsock.write("reply", frame.id, answer.body, **fields))
        for effect in answer.after:
            if isinstance(effect, Watch):
                self._watched[effect.sid] = None
            elif isinstance(effect, Unwatch):
                self._watched.pop(effect.sid, None)
            yield effect

    def on_close(self, _frame: Frame, _now: datetime) -> Effects:
        """The client said goodbye."""
        yield from self._leave(lost=False)
        yield from self._over(NORMAL, "goodbye")

    def on_ignored(self, _frame: Frame, _now: datetime) -> Effects:
        """Nobody waits for an answer."""
        yield from ()

    def on_accepted(self, frame: Frame, _now: datetime) -> Effects:
        """Fine, and nothing comes of it."""
        yield _reply(frame, 200)

    def on_too_early(self, frame: Frame, _now: datetime) -> Effects:
        """Only those who are let in may ask."""
        yield _reply(frame, 401, description="the connection is not initialised")

    def on_again(self, frame: Frame, _now: datetime) -> Effects:
        """One socket is one connection."""
        yield _reply(frame, 400, description="the connection is initialised already")

    def on_unknown(self, frame: Frame, _now: datetime) -> Effects:
        """A method that no SDK uses."""
        yield Log(f"an unknown method: {frame.method[:40]!r}")
        yield _reply(frame, 400, description="unknown method")

    # --- tokens and time -------------------------------------------------------------------------

    def _refuse(self, frame: Frame, refused: TokenRefused) -> Effects:
        said = f"token refused on {frame.method}: {refused}"
        yield Log(said, {"status": refused.status, "code": refused.code}, warns=True)
        told = {"errorCode": refused.code, "description": refused.description}
        yield _reply(frame, refused.status, **told)

    def _set_alarm(self, claims: Claims, now: datetime) -> Effects:
        # A token that lives shortly is warned of shortly before its end: in its last tenth.
        warning = min(self._around.policy.token_warning, (claims.expires - now) / 10)
        self._warn_at = claims.expires - warning
        yield Wake(self._warn_at)
        yield Wake(claims.expires)

    def _look_at_the_clock(self, now: datetime) -> Effects:
        if self.stage is not Stage.READY or self.claims is None or self._warn_at is None:
            return
        if now >= self.claims.expires:
            yield from self._dismissed(EXPIRED)
        elif now >= self._warn_at:
            self._warn_at = self.claims.expires
            yield Log("token about to expire")
            kind = "token_about_to_expire"
            yield Send(twilsock.write("client_update", self._id(), client_update_type=kind))

    # --- endings ---------------------------------------------------------------------------------

    def _dismissed(self, dismissed: Dismissed) -> Effects:
        """Ask the client to go; the SDK acts by the status, and closes the socket itself."""
        if self.stage is not Stage.READY:
            return
        status = {"code": dismissed.code, "status": dismissed.status}
        policy = {"backoff_policy": {"reconnect_min_ms": dismissed.reconnect_min_ms}}
        payload = None if dismissed.reconnect_min_ms is None else policy
        yield Log(f"asked to go: {dismissed.code} {dismissed.status}")
        yield Send(twilsock.write("close", self._id(), payload, status=status))
        lost = dismissed.code == OFFLOAD and self._around.policy.offload_is_loss
        yield from self._leave(lost=lost)
        yield CloseLater(CLOSING_SECONDS)

    def _closed_elsewhere(self) -> Effects:
        """The world has closed the connection already: only the socket is left to close."""
        if self.stage is Stage.READY:
            self.stage = Stage.LEAVING
            yield from self._over(RESTART, "closed from outside")

    def _give_up(self, code: int, reason: str) -> Effects:
        if self.stage is not Stage.OVER:
            yield Log(f"closed: {reason}", warns=True)
            yield from self._leave(lost=False)
            yield from self._over(code, reason)

    def _ended(self, ended: Ended) -> Effects:
        """The end of a socket is noted, unless it was expected; a faulty client's is no loss."""
        faulty = ended.code in FAULTS
        if faulty:
            said = f"closed: {ended.reason or 'broken'} ({ended.code})"
        else:
            said = "closed by the client" if ended.goodbye else "lost"
        if self.stage in {Stage.FRESH, Stage.READY} or (faulty and self.stage is Stage.LEAVING):
            yield Log(said, warns=faulty)
        yield from self._leave(lost=not (ended.goodbye or faulty))
        self.stage = Stage.OVER

    def _over(self, code: int, reason: str) -> Effects:
        yield from self._leave(lost=False)
        self.stage = Stage.OVER
        yield Close(code, reason)

    def _leave(self, *, lost: bool) -> Effects:
        """The user is no longer connected here, and what was watched is let go."""
        while self._watched:
            yield Unwatch(self._watched.popitem()[0])
        if self.stage is not Stage.READY or self.claims is None:
            return
        self.stage = Stage.LEAVING
        kind = ConnectionLost if lost else Disconnected
        try:
            yield Submit(kind(self.claims.service_sid, self.claims.identity, self.device))
        except Refused:
            yield Log("its service is gone")

    def _id(self) -> str:
        return f"{self.device}.{next(self._numbers)}"


def _reply(frame: Frame, code: int, **more: object) -> Send:
    status = {"code": code, "status": reason_of(code), **more}
    return Send(twilsock.write("reply", frame.id, status=status))


Handler = Callable[[Session, Frame, datetime], Effects]
_ALWAYS: dict[str, Handler] = {
    "reply": Session.on_ignored,
    "telemetry.v1": Session.on_ignored,
    "close": Session.on_close,
}
_LOCKED: dict[str, Handler] = {
    **_ALWAYS,
    "init": Session.on_too_early,
    "update": Session.on_too_early,
    "message": Session.on_too_early,
    "put_notification_ctx": Session.on_too_early,
    "delete_notification_ctx": Session.on_too_early,
}
TABLE: Mapping[Stage, Mapping[str, Handler]] = {
    Stage.FRESH: {
        **_LOCKED,
        "init": Session.on_init,
    },
    Stage.READY: {
        **_ALWAYS,
        "init": Session.on_again,
        "update": Session.on_update,
        "message": Session.on_message,
        "put_notification_ctx": Session.on_accepted,
        "delete_notification_ctx": Session.on_accepted,
    },
    Stage.LEAVING: _LOCKED,
}
"""Who may say what when; a method that is not here is unknown, and `OVER` hears nothing."""
