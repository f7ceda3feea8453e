"""Which accounts a target over HTTP plays as."""

from __future__ import annotations

import pytest

from reachability_mock.scenario.target import DEFAULT, Lacking
from reachability_mock.targets.accounts import ONE_ACCOUNT, Accounts

MINE, THEIRS = ("AC" + "0" * 32, "mine"), ("AC" + "1" * 32, "theirs")


def test_without_a_second_account_there_is_one() -> None:
    accounts = Accounts(MINE)
    assert accounts.lacking == ONE_ACCOUNT
    assert accounts.open(DEFAULT, None) == MINE[0]
    with pytest.raises(Lacking, match="account other"):
        accounts.open("other", None)


def test_a_second_account_goes_by_the_first_name_that_asks_for_it() -> None:
    accounts = Accounts(MINE, THEIRS)
    assert accounts.lacking is None
    assert accounts.open("other", None) == THEIRS[0]
    assert accounts.of("other") == THEIRS
    assert accounts.of(DEFAULT) == MINE
    with pytest.raises(Lacking, match="account third"):
        accounts.open("third", None)
    accounts.begin()
    assert accounts.open("third", None) == THEIRS[0]


def test_an_account_with_another_sid_is_not_there() -> None:
    with pytest.raises(Lacking, match=r"…0000$"):
        Accounts(MINE).open(DEFAULT, THEIRS[0])
