"""Who may drive the control plane: this machine, and whom it was told to let in."""

from __future__ import annotations

import pytest

from tests.http.asking import Asker, new_site

URL = "/_mock/reset"


def drive(asker: Asker, host: str, origin: str | None = None) -> int:
    asker.host = host
    headers = {} if origin is None else {"Origin": origin}
    return asker.ask("POST", URL, None, headers).status


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:4010",
        "localhost:4010",
        "LocalHost",
        "[::1]:80",
        "127.8.9.1",
        "app.localhost",
        "localhost.",
    ],
)
def test_this_machines_own_names_may(asker: Asker, host: str) -> None:
    assert drive(asker, host) == 204


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "0.0.0.0:4010",
        "192.168.1.5",
        "conversations.twilio.com",
        "127.0.0.1@evil.example",
        "[::1",
        "",
        "\x7f",
    ],
)
def test_any_other_host_may_not(asker: Asker, host: str) -> None:
    asker.mock("POST", "services/default/users/alice/connections")
    assert drive(asker, host) == 403
    asker.host = "localhost"
    assert asker.mock("GET", "state").json["accounts"]["default"]["users"] == {"alice": {}}


@pytest.mark.parametrize(
    "path",
    ["/%5Fmock/reset", "/%5fmock/reset", "/_moc%6b/reset", "/_mock/%72eset", "/%5Fmock/reset/"],
)
def test_no_spelling_of_the_path_gets_past_the_guard(asker: Asker, path: str) -> None:
    headers = {"Origin": "http://evil.example"}
    reply = asker.ask("POST", path, None, headers)
    assert reply.status == 403
    assert "Access-Control-Allow-Origin" not in reply.headers
    assert "Authorization" not in str(asker.ask("OPTIONS", path, None, headers).headers)
    assert asker.ask("POST", path, None, {}).status == 204


def test_a_host_that_was_allowed_may() -> None:
    asker = Asker(new_site(hosts=["fake.internal"]))
    assert drive(asker, "fake.internal:4010") == 204
    assert drive(asker, "other.internal:4010") == 403


def test_the_same_origin_may_and_another_may_not(asker: Asker) -> None:
    assert drive(asker, "localhost:4010", "http://localhost:4010") == 204
    assert drive(asker, "localhost:4010", "http://localhost:3000") == 403
    assert drive(asker, "localhost:4010", "https://localhost:4010") == 403
    assert drive(asker, "localhost:4010", "null") == 403
    assert drive(asker, "localhost:4010", "") == 403


def test_a_page_of_an_allowed_origin_may_and_can_read_the_answer() -> None:
    asker = Asker(new_site(origins=["http://localhost:3000"]))
    headers = {"Origin": "http://localhost:3000"}
    asked = asker.ask("OPTIONS", "/_mock/settings", None, headers)
    assert asked.status == 204
    assert asked.headers["Content-Type"] == "application/json;charset=utf-8"
    assert asked.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert "PATCH" in asked.headers["Access-Control-Allow-Methods"]
    assert asked.headers["Access-Control-Allow-Headers"] == "Content-Type"
    read = asker.ask("GET", "/_mock/settings", None, headers)
    assert (read.status, read.headers["Vary"]) == (200, "Origin")


def test_a_page_that_was_not_let_in_cannot_read_anything(asker: Asker) -> None:
    reply = asker.ask("GET", "/_mock/state", None, {"Origin": "http://evil.example"})
    assert reply.status == 403
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_the_rest_side_asks_nobody_where_it_is(asker: Asker) -> None:
    asker.host = "conversations.twilio.com"
    headers = {"Origin": "http://evil.example"}
    assert asker.ask("GET", "/v1/Users", None, headers).status == 401


def test_the_refusal_says_what_to_do(asker: Asker) -> None:
    asker.host = "fake.internal"
    assert "--allow-host" in asker.mock("GET", "health").error["message"]
    asker.host = "localhost"
    reply = asker.ask("GET", "/_mock/health", None, {"Origin": "http://x.example"})
    assert "--allow-origin" in reply.error["message"]
