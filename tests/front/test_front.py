"""The front as an ASGI app, without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import pytest

from reachability_mock.front import WEBSOCKET_PATH, Answered, Front, Message, Receive, Scope, Send
from tests.http.asking import basic, new_site


def scope_of(method: str, path: str, headers: Iterable[tuple[str, str]] = ()) -> Scope:
    raw, _, query = path.partition("?")
    return {
        "type": "http",
        "method": method,
        "scheme": "http",
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers],
        "server": ("127.0.0.1", 4010),
    }


def call(front: Front, scope: Scope, *messages: Message) -> list[Message]:
    """Call the front once, on a loop of its own; returns what it sent."""
    left = list(messages)
    sent: list[Message] = []

    async def receive() -> Message:
        return left.pop(0) if left else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def main() -> None:
        await front(scope, receive, send)

    asyncio.run(main())
    return sent


def body(data: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": data, "more_body": more}


def test_an_answer_is_a_start_and_one_body() -> None:
    sent = call(Front(new_site()), scope_of("GET", "/v1/Users?PageSize=1", basic().items()))
    assert [one["type"] for one in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["status"] == 200
    assert json.loads(sent[1]["body"])["meta"]["page_size"] == 1


def test_who_keeps_a_log_hears_of_every_answer() -> None:
    heard: list[Answered] = []
    front = Front(new_site(), answered=heard.append)
    call(front, scope_of("GET", "/v1/Users/a%2Fb"))
    [one] = heard
    assert (one.method, one.path, one.status) == ("GET", "/v1/Users/a%2Fb", 401)
    assert 0 <= one.seconds < 5


def test_a_body_comes_together_from_its_parts() -> None:
    form = {**basic(), "Content-Type": "application/x-www-form-urlencoded", "Content-Length": "14"}
    parts = (body(b"Identity", more=True), body(b"=alice"))
    sent = call(Front(new_site()), scope_of("POST", "/v1/Users", form.items()), *parts)
    assert json.loads(sent[1]["body"])["identity"] == "alice"


def test_a_client_that_left_is_not_answered_and_nothing_happens() -> None:
    site = new_site()
    headers = {**basic(), "Content-Length": "14"}
    before = len(list(site.world.journal))
    sent = call(
        Front(site), scope_of("POST", "/v1/Users", headers.items()), body(b"Ide", more=True)
    )
    assert sent == []
    assert len(list(site.world.journal)) == before


def test_a_fault_that_even_the_app_cannot_word_is_json(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("reachability_mock.front.exchange", lambda *_, **__: 1 / 0)
    sent = call(Front(new_site()), scope_of("GET", "/v1/Users"))
    assert sent[0]["status"] == 500
    assert json.loads(sent[1]["body"])["code"] == 20500
    assert "ZeroDivisionError" in caplog.text


def test_a_websocket_at_its_path_is_handed_over() -> None:
    taken: list[Scope] = []

    async def websocket(scope: Scope, _receive: Receive, _send: Send) -> None:
        taken.append(scope)

    scope = {"type": "websocket", "path": WEBSOCKET_PATH}
    assert call(Front(new_site(), websocket), scope) == []
    assert taken == [scope]


def test_a_websocket_anywhere_else_is_closed() -> None:
    async def websocket(*_: Any) -> None:
        raise AssertionError

    for front in (Front(new_site()), Front(new_site(), websocket)):
        sent = call(
            front, {"type": "websocket", "path": "/v1/Users"}, {"type": "websocket.connect"}
        )
        assert [one["type"] for one in sent] == ["websocket.close"]
