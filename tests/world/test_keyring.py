"""Who may come in; what a stranger is told; and that no secret is told to anybody."""

from __future__ import annotations

import pytest

from reachability_mock import keyring as keyring_module
from reachability_mock.core.errors import NO_CREDENTIALS, Problem, Refused
from reachability_mock.keyring import Access, Caller, Keyring

AC, OTHER, SK = "AC" + "1" * 32, "AC" + "2" * 32, "SK" + "1" * 32
TOKEN, SECRET = "s3cret-auth-token-of-the-account", "s3cret-of-the-api-key"


def ring(access: Access = Access.STRICT) -> Keyring:
    return Keyring(access, default_account=AC, accounts={AC: TOKEN}, keys={SK: (SECRET, AC)})


def refusal(keys: Keyring, username: str, password: str) -> Problem:
    with pytest.raises(Refused) as caught:
        keys.admit(username, password)
    said = f"{caught.value} {caught.value!r} {caught.value.problem}"
    for secret in (TOKEN, SECRET, *([password] if len(password) > 4 else [])):
        assert secret not in said
    return caught.value.problem


def test_an_account_comes_in_with_its_token() -> None:
    assert ring().admit(AC, TOKEN) == Caller(AC, AC)


def test_a_key_comes_in_with_its_secret_and_acts_for_its_account() -> None:
    assert ring().admit(SK, SECRET) == Caller(AC, AC)


@pytest.mark.parametrize("access", [Access.STRICT, Access.OPEN])
def test_a_known_name_with_a_wrong_secret_is_told_to_authenticate(access: Access) -> None:
    for username, wrong in ((AC, SECRET), (SK, TOKEN), (AC, ""), (AC, TOKEN + " "), (AC, "é")):
        problem = refusal(ring(access), username, wrong)
        assert (problem.status, problem.code, problem.message) == (401, 20003, "Authenticate")
        assert problem.hint == f"wrong secret for {username[:2]}…1111"


def test_a_stranger_is_told_that_the_name_is_wrong() -> None:
    for username in (OTHER, "SK" + "2" * 32):
        problem = refusal(ring(), username, TOKEN)
        assert (problem.status, problem.code) == (401, 20003)
        assert problem.message == "Authentication Error - invalid username"
        assert problem.hint == f"{username[:2]}…2222 is not known here"


@pytest.mark.parametrize("access", Access)
@pytest.mark.parametrize(
    "username", ["", "alice", "AC1", AC.lower(), AC + "1", AC + "\n", "US" + AC[2:]]
)
def test_a_name_is_ac_or_sk_and_32_hex_digits(access: Access, username: str) -> None:
    problem = refusal(ring(access), username, "whatever-it-is")
    assert (problem.status, problem.message) == (401, "Authentication Error - invalid username")
    assert "AC or SK" in str(problem.hint)


def test_open_lets_an_account_be_born_and_its_first_token_is_its_token() -> None:
    keys = ring(Access.OPEN)
    assert keys.admit(OTHER, "first") == Caller(OTHER, OTHER)
    assert keys.admit(OTHER, "first") == Caller(OTHER, OTHER)
    assert refusal(keys, OTHER, "second").message == "Authenticate"


def test_open_gives_an_unknown_key_to_the_default_account() -> None:
    keys = ring(Access.OPEN)
    assert keys.admit("SK" + "2" * 32, "first") == Caller(AC, AC)
    assert refusal(keys, "SK" + "2" * 32, "second").message == "Authenticate"


def test_shared_gives_everybody_one_world_and_shows_each_its_own_account() -> None:
    keys = ring(Access.SHARED)
    assert keys.admit(OTHER, "anything") == Caller(AC, OTHER)
    assert keys.admit(SK, "anything") == Caller(AC, AC)


def test_a_stranger_costs_a_comparison_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets meet only in `compare_digest`, and as often for who is not known."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(known: bytes, sent: bytes) -> bool:
        compared.append((known, sent))
        return known == sent

    monkeypatch.setattr(keyring_module, "compare_digest", compare)
    keys = ring()
    keys.admit(AC, TOKEN)
    refusal(keys, AC, "wrong-token")
    refusal(keys, OTHER, "wrong-token")
    refusal(keys, "SK" + "2" * 32, "wrong-token")
    assert [sent for _, sent in compared] == [TOKEN.encode(), *[b"wrong-token"] * 3]


def test_a_strangers_lucky_guess_is_still_a_strangers() -> None:
    """Strangers are compared with a constant: whoever sends just that is not let in."""
    assert refusal(ring(), OTHER, "0" * 32).message == "Authentication Error - invalid username"


def test_no_credentials_at_all_have_a_refusal_of_their_own() -> None:
    assert NO_CREDENTIALS.message == "Authentication Error - No credentials provided"


def test_a_ring_knows_nobody_at_first() -> None:
    assert refusal(Keyring(), "AC" + "0" * 32, "0" * 32).code == 20003
