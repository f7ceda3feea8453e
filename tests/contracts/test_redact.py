"""Redaction."""

from __future__ import annotations

import base64

import pytest

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


@pytest.mark.parametrize(
    "number",
    [
        "+4915771234567",
        "+49 1577 1234567",
        "+49\u00a01577\u202f1234567",
        "+49 (0) 1577 1234567",
        "+49/1577/1234567",
        "+49\u20111577\u20111234567",
        "+49  1577 - 1234567",
        "\u202a+49 1577 1234567\u202c",
        "\uff0b4915771234567",
        "+(49) 1577 1234567",
        "+44 (0)20 7946 0958",
        "+1-(415)-555-2671",
        "004915771234567",
        "0049 1577 1234567",
        "%2B4915771234567",
        "%2B49%201577%201234567",
        "1-415-555-2671",
        "1 (415) 555-2671",
        "(415) 555-2671",
        "(415)-555-2671",
        "415-555-2671",
        "415.555.2671",
        "415 555 2671",
        "415\u00a0555\u00a02671",
    ],
)
@pytest.mark.parametrize(
    "around",
    ["{}", "{}-phone", "{}_phone", "{}x", "{}face", "tel {}.", "phone-{}", '"{}"', "/Users/{}/x"],
)
def test_phone_numbers_are_hidden_however_they_are_written(number: str, around: str) -> None:
    hide = Redactor()
    hidden = hide(around.format(number))
    left = [one for one in hidden if one.isdigit()]
    assert not left, hidden
    assert not hide.finds(hidden)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T09:00:00Z",
        "2026-11-20T09:00:00+00:00",
        "Fri, 20 Nov 2026 09:00:00 +0000",
        "2026-11-20 09:00:00.123456",
        "sha256:0012345678901234abcdef" + "0" * 40,
        "US" + "0" * 32,
        "/v1/Services/<IS:1>/Users?PageSize=50&Page=0",
        "0.1.0, requests 2.32.5",
        "127.0.0.1:40123",
        "1 of 221 killed, 1234567890 ns",
        "expected 200, got 404 in 12 requests of 3000",
        "errors/20404",
        "token-1234567890",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "sizes 100 200 3000",
        "page 200-404/5000",
        "price 5.00 2025-01-01",
        "0.00\n1\n2\n3\n4\n5\n6\n7\n8",
    ],
)
def test_what_is_no_number_of_anybodys_stays(text: str) -> None:
    assert Redactor()(text) == text


TELLING = {
    "account": "AC" + "1" * 32,
    "token": "the-auth-token",
    "mail": "eve@example.com",
    "phone": "+4915771234567",
}


@pytest.mark.parametrize("name", TELLING)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16-le"])
@pytest.mark.parametrize(
    "around", ["{}", "id-{}", "tok_{}", "id-{}-x", "a.{}.b", "cursor-of_tok-{}", "/v1/{}/x"]
)
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_is_looked_into_wherever_it_stands(
    name: str, encoding: str, around: str, encode: type[bytes]
) -> None:
    hide = Redactor()
    hide.know([TELLING["token"]])
    plain = f"J\u00fcrgen?? {TELLING[name]} \u00fc>>"
    encoded = encode(plain.encode(encoding)).decode()
    for word in (encoded, encoded.rstrip("=")):
        assert encoded[8:-8] not in hide(around.format(word))


@pytest.mark.parametrize("name", TELLING)
@pytest.mark.parametrize("width", [12, 20, 76])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n ", "\\n", "\\r\\n"])
def test_base64_in_lines_is_one_text(name: str, width: int, end: str) -> None:
    hide = Redactor()
    hide.know([TELLING["token"]])
    encoded = base64.b64encode(
        f"It is {TELLING[name]}, and nobody else{'.' * 60}".encode()
    ).decode()
    lines = end.join(encoded[at : at + width] for at in range(0, len(encoded), width))
    assert hide(f"see {lines} here") == "see [encoded] here"


def test_lines_and_names_that_encode_nothing_stay() -> None:
    text = "two-devices\nnull-in-list\nedge-default-service_of-it\n" + "IS" + "0a" * 16 + "\nend"
    assert Redactor()(text) == text


def test_noise_is_no_text_in_which_anything_might_be_found() -> None:
    noise = base64.b64encode(bytes(range(128, 160)) + b" eve@example.com").decode()
    assert Redactor()(noise) == noise
