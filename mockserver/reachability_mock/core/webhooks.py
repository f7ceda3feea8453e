"""Webhooks as they are configured, for an account and for a service: where, how, and which."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from ipaddress import AddressValueError, IPv6Address

from reachability_mock.core import errors
from reachability_mock.core.changes import Changes
from reachability_mock.core.errors import Refused
from reachability_mock.core.events import AccountUpdated
from reachability_mock.core.facts import AccountWebhooksConfigured, WebhooksConfigured, WebhooksEdit
from reachability_mock.core.model import Policy, WebhookMethod, Webhooks
from reachability_mock.core.records import Records, the_account, the_service
from reachability_mock.core.services import updated

EVENTS = (
    *("onMessageAdd", "onMessageAdded", "onMessageUpdate", "onMessageUpdated"),
    *("onMessageRemove", "onMessageRemoved", "onDeliveryUpdated"),
    *("onConversationAdd", "onConversationAdded", "onConversationUpdate", "onConversationUpdated"),
    *("onConversationRemove", "onConversationRemoved", "onConversationStateUpdated"),
    *("onParticipantAdd", "onParticipantAdded", "onParticipantUpdate", "onParticipantUpdated"),
    *("onParticipantRemove", "onParticipantRemoved"),
    *("onUserAdded", "onUserUpdate", "onUserUpdated"),
)
"""What a filter may name, on either level.  There is no onUserAdd and no onUserRemoved."""
CHAT_EVENTS = ("onMessageSend", "onMessageSent", "onConversationDestroyed")
"""Names of the product's first years that Twilio's own examples still use; nothing tells them."""

_NAMED = frozenset((*EVENTS, *CHAT_EVENTS))
_CHARACTERS = r"([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"
_LABEL = "[A-Za-z0-9_]+(?:-+[A-Za-z0-9_]+)*"
_URL = (  # compiled when somebody sends one: few tests do
    r"[Hh][Tt][Tt][Pp][Ss]?://([A-Za-z0-9._~%!$&'()*+,;=:-]+@)?"
    rf"({_LABEL}(\.{_LABEL})*\.?|\[(?P<address>[0-9A-Fa-f:.]+)\])(:(?P<port>[0-9]+))?"
    rf"([/?]{_CHARACTERS})?(#{_CHARACTERS})?"
)
_PORT = "0*([1-9][0-9]{0,4})"
_LARGEST_PORT = 65535


def configured(records: Records, fact: WebhooksConfigured, at: datetime, policy: Policy) -> Changes:
    """The changes of an update of a service's webhooks; only what was sent changes.

    Raises:
        Refused: a URL or a filter that will not do.
    """
    service = the_service(records, fact.service_sid)
    after = replace(service, webhooks=_edited(service.webhooks, fact.edit, policy))
    return updated(service, after, at, policy)


def account_configured(
    records: Records, fact: AccountWebhooksConfigured, policy: Policy
) -> Changes:
    """The changes of an update of an account's webhooks; only what was sent changes.

    Raises:
        Refused: a URL or a filter that will not do.
    """
    before = the_account(records, fact.account_sid)
    after = replace(before, webhooks=_edited(before.webhooks, fact.edit, policy))
    if after == before:
        return Changes(before)
    return Changes(after, (after,), events=(AccountUpdated(after),))


def _edited(before: Webhooks, edit: WebhooksEdit, policy: Policy) -> Webhooks:
    after = Webhooks(
        _url(edit.pre_url, before.pre_url, errors.pre_webhook_url, policy),
        _url(edit.post_url, before.post_url, errors.post_webhook_url, policy),
        edit.method or before.method,
        before.filters if edit.filters is None else _filters(edit.filters, policy),
        edit.target or before.target,
    )
    if policy.webhook_method_filled and (after.pre_url or after.post_url) and not after.method:
        return replace(after, method=WebhookMethod.POST)
    return after


def _url(
    sent: str | None, kept: str | None, refusal: Callable[[], Refused], policy: Policy
) -> str | None:
    """What was sent, if a webhook can go there; nothing sent keeps what there was."""
    if sent is None:
        return kept
    if not sent:
        return policy.cleared_webhook_url
    if not _is_url(sent):
        raise refusal()
    return sent


def _is_url(text: str) -> bool:
    found = re.fullmatch(_URL, text)
    return bool(found and _is_port(found["port"]) and _is_address(found["address"]))


def _is_port(digits: str | None) -> bool:
    if digits is None:
        return True
    found = re.fullmatch(_PORT, digits)
    return found is not None and int(found[1]) <= _LARGEST_PORT


def _is_address(text: str | None) -> bool:
    try:
        return text is None or bool(IPv6Address(text))
    except AddressValueError:
        return False


def _filters(names: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """Each name once; an empty one is nobody's, so that ``Filters=`` alone takes all away."""
    found = tuple(dict.fromkeys(name for name in names if name))
    unknown = next((name for name in found if name not in _NAMED), None)
    if unknown is not None and policy.webhook_filter_code is not None:
        raise errors.webhook_filter(policy.webhook_filter_code, unknown)
    return found
