"""Credentials: an account's, without their secrets."""

from __future__ import annotations

from dataclasses import fields

import pytest

from reachability_mock.core.errors import Refused
from reachability_mock.core.events import CredentialAdded, CredentialRemoved, CredentialUpdated
from reachability_mock.core.facts import (
    CredentialCreated,
    CredentialDeleted,
    CredentialEdited,
    Fact,
)
from reachability_mock.core.model import Credential, CredentialType
from tests.core.stage import ACCOUNT, Stage, sid

OWN = sid("CR", 1)


def create(stage: Stage) -> Credential:
    fact = CredentialCreated(ACCOUNT, OWN, CredentialType.FCM, "Android")
    subject = stage.happen(fact).subject
    assert isinstance(subject, Credential)
    return subject


def refusal(stage: Stage, fact: Fact) -> tuple[int, int]:
    with pytest.raises(Refused) as caught:
        stage.happen(fact)
    return caught.value.problem.status, caught.value.problem.code


def test_neither_a_credential_nor_its_facts_have_room_for_a_secret() -> None:
    known = {"sid", "account_sid", "friendly_name", "type", "sandbox"}
    assert {one.name for one in fields(CredentialCreated)} == known
    assert {one.name for one in fields(CredentialEdited)} == known | {"new_secret"}
    assert {one.name for one in fields(Credential)} == known | {"date_created", "date_updated"}
    assert {one.type for one in fields(CredentialEdited) if one.name == "new_secret"} == {"bool"}


def test_an_update_changes_what_was_sent_and_is_told_once(stage: Stage) -> None:
    before = create(stage)
    stage.advance(5)
    stage.happen(CredentialEdited(ACCOUNT, OWN))
    stage.happen(CredentialEdited(ACCOUNT, OWN, CredentialType.FCM, "Android", sandbox=False))
    assert stage.records.credentials[OWN] == before
    stage.happen(CredentialEdited(ACCOUNT, OWN, CredentialType.APN))
    after = stage.records.credentials[OWN]
    assert (after.type, after.friendly_name) == (CredentialType.APN, "Android")
    assert after.date_updated == stage.now
    assert [type(event) for _, event in stage.events] == [CredentialAdded, CredentialUpdated]


def test_another_secret_is_a_change_that_cannot_be_seen(stage: Stage) -> None:
    create(stage)
    stage.advance(5)
    stage.happen(CredentialEdited(ACCOUNT, OWN, new_secret=True))
    assert stage.records.credentials[OWN].date_updated == stage.now
    assert isinstance(stage.events[-1][1], CredentialUpdated)


def test_a_deleted_credential_is_gone_and_not_found_again(stage: Stage) -> None:
    create(stage)
    stage.happen(CredentialDeleted(ACCOUNT, OWN))
    assert stage.records.credentials == {}
    assert isinstance(stage.events[-1][1], CredentialRemoved)
    assert refusal(stage, CredentialDeleted(ACCOUNT, OWN)) == (404, 20404)
    assert refusal(stage, CredentialEdited(ACCOUNT, OWN, new_secret=True)) == (404, 20404)


def test_an_account_that_is_not_open_has_none(stage: Stage) -> None:
    fact = CredentialCreated(sid("AC", 9), OWN, CredentialType.APN)
    assert refusal(stage, fact) == (404, 20404)
    create(stage)
    assert refusal(stage, CredentialDeleted(sid("AC", 9), OWN)) == (404, 20404)
