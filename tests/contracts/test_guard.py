"""The guarded session, asked directly: what may leave, and what may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests

from reachability_contracts.checking import SafetyStop
from reachability_contracts.live.ledger import PREFIX, Ledger
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
        ("POST", f"/v1/Services/{OURS}/Roles"),
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
    ledger.intend("lost")
    with path.open("a") as file:
        file.write('{"created": "IS')
    again = Ledger(path)
    assert again.services == {OURS}
    assert again.names == {"lost"}
    again.gone(OURS)
    again.absent("lost")
    again.close()
    assert not path.exists()
