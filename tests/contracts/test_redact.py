"""Redaction."""

from __future__ import annotations

import base64

from reachability_contracts.redact import Redactor


def test_accounts_and_keys_are_their_last_four() -> None:
    hide = Redactor()
    assert hide("AC" + "1" * 28 + "abcd") == "AC…abcd"
    assert hide(f"/v1/SK{'2' * 32}/x") == "/v1/SK…2222/x"


def test_secrets_are_hidden_in_base64_too() -> None:
    hide = Redactor()
    hide.know(["the-auth-token"])
    encoded = base64.b64encode(b"the-auth-token").decode()
    assert "token" not in hide(f"the-auth-token {encoded}")
    assert encoded.rstrip("=") not in hide(encoded)


def test_credentials_and_addresses_are_hidden() -> None:
    hide = Redactor()
    assert hide("Authorization: Basic QUM6c2VjcmV0") == "Authorization: Basic [secret]"
    assert hide("GET /Users/eve@ex.com") == "GET /Users/[e-mail]"
    assert hide("GET /Users/eve%40ex.com") == "GET /Users/[e-mail]"


def test_what_names_things_stays() -> None:
    text = "POST /v1/Services/IS" + "1" * 32 + " R9 expected None"
    assert Redactor()(text) == text
