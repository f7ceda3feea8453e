"""What the journal says of requests: whose they were, what came of them, and never a secret."""

from __future__ import annotations

import json
import logging

import pytest

from reachability_mock.journal import Journal
from reachability_mock.keyring import DEFAULT_SECRET
from tests.http.asking import ACCOUNT, OTHER, OTHER_TOKEN, Asker, basic

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_request_knows_its_account_service_and_user(asker: Asker) -> None:
    asker.ask("POST", "/v1/Users", b"Identity=alice", {**basic(), **FORM})
    request, *rest, answer = asker.journal("?since=" + str(asker.journal()[-1]["n"] - 4))
    assert request["kind"] == "request"
    assert request["data"] == {
        "method": "POST",
        "path": "/v1/Users",
        "form": {"Identity": ["alice"]},
    }
    assert answer["kind"] == "answer"
    assert answer["data"] == {"status": 201, "method": "POST", "path": "/v1/Users"}
    assert answer["cause"] == request["n"]
    for entry in (request, answer):
        assert (entry["account"], entry["service"], entry["user"]) == (
            ACCOUNT,
            asker.service,
            "alice",
        )
    assert [one["kind"] for one in rest] == ["fact", "event"]
    assert rest[0]["cause"] == request["n"]


def test_a_users_entries_can_be_picked_out(asker: Asker) -> None:
    for identity in (b"alice", b"bob"):
        asker.ask("POST", "/v1/Users", b"Identity=" + identity, {**basic(), **FORM})
    asker.ask("GET", "/v1/Users/bob?x=1", None, basic())
    picked = asker.journal("?user=bob&kind=request")
    assert [one["data"]["method"] for one in picked] == ["POST", "GET"]
    assert picked[1]["data"]["query"] == "x=1"


def test_a_refusal_is_an_answer_with_its_code(asker: Asker) -> None:
    asker.ask("GET", "/v1/Users/nobody", None, basic())
    answer = asker.journal("?kind=answer")[-1]
    assert answer["data"]["status"] == 404
    assert answer["data"]["code"] == 20404
    assert answer["service"] == asker.service
    assert answer["user"] is None


def test_looking_leaves_no_trace_and_driving_does(asker: Asker) -> None:
    before = asker.journal()
    asker.mock("GET", "health")
    asker.mock("GET", "nothing")
    assert asker.journal() == before
    asker.mock("POST", "services/default/enable")
    kinds = [one["kind"] for one in asker.journal()[len(before) :]]
    assert kinds == ["request", "fact", "event", "answer"]


def test_since_goes_on_where_it_left_off(asker: Asker) -> None:
    asker.mock("POST", "services/default/enable")
    last = asker.journal()[-1]["n"]
    assert asker.journal(f"?since={last}") == []
    asker.mock("POST", "services/default/disable")
    assert asker.journal(f"?since={last}")[0]["n"] == last + 1


def test_no_secret_gets_into_journal_log_or_answer(
    asker: Asker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hints: list[str] = []
    asker.site.hint = hints.append
    wrong = "a-secret-that-is-wrong"
    answers = [
        asker.ask("GET", "/v1/Services", None, basic(OTHER, OTHER_TOKEN)),
        asker.ask("GET", "/v1/Services/IS1", None, basic(OTHER, OTHER_TOKEN)),
        asker.ask("GET", "/v1/Users", None, basic(OTHER, wrong)),
        asker.ask("GET", "/v1/Users", None, basic("AC" + "5" * 32, wrong)),
        asker.ask("GET", "/v1/Users", None, basic("me", wrong)),
        asker.mock("GET", "state"),
    ]
    assert [one.status for one in answers] == [200, 404, 401, 401, 401, 200]
    said = [json.dumps(asker.journal()), caplog.text, *hints]
    said += [one.body.decode() + repr(one.headers) for one in answers]
    for text in said:
        assert OTHER_TOKEN not in text
        assert wrong not in text
    assert len(hints) == 4


def test_a_journal_that_is_full_forgets_the_oldest(asker: Asker) -> None:
    asker.site.world.journal = Journal(4)
    for _ in range(3):
        asker.ask("GET", "/v1/Users", None, basic(ACCOUNT, DEFAULT_SECRET))
    assert [one["n"] for one in asker.journal()] == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("path", "body", "times"),
    [
        ("/v1/Users", b"Attributes=" + b"x" * 500_000, 80),
        ("/v1/Users", b"&".join(b"a%d=" % n for n in range(20_000)), 12),
        ("/v1/Users?PageToken=" + "x" * 500_000, b"", 80),
    ],
)
def test_what_is_refused_does_not_fill_the_memory(
    asker: Asker, path: str, body: bytes, times: int
) -> None:
    for _ in range(times):
        assert asker.ask("POST", path, body, FORM).status == 401
    assert 0 < len(asker.journal("?kind=request")) < times


def test_what_is_ordinary_is_all_kept(asker: Asker) -> None:
    for number in range(300):
        form = b"Identity=u%d&Attributes=%s" % (number, b"%22" * 100)
        asker.ask("POST", "/v1/Users", form, FORM)
    assert len(asker.journal("?kind=request")) >= 300
