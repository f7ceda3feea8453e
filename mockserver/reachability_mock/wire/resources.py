"""From nouns to the JSON of the REST API: snake_case, UTC dates with seconds, absolute URLs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from reachability_mock.core.errors import MORE_INFO, Problem
from reachability_mock.core.model import Account, Binding, Policy, Service, User
from reachability_mock.core.paging import Cursor, Page
from reachability_mock.core.reachability import Action, seen
from reachability_mock.wire.params import write_token

Json = dict[str, object]
T = TypeVar("T")

_SERVICE_LINKS = {
    "conversations": "Conversations",
    "users": "Users",
    "roles": "Roles",
    "bindings": "Bindings",
    "configuration": "Configuration",
    "participant_conversations": "ParticipantConversations",
    "conversation_with_participants": "ConversationWithParticipants",
}


class Place(NamedTuple):
    """Where a request came in, and so how its answers spell URLs and the account.

    One object has two renderings: reached by the default-service path (`service_sid` None) or by
    its service's.
    """

    root: str
    """Scheme, authority and version: ``https://conversations.twilio.com/v1``."""
    account_sid: str
    service_sid: str | None = None

    @property
    def base(self) -> str:
        """The URL under which the resources of the service hang."""
        return f"{self.root}/Services/{self.service_sid}" if self.service_sid else self.root


@lru_cache(maxsize=4096)
def date(moment: datetime) -> str:
    """ISO 8601 in UTC with seconds: ``2026-01-05T09:00:00Z``.

    Remembered, because a list says the same dates again and again; `moment` is in UTC.
    """
    return moment.isoformat()[:19] + "Z"


def account_configuration(account: Account, place: Place) -> Json:
    """``/v1/Configuration``."""
    service = f"{place.root}/Services/{account.default_service_sid}"
    return {
        "account_sid": place.account_sid,
        "default_chat_service_sid": account.default_service_sid,
        "default_messaging_service_sid": account.default_messaging_service_sid,
        "default_inactive_timer": account.default_inactive_timer,
        "default_closed_timer": account.default_closed_timer,
        "url": f"{place.root}/Configuration",
        "links": {
            "service": f"{service}/Configuration",
            "webhooks": f"{place.root}/Configuration/Webhooks",
        },
    }


def service(noun: Service, place: Place) -> Json:
    """One Service."""
    url = f"{place.root}/Services/{noun.sid}"
    return {
        "sid": noun.sid,
        "account_sid": place.account_sid,
        "friendly_name": noun.friendly_name,
        "date_created": date(noun.date_created),
        "date_updated": date(noun.date_updated),
        "url": url,
        "links": {key: f"{url}/{path}" for key, path in _SERVICE_LINKS.items()},
    }


def service_configuration(noun: Service, place: Place) -> Json:
    """The Configuration of one Service, with the switch of the indicator."""
    url = f"{place.root}/Services/{noun.sid}/Configuration"
    return {
        "chat_service_sid": noun.sid,
        "default_conversation_creator_role_sid": noun.default_conversation_creator_role_sid,
        "default_conversation_role_sid": noun.default_conversation_role_sid,
        "default_chat_service_role_sid": noun.default_chat_service_role_sid,
        "reachability_enabled": noun.reachability_enabled,
        "url": url,
        "links": {"notifications": f"{url}/Notifications", "webhooks": f"{url}/Webhooks"},
    }


def user(noun: User, scope: Service, place: Place, action: Action, policy: Policy) -> Json:
    """One user as the answer to `action` shows it."""
    url = f"{place.base}/Users/{noun.sid}"
    reachability = seen(scope, noun, action, policy)
    return {
        "sid": noun.sid,
        "account_sid": place.account_sid,
        "chat_service_sid": noun.service_sid,
        "role_sid": noun.role_sid,
        "identity": noun.identity,
        "friendly_name": noun.friendly_name,
        "attributes": noun.attributes,
        "is_online": reachability.is_online,
        "is_notifiable": reachability.is_notifiable,
        "date_created": date(noun.date_created),
        "date_updated": date(noun.date_updated),
        "url": url,
        "links": {"user_conversations": f"{url}/Conversations"},
    }


def binding(noun: Binding, place: Place) -> Json:
    """One push registration."""
    return {
        "sid": noun.sid,
        "account_sid": place.account_sid,
        "chat_service_sid": noun.service_sid,
        "date_created": date(noun.date_created),
        "date_updated": date(noun.date_updated),
        "endpoint": noun.endpoint,
        "identity": noun.identity,
        "binding_type": noun.type.value,
        "credential_sid": noun.credential_sid,
        "message_types": list(noun.message_types),
        "url": f"{place.root}/Services/{noun.service_sid}/Bindings/{noun.sid}",
    }


@dataclass(frozen=True, slots=True)
class Listing:
    """Which list an answer is a page of."""

    key: str
    """The name of the array in the answer."""
    scope: str
    """What the list is called in its tokens, by whichever path it was reached."""
    url: str
    """The list's own URL, without a query."""
    filters: Mapping[str, list[str]] = field(default_factory=dict)
    """What it was filtered by: comes first in every URL."""


def page(found: Page[T], listing: Listing, render: Callable[[T], Json]) -> Json:
    """A list: the items under its key, and `meta` with all seven keys."""
    size, number = found.request.size, found.request.number

    def at(page_number: int, cursor: Cursor | None) -> str:
        query = [(name, value) for name, values in listing.filters.items() for value in values]
        query += [("PageSize", str(size)), ("Page", str(page_number))]
        if cursor is not None and cursor.number >= 0:
            query.append(("PageToken", write_token(cursor, listing.scope)))
        return f"{listing.url}?{urlencode(query, quote_via=quote)}"

    return {
        listing.key: [render(item) for item in found.items],
        "meta": {
            "page": number,
            "page_size": size,
            "first_page_url": at(0, None),
            "previous_page_url": (
                at(max(number - 1, 0), found.previous) if found.previous else None
            ),
            "url": at(number, found.request.cursor),
            "next_page_url": at(number + 1, found.next) if found.next else None,
            "key": listing.key,
        },
    }


def problem(refused: Problem) -> Json:
    """An error body: code, message, more_info, status; some carry a detail."""
    body: Json = {"code": refused.code, "message": refused.message}
    if refused.detail is not None:
        body["detail"] = refused.detail
    body["more_info"] = f"{MORE_INFO}{refused.code}"
    body["status"] = refused.status
    return body
