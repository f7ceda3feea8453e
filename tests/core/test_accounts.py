"""Accounts: opened once with a default service; a Configuration that checks what it is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reachability_mock.core import sids
from reachability_mock.core.errors import Refused
from reachability_mock.core.events import AccountUpdated
from reachability_mock.core.facts import AccountConfigured, AccountOpened, ServiceCreated
from reachability_mock.core.model import Account
from tests.core.stage import ACCOUNT, Stage, sid

OTHER = sid("AC", 9)


def configure(stage: Stage, **sent: str) -> Account:
    subject = stage.happen(AccountConfigured(ACCOUNT, **sent)).subject
    assert isinstance(subject, Account)
    return subject


def code_of(stage: Stage, **sent: str) -> int:
    before = stage.records.account(ACCOUNT)
    with pytest.raises(Refused) as caught:
        configure(stage, **sent)
    assert stage.records.account(ACCOUNT) == before
    return caught.value.problem.code


def test_an_account_has_a_default_service_from_its_first_breath(stage: Stage) -> None:
    account = stage.records.account(ACCOUNT)
    assert account is not None
    assert account.default_service_sid == sids.default_service_sid(ACCOUNT)
    assert stage.service.friendly_name == "Default"
    assert stage.service.account_sid == ACCOUNT
    assert sids.is_sid("MG", str(account.default_messaging_service_sid))
    assert account.default_inactive_timer is account.default_closed_timer is None


def test_opening_it_again_changes_nothing(stage: Stage) -> None:
    stage.switch(on=True)
    stage.events.clear()
    stage.happen(AccountOpened(ACCOUNT, stage.service_sid))
    assert stage.events == []
    assert stage.service.reachability_enabled


def test_an_update_changes_only_what_was_sent(stage: Stage) -> None:
    before = stage.records.account(ACCOUNT)
    assert before is not None
    after = configure(stage, default_inactive_timer="PT5M")
    assert after == replace(before, default_inactive_timer="PT5M")
    assert configure(stage, default_messaging_service_sid=sid("MG", 1)) == replace(
        after, default_messaging_service_sid=sid("MG", 1)
    )
    assert [type(event) for _, event in stage.events] == [AccountUpdated] * 2


def test_an_update_of_nothing_is_silent(stage: Stage) -> None:
    configure(stage)
    configure(stage, default_service_sid=stage.service_sid)
    assert stage.events == []


def test_an_empty_text_clears_what_can_be_cleared(stage: Stage) -> None:
    configure(stage, default_inactive_timer="PT1M", default_closed_timer="PT10M")
    after = configure(
        stage,
        default_inactive_timer="",
        default_closed_timer="",
        default_messaging_service_sid="",
    )
    assert after.default_inactive_timer is None
    assert after.default_closed_timer is None
    assert after.default_messaging_service_sid is None
    assert code_of(stage, default_service_sid="") == 50050


def test_the_default_service_can_be_another_one_of_the_account(stage: Stage) -> None:
    stage.happen(ServiceCreated(ACCOUNT, sid("IS", 1), "support"))
    assert configure(stage, default_service_sid=sid("IS", 1)).default_service_sid == sid("IS", 1)


def test_the_default_service_cannot_be_missing_or_somebody_elses(stage: Stage) -> None:
    theirs = sids.default_service_sid(OTHER)
    stage.happen(AccountOpened(OTHER, theirs))
    assert code_of(stage, default_service_sid=theirs) == 50050
    assert code_of(stage, default_service_sid=sid("IS", 404)) == 50050
    assert code_of(stage, default_service_sid="undefined") == 50050


def test_a_messaging_service_has_the_shape_of_one(stage: Stage) -> None:
    assert code_of(stage, default_messaging_service_sid=sid("IS", 1)) == 50341


@pytest.mark.parametrize("text", ["PT1M", "PT60S", "PT1H", "P1D", "P1DT1S", "PT999999H"])
def test_an_inactive_timer_is_at_least_a_minute(stage: Stage, text: str) -> None:
    assert configure(stage, default_inactive_timer=text).default_inactive_timer == text


@pytest.mark.parametrize("text", ["PT10M", "PT600S", "P1D"])
def test_a_closed_timer_is_at_least_ten_minutes(stage: Stage, text: str) -> None:
    assert configure(stage, default_closed_timer=text).default_closed_timer == text


def test_a_timer_under_its_minimum_is_refused(stage: Stage) -> None:
    assert code_of(stage, default_inactive_timer="PT59S") == 50375
    assert code_of(stage, default_inactive_timer="P0D") == 50375
    assert code_of(stage, default_closed_timer="PT9M59S") == 50376


BAD = ["P", "PT", "5M", "PT1", "P1H", "PT1M ", "pt1m", "-PT1M", "PT1.5M", "PT٣M", "P1DT", "PT1M1H"]


@pytest.mark.parametrize("text", BAD)
def test_a_timer_that_is_no_duration_is_refused(stage: Stage, text: str) -> None:
    assert code_of(stage, default_inactive_timer=text) == 50379
    assert code_of(stage, default_closed_timer=text) == 50380


def test_an_account_that_is_not_open_has_no_configuration(stage: Stage) -> None:
    with pytest.raises(Refused, match="20404"):
        stage.happen(AccountConfigured(OTHER))
