"""The proxy: what passes passes as it is, and a write passes once."""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, IncompleteRead, RemoteDisconnected
from pathlib import Path

import pytest

from reachability_contracts.observe.observer import Observer
from reachability_contracts.observe.proxy import Proxy
from reachability_contracts.observe.serving import Serving
from reachability_contracts.observe.upstream import Upstream
from reachability_contracts.observe.watching import Watching
from tests.contracts.observe.origin import OK, Origin, listening

SECRET = "Basic QUM5OTk5OnRva2Vu"
MEBIBYTE = 1024 * 1024


@dataclass
class Between:
    """A proxy before an origin, and a client before the proxy."""

    origin: Origin
    watching: Watching
    port: int
    stack: ExitStack

    def connection(self) -> HTTPConnection:
        made = HTTPConnection("127.0.0.1", self.port, timeout=10)
        self.stack.callback(made.close)
        return made

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        connection = self.connection()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return answer, answer.read()

    def raw(self, data: bytes) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        self.stack.callback(client.close)
        client.sendall(data)
        return client


def placed(stack: ExitStack, url: str, ca: Path | None = None) -> tuple[Watching, int]:
    """A proxy before the service at `url`, as long as `stack` is open."""
    watching = Watching()
    proxy = Proxy(Upstream(url, ca), Observer(watching, lambda _: None))
    serving = stack.enter_context(Serving(proxy))
    return watching, serving.port


@pytest.fixture
def between() -> Iterator[Between]:
    with ExitStack() as stack:
        origin = stack.enter_context(listening(Origin()))
        watching, port = placed(stack, origin.url)
        yield Between(origin, watching, port, stack)


def says(text: bytes) -> Callable[[bytes], bytes]:
    return lambda _: text


# --- what passes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "/v1/Users/a%2Fb",
        "/v1/Users/%c3%a4%C3%A4",
        "/v1//Users/../x/./",
        "//v1/Users",
        "/v1/Users?PageSize=50&Page=&a=b+c%20d&&=",
        "/v1/Users?",
        "/v1/Users/eve@ex.com;x='(y)*!~",
        "/",
        "/elsewhere/100%",
    ],
)
def test_a_target_passes_as_it_was_written(between: Between, target: str) -> None:
    between.ask("GET", target)
    (request,) = between.origin.requests
    assert request.split(b"\r\n")[0] == f"GET {target} HTTP/1.1".encode()


def test_what_is_no_http_is_refused_here_in_json(between: Between) -> None:
    said = between.raw(b"GET /v1/Users?q=\xe4 HTTP/1.1\r\nHost: x\r\n\r\n").recv(999)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert json.loads(said.partition(b"\r\n\r\n")[2])["status"] == 400
    assert between.origin.requests == []


def test_a_request_passes_with_its_headers_and_the_services_own_host(between: Between) -> None:
    body = b"FriendlyName=%C3%84&Attributes=%7B%7D"
    between.raw(
        b"POST /v1/Users/x HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Twice: a\r\nX-Twice: b\r\n"
        b"Accept-Encoding: gzip, br\r\nAuthorization: " + SECRET.encode() + b"\r\n"
        b"Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    ).recv(9)
    (request,) = between.origin.requests
    head, _, sent = request.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")[1:]
    assert sent == body
    assert lines == [
        b"host: 127.0.0.1:%d" % between.origin.port,
        b"x-twice: a",
        b"x-twice: b",
        b"accept-encoding: gzip, br",
        b"authorization: " + SECRET.lower().encode(),
        b"content-length: %d" % len(body),
    ]


def test_nothing_is_added_to_a_request_that_says_little(between: Between) -> None:
    between.raw(b"GET /v1/Users HTTP/1.1\r\nHost: x\r\n\r\n").recv(9)
    (request,) = between.origin.requests
    host = b"Host: 127.0.0.1:%d" % between.origin.port
    assert request == b"GET /v1/Users HTTP/1.1\r\n" + host + b"\r\n\r\n"


def test_an_answer_comes_back_with_its_status_headers_and_packed_bytes(between: Between) -> None:
    packed = gzip.compress(b'{"users": []}')
    between.origin.answer = says(
        b"HTTP/1.1 418 I'm a teapot\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Odd: \xe4\r\n"
        b"Content-Encoding: gzip\r\nContent-Type: application/json\r\nKeep-Alive: timeout=5\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(packed), packed)
    )
    answer, body = between.ask("GET", "/v1/Users", Accept_Encoding="gzip")
    assert answer.status == 418
    assert body == packed
    assert [(name.lower(), value) for name, value in answer.getheaders()] == [
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
        ("x-odd", "\xe4"),
        ("content-encoding", "gzip"),
        ("content-type", "application/json"),
        ("content-length", str(len(packed))),
    ]


def test_a_packed_answer_is_looked_at(between: Between) -> None:
    packed = gzip.compress(b'{"users": [{"is_online": true, "is_notifiable": null}]}')
    between.origin.answer = says(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b"
        % (len(packed), packed)
    )
    between.ask("GET", "/v1/Users")
    assert {key[0] for key in between.watching.tally.disagreed} == {"R9"}


@pytest.mark.parametrize(
    ("method", "said", "length"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n", "1234"),
        ("DELETE", b"HTTP/1.1 204 No Content\r\n\r\n", None),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: x\r\n\r\n", None),
        ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "0"),
    ],
)
def test_an_answer_without_a_body_stays_without(
    between: Between, method: str, said: bytes, length: str | None
) -> None:
    between.origin.answer = says(said)
    connection = between.connection()
    for _ in range(2):  # the second shows that nothing was left over from the first
        connection.request(method, "/v1/Users/x")
        answer = connection.getresponse()
        assert answer.read() == b""
        assert answer.getheader("Content-Length") == length
    assert len(between.origin.requests) == 2


