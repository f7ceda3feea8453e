"""What a site has when it begins."""

from __future__ import annotations

import logging

import pytest

from reachability_mock.core import sids
from reachability_mock.core.errors import Refused
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.server import build_site
from tests.http.asking import ACCOUNT, OTHER, Asker, basic

KEY = "SK" + "5" * 32


def test_the_built_in_credentials_come_in() -> None:
    keyring = build_site().keyring
    assert keyring.admit(ACCOUNT, DEFAULT_SECRET).account_sid == ACCOUNT
    assert keyring.admit(sids.DEFAULT_KEY, DEFAULT_SECRET).account_sid == ACCOUNT


def test_a_token_of_ones_own_takes_the_built_in_ones_place() -> None:
    keyring = build_site(accounts={ACCOUNT: "mine"}, keys={KEY: "k"}).keyring
    assert keyring.admit(ACCOUNT, "mine").account_sid == ACCOUNT
    assert keyring.admit(KEY, "k").account_sid == ACCOUNT
    with pytest.raises(Refused):
        keyring.admit(ACCOUNT, DEFAULT_SECRET)


def test_another_default_account_leaves_the_built_in_one_outside() -> None:
    site = build_site(default_account=OTHER)
    assert site.keyring.admit(sids.DEFAULT_KEY, DEFAULT_SECRET).account_sid == OTHER
    with pytest.raises(Refused):
        site.keyring.admit(ACCOUNT, DEFAULT_SECRET)
    assert site.world.store.account(ACCOUNT) is None


def test_services_are_there_with_the_sids_that_were_asked_for() -> None:
    fixed = ["IS" + "7" * 32, "IS" + "8" * 32]
    asker = Asker(build_site(services=fixed))
    for sid in fixed:
        assert asker.ask("GET", f"/v1/Services/{sid}", None, basic()).json["sid"] == sid


def test_hints_go_to_the_log_unless_somebody_else_wants_them(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, logger="reachability_mock")
    asker = Asker(build_site())
    asker.ask("GET", "/v1/Services/IS1", None, basic())
    assert "no service IS1 here" in caplog.text
