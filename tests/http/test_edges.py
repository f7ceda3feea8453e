"""What every request meets: credentials, raw paths, limits, methods, headers, CORS."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest

from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET, Access
from tests.http.asking import ACCOUNT, OTHER, OTHER_TOKEN, Asker, basic, new_site

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LARGEST = 1024 * 1024
KEY = "SK" + "5" * 32


# --- credentials ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "No credentials provided"),
        ({"Authorization": "Bearer x"}, "No credentials provided"),
        ({"Authorization": "Basic"}, "invalid username"),
        ({"Authorization": "Basic !!!"}, "No credentials provided"),
        ({"Authorization": "Basic \xff"}, "No credentials provided"),
        (basic("AC" + "9" * 32), "invalid username"),
        (basic(""), "invalid username"),
        (basic(ACCOUNT, "wrong"), "Authenticate"),
        (basic(ACCOUNT, f" {DEFAULT_SECRET}"), "Authenticate"),
        (basic(ACCOUNT, ""), "Authenticate"),
        (basic(ACCOUNT, "ünï"), "Authenticate"),
        (basic(KEY, DEFAULT_SECRET), "invalid username"),
    ],
)
def test_without_the_right_credentials_it_is_a_401(
    asker: Asker, headers: dict[str, str], message: str
) -> None:
    reply = asker.ask("GET", "/v1/Users", None, headers)
    assert (reply.status, reply.json["code"]) == (401, 20003)
    assert message in reply.json["message"]


def test_strict_lets_in_whom_it_knows_and_keys_open_the_default_account() -> None:
    asker = Asker(new_site(keys={KEY: "k"}))
    built_in = basic(sids.DEFAULT_KEY, DEFAULT_SECRET)
    for headers in (basic(), basic(KEY, "k"), built_in):
        assert asker.ask("GET", "/v1/Configuration", None, headers).json["account_sid"] == ACCOUNT
    theirs = asker.ask("GET", "/v1/Configuration", None, basic(OTHER, OTHER_TOKEN))
    assert theirs.json["account_sid"] == OTHER


def test_open_takes_an_accounts_first_token_as_its_token() -> None:
    asker = Asker(new_site(access=Access.OPEN))
    born = "AC" + "9" * 32
    assert asker.ask("GET", "/v1/Users", None, basic(born, "first")).status == 200
    assert asker.ask("GET", "/v1/Users", None, basic(born, "second")).status == 401
    assert asker.ask("GET", "/v1/Users", None, basic(born, "first")).status == 200
    assert asker.ask("GET", "/v1/Users", None, basic("nobody", "first")).status == 401
    unknown_key = asker.ask("GET", "/v1/Configuration", None, basic(KEY, "any"))
    assert unknown_key.json["account_sid"] == ACCOUNT


def test_accounts_never_see_each_other(asker: Asker) -> None:
    theirs = basic(OTHER, OTHER_TOKEN)
    made = asker.ask("POST", "/v1/Services", b"FriendlyName=mine", {**basic(), **FORM}).json
    user = asker.ask("POST", "/v1/Users", b"Identity=alice", {**basic(), **FORM}).json
    paths = (
        f"/v1/Services/{made['sid']}",
        f"/v1/Services/{made['sid']}/Configuration",
        f"/v1/Services/{made['sid']}/Users",
        f"/v1/Services/{user['chat_service_sid']}/Users/{user['sid']}",
        f"/v1/Users/{user['sid']}",
        "/v1/Users/alice",
    )
    for path in paths:
        assert asker.ask("GET", path, None, theirs).status == 404, path
        assert asker.ask("POST", path, b"", {**theirs, **FORM}).status in {404, 405}, path
        assert asker.ask("DELETE", path, None, theirs).status in {404, 405}, path
    assert asker.ask("GET", "/v1/Users", None, theirs).json["users"] == []
    listed = asker.ask("GET", "/v1/Services", None, theirs).json["services"]
    assert made["sid"] not in [one["sid"] for one in listed]


def test_the_log_helps_with_a_service_that_is_not_there(asker: Asker) -> None:
    hints: list[str] = []
    asker.site.hint = hints.append
    unknown = "IS" + "e" * 32
    reply = asker.ask("GET", f"/v1/Services/{unknown}/Users", None, basic())
    [hint] = hints
    assert unknown in hint
    assert asker.service in hint
    assert asker.service not in reply.body.decode()


def test_the_log_names_the_service_that_is_the_default_one_now(asker: Asker) -> None:
    hints: list[str] = []
    asker.site.hint = hints.append
    new = asker.ask("POST", "/v1/Services", b"FriendlyName=new", {**basic(), **FORM}).json["sid"]
    form = f"DefaultChatServiceSid={new}".encode()
    asker.ask("POST", "/v1/Configuration", form, {**basic(), **FORM})
    asker.ask("GET", f"/v1/Services/IS{'e' * 32}", None, basic())
    assert f"did you mean the default service {new}?" in hints[-1]


def test_the_log_names_no_default_service_where_it_was_deleted(asker: Asker) -> None:
    hints: list[str] = []
    asker.site.hint = hints.append
    asker.mock("PATCH", "settings", {"delete_default_service": "allow"})
    asker.ask("DELETE", f"/v1/Services/{asker.service}", None, basic())
    asker.ask("GET", "/v1/Users", None, basic())
    assert hints == ["no service (default) here; known: none"]


# --- raw paths -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("identity", "path"),
    [
        ("a/b", "a%2Fb"),
        ("a+b", "a+b"),
        ("a+b", "a%2Bb"),
        ("a b", "a%20b"),
        ("a%2Fb", "a%252Fb"),
        ("ünï", "%C3%BCn%C3%AF"),
        ("a?b", "a%3Fb"),
        ("Alice", "%41lice"),
    ],
)
def test_a_segment_is_split_off_first_and_decoded_once(
    asker: Asker, identity: str, path: str
) -> None:
    asker.mock("POST", "services/default/enable")
    form = urlencode({"Identity": identity}).encode()
    assert asker.ask("POST", "/v1/Users", form, {**basic(), **FORM}).status == 201
    assert asker.fetch(path)["identity"] == identity
    assert asker.fetch(quote(identity, safe=""))["identity"] == identity


@pytest.mark.parametrize(
    "path",
    [
        "//v1/Users",
        "/v1//Users",
        "/v1/Users//alice",
        "/v1/Users/%00",
        "/v1/Users/%FF%FE",
        "/v1/Users/a/b",
        "/v1/Users/..",
        "/v1/Users/%2e%2e",
        "/v1/../v1/Users",
        "/V1/Users",
        "/v1/users",
        "/v1/Users.json",
        "/",
        "",
        "*",
        "/v2/Users",
        "/v1%2FUsers",
    ],
)
def test_what_names_nothing_is_a_404_with_the_path_as_it_was_sent(asker: Asker, path: str) -> None:
    reply = asker.ask("GET", path, None, basic())
    assert (reply.status, reply.json["code"]) == (404, 20404)
    shown = path.removeprefix("/v1") if path.startswith("/v1/") else path
    assert shown in reply.json["message"]


def test_one_slash_at_the_end_does_no_harm(asker: Asker) -> None:
    assert asker.ask("GET", "/v1/Users/", None, basic()).status == 200
    assert asker.ask("GET", "/v1/Users//", None, basic()).status == 404


# --- methods -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE", "CONNECT", "BREW", "HEAD"])
def test_a_method_that_is_not_offered_is_a_405_that_names_the_others(
    asker: Asker, method: str
) -> None:
    reply = asker.ask(method, "/v1/Users", None, basic())
    assert reply.status == 405
    assert reply.headers["Allow"] == "GET, POST"


def test_head_is_a_get_without_a_body_if_the_setting_says_so(asker: Asker) -> None:
    asker.mock("PATCH", "settings", {"head_requests": "as_get"})
    reply = asker.ask("HEAD", "/v1/Users", None, basic())
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["Content-Type"] == "application/json;charset=utf-8"


# --- limits --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1/Users", "/v1/nothing", "/_mock/reset"])
def test_a_body_over_a_mebibyte_is_a_413_wherever_it_goes(asker: Asker, path: str) -> None:
    reply = asker.ask("POST", path, b"x" * (LARGEST + 1), {**basic(), **FORM})
    assert reply.status == 413


def test_a_body_of_a_mebibyte_is_read(asker: Asker) -> None:
    body = b"Identity=a&Junk=".ljust(LARGEST, b"x")
    assert asker.ask("POST", "/v1/Users", body, {**basic(), **FORM}).status == 201


def test_a_form_of_too_many_parts_is_a_413(asker: Asker) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    headers = {**basic(), "Content-Type": "multipart/form-data; boundary=x"}
    assert asker.ask("POST", "/v1/Users", part * 1001 + b"--x--\r\n", headers).status == 413


# --- forms that cannot be read -------------------------------------------------------------------

MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}
PART = b'--b\r\nContent-Disposition: form-data; name="FriendlyName"\r\n\r\n'


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"FriendlyName=Jos\xe9", FORM),
        (b"FriendlyName=Jos%E9", FORM),
        (b"FriendlyName=Joe&%FF=1", FORM),
        (PART + b"Joe\r\n--b", MULTIPART),
        (PART + b"Joe", MULTIPART),
        (PART + b"Jos\xe9\r\n--b--\r\n", MULTIPART),
        (PART + b"Joe\r\n--b--\r\n", {"Content-Type": "multipart/form-data"}),
        (PART.replace(b"; name", b"; nome") + b"Joe\r\n--b--\r\n", MULTIPART),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_and_changes_nothing(
    asker: Asker, body: bytes, headers: dict[str, str]
) -> None:
    asker.ask("POST", "/v1/Users", b"Identity=al", {**basic(), **FORM})
    before = asker.fetch("al")
    for path in ("/v1/Users/al", "/v1/Users"):
        reply = asker.ask("POST", path, body, {**basic(), **headers})
        assert (reply.status, reply.json["code"]) == (400, 20001)
    assert asker.fetch("al") == before
    assert len(asker.ask("GET", "/v1/Users", None, basic()).json["users"]) == 1


def test_a_switch_with_an_unreadable_field_beside_it_is_not_thrown(asker: Asker) -> None:
    path = f"/v1/Services/{asker.service}/Configuration"
    reply = asker.ask("POST", path, b"ReachabilityEnabled=true&X=\xff", {**basic(), **FORM})
    assert reply.status == 400
    shown = asker.ask("GET", path, None, basic()).json
    assert shown["reachability_enabled"] is False


@pytest.mark.parametrize("body", [b"", b"--b--\r\n"])
def test_a_multipart_form_of_nothing_is_empty(asker: Asker, body: bytes) -> None:
    asker.ask("POST", "/v1/Users", b"Identity=al", {**basic(), **FORM})
    reply = asker.ask("POST", "/v1/Users/al", body, {**basic(), **MULTIPART})
    assert (reply.status, reply.json["identity"]) == (200, "al")


def test_a_multipart_form_in_utf_8_is_read(asker: Asker) -> None:
    body = PART + "José".encode() + b"\r\n--b--\r\n"
    asker.ask("POST", "/v1/Users", b"Identity=al", {**basic(), **FORM})
    reply = asker.ask("POST", "/v1/Users/al", body, {**basic(), **MULTIPART})
    assert reply.json["friendly_name"] == "José"


# --- headers -------------------------------------------------------------------------------------


def test_every_answer_has_a_request_id_of_its_own(asker: Asker) -> None:
    paths = ["/v1/Users", "/v1/nothing", "/_mock/health", "/_mock/nothing"] * 10
    replies = [asker.ask("GET", path, None, headers) for path in paths for headers in ({}, basic())]
    ids = {one.headers["Twilio-Request-Id"] for one in replies}
    assert len(ids) == len(replies)
    assert all(sids.is_sid("RQ", one) for one in ids)


def test_answers_look_as_the_live_ones_do(asker: Asker) -> None:
    headers = asker.ask("GET", "/v1/Users", None, basic()).headers
    assert headers["Content-Type"] == "application/json;charset=utf-8"
    assert headers["X-Api-Domain"] == "conversations.twilio.com"
    assert headers["Twilio-Concurrent-Requests"] == "1"
    assert float(headers["Twilio-Request-Duration"]) < 5
    assert not [name for name in headers if name.startswith("Access-Control")]


def test_cors_is_for_whoever_sends_an_origin(asker: Asker) -> None:
    origin = {"Origin": "http://app.example"}
    for reply in (
        asker.ask("GET", "/v1/Users", None, {**basic(), **origin}),
        asker.ask("GET", "/v1/Users", None, origin),
        asker.ask("OPTIONS", "/v1/Users", None, origin),
    ):
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
        assert reply.headers["Access-Control-Allow-Methods"] == "GET, POST, DELETE, OPTIONS"
        assert "Authorization" in reply.headers["Access-Control-Allow-Headers"]
        assert reply.headers["Access-Control-Expose-Headers"] == "ETag"


def test_a_preflight_needs_no_credentials_and_names_the_methods(asker: Asker) -> None:
    reply = asker.ask("OPTIONS", "/v1/Users/alice", None, {"Origin": "http://app.example"})
    assert (reply.status, reply.body) == (204, b"")
    assert reply.headers["Allow"] == "DELETE, GET, POST, OPTIONS"
    assert reply.headers["Content-Type"] == "application/json;charset=utf-8"


def test_a_header_with_an_underscore_does_not_pass_for_another(asker: Asker) -> None:
    asker.mock("POST", "services/default/users/alice/connections")
    spelt = {**basic(), "X_Mock_Why": "1"}
    assert "X-Mock-Why" not in asker.ask("GET", "/v1/Users/alice", None, spelt).headers
    assert asker.ask("GET", "/v1/Users", None, {**basic(), "Content_Length": "9"}).status == 200


@pytest.mark.parametrize(
    ("host", "root"),
    [
        ("localhost:4010", "http://localhost:4010/v1"),
        ("fake", "http://fake/v1"),
        ("fake:80", "http://fake/v1"),
        ("fake:443", "http://fake:443/v1"),
        ("[::1]:4010", "http://[::1]:4010/v1"),
        ("conversations.sydney.au1.twilio.com", "http://conversations.sydney.au1.twilio.com/v1"),
        ('"><script>', "http://conversations.twilio.com/v1"),
        ("a b", "http://conversations.twilio.com/v1"),
        ("x" * 300, "http://" + "x" * 300 + "/v1"),
        ("", "http://conversations.twilio.com/v1"),
        ("\xff", "http://conversations.twilio.com/v1"),
    ],
)
def test_urls_are_spelt_as_the_request_came_in(asker: Asker, host: str, root: str) -> None:
    asker.host = host
    reply = asker.ask("GET", "/v1/Configuration", None, basic())
    assert (reply.status, reply.json["url"]) == (200, f"{root}/Configuration")


def test_a_fault_of_ours_is_json_and_logged(
    asker: Asker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(asker.site.keyring, "admit", broken)
    reply = asker.ask("GET", "/v1/Users", None, basic())
    assert (reply.status, reply.json["code"]) == (500, 20500)
    monkeypatch.setattr(asker.site.world.journal, "since", broken)
    reply = asker.mock("GET", "journal")
    assert (reply.status, reply.error["code"]) == (500, "20500")
    assert len(caplog.records) == 2
