"""Credentials over REST: made, listed, changed, deleted; and their secrets nowhere to be seen."""

from __future__ import annotations

import json
import logging

import pytest

from reachability_mock.core.facts import PushRegistered
from reachability_mock.core.model import BindingType
from tests.rest.api import ACCOUNT, OTHER, Api
from tests.rest.contract import fits

PATH = "/v1/Credentials"
SECRETS = {
    "Certificate": "-----BEGIN CERTIFICATE-----\nhush1+/=",
    "PrivateKey": "-----BEGIN RSA PRIVATE KEY-----\nhush2+/=",
    "ApiKey": "AIza-hush3",
    "Secret": "hush4",
}


def test_a_credential_is_created_fetched_updated_listed_and_deleted(api: Api) -> None:
    form = {"Type": "FcM", "FriendlyName": "Android", **SECRETS}
    created = fits(api.post(PATH, form), "createCredential")
    assert created.status == 201
    assert created.json == {
        "sid": created["sid"],
        "account_sid": ACCOUNT,
        "friendly_name": "Android",
        "type": "fcm",
        "sandbox": "False",
        "date_created": "2026-01-05T09:00:00Z",
        "date_updated": "2026-01-05T09:00:00Z",
        "url": f"https://conversations.twilio.com{PATH}/{created['sid']}",
    }
    assert api.follow(created["url"]).json == created.json
    api.world.advance(5)
    updated = fits(
        api.post(f"{PATH}/{created['sid']}", {"Type": "apn", "Sandbox": "True"}),
        "updateCredential",
    )
    assert (updated.status, updated.json) == (
        200,
        created.json | {"type": "apn", "sandbox": "True", "date_updated": "2026-01-05T09:00:05Z"},
    )
    assert fits(api.get(f"{PATH}/{created['sid']}"), "fetchCredential").json == updated.json
    assert fits(api.get(PATH), "listCredentials")["credentials"] == [updated.json]
    deleted = api.delete(f"{PATH}/{created['sid']}")
    assert (deleted.status, deleted.body) == (204, b"")
    for reply in (
        api.get(f"{PATH}/{created['sid']}"),
        api.post(f"{PATH}/{created['sid']}"),
        api.delete(f"{PATH}/{created['sid']}"),
    ):
        assert reply.problem[:2] == (404, 20404)
    assert api.get(PATH)["credentials"] == []


def test_a_type_is_all_that_is_needed(api: Api) -> None:
    created = fits(api.post(PATH, {"Type": "gcm"}), "createCredential")
    assert (created["type"], created["friendly_name"], created["sandbox"]) == ("gcm", None, "False")


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, 20001),
        ({"Type": ""}, 20001),
        ({"Type": "twilsock"}, 20001),
        ({"Type": "apn", "Sandbox": "yes"}, 20001),
        ({"Type": "apn", "FriendlyName": "x" * 65}, 50003),
    ],
)
def test_a_credential_that_will_not_do_is_not_made(
    api: Api, form: dict[str, str], code: int
) -> None:
    before = api.dump()
    assert api.post(PATH, {**form, **SECRETS}).problem[:2] == (400, code)
    assert api.get(PATH)["credentials"] == []
    assert api.dump() == before


@pytest.mark.parametrize("form", [{"Type": "sms"}, {"Sandbox": ""}, {"FriendlyName": "x" * 65}])
def test_an_update_that_will_not_do_changes_nothing(api: Api, form: dict[str, str]) -> None:
    created = api.post(PATH, {"Type": "apn", "FriendlyName": "x" * 64})
    path = f"{PATH}/{created['sid']}"
    assert api.post(path, {"Type": "gcm", **form, "Secret": "hush"}).status == 400
    assert api.get(path).json == created.json


def test_another_secret_shows_in_the_date_alone(api: Api) -> None:
    created = api.post(PATH, {"Type": "fcm", "Secret": "hush"})
    path = f"{PATH}/{created['sid']}"
    api.world.advance(5)
    assert api.post(path).json == created.json
    assert api.post(path, {"Type": "fcm", "Identity": "x"}).json == created.json
    changed = api.post(path, {"Secret": "hush hush"})
    assert changed.json == created.json | {"date_updated": "2026-01-05T09:00:05Z"}


