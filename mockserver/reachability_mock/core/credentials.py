"""Credentials: what an account lets a push service know it by.  Their secrets do not get here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reachability_mock.core import errors
from reachability_mock.core.changes import Changes
from reachability_mock.core.events import CredentialAdded, CredentialRemoved, CredentialUpdated
from reachability_mock.core.facts import CredentialCreated, CredentialDeleted, CredentialEdited
from reachability_mock.core.model import Credential, Policy
from reachability_mock.core.records import Records, the_account

FRIENDLY_NAME_LIMIT = 64


def created(records: Records, fact: CredentialCreated, at: datetime, policy: Policy) -> Changes:
    """The changes that create a credential.

    Raises:
        Refused: a name over 64 characters.
    """
    account = the_account(records, fact.account_sid)
    credential = Credential(
        fact.sid,
        fact.account_sid,
        _name(fact.friendly_name, policy.unnamed_credential, policy),
        fact.type,
        sandbox=bool(fact.sandbox),
        date_created=at,
        date_updated=at,
    )
    return Changes(credential, (credential,), events=(CredentialAdded(account, credential),))


def edited(records: Records, fact: CredentialEdited, at: datetime, policy: Policy) -> Changes:
    """The changes of an update: another secret is one, although nobody will see it.

    Raises:
        Refused: the credential is gone, or a name over 64 characters.
    """
    before = _the_credential(records, fact.account_sid, fact.sid)
    after = replace(
        before,
        type=fact.type or before.type,
        friendly_name=_name(fact.friendly_name, before.friendly_name, policy),
        sandbox=before.sandbox if fact.sandbox is None else fact.sandbox,
    )
    if after == before and not fact.new_secret:
        return Changes(before)
    after = replace(after, date_updated=at)
    account = the_account(records, fact.account_sid)
    return Changes(after, (after,), events=(CredentialUpdated(account, after),))


def deleted(records: Records, fact: CredentialDeleted) -> Changes:
    """The changes that delete a credential.

    Raises:
        Refused: the credential is gone.
    """
    credential = _the_credential(records, fact.account_sid, fact.sid)
    account = the_account(records, fact.account_sid)
    return Changes(
        credential, drops=(credential,), events=(CredentialRemoved(account, credential),)
    )


def _the_credential(records: Records, account_sid: str, sid: str) -> Credential:
    credential = records.credential(account_sid, sid)
    if credential is None:
        raise errors.not_found(f"/Credentials/{sid}")
    return credential


def _name(sent: str | None, kept: str | None, policy: Policy) -> str | None:
    """What was sent, if it is short enough; nothing sent keeps what there was."""
    if sent is None:
        return kept
    if len(sent) > FRIENDLY_NAME_LIMIT:
        raise errors.friendly_name_too_long()
    return sent or policy.cleared_friendly_name
