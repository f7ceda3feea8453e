"""Access tokens: the helper library's are good, and every bad one says what is wrong with it."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.wire import token
from reachability_mock.wire.token import Claims, TokenRefused, Trust
from tests.wire.playbook import ACCOUNT, SERVICE, START, token_of

KEY = sids.DEFAULT_KEY
TRUST = Trust({KEY: (DEFAULT_SECRET, ACCOUNT)})
OPEN = Trust({}, checks=False)
CREDENTIAL = "CR" + "c" * 32
NOW = int(START.timestamp())


def claims(**changes: object) -> dict[str, Any]:
    """The claims of a good token, changed; ... leaves one out."""
    good = {
        "jti": f"{KEY}-{NOW}",
        "grants": {"identity": "alice", "chat": {"service_sid": SERVICE}},
        "iss": KEY,
        "sub": ACCOUNT,
        "exp": NOW + 3600,
        "nbf": NOW,
    }
    return {key: value for key, value in {**good, **changes}.items() if value is not ...}


def signed(
    payload: object, *, secret: str = DEFAULT_SECRET, algorithm: str = "HS256", **header: object
) -> str:
    """A token with any payload and header."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    headers = {"cty": token.CONTENT_TYPE, **header}
    return jwt.api_jws.PyJWS().encode(data, secret, algorithm=algorithm, headers=headers)


def refusal(text: str, trust: Trust = TRUST) -> TokenRefused:
    """Why `text` is no good."""
    with pytest.raises(TokenRefused) as caught:
        token.read(text, trust, START)
    return caught.value


def test_what_is_made_is_read_again() -> None:
    text = token_of("alice", ttl=60, push_credential_sid=CREDENTIAL)
    expected = Claims("alice", ACCOUNT, SERVICE, START + timedelta(seconds=60), CREDENTIAL)
    assert token.read(text, TRUST, START) == expected


def test_a_token_of_the_helper_library_is_good() -> None:
    access_token = pytest.importorskip("twilio.jwt.access_token")
    grants = pytest.importorskip("twilio.jwt.access_token.grants")
    made = access_token.AccessToken(ACCOUNT, KEY, DEFAULT_SECRET, identity="alice", nbf=NOW)
    made.add_grant(grants.ChatGrant(service_sid=SERVICE, push_credential_sid=CREDENTIAL))
    made.valid_until = NOW + 3600
    read = token.read(made.to_jwt(), TRUST, START)
    assert (read.identity, read.service_sid) == ("alice", SERVICE)
    assert read.push_credential_sid == CREDENTIAL
    assert not read.unchecked


def test_ours_has_the_same_parts_as_the_helper_librarys() -> None:
    parts = jwt.api_jws.PyJWS().decode_complete(token_of(), options={"verify_signature": False})
    assert parts["header"] == {"alg": "HS256", "typ": "JWT", "cty": "twilio-fpa;v=1"}
    assert json.loads(parts["payload"]) == claims()


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_the_algorithms_of_the_node_library_are_good(algorithm: str) -> None:
    secret = "s" * 64
    text = signed(claims(), secret=secret, algorithm=algorithm)
    assert token.read(text, Trust({KEY: (secret, ACCOUNT)}), START).identity == "alice"


def test_a_short_secret_is_no_reason_to_warn() -> None:
    with pytest.warns(UserWarning, match="HMAC"):
        text = signed(claims(), secret="short")
    assert token.read(text, Trust({KEY: ("short", ACCOUNT)}), START).identity == "alice"


