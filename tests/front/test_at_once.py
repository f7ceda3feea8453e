"""An ordinary request is answered at once; any other is answered alike, but in its turn."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from uvicorn.server import ServerState

from reachability_mock.connection import LARGEST_HEAD, Connection
from reachability_mock.front import Answered, Front
from reachability_mock.http.site import Site
from reachability_mock.server import _config
from tests.front.wire import AUTH
from tests.http.asking import new_site

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
SOON = 20
"""Turns of the loop in which a task has long answered."""


class Recorder(asyncio.Transport):
    """A transport that keeps what is written, with what was written together."""

    def __init__(self) -> None:
        super().__init__({"sockname": ("127.0.0.1", 4010), "peername": ("127.0.0.1", 1)})
        self.writes: list[bytes] = []
        self.closed = False

    @property
    def written(self) -> bytes:
        return b"".join(self.writes)

    def write(self, data: Any) -> None:
        self.writes.append(bytes(data))

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        """There is nothing to hold back."""

    def resume_reading(self) -> None:
        """Likewise."""


class Line:
    """A connection that is fed by hand, on a loop of its own."""

    def __init__(self, site: Site, answered: Callable[[Answered], None] | None) -> None:
        config = _config(Front(site, answered=answered), None)
        config.load()
        self.state = ServerState()
        self.state.default_headers = [(b"date", b"today")]
        self.transport = Recorder()
        self.connection = Connection(config, self.state, {})
        self.connection.connection_made(self.transport)

    def feed(self, data: bytes) -> list[bytes]:
        """Let bytes come in; returns what has been written when they have been read."""
        self.connection.data_received(data)
        return list(self.transport.writes)

    async def turns(self) -> list[bytes]:
        """Let the loop go on; returns what has been written then."""
        for _ in range(SOON):
            await asyncio.sleep(0)
        return list(self.transport.writes)


def on_a_line(
    play: Callable[[Line], Any],
    *,
    answered: Callable[[Answered], None] | None = None,
) -> Any:
    """Play something with a new connection; what it awaits is awaited."""

    async def main() -> Any:
        line = Line(new_site(), answered)
        result = play(line)
        result = await result if asyncio.iscoroutine(result) else result
        line.connection.connection_lost(None)
        return result

    return asyncio.run(main())


def request(
    line: bytes, *headers: bytes, form: bytes = b"", auth: bytes = AUTH, version: bytes = b"1.1"
) -> bytes:
    length = FORM + b"Content-Length: %d\r\n" % len(form) if form else b""
    head = b"".join(header + b"\r\n" for header in headers)
    return line + b" HTTP/%b\r\nHost: here:1\r\n" % version + auth + head + length + b"\r\n" + form


GET = request(b"GET /v1/Users")
CREATE = request(b"POST /v1/Users", form=b"Identity=alice")


# --- at once -------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [GET, CREATE, request(b"HEAD /v1/Users"), request(b"GET /")])
def test_a_request_in_one_piece_is_answered_at_once_and_in_one_write(asked: bytes) -> None:
    [answer] = on_a_line(lambda line: line.feed(asked))
    assert answer.startswith(b"HTTP/1.1 ")
    assert b"\r\ndate: today\r\n" in answer


def test_one_after_the_other_are_answered_one_after_the_other() -> None:
    first, second = on_a_line(lambda line: (line.feed(CREATE), line.feed(GET))[1])
    assert first.startswith(b"HTTP/1.1 201")
    assert b'"identity": "alice"' in second


def test_who_keeps_a_log_hears_of_it_when_it_has_been_written() -> None:
    heard: list[tuple[str, str, int, int]] = []

    def play(line: Line) -> None:
        lines.append(line)
        line.feed(GET)

    def hear(one: Answered) -> None:
        heard.append((one.method, one.path, one.status, len(lines[0].transport.writes)))

    lines: list[Line] = []
    on_a_line(play, answered=hear)
    assert heard == [("GET", "/v1/Users", 200, 1)]


def test_it_counts_among_the_servers_requests() -> None:
    assert on_a_line(lambda line: (line.feed(GET), line.state.total_requests)[1]) == 1


def test_a_connection_that_waits_for_nothing_may_be_shut_down() -> None:
    def play(line: Line) -> bool:
        line.feed(GET)
        line.connection.shutdown()
        return line.transport.closed

    assert on_a_line(play)


@pytest.mark.parametrize(
    "more", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"x" * LARGEST_HEAD]
)
def test_what_is_refused_after_a_request_ends_the_connection_after_its_answer(more: bytes) -> None:
    def play(line: Line) -> tuple[bytes, bool]:
        line.feed(GET + more)
        return line.transport.written, line.transport.closed

    written, closed = on_a_line(play)
    assert written.startswith(b"HTTP/1.1 200 OK")
    assert b"connection: close" in written
    assert written.count(b"HTTP/1.1 ") == 1
    assert closed


# --- in its turn ---------------------------------------------------------------------------------


def nothing_yet(*pieces: bytes) -> bytes:
    """All that is answered to `pieces`; nothing of it may have been when the first was read."""

    async def play(line: Line) -> bytes:
        assert line.feed(pieces[0]) == []
        await line.turns()
        for piece in pieces[1:]:
            line.feed(piece)
        await line.turns()
        return line.transport.written

    written: bytes = on_a_line(play)
    return written


def test_requests_in_a_row_have_a_turn_each_in_their_order() -> None:
    written = nothing_yet(*[b"".join(request(b"GET /v1/Users/%d" % n) for n in range(3))])
    assert re.findall(rb"/Users/(\d) ", written) == [b"0", b"1", b"2"]


def test_a_request_after_one_that_is_under_way_waits_for_it() -> None:
    written = nothing_yet(CREATE[:-3], CREATE[-3:] + GET)
    assert written.index(b" 201 Created") < written.index(b" 200 OK")


def test_who_asks_whether_to_go_on_is_told_so_first() -> None:
    asked = request(b"POST /v1/Users", b"Expect: 100-continue", form=b"Identity=alice")
    written = nothing_yet(asked)
    assert written.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created")


def test_a_client_that_does_not_read_gets_no_more_until_it_does() -> None:
    async def play(line: Line) -> list[bytes]:
        line.connection.pause_writing()
        assert line.feed(GET) == []
        assert await line.turns() == []
        line.connection.resume_writing()
        return await line.turns()

    assert on_a_line(play)


def test_half_a_request_leaves_no_trace_when_the_client_goes() -> None:
    def play(line: Line) -> Iterable[str]:
        line.feed(CREATE[:-3])
        front = line.connection.config.app
        assert isinstance(front, Front)
        return [entry.kind for entry in front.site.world.journal if entry.kind == "request"]

    assert on_a_line(play) == []


# --- and alike -----------------------------------------------------------------------------------


def plain(written: bytes) -> bytes:
    """An answer without what differs each time."""
    hex_part = re.sub(rb"(RQ|US|RL|IS)[0-9a-f]{32}", rb"\1", written)
    return re.sub(rb"(duration: |date_\w+\": \")[^\r\"]+", rb"\1", hex_part)


@pytest.mark.parametrize(
    "asked",
    [
        GET,
        CREATE,
        request(b"HEAD /v1/Users"),
        request(b"HEAD /_mock/health"),
        request(b"GET /_mock/openapi.yaml"),
        request(b"GET /v1/Users", b"Origin: https://page.example"),
        request(b"GET /v1/Users", b"Connection: close"),
        request(b"GET /v1/Users", version=b"1.0"),
        request(b"GET /v1/Users", b"Connection: keep-alive", version=b"1.0"),
        request(b"GET /v1/Users", auth=b""),
        request(b"PUT /v1/Users", b"Content-Length: 0"),
        request(b"OPTIONS /v1/Users", auth=b""),
        request(b"POST /_mock/reset", b"Content-Length: 0"),
        request(b"GET /v1/Users", b"Connection: Upgrade", b"Upgrade: h2c"),
        request(b"GET http://conversations.twilio.com/v1/Configuration"),
    ],
)
def test_an_answer_is_the_same_at_once_and_in_its_turn(
    asked: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(line: Line) -> tuple[bool, bytes, bool]:
        at_once = bool(line.feed(asked))
        await line.turns()
        return at_once, plain(line.transport.written), line.transport.closed

    first = on_a_line(play)
    monkeypatch.setattr(Connection, "_is_ordinary", lambda *_: False)
    then = on_a_line(play)
    assert (first[0], then[0]) == (True, False)
    assert first[1:] == then[1:]
