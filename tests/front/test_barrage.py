"""A shorter barrage over a real socket: whatever comes, an answer in JSON and no 5xx."""

from __future__ import annotations

import json

from hypothesis import given, settings

from reachability_mock.server import Server
from tests.front.wire import Reply, wire
from tests.http.asking import LOCAL, basic
from tests.http.test_barrage import Shot, shots

_UNSENT = {"content-length", "transfer-encoding", "host", "upgrade", "connection", "expect"}


@settings(max_examples=120, deadline=None, derandomize=True)
@given(shot=shots)
def test_nothing_over_a_socket_gets_a_5xx_or_anything_but_json(server: Server, shot: Shot) -> None:
    with wire(server.port) as line:
        line.send(as_bytes(shot))
        check(line.read(shot.method), shot)


def as_bytes(shot: Shot) -> bytes:
    """The request as it travels; what frames it is ours, all else is the shot's."""
    query = f"?{shot.target.query}" if shot.target.query else ""
    line = f"{shot.method} {shot.target.raw_path}{query} HTTP/1.1"
    own = [("Host", LOCAL), ("Content-Length", str(len(shot.body)))]
    whose = basic().items() if shot.known else ()
    sent = [*own, *(one for one in shot.headers if one[0].lower() not in _UNSENT), *whose]
    head = "".join(f"{name}: {value}\r\n" for name, value in sent)
    return f"{line}\r\n{head}\r\n".encode("latin-1") + shot.body


def check(reply: Reply, shot: Shot) -> None:
    """Is it an answer of ours?"""
    assert reply.status < 500, reply
    if reply.status == 204 or shot.method == "HEAD":
        assert reply.body == b""
    elif reply.headers["content-type"] != "application/yaml;charset=utf-8":
        assert reply.headers["content-type"] == "application/json;charset=utf-8"
        json.loads(reply.body)