@pytest.mark.parametrize("location", ["https://example.com/", "/v1/Users"])
def test_a_redirect_is_passed_on_and_not_followed(between: Between, location: str) -> None:
    between.origin.answer = says(
        f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {location}\r\n"
        "Content-Length: 0\r\n\r\n".encode()
    )
    answer, _ = between.ask("POST", "/v1/Users", b"Identity=x")
    assert (answer.status, answer.getheader("Location")) == (307, location)
    assert len(between.origin.requests) == 1


def test_chunks_pass_both_ways(between: Between) -> None:
    between.origin.answer = says(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
    )
    connection = between.connection()
    connection.request("POST", "/v1/Users", iter([b"Identity", b"=x"]), encode_chunked=True)
    assert connection.getresponse().read() == b"abcdefg"
    (request,) = between.origin.requests
    assert b"\r\nTransfer-Encoding: chunked\r\n" in request
    assert b"content-length" not in request.lower()
    body = request.partition(b"\r\n\r\n")[2]
    assert body.endswith(b"0\r\n\r\n")
    assert b"".join(body.split(b"\r\n")[1::2]) == b"Identity=x"


def test_an_answer_that_ends_with_its_connection_passes(between: Between) -> None:
    between.origin.answer = says(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it")
    assert between.ask("GET", "/v1/Users")[1] == b"all of it"


def test_large_bodies_pass_but_are_not_held(between: Between) -> None:
    large = bytes(range(256)) * (3 * MEBIBYTE // 256)
    between.origin.answer = says(
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(large), large)
    )
    _, got = between.ask("POST", "/v1/Users", large)
    assert hashlib.sha256(got).digest() == hashlib.sha256(large).digest()
    (request,) = between.origin.requests
    assert request.partition(b"\r\n\r\n")[2] == large
    assert between.watching.tally.values == 0


def test_many_at_once_each_get_their_own_answer(between: Between) -> None:
    barrier = threading.Barrier(20)

    def echo(request: bytes) -> bytes:
        barrier.wait(10)  # all twenty are under way at the same time
        name = request.split(b" ")[1]
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(name), name)

    between.origin.answer = echo
    paths = [f"/v1/Users/{number}" for number in range(20)]
    with ThreadPoolExecutor(20) as clients:
        bodies = list(clients.map(lambda path: between.ask("GET", path)[1], paths))
    assert bodies == [path.encode() for path in paths]


# --- what goes wrong ----------------------------------------------------------------------------


def problem(body: bytes) -> str:
    shown = json.loads(body)
    assert (shown["status"], shown["code"]) == (502, 20503)
    assert set(shown) == {"code", "message", "more_info", "status"}
    return str(shown["message"])


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "PATCH"])
def test_a_write_is_sent_once_though_its_answer_never_comes(between: Between, method: str) -> None:
    between.origin.answer = lambda _: None
    answer, body = between.ask(method, "/v1/Users/x", b"a=b")
    assert answer.status == 502
    assert "whether the request was carried out is not known" in problem(body)
    assert len(between.origin.requests) == 1


def test_a_write_never_uses_a_connection_that_may_have_died(between: Between) -> None:
    between.origin.closes = True
    for _ in range(3):
        between.ask("GET", "/v1/Users")
        answer, _ = between.ask("POST", "/v1/Users", b"Identity=x")
        assert answer.status == 200
    posts = [one for one in between.origin.requests if one.startswith(b"POST")]
    assert len(posts) == 3


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_write_after_a_get_is_sent_once_though_its_answer_never_comes(
    between: Between, method: str
) -> None:
    answers = iter([OK, None, OK])
    between.origin.answer = lambda _: next(answers)
    between.ask("GET", "/v1/Users")
    assert between.ask(method, "/v1/Users/x")[0].status == 502
    assert [one.split(b" ")[0].decode() for one in between.origin.requests] == ["GET", method]


