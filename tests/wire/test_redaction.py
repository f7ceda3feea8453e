"""What a journal keeps of a request: everything but secrets."""

from __future__ import annotations

import pytest

from reachability_mock.wire import redaction


@pytest.mark.parametrize(
    "name",
    [*redaction.SECRETS, "secret", "APIKEY", "privateKey", "Secret[]", " secret ", "ApiKey [0]"],
)
def test_a_secret_is_replaced_however_it_is_spelled(name: str) -> None:
    sent = {name: ["hush", "hush hush"], "Type": ["fcm"]}
    assert redaction.form(sent) == {name: ["[redacted]", "[redacted]"], "Type": ["fcm"]}
    assert sent[name] == ["hush", "hush hush"]
    assert redaction.query(f"Type=fcm&{name}=hush&x") == f"Type=fcm&{name}=[redacted]&x"


def test_what_only_looks_like_one_stays() -> None:
    sent = {"Identity": ["Secret"], "SecretName": ["x"], "Api Key": ["y"]}
    assert redaction.form(sent) == sent
    assert redaction.query("Identity=Secret&SecretName=x") == "Identity=Secret&SecretName=x"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("", ""),
        ("&&", "&&"),
        ("Secret", "Secret"),
        ("Secret=", "Secret=[redacted]"),
        ("%53ecret=a%26b=c", "%53ecret=[redacted]"),
        ("Page=1&PageToken=PT%3D", "Page=1&PageToken=PT%3D"),
    ],
)
def test_a_query_keeps_its_spelling(sent: str, kept: str) -> None:
    assert redaction.query(sent) == kept


def test_what_a_file_says_of_requests_keeps_no_secret_at_any_depth() -> None:
    said = {
        "request": "POST /v1/Credentials?ApiKey=hush&Type=apn",
        "form": {"Type": "apn", "Secret[]": ["hush", 1]},
        "expect": ({"status": 201}, None, "why?"),
    }
    assert redaction.told(said) == {
        "request": "POST /v1/Credentials?ApiKey=[redacted]&Type=apn",
        "form": {"Type": "apn", "Secret[]": "[redacted]"},
        "expect": [{"status": 201}, None, "why?"],
    }
