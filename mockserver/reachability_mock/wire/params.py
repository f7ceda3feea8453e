"""From PascalCase forms and queries to facts and page requests, or a refusal.

Unknown parameters are ignored, which is all there is to R13: no fact has a field for a state that
somebody would like to write.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable
from typing import Protocol

from reachability_mock.core import errors
from reachability_mock.core.facts import (
    UNSET,
    AccountConfigured,
    ServiceConfigured,
    ServiceCreated,
    UserCreated,
    UserEdited,
)
from reachability_mock.core.model import BindingType, Policy
from reachability_mock.core.paging import (
    DEFAULT_SIZE,
    LARGEST_SIZE,
    START,
    Cursor,
    PageRequest,
    Way,
)

_NUMBER = re.compile(r"[0-9]{1,10}")
_LARGEST_NUMBER = 2**31 - 1
_TOKEN_MARK = {Way.FORWARD: "PT", Way.BACK: "PB"}


class Form(Protocol):
    """A parsed form or query: werkzeug's MultiDict, or anything like it."""

    def get(self, key: str, /) -> str | None:
        """The first value of a parameter."""

    def getlist(self, key: str, /) -> Iterable[str]:
        """All values of a parameter."""


def boolean(name: str, text: str | None) -> bool | None:
    """True or false in any letter case (R2); None if it was not sent.

    Raises:
        Refused: 400/20001 for anything else.
    """
    if text is None:
        return None
    word = text.lower()
    if word not in {"true", "false"}:
        raise errors.bad_value(name, text)
    return word == "true"


def service_created(form: Form, account_sid: str, sid: str) -> ServiceCreated:
    """The fact behind ``POST /v1/Services``."""
    return ServiceCreated(account_sid, sid, form.get("FriendlyName") or "")


def service_configured(form: Form, service_sid: str) -> ServiceConfigured:
    """The fact behind ``POST /v1/Services/{IS}/Configuration``.

    Raises:
        Refused: ReachabilityEnabled is neither true nor false.
    """
    return ServiceConfigured(
        service_sid,
        boolean("ReachabilityEnabled", form.get("ReachabilityEnabled")),
        form.get("DefaultConversationCreatorRoleSid"),
        form.get("DefaultConversationRoleSid"),
        form.get("DefaultChatServiceRoleSid"),
    )


def account_configured(form: Form, account_sid: str) -> AccountConfigured:
    """The fact behind ``POST /v1/Configuration``."""
    return AccountConfigured(
        account_sid,
        form.get("DefaultChatServiceSid"),
        form.get("DefaultMessagingServiceSid"),
        form.get("DefaultInactiveTimer"),
        form.get("DefaultClosedTimer"),
    )


def user_created(form: Form, service_sid: str, sid: str) -> UserCreated:
    """The fact behind ``POST …/Users``."""
    return UserCreated(
        service_sid,
        sid,
        form.get("Identity") or "",
        form.get("FriendlyName"),
        form.get("Attributes"),
        form.get("RoleSid"),
    )


def user_edited(form: Form, service_sid: str, user_sid: str) -> UserEdited:
    """The fact behind ``POST …/Users/{Sid}``."""
    name, attributes, role = (
        form.get("FriendlyName"),
        form.get("Attributes"),
        form.get("RoleSid"),
    )
    return UserEdited(
        service_sid,
        user_sid,
        UNSET if name is None else name,
        UNSET if attributes is None else attributes,
        UNSET if role is None else role,
    )


def binding_types(query: Form) -> tuple[BindingType, ...]:
    """The BindingType filters of a list of bindings, in any letter case.

    Raises:
        Refused: 400/50209 for a word that names no type.
    """
    try:
        return tuple(BindingType(text.lower()) for text in query.getlist("BindingType"))
    except ValueError:
        raise errors.binding_type() from None


def page_request(query: Form, place: str, largest: int, policy: Policy) -> PageRequest:
    """What a list is asked for; `place` names the list, so that a token serves no other.

    Raises:
        Refused: a PageSize, Page or PageToken that cannot be.
    """
    token, page = query.get("PageToken"), query.get("Page")
    number = _page_number(page, policy) if page is not None else 0
    cursor = read_token(token, place) if token is not None else START
    if number and token is None:
        if policy.refuse_page_without_token:
            raise errors.page_token()
        number = 0
    return PageRequest(_page_size(query.get("PageSize"), largest, policy), number, cursor)


def _page_size(text: str | None, largest: int, policy: Policy) -> int:
    if text is None:
        return min(DEFAULT_SIZE, largest)
    if not _NUMBER.fullmatch(text) or not int(text):
        raise errors.page_size("Page size must be a positive number")
    size = int(text)
    if size > LARGEST_SIZE or (size > largest and policy.refuse_large_pages):
        raise errors.page_size()
    return min(size, largest)


def _page_number(text: str, policy: Policy) -> int:
    if _NUMBER.fullmatch(text) and int(text) <= _LARGEST_NUMBER:
        return int(text)
    if policy.refuse_malformed_page:
        raise errors.bad_value("Page", text)
    return 0


def write_token(cursor: Cursor, place: str) -> str:
    """The opaque PageToken that `read_token` understands for the same list."""
    text = json.dumps({"n": cursor.number, "l": place}, separators=(",", ":"))
    return _TOKEN_MARK[cursor.way] + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_token(token: str, place: str) -> Cursor:
    """The cursor inside a PageToken.

    Raises:
        Refused: 400/21481, not a token or another list's.
    """
    for way, mark in _TOKEN_MARK.items():
        if token.startswith(mark):
            return Cursor(way, _token_number(token[len(mark) :], place))
    raise errors.page_token()


def _token_number(text: str, place: str) -> int:
    try:
        padded = text + "=" * (-len(text) % 4)
        read = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise errors.page_token() from None
    number = read.get("n") if isinstance(read, dict) and read.get("l") == place else None
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**63:
        raise errors.page_token()
    return number
