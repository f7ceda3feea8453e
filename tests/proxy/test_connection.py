"""The proxy byte by byte: tunnels, plain requests that are handed on, refusals."""

from __future__ import annotations

import json
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from reachability_mock.proxy import connection
from reachability_mock.proxy.authority import Authority
from reachability_mock.server import Server
from tests.front.wire import Wire, wire
from tests.proxy.conftest import Proxy

SECONDS = 10
MUCH = 64_000_000
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi"


class Elsewhere:
    """Somebody else's server: takes one connection, keeps what it got, answers the same."""

    def __init__(self, end: bytes, tls: ssl.SSLContext | None) -> None:
        self._end = end
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.got = b""
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        line, _ = self._listener.accept()
        line.settimeout(SECONDS)
        try:
            if self._tls is not None:
                line = self._tls.wrap_socket(line, server_side=True)
            while not self.got.endswith(self._end):
                self.got += line.recv(65536)
            line.sendall(ANSWER)
        except ssl.SSLError:
            pass  # the proxy did not believe it
        finally:
            line.close()

    def close(self) -> None:
        self._thread.join(SECONDS)
        self._listener.close()


@contextmanager
def elsewhere(end: bytes = b"\r\n\r\n", tls: ssl.SSLContext | None = None) -> Iterator[Elsewhere]:
    found = Elsewhere(end, tls)
    try:
        yield found
    finally:
        found.close()


@pytest.fixture
def line(proxy: Proxy) -> Iterator[Wire]:
    with wire(proxy.server.port) as found:
        yield found


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found: int = listener.getsockname()[1]
    return found


@contextmanager
def busy() -> Iterator[int]:
    """A port whose server lets nobody in: as many are waiting as may."""
    with socket.socket() as listener, ExitStack() as queue:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = queue.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


def reason(line: Wire) -> tuple[int, str]:
    """Status and message of a refusal, after which the connection ends."""
    reply = line.read("GET")
    assert line.is_closed()
    return reply.status, json.loads(reply.body)["error"]["message"]


# --- tunnels -------------------------------------------------------------------------------------