def test_a_get_with_a_body_is_sent_once(between: Between) -> None:
    answers = iter([OK, None, OK])
    between.origin.answer = lambda _: next(answers)
    between.ask("GET", "/v1/Users")
    assert between.ask("GET", "/v1/Users", b"odd")[0].status == 502
    assert len(between.origin.requests) == 2


def test_an_answer_that_comes_before_the_whole_request_was_heard_passes(
    between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = HTTPConnection.send

    def breaking(connection: HTTPConnection, data: bytes) -> None:
        if data == b"Identity=x" and connection.port == between.origin.port:
            raise BrokenPipeError
        real(connection, data)

    monkeypatch.setattr(HTTPConnection, "send", breaking)
    between.origin.is_early = True
    between.origin.answer = says(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
    assert between.ask("POST", "/v1/Users", b"Identity=x")[0].status == 413
    between.ask("GET", "/v1/Users")
    assert between.origin.connections == 2


def test_a_get_is_asked_again_if_its_connection_had_died(between: Between) -> None:
    """It dies when the second request is there already, so that nobody could have known."""
    answers = iter([OK, None, OK])
    between.origin.answer = lambda _: next(answers)
    assert between.ask("GET", "/v1/Users")[1] == b"ok"
    assert between.ask("GET", "/v1/Users")[1] == b"ok"
    assert (len(between.origin.requests), between.origin.connections) == (3, 2)


def test_a_get_on_a_new_connection_is_not_asked_again(between: Between) -> None:
    between.origin.answer = lambda _: None
    assert between.ask("GET", "/v1/Users")[0].status == 502
    assert len(between.origin.requests) == 1


def test_gets_share_a_connection(between: Between) -> None:
    for _ in range(3):
        between.ask("GET", "/v1/Users")
    assert between.origin.connections == 1


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nhalf\r\n",
    ],
)
def test_half_an_answer_does_not_look_whole(between: Between, said: bytes) -> None:
    between.origin.answer = says(said)
    with pytest.raises((IncompleteRead, RemoteDisconnected, ConnectionError)):
        between.ask("GET", "/v1/Users")
    assert between.watching.tally.gets == 0


def test_what_is_no_http_is_no_answer(between: Between) -> None:
    between.origin.answer = says(b"SSH-2.0-OpenSSH\r\nContent-Length: 0\r\n\r\n")
    assert "no answer from the service" in problem(between.ask("GET", "/v1/Users")[1])


def test_an_app_that_hangs_up_in_the_middle_of_a_write_sends_no_whole_write(
    between: Between,
) -> None:
    path = f"/v1/Services/IS{'1' * 32}/Configuration"
    client = between.raw(
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nReac".encode()
    )
    client.close()
    assert between.origin.ended.wait(10)
    assert between.origin.requests == []
    between.ask("GET", "/v1/Users")  # and life goes on


def test_a_service_that_is_down_is_a_502_in_its_own_words() -> None:
    with ExitStack() as stack:
        closed = stack.enter_context(listening(Origin()))
    with ExitStack() as stack:
        watching, port = placed(stack, closed.url)
        between = Between(closed, watching, port, stack)
        answer, body = between.ask("GET", "/v1/Users")
        assert answer.status == 502
        assert "ConnectionRefusedError" in problem(body)
        assert "carried out" not in problem(body)


def test_the_end_cuts_what_the_service_never_answered() -> None:
    """Or else this test would wait for as long as the service may be silent."""
    asked, over = threading.Event(), threading.Event()

    def silent(_: bytes) -> None:
        asked.set()
        over.wait(30)

    with listening(Origin(silent)) as origin, ThreadPoolExecutor(1) as clients:
        with ExitStack() as stack:
            watching, port = placed(stack, origin.url)
            between = Between(origin, watching, port, ExitStack())
            waiting = clients.submit(between.ask, "POST", "/v1/Users", b"a=b")
            assert asked.wait(10)
        for thread in threading.enumerate():
            if thread.name.startswith("observe"):
                thread.join(5)
                assert not thread.is_alive()
        over.set()
        answer, body = waiting.result(10)
    assert answer.status == 502
    assert "the proxy was ended; whether the request was carried out is not known" in problem(body)
    assert len(origin.requests) == 1


def test_a_connection_on_which_something_was_said_unasked_is_not_used_again() -> None:
    """Some services say 408 before they hang up: that would be the answer to the next request."""
    upstream = Upstream("http://127.0.0.1:9")
    here, there = socket.socketpair()
    with here, there:
        idle = HTTPConnection("127.0.0.1", 9)
        idle.sock = here
        upstream.give_back(idle)
        there.sendall(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
        connection, used = upstream.connection(fresh=False)
        assert not used
        assert connection is not idle
    upstream.close()


def test_only_this_machine_can_reach_it(between: Between) -> None:
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", between.port), 1):  # noqa: PT011 - refused or unreachable, as the system says
        pass
