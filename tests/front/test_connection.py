"""One connection: what the parser takes, what it refuses, and when it ends."""

from __future__ import annotations

import pytest

from reachability_mock.connection import LARGEST_HEAD, MOST_HEADERS
from reachability_mock.server import Server
from tests.front.wire import AUTH, Wire, wire
from tests.http.asking import new_site

LARGEST_BODY = 1024 * 1024


def healthy(line: Wire) -> bool:
    """Whether the connection can still be used."""
    return line.ask(b"GET /v1/Users").status == 200


# --- raw paths -----------------------------------------------------------------------------------


def test_an_encoded_slash_stays_in_its_segment(line: Wire) -> None:
    form = b"Content-Type: application/x-www-form-urlencoded"
    body = b"Identity=a%2Fb"
    length = b"Content-Length: %d" % len(body)
    assert line.ask(b"POST /v1/Users", form, length, body=body).status in {201, 409}
    assert line.ask(b"GET /v1/Users/a%2Fb").json["identity"] == "a/b"
    assert line.ask(b"GET /v1/Users/a/b").status == 404


@pytest.mark.parametrize(
    "path", [b"//v1/Users", b"/v1//Users", b"/v1/Users/%00", b"/v1/Users/%ff", b"/v1/Users/%zz"]
)
def test_odd_paths_are_404s_with_the_path_as_it_was_sent(line: Wire, path: bytes) -> None:
    reply = line.ask(b"GET " + path)
    assert (reply.status, reply.json["code"]) == (404, 20404)
    assert path.removeprefix(b"/v1").decode() in reply.json["message"]
    assert healthy(line)


def test_a_plus_in_a_path_is_a_plus(line: Wire) -> None:
    assert "/Users/a+b " in line.ask(b"GET /v1/Users/a+b").json["message"]


def test_a_fragment_is_nobodys_business(line: Wire) -> None:
    assert line.ask(b"GET /v1/Users#top").status == 200


# --- the other forms of a request's target -------------------------------------------------------


def test_an_absolute_url_is_taken_and_its_host_counts(line: Wire) -> None:
    reply = line.ask(b"GET http://conversations.twilio.com/v1/Users?PageSize=2")
    assert reply.status == 200
    url = "http://conversations.twilio.com/v1/Users?PageSize=2&Page=0"
    assert reply.json["meta"]["url"] == url


def test_an_absolute_https_url_is_answered_with_https_urls(line: Wire) -> None:
    reply = line.ask(b"GET https://u:p@conversations.twilio.com:444/v1/Configuration")
    assert reply.json["url"] == "https://conversations.twilio.com:444/v1/Configuration"


def test_an_unknown_scheme_changes_nothing(line: Wire) -> None:
    reply = line.ask(b"GET gopher://there/v1/Configuration")
    assert reply.json["url"] == "http://there/v1/Configuration"


def test_an_absolute_url_of_elsewhere_does_not_drive_the_control_plane(line: Wire) -> None:
    assert line.ask(b"POST http://evil.example/_mock/reset", b"Content-Length: 0").status == 403


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET http://conversations.twilio.com", 404),
        (b"GET http://conversations.twilio.com?x=1", 404),
        (b"GET http://[::1", 400),
        (b"OPTIONS *", 404),
        (b"CONNECT conversations.twilio.com:443", 404),
        (b"GET ?x=1", 400),
        (b"GET v1/Users", 400),
    ],
)
def test_forms_without_a_resource_are_refused_in_json(
    line: Wire, request_line: bytes, status: int
) -> None:
    reply = line.ask(request_line)
    assert reply.status == status
    assert reply.json["status"] == status


# --- what the parser refuses ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\r\n\r\nhello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"BREW /v1/Users HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/\xc3\xbc HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/Users HTTP/1.1\r\nNo colon here\r\n\r\n",
        b"GET /v1/Users HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n",
        b"POST /v1/Users HTTP/1.1\r\nHost: x\r\nContent-Length: nine\r\n\r\n",
        b"POST /v1/Users HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /v1/Users HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_is_no_http_is_a_400_in_json_and_the_end(line: Wire, nonsense: bytes) -> None:
    line.send(nonsense)
    reply = line.read()
    assert (reply.status, reply.json["code"]) == (400, 20001)
    assert reply.json["message"] == "The request cannot be read as HTTP/1.1"
    assert reply.headers["content-type"] == "application/json;charset=utf-8"
    assert reply.closes
    assert line.is_closed()


def test_nonsense_after_a_request_ends_the_connection_after_its_answer(line: Wire) -> None:
    line.send(b"GET /v1/Users HTTP/1.1\r\nHost: x\r\n", AUTH, b"\r\nnonsense\r\n\r\n")
    reply = line.read()
    assert reply.status == 200
    assert reply.closes
    assert line.is_closed()


@pytest.mark.parametrize(
    "headers",
    [
        b"X: " + b"x" * LARGEST_HEAD + b"\r\n",
        b"X: x\r\n" * (MOST_HEADERS + 1),
        b"".join(b"X%d: %s\r\n" % (n, b"x" * 1000) for n in range(40)),
    ],
)
def test_a_head_over_the_limit_is_a_431_and_the_end(line: Wire, headers: bytes) -> None:
    line.send(b"GET /v1/Users HTTP/1.1\r\nHost: x\r\n", headers, b"\r\n")
    reply = line.read()
    assert (reply.status, reply.json["status"]) == (431, 431)
    assert line.is_closed()