def test_a_tunnel_hands_everything_over(line: Wire) -> None:
    with elsewhere(end=b"end") as server:
        line.send(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: x\r\n\r\n" % server.port)
        assert line.socket.recv(1024) == b"HTTP/1.1 200 Connection established\r\n\r\n"
        much = b"\x00\xff" * 500_000
        line.send(much, b"end")
        assert line.read().body == b"hi"
        assert line.is_closed()
        assert server.got == much + b"end"


def test_what_comes_together_with_a_connect_goes_through_the_tunnel(line: Wire) -> None:
    with elsewhere(end=b"end") as server:
        line.send(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: x\r\n\r\nthe end" % server.port)
        established = b"HTTP/1.1 200 Connection established\r\n\r\n"
        assert line.socket.recv(len(established)) == established
        assert line.read().body == b"hi"
        assert server.got == b"the end"


def test_when_the_server_stops_tunnels_end(proxy: Proxy) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, wire(proxy.server.port) as line:
        line.send(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % silent.getsockname()[1])
        line.socket.recv(1024)
        proxy.server.stop()
        assert line.is_closed()


@pytest.mark.parametrize(
    "asked",
    [
        b"CONNECT api.twilio.com:443",
        b"GET http://api.twilio.com/",
        b"POST https://api.twilio.com/2010-04-01/Accounts",
    ],
)
def test_another_host_of_twilios_is_refused_and_the_log_says_so(
    line: Wire, proxy: Proxy, asked: bytes
) -> None:
    line.send(b"%b HTTP/1.1\r\nHost: x\r\n\r\n" % asked)
    status, message = reason(line)
    assert status == 403
    assert "api.twilio.com" in message
    assert "allow_hosts" in message
    assert proxy.refused[0].startswith("refused api.twilio.com")


@pytest.mark.parametrize(
    "asked", [b"CONNECT 127.0.0.1:1", b"GET http://other.invalid/", b"GET https://other.invalid/"]
)
def test_everybody_else_is_refused_when_told_so(line: Wire, proxy: Proxy, asked: bytes) -> None:
    proxy.routes.others = False
    line.send(b"%b HTTP/1.1\r\nHost: x\r\n\r\n" % asked)
    status, message = reason(line)
    assert (status, "proxy_others" in message) == (403, True)


def test_a_host_that_cannot_be_reached_is_a_502(line: Wire) -> None:
    line.send(b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % closed_port())
    assert reason(line)[0] == 502


@pytest.mark.parametrize(
    "target",
    [
        *(b"nonsense", b"http://x/", b"a:b", b"a:99999"),
        *(b"a..b:443", b".a:443", b"x" * 70 + b":443"),
    ],
)
def test_a_connect_to_nowhere_is_a_400(line: Wire, target: bytes) -> None:
    line.send(b"CONNECT %b HTTP/1.1\r\n\r\n" % target)
    assert line.read("GET").status == 400
    assert line.is_closed()


def test_a_connect_with_too_large_a_head_is_a_431(line: Wire) -> None:
    line.send(b"CONNECT api.twilio.com:443 HTTP/1.1\r\nx: %b\r\n\r\n" % (b"y" * 40_000))
    assert line.read("GET").status == 431


def test_who_does_not_wait_for_an_answer_gets_no_tunnel(line: Wire) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0)
        line.socket.sendall(
            b"GET /_mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
            b"CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n" % silent.getsockname()[1]
        )
        got = b""
        while some := line.socket.recv(65536):
            got += some
        assert b"Connection established" not in got
        with pytest.raises(BlockingIOError):
            silent.accept()


def test_a_server_that_is_no_proxy_takes_no_connect() -> None:
    with Server() as server, wire(server.port) as line:
        line.send(b"CONNECT conversations.twilio.com:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.read("GET").status in {401, 404, 405}


# --- plain requests ------------------------------------------------------------------------------


def test_a_plain_request_for_somebody_else_is_handed_on(line: Wire) -> None:
    with elsewhere() as server:
        line.send(
            b"GET http://127.0.0.1:%d/a%%2Fb?c=d HTTP/1.1\r\nHost: other:1\r\n" % server.port,
            b"Proxy-Connection: keep-alive\r\nX-Mine: yes\r\n\r\n",
        )
        assert line.read().body == b"hi"
        assert line.is_closed()
    first, *headers = server.got.rstrip().split(b"\r\n")
    assert first == b"GET /a%2Fb?c=d HTTP/1.1"
    assert headers == [b"host: other:1", b"x-mine: yes", b"connection: close"]


def test_a_body_with_a_length_goes_with_it(line: Wire) -> None:
    with elsewhere(end=b"a=b&c=d") as server:
        url = b"http://127.0.0.1:%d/" % server.port
        line.send(b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\na=b&c=d" % url)
        assert line.read().status == 200
    assert server.got.endswith(b"\r\n\r\na=b&c=d")


def test_a_body_in_chunks_goes_in_chunks(line: Wire) -> None:
    with elsewhere(end=b"0\r\n\r\n") as server:
        url = b"http://127.0.0.1:%d/" % server.port
        line.send(b"POST %b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" % url)
        line.send(b"3\r\nabc\r\n0\r\n\r\n")
        assert line.read().status == 200
    assert server.got.endswith(b"3\r\nabc\r\n0\r\n\r\n")


@pytest.mark.parametrize("host", [b"a..b", b"x" * 70, b"", b":80", b"a:99999"])
def test_a_plain_request_to_what_cannot_be_a_host_is_a_400(line: Wire, host: bytes) -> None:
    line.send(b"GET http://%b/a HTTP/1.1\r\nHost: x\r\n\r\n" % host)
    assert line.read("GET").status == 400
    assert line.is_closed()


def test_a_plain_request_to_a_closed_port_is_a_502(line: Wire) -> None:
    url = b"http://127.0.0.1:%d/" % closed_port()
    line.send(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % url)
    assert reason(line)[0] == 502


def test_the_fake_still_answers_at_the_same_port(line: Wire) -> None:
    assert line.ask(b"GET /v1/Users").status == 200
    reply = line.ask(b"GET http://conversations.twilio.com/v1/Users")
    assert reply.json["meta"]["url"].startswith("http://conversations.twilio.com/v1/Users")


def test_an_https_uri_for_the_fake_is_answered_by_it(line: Wire) -> None:
    """Some old clients (axios 0.26) do not CONNECT, but send the whole URI to their proxy."""
    reply = line.ask(b"GET HTTPS://conversations.twilio.com/v1/Users")
    assert reply.json["meta"]["url"].startswith("https://conversations.twilio.com/v1/Users")


def test_an_https_uri_for_somebody_else_is_handed_on_over_tls(
    line: Wire, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cadata=authority.pem.decode())
    monkeypatch.setattr(connection, "usual_trust", lambda: trusting)
    with elsewhere(tls=authority.context()) as server:
        line.send(b"GET https://localhost:%d/a?b HTTP/1.1\r\nHost: x\r\n\r\n" % server.port)
        assert line.read().body == b"hi"
        assert line.is_closed()
    assert server.got.startswith(b"GET /a?b HTTP/1.1\r\n")


def test_whom_this_machine_does_not_trust_gets_nothing(line: Wire, authority: Authority) -> None:
    with elsewhere(tls=authority.context()) as server:
        line.send(b"GET https://localhost:%d/a HTTP/1.1\r\nHost: x\r\n\r\n" % server.port)
        status, message = reason(line)
    assert (status, "certificate" in message) == (502, True)
    assert server.got == b""


def test_the_control_plane_is_not_to_be_had_through_the_tunnel(line: Wire) -> None:
    reply = line.ask(b"GET http://conversations.twilio.com/_mock/health")
    assert reply.status == 403


def test_no_body_gathers_while_the_other_server_is_not_reached(line: Wire) -> None:
    """A host that takes its time costs no memory: what is not read stays with the client."""
    taken = 0
    line.socket.settimeout(0)
    with busy() as port:
        url = b"http://127.0.0.1:%d/" % port
        head = b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n" % url
        line.socket.send(head)
        while select.select([], [line.socket], [], 0.5)[1] and taken < MUCH:
            taken += line.socket.send(b"x" * 1_000_000)
    assert taken < MUCH
