"""Evidence: nothing secret or personal in it, whatever the service sends."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reachability_contracts.observe.evidence import References, name_of, text_of
from reachability_contracts.observe.finding import Answer, Finding
from reachability_contracts.observe.reducing import Sid, plain, reduced
from reachability_contracts.observe.watching import Watching

DAY, UPSTREAM = date(2026, 11, 23), "https://conversations.twilio.com"
ACCOUNT, TOKEN = "AC" + "9" * 28 + "abcd", "a-token-of-32-characters-0123456"
MAIL, PHONE, NAME = "eve.adams@example.com", "+15551234567", "Eve Adams"
SECRETS = (ACCOUNT, TOKEN, MAIL, PHONE, NAME)
SPELLINGS = [
    spelling
    for secret in SECRETS
    for spelling in (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode())
]
SERVICE, USER = "IS" + "1" * 32, "US" + "2" * 32


def spoilt(**more: object) -> dict[str, object]:
    """A user with secrets in every place that has room for one."""
    packed = " ".join(SPELLINGS)
    return {
        "sid": USER,
        "chat_service_sid": SERVICE,
        "account_sid": ACCOUNT,
        "identity": MAIL,
        "friendly_name": NAME,
        "attributes": f'{{"phone": "{PHONE}", "all": "{packed}"}}',
        "date_updated": packed,
        "url": f"https://conversations.twilio.com/v1/Users/{packed}",
        "links": {packed: packed},
        packed: packed,
        "code": 15551234567,
        "is_online": True,
        "is_notifiable": packed,
        **more,
    }


def found(path: str, body: object, **query: str) -> list[Finding]:
    watching = Watching()
    outcomes = watching.finish(watching.begin("GET", path, query), Answer(200, body))
    return [one for one in outcomes if isinstance(one, Finding)]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/Users", {"users": [spoilt(), spoilt()], "meta": {"key": MAIL, "page": 15551234567}}),
        (f"/v1/Services/{SERVICE}/Users/{quote(MAIL)}", spoilt()),
        (f"/v1/Services/{SERVICE}/Users/{base64.b64encode(MAIL.encode()).decode()}", spoilt()),
        (f"/v1/Services/{SERVICE}/Users/x", spoilt(sid=MAIL, chat_service_sid=ACCOUNT)),
        (
            f"/v1/Services/{SERVICE}/Configuration",
            {**spoilt(), "reachability_enabled": MAIL, "status": PHONE},
        ),
    ],
)
def test_nothing_that_was_planted_is_in_it(path: str, body: object) -> None:
    query = {"PageToken": MAIL, "PageSize": "15551234567", "Page": "0", PHONE: TOKEN, "q": MAIL}
    findings = found(path, body, **query)
    assert findings
    for finding in findings:
        text = text_of(finding, DAY, UPSTREAM) + name_of(finding, DAY)
        assert not [spelling for spelling in SPELLINGS if spelling in text]
        assert "5551234567" not in text
        assert SERVICE not in text
        assert USER not in text


_KEYS = st.sampled_from(
    ["sid", "is_online", "users", "meta", "page", "code", "identity", "date_created", *SPELLINGS]
)
_JSON = st.recursive(
    st.sampled_from([None, True, 15551234567, *SPELLINGS]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(_JSON)
def test_of_no_body_anything_is_kept_that_was_not_chosen(body: Any) -> None:
    kept = repr(_shown(reduced(body)))
    assert not [spelling for spelling in (*SPELLINGS, "5551234567") if spelling in kept]


def _shown(kept: object) -> object:
    """As a document shows it."""
    if isinstance(kept, Sid):
        return References()(kept.text)
    if isinstance(kept, dict):
        return {name: _shown(value) for name, value in kept.items()}
    return [_shown(one) for one in kept] if isinstance(kept, list) else kept


def test_it_says_rule_prediction_request_and_what_was_seen() -> None:
    body = {"users": [spoilt(is_notifiable=None)], "meta": {"page": 0, "page_size": 50}}
    (finding,) = found(f"/v1/Services/{SERVICE}/Users", body, PageSize="50")
    assert yaml.safe_load(text_of(finding, DAY, UPSTREAM, times=3)) == {
        "rule": "R9",
        "says": "Both properties are null in every list, whatever the truth.",
        "predicted": [None],
        "because": "Both properties are null in every list, whatever the truth.",
        "property": "is_online",
        "seen": True,
        "standing": "whatever the indicator was",
        "times": 3,
        "request": "GET /v1/Services/<IS:1>/Users?PageSize=50",
        "status": 200,
        "body": {
            "users": [
                {
                    "sid": "<US:1>",
                    "chat_service_sid": "<IS:1>",
                    "account_sid": "<hidden>",
                    "identity": "<hidden>",
                    "friendly_name": "<hidden>",
                    "attributes": "<hidden>",
                    "date_updated": "<date>",
                    "is_online": True,
                    "is_notifiable": None,
                }
            ],
            "other users": 0,
            "meta": {"page": 0, "page_size": 50},
        },
        "before": [],
        "date": "2026-11-23",
        "upstream": "conversations.twilio.com",
        "version": yaml.safe_load(text_of(finding, DAY, UPSTREAM))["version"],
    }


def test_an_unknown_says_what_the_question_was() -> None:
    path = "/v1/Users/nobody"
    body = {"code": 20404, "message": f"The requested resource {path} was not found"}
    watching = Watching()
    (finding,) = watching.finish(watching.begin("GET", path), Answer(404, body))
    assert isinstance(finding, Finding)
    shown = yaml.safe_load(text_of(finding, DAY, UPSTREAM))
    assert shown["unknown"] == "not_found_path"
    assert (shown["predicted"], shown["seen"]) == (["short"], "full")
    assert shown["request"] == "GET /v1/Users/<name>"


def test_what_came_before_is_told_with_its_distance_in_seconds() -> None:
    watching = Watching()
    path = f"/v1/Services/{SERVICE}/Users/{quote(MAIL)}"
    for at, online in ((1.0, True), (3.5, None)):
        body = spoilt(is_online=online, is_notifiable=None)
        outcomes = watching.finish(watching.begin("GET", path), Answer(200, body), at)
    (finding,) = outcomes
    assert isinstance(finding, Finding)
    assert yaml.safe_load(text_of(finding, DAY, UPSTREAM))["before"] == [
        {
            "seconds before": 2.5,
            "what": "a user was fetched",
            "request": "GET /v1/Services/<IS:1>/Users/<name>",
            "shown": {"is_online": True, "is_notifiable": None},
        }
    ]


def test_the_same_sid_has_the_same_reference() -> None:
    names = References()
    sids = [f"US{number:032x}" for number in (1, 2, 1)]
    assert [names(sid) for sid in sids] == ["<US:1>", "<US:2>", "<US:1>"]
    assert names(SERVICE) == "<IS:1>"
    assert names(ACCOUNT) == "<hidden>"


def test_the_name_is_the_day_the_rule_and_the_same_letters_for_the_same_thing() -> None:
    one, two = (found("/v1/Users", {"users": [spoilt(is_notifiable=None)]})[0] for _ in range(2))
    assert name_of(one, DAY) == name_of(two, DAY)
    assert name_of(one, DAY).startswith("2026-11-23-R9-")


@pytest.mark.parametrize("value", [True, False, None])
def test_a_value_stays_what_it_is(value: object) -> None:
    assert plain(value) is value
