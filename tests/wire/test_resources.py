"""Nouns become JSON: all keys, dates to the second, absolute URLs, and pages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reachability_mock.core import sids
from reachability_mock.core.errors import Problem
from reachability_mock.core.model import Account, Binding, Policy
from reachability_mock.core.paging import Cursor, Page, PageRequest, Way
from reachability_mock.core.reachability import Action
from reachability_mock.wire import resources
from reachability_mock.wire.params import read_token
from reachability_mock.wire.resources import Listing, Place
from tests.core.stage import ACCOUNT, Stage, sid

ROOT = "https://conversations.twilio.com/v1"
AC = "AC" + "7" * 32
DEFAULT = Place(ROOT, AC)


@pytest.fixture
def stage() -> Stage:
    """Return a stage with the indicator on, alice online and registered."""
    stage = Stage()
    stage.switch(on=True)
    stage.connect()
    stage.register("pixel")
    return stage


def test_a_date_is_utc_to_the_second() -> None:
    moment = datetime(2026, 1, 5, 9, 0, 7, 999_999, tzinfo=UTC)
    assert resources.date(moment) == "2026-01-05T09:00:07Z"
    assert resources.date(datetime(2026, 1, 5, tzinfo=UTC)) == "2026-01-05T00:00:00Z"


def test_an_account_configuration() -> None:
    account = Account(ACCOUNT, "IS1", "MG1", "PT5M", None)
    assert resources.account_configuration(account, DEFAULT) == {
        "account_sid": AC,
        "default_chat_service_sid": "IS1",
        "default_messaging_service_sid": "MG1",
        "default_inactive_timer": "PT5M",
        "default_closed_timer": None,
        "url": f"{ROOT}/Configuration",
        "links": {
            "service": f"{ROOT}/Services/IS1/Configuration",
            "webhooks": f"{ROOT}/Configuration/Webhooks",
        },
    }


def test_a_service(stage: Stage) -> None:
    url = f"{ROOT}/Services/{stage.service_sid}"
    assert resources.service(stage.service, DEFAULT) == {
        "sid": stage.service_sid,
        "account_sid": AC,
        "friendly_name": "Default",
        "date_created": "2026-01-05T09:00:00Z",
        "date_updated": "2026-01-05T09:00:00Z",
        "url": url,
        "links": {
            "conversations": f"{url}/Conversations",
            "users": f"{url}/Users",
            "roles": f"{url}/Roles",
            "bindings": f"{url}/Bindings",
            "configuration": f"{url}/Configuration",
            "participant_conversations": f"{url}/ParticipantConversations",
            "conversation_with_participants": f"{url}/ConversationWithParticipants",
        },
    }


def test_a_service_configuration(stage: Stage) -> None:
    url = f"{ROOT}/Services/{stage.service_sid}/Configuration"

    def role(name: str) -> str:
        return sids.derived("RL", stage.service_sid, name)

    assert resources.service_configuration(stage.service, DEFAULT) == {
        "chat_service_sid": stage.service_sid,
        "default_conversation_creator_role_sid": role("channel admin"),
        "default_conversation_role_sid": role("channel user"),
        "default_chat_service_role_sid": role("service user"),
        "reachability_enabled": True,
        "url": url,
        "links": {"notifications": f"{url}/Notifications", "webhooks": f"{url}/Webhooks"},
    }


def shown(stage: Stage, place: Place, action: Action = Action.FETCH) -> dict[str, object]:
    return resources.user(stage.user(), stage.service, place, action, Policy())


def test_a_user_by_the_default_path(stage: Stage) -> None:
    user = stage.user()
    url = f"{ROOT}/Users/{user.sid}"
    assert shown(stage, DEFAULT) == {
        "sid": user.sid,
        "account_sid": AC,
        "chat_service_sid": stage.service_sid,
        "role_sid": user.role_sid,
        "identity": "alice",
        "friendly_name": None,
        "attributes": "{}",
        "is_online": True,
        "is_notifiable": True,
        "date_created": "2026-01-05T09:00:00Z",
        "date_updated": "2026-01-05T09:00:00Z",
        "url": url,
        "links": {"user_conversations": f"{url}/Conversations"},
    }


def test_a_user_by_its_services_path_has_that_paths_urls_and_is_else_the_same(stage: Stage) -> None:
    by_default, by_service = shown(stage, DEFAULT), shown(stage, Place(ROOT, AC, stage.service_sid))
    url = f"{ROOT}/Services/{stage.service_sid}/Users/{stage.user().sid}"
    assert by_service.pop("url") == url
    assert by_service.pop("links") == {"user_conversations": f"{url}/Conversations"}
    del by_default["url"], by_default["links"]
    assert by_service == by_default


@pytest.mark.parametrize("action", [Action.READ, Action.CREATE])
def test_a_user_in_a_list_or_a_create_answer_shows_null(stage: Stage, action: Action) -> None:
    user = shown(stage, DEFAULT, action)
    assert (user["is_online"], user["is_notifiable"]) == (None, None)


def test_a_binding(stage: Stage) -> None:
    [noun] = stage.records.bindings.values()
    assert isinstance(noun, Binding)
    assert resources.binding(noun, DEFAULT) == {
        "sid": noun.sid,
        "account_sid": AC,
        "chat_service_sid": stage.service_sid,
        "date_created": "2026-01-05T09:00:00Z",
        "date_updated": "2026-01-05T09:00:00Z",
        "endpoint": "pixel",
        "identity": "alice",
        "binding_type": "fcm",
        "credential_sid": None,
        "message_types": ["new_message", "added_to_conversation", "removed_from_conversation"],
        "url": f"{ROOT}/Services/{stage.service_sid}/Bindings/{noun.sid}",
    }


LISTING = Listing("things", "scope", f"{ROOT}/Things")


def listed(
    listing: Listing = LISTING,
    *,
    number: int = 0,
    at: Cursor | None = None,
    previous: Cursor | None = None,
    following: Cursor | None = None,
) -> dict[str, object]:
    asked = PageRequest(2, number, at) if at else PageRequest(2, number)
    found = Page(("a", "b"), asked, previous, following)
    return resources.page(found, listing, lambda item: {"name": item})


def meta(page: dict[str, object]) -> dict[str, object]:
    inner = page["meta"]
    assert isinstance(inner, dict)
    return inner


def test_a_list_has_its_items_and_all_seven_keys() -> None:
    page = listed()
    assert page == {
        "things": [{"name": "a"}, {"name": "b"}],
        "meta": {
            "page": 0,
            "page_size": 2,
            "first_page_url": f"{ROOT}/Things?PageSize=2&Page=0",
            "previous_page_url": None,
            "url": f"{ROOT}/Things?PageSize=2&Page=0",
            "next_page_url": None,
            "key": "things",
        },
    }


def token_in(url: object) -> Cursor:
    return read_token(str(url).partition("&PageToken=")[2], "scope")


def test_neighbours_are_urls_with_tokens() -> None:
    here, back, on = Cursor(Way.FORWARD, 4), Cursor(Way.BACK, 5), Cursor(Way.FORWARD, 6)
    urls = meta(listed(number=2, at=here, previous=back, following=on))
    assert str(urls["previous_page_url"]).startswith(f"{ROOT}/Things?PageSize=2&Page=1&")
    assert str(urls["next_page_url"]).startswith(f"{ROOT}/Things?PageSize=2&Page=3&")
    assert token_in(urls["url"]) == here
    assert token_in(urls["previous_page_url"]) == back
    assert token_in(urls["next_page_url"]) == on
    assert urls["first_page_url"] == f"{ROOT}/Things?PageSize=2&Page=0"


def test_a_page_number_never_falls_below_nought() -> None:
    urls = meta(listed(previous=Cursor(Way.BACK, 5)))
    assert "&Page=0&" in str(urls["previous_page_url"])


def test_filters_come_first_and_are_percent_encoded() -> None:
    filters = {"BindingType": [], "Identity": ["a+b", "é&x", "a/b"]}
    urls = meta(listed(Listing("things", "scope", f"{ROOT}/Things", filters)))
    query = "Identity=a%2Bb&Identity=%C3%A9%26x&Identity=a%2Fb&PageSize=2&Page=0"
    assert urls["first_page_url"] == f"{ROOT}/Things?{query}"


def test_an_error_body() -> None:
    assert resources.problem(Problem(409, 50201, "User already exists", hint="a secret")) == {
        "code": 50201,
        "message": "User already exists",
        "more_info": "https://www.twilio.com/docs/errors/50201",
        "status": 409,
    }
    assert resources.problem(Problem(401, 20003, "No", detail="why"))["detail"] == "why"


def test_a_place_may_be_a_service_or_the_default_one() -> None:
    assert DEFAULT.base == ROOT
    assert Place(ROOT, AC, sid("IS", 1)).base == f"{ROOT}/Services/{sid('IS', 1)}"