def test_a_name_can_be_changed_and_emptied(api: Api) -> None:
    path = f"{PATH}/{api.post(PATH, {'Type': 'fcm', 'FriendlyName': 'a'})['sid']}"
    assert api.post(path, {"FriendlyName": "b"})["friendly_name"] == "b"
    assert api.post(path, {"FriendlyName": ""})["friendly_name"] == ""


def test_credentials_belong_to_the_account_and_are_paged_a_hundred_at_most(api: Api) -> None:
    sids = [api.post(PATH, {"Type": "fcm"})["sid"] for _ in range(101)]
    first = api.get(f"{PATH}?PageSize=1000")
    assert (first["meta"]["page_size"], len(first["credentials"])) == (100, 100)
    rest = api.follow(first["meta"]["next_page_url"])
    assert [one["sid"] for one in rest["credentials"]] == sids[100:]
    assert api.get(f"{api.scope()}/Credentials").status == 404
    api.account = OTHER
    assert api.get(PATH)["credentials"] == []
    assert api.get(f"{PATH}/{sids[0]}").status == 404
    assert api.delete(f"{PATH}/{sids[0]}").status == 404


def test_bindings_go_on_naming_a_credential_that_is_gone(api: Api) -> None:
    sid = api.post(PATH, {"Type": "fcm"})["sid"]
    new = api.world.new_sid
    api.submit(
        PushRegistered(api.service, "alice", new("BS"), new("US"), BindingType.FCM, "pixel", sid)
    )
    api.switch(on=True)
    api.delete(f"{PATH}/{sid}")
    assert api.get(f"{api.scope()}/Bindings")["bindings"][0]["credential_sid"] == sid
    assert api.shown("alice") == (None, True)


def test_no_secret_gets_into_answer_journal_log_or_store(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    """Not from a right request, a wrong one, an odd one or one that went astray."""
    caplog.set_level(logging.DEBUG)
    lower = {name.lower(): value for name, value in SECRETS.items()}
    created = api.post(PATH, {"Type": "apn", **SECRETS})
    path = f"{PATH}/{created['sid']}"
    replies = [
        created,
        api.post(path, SECRETS),
        api.post(path, [*SECRETS.items(), *SECRETS.items()]),
        api.post(PATH, {"Type": "sms", **SECRETS}),
        api.post(PATH, {"Type": "apn", **lower}),
        api.post(f"{PATH}/CR0", SECRETS),
        api.post("/v1/Users", {"Identity": "alice", **SECRETS}),
        api.post(f"{PATH}?Type=apn&Secret=hush4&%53ecret=hush4", {"Type": "fcm"}),
        api.get(f"{PATH}?ApiKey=AIza-hush3"),
        api.post(PATH, {"Type": "apn", **SECRETS}, auth=(ACCOUNT, "wrong")),
        api.get(path),
        api.get(PATH),
    ]
    assert [one.status for one in replies] == [
        *(201, 200, 200, 400, 201, 404, 201, 201, 200, 401, 200, 200)
    ]
    journal = json.dumps([one.as_json() for one in api.world.journal])
    said = [journal, caplog.text, repr(api.dump()), *api.hints]
    said += [one.body.decode() + repr(one.headers) for one in replies]
    for text in said:
        assert "hush" not in text


def test_the_journal_says_that_a_secret_was_sent(api: Api) -> None:
    created = api.post(PATH, {"Type": "apn", **SECRETS})
    api.post(f"{PATH}/{created['sid']}", {"Secret": "hush"})
    api.delete(f"{PATH}/{created['sid']}")
    first, *_ = api.world.journal.since(kind="request")
    assert first.as_json()["data"] == {
        "method": "POST",
        "path": PATH,
        "form": {"Type": ["apn"], **{name: ["[redacted]"] for name in SECRETS}},
    }
    events = [one.as_json() for one in api.world.journal.since(kind="event")][-3:]
    told = [(one["data"]["type"], one["account"]) for one in events]  # type: ignore[index] # JSON
    assert told == [
        ("CredentialAdded", ACCOUNT),
        ("CredentialUpdated", ACCOUNT),
        ("CredentialRemoved", ACCOUNT),
    ]
