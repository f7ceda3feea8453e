"""Normalising: the same from every play, and nothing in it that is somebody's."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from reachability_contracts.evidence.normalise import Normaliser, collapsed
from reachability_contracts.redact import Redactor
from reachability_mock.scenario.target import Credentials, Reply, Request
from tests.contracts.evidence.samples import exchange

HOST = "https://conversations.twilio.com"
SERVICE, OTHER, USER = "IS" + "a" * 32, "IS" + "b" * 32, "US" + "c" * 32
ACCOUNT = "AC" + "7" * 28 + "beef"


def normalised(body: object, path: str = f"/v1/Services/{SERVICE}/Users/{USER}") -> object:
    return Normaliser(HOST)(Request("GET", path), Reply(200, body)).body


def test_sids_are_references_in_the_order_of_their_appearance() -> None:
    play = Normaliser(HOST)
    one = play(Request("GET", f"/v1/Services/{OTHER}"), Reply(404, {"message": f"no {SERVICE}"}))
    assert (one.path, one.body) == ("/v1/Services/<IS:1>", {"message": "no <IS:2>"})
    assert play(Request("GET", f"/v1/Services/{SERVICE}"), Reply(200)).path.endswith("<IS:2>")


def test_dates_hosts_and_page_tokens_are_their_kinds() -> None:
    body = {
        "date_created": "2026-11-20T10:00:00Z",
        "url": f"{HOST}/v1/Services/{SERVICE}/Users?PageToken=PTabc&Page=1",
        "is_online": None,
    }
    assert normalised(body) == {
        "date_created": "<date>",
        "url": "<host>/v1/Services/<IS:1>/Users?PageToken=<token>&Page=1",
        "is_online": None,
    }


def test_the_names_that_a_run_gives_its_services_are_left_out() -> None:
    name = "reachability-contract-0123456789ab-0a1b2c"
    assert normalised({"friendly_name": name}) == {"friendly_name": "<a service of this run>"}
    assert normalised({"friendly_name": f"{name} shop"}) == {"friendly_name": "shop"}
    assert normalised({"friendly_name": "reachability-mock main"}) == {
        "friendly_name": "<a service of this run>"
    }


def test_what_else_an_account_has_is_nobodys_business() -> None:
    play = Normaliser(HOST)
    play(Request("POST", "/v1/Services"), Reply(201, {"sid": SERVICE}))
    services = [
        {"sid": OTHER, "friendly_name": "ACME production"},
        {"sid": SERVICE, "friendly_name": "mine"},
    ]
    body = {"services": services, "meta": {"key": "services", "next_page_url": f"{HOST}/x"}}
    kept = json.dumps(play(Request("GET", "/v1/Services"), Reply(200, body)).body)
    assert "mine" in kept
    assert "ACME" not in kept
    assert "next_page_url" not in kept


def test_the_accounts_own_configuration_keeps_its_shape_only() -> None:
    body = {"default_chat_service_sid": OTHER, "pre_webhook_url": "https://acme.example/in"}
    assert normalised(body, "/v1/Configuration/Webhooks") == {
        "default_chat_service_sid": "<IS:1>",
        "pre_webhook_url": "<text>",
    }


def test_wrong_credentials_are_said_and_never_shown() -> None:
    sent = Request("GET", "/v1/Users", credentials=Credentials.WRONG)
    assert Normaliser(HOST)(sent, Reply(401)).path == "/v1/Users (wrong)"


def test_what_is_secret_by_its_name_is_not_kept() -> None:
    sent = Request("POST", "/v1/Credentials", form=(("ApiKey", "k"), ("Secret", "s")))
    assert Normaliser(HOST)(sent, Reply(201, {"api_key": "k"})).form == (
        ("ApiKey", "[secret]"),
        ("Secret", "[secret]"),
    )


PLANTED = {
    "account": ACCOUNT,
    "token": "a-planted-auth-token",
    "mail": "eve.planted@example.com",
    "phone": "+14155552671",
}


@pytest.mark.parametrize("what", PLANTED)
@pytest.mark.parametrize(
    "disguise",
    [
        str,
        lambda text: quote(text, safe=""),
        lambda text: quote(quote(text, safe=""), safe=""),
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: base64.urlsafe_b64encode(f"x{text}".encode()).decode().rstrip("="),
        lambda text: base64.b64encode(f"{text}:{text}".encode()).decode(),
        lambda text: quote(base64.b64encode(f"xy{text}".encode()).decode(), safe=""),
    ],
)
def test_no_disguise_brings_a_secret_through(what: str, disguise: object) -> None:
    assert callable(disguise)
    hide = Redactor()
    hide.know([PLANTED["token"], ACCOUNT])
    told = disguise(PLANTED[what])
    body = {
        "attributes": json.dumps({"contact": told}),
        "identity": told,
        "friendly_name": f"call {told} now",
        "url": f"{HOST}/v1/Services/{SERVICE}/Users/{told}",
    }
    sent = Request("POST", f"/v1/Users/{told}", f"q={told}", form=(("Attributes", told),))
    kept = repr(Normaliser(HOST, hide)(sent, Reply(200, body)))
    assert told not in kept
    assert PLANTED[what] not in kept
    assert not hide.finds(kept)


def test_of_a_question_asked_again_and_again_the_last_answer_counts() -> None:
    early, late = exchange({"is_online": None}), exchange({"is_online": True})
    other = exchange(path="/v1/Services/<IS:1>/Configuration")
    assert collapsed([early, late]) == (late,)
    assert collapsed([early, other, late]) == (early, other, late)


def test_a_write_that_was_sent_twice_is_two() -> None:
    sent = exchange(method="POST")
    assert collapsed([sent, sent]) == (sent, sent)
