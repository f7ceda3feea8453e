"""Accounts: opening one and updating its Configuration."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from reachability_mock.core import errors, sids
from reachability_mock.core.changes import Changes
from reachability_mock.core.events import AccountUpdated
from reachability_mock.core.facts import AccountConfigured, AccountOpened
from reachability_mock.core.model import Account
from reachability_mock.core.records import Records, the_account
from reachability_mock.core.services import new_service

_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?", re.ASCII
)
_MINUTE = 60


def opened(records: Records, fact: AccountOpened, at: datetime) -> Changes:
    """The changes that open an account with its default service; none if it is open already."""
    if records.account(fact.account_sid) is not None:
        return Changes()
    account = new_account(fact.account_sid, fact.default_service_sid)
    service = new_service(fact.account_sid, fact.default_service_sid, "Default", at)
    return Changes(
        account, (account, *service.puts), events=(AccountUpdated(account), *service.events)
    )


def new_account(sid: str, default_service_sid: str) -> Account:
    """An account nobody has configured yet."""
    messaging = sids.derived("MG", sid, "default messaging service")
    return Account(sid, default_service_sid, messaging)


def configured(records: Records, fact: AccountConfigured) -> Changes:
    """The changes of an update of the account's Configuration.

    Raises:
        Refused: an unknown service, a malformed messaging service SID, a bad timer.
    """
    before = the_account(records, fact.account_sid)
    _check(records, fact)
    after = replace(
        before,
        default_service_sid=fact.default_service_sid or before.default_service_sid,
        default_messaging_service_sid=_chosen(
            fact.default_messaging_service_sid, before.default_messaging_service_sid
        ),
        default_inactive_timer=_chosen(fact.default_inactive_timer, before.default_inactive_timer),
        default_closed_timer=_chosen(fact.default_closed_timer, before.default_closed_timer),
    )
    if after == before:
        return Changes(before)
    return Changes(after, (after,), events=(AccountUpdated(after),))


def _chosen(sent: str | None, kept: str | None) -> str | None:
    """What was sent; nothing sent keeps what there was, an empty text clears it."""
    return kept if sent is None else sent or None


def _check(records: Records, fact: AccountConfigured) -> None:
    if fact.default_service_sid is not None:
        service = records.service(fact.default_service_sid)
        if service is None or service.account_sid != fact.account_sid:
            raise errors.service_not_found()
    messaging = fact.default_messaging_service_sid
    if messaging and not sids.is_sid("MG", messaging):
        raise errors.unprocessable_messaging_service()
    _check_timer("inactive", fact.default_inactive_timer, _MINUTE, (50379, 50375))
    _check_timer("closed", fact.default_closed_timer, 10 * _MINUTE, (50380, 50376))


def _check_timer(which: str, text: str | None, least: int, codes: tuple[int, int]) -> None:
    """Refuse `text` unless it is an ISO 8601 duration of at least `least` seconds."""
    if not text:
        return
    bad_format, too_short = codes
    match = _DURATION.fullmatch(text)
    if match is None:
        raise errors.timer_format(bad_format, which)
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if ((days * 24 + hours) * 60 + minutes) * 60 + seconds < least:
        raise errors.timer_too_short(too_short, which)
