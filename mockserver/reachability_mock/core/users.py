"""Users: created, edited and deleted through REST (or edited by their own SDK)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import NoReturn

from reachability_mock.core import errors
from reachability_mock.core.changes import Changes
from reachability_mock.core.events import (
    BindingRemoved,
    ConnectionClosed,
    Event,
    UserAdded,
    UserRemoved,
)
from reachability_mock.core.facts import UNSET, UserCreated, UserDeleted, UserEdited
from reachability_mock.core.model import Policy, RoleType, User
from reachability_mock.core.presence import Moment, new_user, user_changes
from reachability_mock.core.records import the_service, the_user
from reachability_mock.core.roles import checked_role
from reachability_mock.core.services import FRIENDLY_NAME_LIMIT

_STRING_OR_SPACE = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\n\r]+')


def created(fact: UserCreated, moment: Moment) -> Changes:
    """The changes that create a user.

    Raises:
        Refused: a bad or taken identity, a long name, bad attributes, a role that will not do.
    """
    service = the_service(moment.records, fact.service_sid)
    unnamed = moment.policy.unnamed_user
    user = new_user(service, fact.identity, fact.sid, moment.at, unnamed)
    edit = UserEdited(
        service.sid,
        fact.sid,
        UNSET if fact.friendly_name is None else fact.friendly_name,
        UNSET if fact.attributes is None else fact.attributes,
        UNSET if fact.role_sid is None else fact.role_sid,
    )
    user = _edited(user, edit, moment)
    if moment.records.user_by_identity(service.sid, fact.identity) is not None:
        raise errors.user_exists()
    return Changes(user, (user,), events=(UserAdded(service, user),))


def edited(fact: UserEdited, moment: Moment) -> Changes:
    """The changes of an update; an empty update is accepted and changes nothing (R13).

    Raises:
        Refused: the user is gone, a long name, bad attributes, a role that will not do.
    """
    service = the_service(moment.records, fact.service_sid)
    before = the_user(moment.records, fact.service_sid, fact.user_sid)
    after = _edited(before, fact, moment)
    if after != before:
        after = replace(after, date_updated=moment.at)
    return user_changes(moment, service, before, after)


def deleted(fact: UserDeleted, moment: Moment) -> Changes:
    """The changes that delete a user: its connections close and its bindings go.

    Raises:
        Refused: the user is gone.
    """
    service = the_service(moment.records, fact.service_sid)
    user = the_user(moment.records, fact.service_sid, fact.user_sid)
    bindings = tuple(moment.records.bindings_of(user))
    closed: list[Event] = [ConnectionClosed(service, user, one.device) for one in user.connections]
    removed: list[Event] = [BindingRemoved(service, one) for one in bindings]
    return Changes(
        user, drops=(*bindings, user), events=(*closed, *removed, UserRemoved(service, user))
    )


def _edited(user: User, fact: UserEdited, moment: Moment) -> User:
    if fact.friendly_name is not UNSET:
        user = replace(user, friendly_name=_checked_name(fact.friendly_name, moment.policy))
    if fact.attributes is not UNSET:
        user = replace(user, attributes=checked_attributes(fact.attributes, moment.policy))
    if fact.role_sid is not UNSET:
        role_sid = checked_role(
            moment.records, user.service_sid, fact.role_sid, RoleType.SERVICE, moment.policy
        )
        user = replace(user, role_sid=role_sid)
    return user


def _checked_name(name: str | None, policy: Policy) -> str | None:
    if not name:
        return policy.cleared_friendly_name
    if len(name) > FRIENDLY_NAME_LIMIT:
        raise errors.friendly_name_too_long()
    return name


def checked_attributes(text: str, policy: Policy) -> str:
    """`text` as it is kept, if it is JSON of at most `policy.attributes_limit` bytes.

    Raises:
        Refused: too long 50303, not JSON 50304.
    """
    if len(text.encode("utf-8", "surrogatepass")) > policy.attributes_limit:
        raise errors.attributes_too_long()
    try:
        json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise errors.attributes_not_json() from None
    return _compacted(text) if policy.attributes_compacted else text


def _compacted(text: str) -> str:
    """JSON without the white space between its tokens; numbers and strings stay as written."""
    return _STRING_OR_SPACE.sub(lambda found: found[1] or "", text)


def _no_constant(name: str) -> NoReturn:
    """JSON has no NaN and no Infinity, whatever Python's reader says."""
    raise ValueError(name)