def test_a_head_without_an_end_is_not_read_forever(line: Wire) -> None:
    line.send(b"GET /v1/Users HTTP/1.1\r\nHost: x\r\nX: ")
    for _ in range(3):
        line.send(b"x" * (LARGEST_HEAD // 2))
    assert line.read().status == 431


def test_a_long_path_within_the_limit_is_answered(line: Wire) -> None:
    assert line.ask(b"GET /v1/Users/" + b"x" * (LARGEST_HEAD // 2)).status == 404
    assert healthy(line)


# --- bodies --------------------------------------------------------------------------------------


def test_a_body_that_is_too_long_is_refused_before_it_is_sent(line: Wire) -> None:
    reply = line.ask(b"POST /v1/Users", b"Content-Length: %d" % (LARGEST_BODY + 1))
    assert (reply.status, reply.json["code"]) == (413, 20413)
    assert reply.closes
    assert len(reply.headers["twilio-request-id"]) == 34


def test_a_client_that_sends_all_of_it_still_gets_the_413(line: Wire) -> None:
    body = b"x" * (4 * LARGEST_BODY)
    reply = line.ask(b"POST /v1/Users", b"Content-Length: %d" % len(body), body=body)
    assert reply.status == 413
    assert line.is_closed()


def test_a_client_that_asks_first_is_told_before_it_sends(line: Wire) -> None:
    length = b"Content-Length: %d" % (LARGEST_BODY + 1)
    assert line.ask(b"POST /v1/Users", length, b"Expect: 100-continue").status == 413


def test_chunks_are_counted_and_stopped_at_the_limit(line: Wire) -> None:
    chunk = b"%x\r\n%s\r\n" % (65536, b"x" * 65536)
    reply = line.ask(b"POST /v1/Users", b"Transfer-Encoding: chunked", body=chunk * 17)
    assert reply.status == 413
    assert reply.closes


def test_chunks_within_the_limit_are_one_body(line: Wire) -> None:
    body = b"9\r\nIdentity=\r\n7\r\nchunked\r\n0\r\n\r\n"
    form = b"Content-Type: application/x-www-form-urlencoded"
    reply = line.ask(b"POST /v1/Users", b"Transfer-Encoding: chunked", form, body=body)
    assert (reply.status, reply.json["identity"]) == (201, "chunked")
    assert healthy(line)


def test_a_get_may_have_a_body(line: Wire) -> None:
    assert line.ask(b"GET /v1/Users", b"Content-Length: 3", body=b"abc").status == 200
    assert healthy(line)


# --- keeping it open -----------------------------------------------------------------------------


def test_requests_in_a_row_are_answered_in_order(line: Wire) -> None:
    one = b"GET /v1/Users/%d HTTP/1.1\r\nHost: x\r\n" + AUTH + b"\r\n"
    line.send(*(one % n for n in range(5)))
    for n in range(5):
        assert f"/Users/{n} " in line.read().json["message"]


def test_a_connection_lives_on_after_a_refusal(line: Wire) -> None:
    assert line.ask(b"GET /v1/Users", auth=b"").status == 401
    assert line.ask(b"PUT /v1/Users", b"Content-Length: 1", body=b"x").status == 405
    assert healthy(line)


def test_http_1_0_is_answered_and_closed(line: Wire) -> None:
    line.send(b"GET /v1/Users HTTP/1.0\r\n", AUTH, b"\r\n")
    reply = line.read()
    assert reply.status == 200
    assert line.is_closed()


def test_without_a_host_urls_have_the_servers_address(line: Wire, server: Server) -> None:
    line.send(b"GET /v1/Configuration HTTP/1.0\r\n", AUTH, b"\r\n")
    assert line.read().json["url"] == f"{server.url}/v1/Configuration"


def test_head_gets_no_body(line: Wire) -> None:
    reply = line.ask(b"HEAD /v1/Users")
    assert (reply.status, reply.body) == (405, b"")
    assert healthy(line)


def test_an_offer_to_speak_http_2_is_passed_over(line: Wire) -> None:
    upgrade = (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk")
    reply = line.ask(b"GET /v1/Users", *upgrade)
    assert reply.status == 200
    assert reply.closes


@pytest.mark.parametrize("path", ["/", "/v3/wsconnect/", "/v1/Users"])
def test_a_websocket_where_none_is_spoken_is_told_where_it_is(path: str) -> None:
    site = new_site()
    hints: list[str] = []
    site.hint = hints.append
    hint = "the client SDKs' WebSocket is at /v3/wsconnect"
    upgrade = (b"Connection: Upgrade", b"Upgrade: WebSocket", b"Sec-WebSocket-Version: 13")
    key = b"Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw=="
    with Server(site) as server, wire(server.port) as line:
        reply = line.ask(b"GET " + path.encode(), *upgrade, key, auth=b"")
    assert (reply.status, reply.json["code"]) == (404, 20404)
    assert reply.json["message"] == f"The requested resource {path} was not found: {hint}"
    assert reply.closes
    assert hints == [f"no WebSocket at {path}: {hint}"]


def test_a_client_that_goes_away_in_the_middle_harms_nobody(server: Server) -> None:
    for unfinished in (
        b"GET /v1/Users HT",
        b"POST /v1/Users HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nIden",
        b"POST /v1/Users HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ):
        with wire(server.port) as gone:
            gone.send(unfinished)
    with wire(server.port) as after:
        assert healthy(after)


def test_a_slow_client_holds_up_nobody(server: Server, line: Wire) -> None:
    line.send(b"POST /v1/Users HTTP/1.1\r\nHost: x\r\n", AUTH, b"Content-Length: 13\r\n\r\nIdent")
    with wire(server.port) as other:
        assert healthy(other)
    line.send(b"ity=slow")
    assert line.read().status == 400  # no form was announced, so nobody was named