@pytest.mark.parametrize(
    ("text", "code", "status", "why"),
    [
        ("", 20101, 401, "there is none"),
        ("garbage", 20101, 401, "it is not a JWT"),
        ("a.b.c", 20101, 401, "it is not a JWT"),
        ("\u00e9.\u00e9.\u00e9", 20101, 401, "it is not a JWT"),
        (signed(b"{"), 20101, 401, "the payload is not JSON"),
        (signed([1]), 20101, 401, "its payload is not a JSON object"),
        (signed(claims(), algorithm="none", secret=""), 20102, 401, "alg is 'none'"),
        (signed(claims(), cty="JWT"), 20102, 401, "cty is 'JWT', not 'twilio-fpa;v=1'"),
        (signed(claims(iss="me")), 20103, 401, "iss is 'me', not an API key's SID"),
        (signed(claims(iss=7)), 20103, 401, "iss is 7"),
        (signed(claims(sub=...)), 20103, 401, "sub is None, not an account's SID"),
        (
            signed(claims(iss="SK" + "1" * 32)),
            20103,
            401,
            "iss SK…1111 is not a known API key; known: SK…0000",
        ),
        (
            signed(claims(sub="AC" + "1" * 32)),
            20103,
            401,
            "sub is AC…1111, but the key SK…0000 belongs to AC…0000; all keys are the default acc",
        ),
        (signed(claims(), secret="1" * 32), 20107, 401, "signed with another secret"),
        (signed(claims(grants=...)), 20106, 403, "it has no grants"),
        (signed(claims(grants={})), 20106, 403, "grants.identity is missing"),
        (signed(claims(grants={"identity": ""})), 20106, 403, "grants.identity is '', no text"),
        (signed(claims(grants={"identity": 5})), 20106, 403, "grants.identity is 5, no text"),
        (
            signed(claims(grants={"identity": "a", "video": {}})),
            20106,
            403,
            "no chat grant (ChatGrant in the helper library); it has: video",
        ),
        (signed(claims(grants={"identity": "a", "chat": {}})), 20106, 403, "service_sid is None"),
        (
            signed(claims(grants={"identity": "a", "chat": {"service_sid": "MG1"}})),
            20106,
            403,
            "service_sid is 'MG1'",
        ),
        (signed(claims(exp=...)), 20104, 401, "exp is missing"),
        (signed(claims(exp="soon")), 20104, 401, "exp is 'soon', no time"),
        (signed(claims(exp=True)), 20104, 401, "exp is True, no time"),
        (signed(claims(exp=1e18)), 20104, 401, "exp is 1e+18, no time"),
        (
            signed(claims(exp=NOW)),
            20104,
            401,
            "it expired at 2026-03-02 09:00:00 UTC; it is 2026-03-02 09:00:00 UTC here",
        ),
        (signed(claims(nbf=NOW + 60)), 20105, 401, "it begins (nbf) at 2026-03-02 09:01:00 UTC"),
        (signed(claims(nbf="soon")), 20105, 401, "nbf is 'soon', no time"),
        (signed(claims(nbf=False)), 20105, 401, "nbf is False, no time"),
        (signed(claims(exp=NOW + 86401)), 20157, 401, "it lives for 86401 s"),
        (signed(claims(exp=NOW + 86401, nbf=...)), 20157, 401, "it lives for 86401 s"),
        (signed(claims(exp=NOW + 86402, nbf=..., iat=NOW + 0.5)), 20157, 401, "it lives for"),
    ],
)
def test_a_bad_token_says_exactly_what_is_wrong(
    text: str, code: int, status: int, why: str
) -> None:
    refused = refusal(text)
    assert (refused.code, refused.status) == (code, status)
    assert why in refused.why
    assert str(refused).startswith(f"{code} {refused.description}: ")


@pytest.mark.parametrize("nothing", [..., None])
def test_a_token_need_not_say_when_it_begins(nothing: object) -> None:
    assert token.read(signed(claims(nbf=nothing)), TRUST, START).identity == "alice"


def test_a_day_is_not_too_long() -> None:
    assert token.read(signed(claims(exp=NOW + 86400)), TRUST, START).identity == "alice"


def test_a_token_of_a_second_account_is_told_the_two_ways_in() -> None:
    why = refusal(signed(claims(sub="AC" + "1" * 32))).why
    assert "serve --account AC…, without a token" in why
    assert "--open" in why


def test_without_a_known_key_there_is_none_to_name() -> None:
    assert "known: none" in refusal(token_of(), Trust({})).why


def test_no_message_holds_a_token_or_a_secret() -> None:
    secret = "5" * 32
    text = signed(claims(), secret="6" * 32)
    refused = refusal(text, Trust({KEY: (secret, ACCOUNT)}))
    assert text not in str(refused)
    assert secret not in str(refused)


def test_open_accounts_believe_anybody_but_say_so() -> None:
    stranger = "AC" + "7" * 32
    read = token.read(signed(claims(sub=stranger), secret="9" * 32), OPEN, START)
    assert (read.account_sid, read.unchecked) == (stranger, True)


def test_a_shared_world_is_everybodys() -> None:
    trust = Trust({}, checks=False, shared_account=ACCOUNT)
    read = token.read(signed(claims(sub="AC" + "7" * 32)), trust, START)
    assert read.account_sid == ACCOUNT


def test_even_an_open_account_wants_a_chat_grant() -> None:
    assert refusal(signed(claims(grants={"identity": "a"})), OPEN).code == 20106


@given(
    st.text(max_size=40) | st.from_regex(r"[\w-]{0,20}\.[\w-]{0,20}\.[\w-]{0,20}", fullmatch=True)
)
def test_any_text_is_refused_and_nothing_else_happens(text: str) -> None:
    assert refusal(text).code in {20101, 20102}


_ANY: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just({})
)


@given(
    st.dictionaries(st.sampled_from(["iss", "sub", "exp", "nbf", "iat", "grants"]), _ANY),
    st.dictionaries(st.sampled_from(["alg", "cty", "typ", "crit", "b64", "kid"]), _ANY),
)
def test_any_claims_and_headers_are_read_or_refused(
    changes: dict[str, object], header: dict[str, object]
) -> None:
    def part(value: object) -> str:
        return jwt.utils.base64url_encode(json.dumps(value).encode()).decode()

    good = {"alg": "HS256", "cty": token.CONTENT_TYPE}
    text = f"{part({**good, **header})}.{part(claims(**changes))}.c2ln"
    with suppress(TokenRefused):  # and nothing else
        assert token.read(text, OPEN, START).identity == "alice"
