"""The guarded session, asked directly: what may leave, and what may not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from reachability_contracts.checking import SafetyStop
from reachability_contracts.live.ledger import PREFIX, BadLedger, Ledger, owner_of
from reachability_contracts.live.session import CLEANUP_RESERVE, Guarded

BASE = "https://conversations.stand-in.test"
OURS, THEIRS = "IS" + "1" * 32, "IS" + "2" * 32


@pytest.fixture
def session(tmp_path: Path) -> Guarded:
    ledger = Ledger(tmp_path / "ledger")
    ledger.created(OURS, f"{PREFIX}-x")
    return Guarded(BASE, ledger, 50)


def prepared(method: str, path: str, **form: str) -> requests.PreparedRequest:
    return requests.Request(method, BASE + path, data=form).prepare()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/v1/Services/{THEIRS}"),
        ("POST", f"/v1/Services/{OURS}/Users"),
        ("POST", f"/v1/Services/{OURS}/Users/team%2Fann"),
        ("POST", f"/v1/Services/{OURS}/Configuration"),
        ("DELETE", f"/v1/Services/{OURS}"),
        ("DELETE", f"/v1/Services/{OURS}/Bindings/BS{'3' * 32}"),
        ("POST", f"/v1/Services/{OURS}/Roles"),
        ("DELETE", f"/v1/Services/{OURS}/Roles/RL{'4' * 32}"),
        ("POST", f"/v1/Services/{OURS}/Configuration/Notifications"),
        ("POST", f"/v1/Services/{OURS}/Configuration/Webhooks"),
        ("POST", f"/v1/Services/{OURS}/Users/100%25%20sure..."),
    ],
)
def test_reads_and_writes_of_our_own_may_leave(session: Guarded, method: str, path: str) -> None:
    session.judge(prepared(method, path))
    assert session.sent == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", f"/v1/Services/{THEIRS}"),
        ("POST", f"/v1/Services/{THEIRS}/Users"),
        ("POST", f"/v1/Services/{THEIRS}/Configuration"),
        ("PUT", f"/v1/Services/{THEIRS}"),
        ("POST", "/v1/Configuration"),
        ("POST", "/v1/Users"),
        ("DELETE", "/v1/Users/alice"),
        ("DELETE", "/v1/Services"),
        ("POST", f"/v1/Services/{OURS}/../{THEIRS}/Users"),
        ("DELETE", f"/v1/Services/{OURS}/Users/../../{THEIRS}"),
        ("DELETE", f"/v1/Services/{OURS}/Users/%2e%2e"),
        ("DELETE", f"/v1/Services/{OURS}/Users/.."),
        ("DELETE", f"/v1/Services/{OURS}%2F..%2F{THEIRS}"),
        ("DELETE", f"/v1/Services/{OURS}/Users/..%2F..%2F{THEIRS}"),
        ("DELETE", f"/v1/Services/{OURS}/Users/..%5C..%5C{THEIRS}"),
        ("DELETE", f"/v1/Services/{OURS}/Users/%252e%252e"),
        ("DELETE", f"/v1/Services/{OURS}/Users/..;"),
        ("DELETE", f"/v1/Services/{OURS}/Users/a%2F..%2Fb"),
        ("DELETE", f"/v1/Services/{OURS}/Users/{THEIRS}"),
        ("POST", f"/v1/Services/{THEIRS}/Roles"),
        ("POST", f"/v1/Services/{OURS}/Configuration/Everything"),
        ("POST", "/v1/Credentials"),
        ("DELETE", f"//v1/Services/{OURS}"),
        ("GET", "/_mock/health"),
        ("POST", "/_mock/reset"),
        ("GET", "/2010-04-01/Accounts.json"),
    ],
)
def test_nothing_else_may(session: Guarded, method: str, path: str) -> None:
    with pytest.raises(SafetyStop):
        session.judge(prepared(method, path))
    assert session.sent == 0
    assert session.stopped


@pytest.mark.parametrize(
    "url",
    [
        "https://conversations.twilio.com/v1/Services",
        "http://conversations.stand-in.test/v1/Services",
        "https://conversations.stand-in.test.example.com/v1/Services",
        "https://conversations.stand-in.test:444/v1/Services",
        "https://user@evil.example/v1/Services",
    ],
)
def test_credentials_go_to_no_other_host(session: Guarded, url: str) -> None:
    with pytest.raises(SafetyStop):
        session.judge(requests.Request("GET", url).prepare())


def test_a_service_is_made_under_a_name_of_the_runs_own_only(session: Guarded) -> None:
    session.judge(prepared("POST", "/v1/Services", FriendlyName=f"{PREFIX}-1"))
    with pytest.raises(SafetyStop, match="name"):
        session.judge(prepared("POST", "/v1/Services", FriendlyName="PROD"))


@pytest.mark.parametrize(
    "request_",
    [
        requests.Request("POST", f"{BASE}/v1/Services", json={"FriendlyName": "PROD"}),
        requests.Request("POST", f"{BASE}/v1/Services", files={"FriendlyName": (None, "PROD")}),
        requests.Request("POST", f"{BASE}/v1/Services", data=[("FriendlyName", f"{PREFIX}-1")] * 2),
        requests.Request("POST", f"{BASE}/v1/Services?FriendlyName=PROD"),
    ],
    ids=["json", "multipart", "twice", "query"],
)
def test_no_other_way_of_naming_a_service_is_let_through(
    session: Guarded, request_: requests.Request
) -> None:
    with pytest.raises(SafetyStop, match="name"):
        session.judge(request_.prepare())


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "x-method-override"])
def test_no_header_makes_another_method_of_a_read(session: Guarded, header: str) -> None:
    url = f"{BASE}/v1/Services/{THEIRS}"
    with pytest.raises(SafetyStop, match="header"):
        session.judge(requests.Request("GET", url, headers={header: "DELETE"}).prepare())


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"{", b'{"sid": 7}', b'{"sid": "ISx"}'])
def test_a_create_that_is_answered_oddly_is_looked_for_later(tmp_path: Path, body: bytes) -> None:
    ledger = Ledger(tmp_path / "ledger")
    guarded = Guarded(BASE, ledger, 50)
    create = prepared("POST", "/v1/Services", FriendlyName=f"{PREFIX}-1")
    guarded.intend(create)
    answer = requests.Response()
    answer.status_code, answer._content = 201, body
    guarded.note(create, answer)
    assert ledger.names == {f"{PREFIX}-1"}
    assert ledger.services == frozenset()


def test_the_budget_is_kept_and_the_cleanup_has_a_reserve(session: Guarded) -> None:
    request = prepared("GET", "/v1/Services")
    for _ in range(50):
        session.judge(request)
    with pytest.raises(SafetyStop, match="budget"):
        session.judge(request)
    session.cleaning = True
    for _ in range(CLEANUP_RESERVE):
        session.judge(request)
    with pytest.raises(SafetyStop, match="budget"):
        session.judge(request)


def test_of_an_interrupted_run_nothing_leaves_but_the_cleanup(session: Guarded) -> None:
    request = prepared("GET", "/v1/Services")
    session.interrupted = True
    with pytest.raises(SafetyStop, match="interrupted"):
        session.judge(request)
    session.cleaning = True
    session.judge(request)


def test_no_redirect_is_followed(session: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def answer(_self: object, _method: str, _url: str, **options: Any) -> requests.Response:
        given.update(options)
        found = requests.Response()
        found.status_code = 302
        return found

    monkeypatch.setattr(requests.Session, "request", answer)
    assert session.request("GET", f"{BASE}/v1/Services", allow_redirects=True).status_code == 302
    assert given["allow_redirects"] is False


def test_the_ledger_is_on_the_disk_and_survives_half_a_line(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    ledger = Ledger(path)
    name = ledger.new_name()
    ledger.intend(name)
    ledger.created(OURS, name)
    ledger.intend(f"{PREFIX}-lost")
    with path.open("a") as file:
        file.write('{"created": "IS')
    again = Ledger(path)
    assert again.services == {OURS}
    assert again.names == {f"{PREFIX}-lost"}
    again.gone(OURS)
    again.absent(f"{PREFIX}-lost")
    again.close()
    assert not path.exists()


def test_a_ledger_is_of_one_account_at_one_place(tmp_path: Path) -> None:
    path, ours = tmp_path / "ledger", owner_of(BASE, "AC" + "1" * 32)
    Ledger(path, ours).intend(f"{PREFIX}-1")
    assert Ledger(path, ours).names == {f"{PREFIX}-1"}
    assert "AC1" not in path.read_text()
    for other in (owner_of(BASE, "AC" + "2" * 32), owner_of("https://other.test", "AC" + "1" * 32)):
        with pytest.raises(BadLedger, match=r"is that of …1111 at conversations.stand-in.test"):
            Ledger(path, other)
    path.write_text(f'{{"intend": "{PREFIX}-1"}}\n')
    with pytest.raises(BadLedger, match="does not say whose it is"):
        Ledger(path, ours)


@pytest.mark.parametrize(
    "line",
    [
        {"intend": "PROD"},
        {"created": THEIRS, "name": "PROD"},
        {"created": "../x", "name": f"{PREFIX}-1"},
        {"intend": ["a"]},
        {"created": 7, "name": f"{PREFIX}-1"},
        [1],
    ],
)
def test_what_no_run_writes_is_not_believed(tmp_path: Path, line: object) -> None:
    path = tmp_path / "ledger"
    path.write_text(json.dumps(line) + "\n")
    assert Ledger(path).is_settled


def test_what_is_no_ledger_is_said(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "ledger", tmp_path):
        with pytest.raises(BadLedger, match="is no ledger"):
            Ledger(path)
