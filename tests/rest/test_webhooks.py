"""Configuration/Webhooks over REST, of a service and of the account.  Nothing is delivered."""

from __future__ import annotations

import pytest

from reachability_mock.core.webhooks import EVENTS
from tests.rest.api import ACCOUNT, OTHER, Api, Reply
from tests.rest.contract import fits

LEVELS = pytest.mark.parametrize("level", ["Service", "Configuration"])
PRE, POST = "https://example.com/pre", "http://user:word@my_app:9000/post?a=%20b#rc=3"
Pairs = list[tuple[str, str]]


def path(api: Api, level: str) -> str:
    return "/v1/Configuration/Webhooks" if level != "Service" else _service(api.service)


def _service(sid: str) -> str:
    return f"/v1/Services/{sid}/Configuration/Webhooks"


def update(api: Api, level: str, form: Pairs | dict[str, str]) -> Reply:
    reply = api.post(path(api, level), form)
    assert reply.status == 200
    return fits(reply, f"update{level}Webhooks")


def test_a_service_has_none_from_the_start(api: Api) -> None:
    link = api.get(f"{api.scope()}/Configuration")["links"]["webhooks"]
    assert fits(api.follow(link), "fetchServiceWebhooks").json == {
        "account_sid": ACCOUNT,
        "chat_service_sid": api.service,
        "pre_webhook_url": None,
        "post_webhook_url": None,
        "method": None,
        "filters": None,
        "url": link,
    }


def test_an_account_has_none_either_but_a_method_and_a_target(api: Api) -> None:
    link = api.get("/v1/Configuration")["links"]["webhooks"]
    assert fits(api.follow(link), "fetchConfigurationWebhooks").json == {
        "account_sid": ACCOUNT,
        "pre_webhook_url": None,
        "post_webhook_url": None,
        "method": "POST",
        "filters": [],
        "target": "webhook",
        "url": link,
    }


@LEVELS
def test_they_are_set_and_fetched(api: Api, level: str) -> None:
    form = [
        ("PreWebhookUrl", PRE),
        ("PostWebhookUrl", POST),
        ("Method", "get"),
        *(("Filters", name) for name in ("onUserUpdated", "onMessageSent", "onUserUpdated")),
    ]
    updated = update(api, level, form)
    assert (updated["pre_webhook_url"], updated["post_webhook_url"]) == (PRE, POST)
    assert updated["method"] == "GET"
    assert updated["filters"] == ["onUserUpdated", "onMessageSent"]
    assert fits(api.get(path(api, level)), f"fetch{level}Webhooks").json == updated.json


@LEVELS
def test_every_event_can_be_asked_for_on_both_levels(api: Api, level: str) -> None:
    assert len(EVENTS) == 23
    assert update(api, level, [("Filters", name) for name in EVENTS])["filters"] == [*EVENTS]


@LEVELS
def test_only_what_is_sent_changes(api: Api, level: str) -> None:
    whole = update(
        api,
        level,
        {"PreWebhookUrl": PRE, "PostWebhookUrl": POST, "Method": "GET", "Filters": "onUserAdded"},
    ).json
    for name, key, value, shown in (
        ("PreWebhookUrl", "pre_webhook_url", POST, POST),
        ("PostWebhookUrl", "post_webhook_url", "", None),
        ("Method", "method", "post", "POST"),
        ("Filters", "filters", "onUserUpdated", ["onUserUpdated"]),
        ("Filters", "filters", "", []),
    ):
        whole |= {key: shown}
        assert update(api, level, {name: value}).json == whole
    before = api.dump()
    update(api, level, {"Url": "https://example.com", "ReachabilityEnabled": "true"})
    assert api.dump() == before


@LEVELS
@pytest.mark.parametrize(
    "url",
    [
        "example.com/hook",
        "/hook",
        "ftp://example.com",
        "https://",
        "https://?x",
        "https://exa mple.com",
        "https://example.com/a b",
        "https://example.com/%zz",
        "https://example.com:port/",
        "https://-.com",
        "https://a-.com",
        "http://a..b/",
        "http://x:0/",
        "http://x:65536/",
        "http://x:99999/",
        "http://x:655350/",
        "http://x:/",
        "http://[:::::]/",
        "http://[1.2.3.4]/",
        "http://[::1%25eth0]/",
        "https://example.com/ä",
        "javascript:alert(1)",
        "x" * 5000,
    ],
)
def test_a_url_is_absolute_and_of_the_web(api: Api, level: str, url: str) -> None:
    before = api.dump()
    other = {"Method": "GET", "Filters": "onUserAdded"}
    for name, problem in (
        ("PreWebhookUrl", (400, 50077, "Invalid pre-webhook url")),
        ("PostWebhookUrl", (400, 50078, "Invalid post-webhook url")),
    ):
        assert api.post(path(api, level), {name: url, **other}).problem == problem
    assert api.dump() == before


@LEVELS
@pytest.mark.parametrize(
    "url",
    [
        "HTTP://X",
        "hTTps://x.example.:443/",
        "http://x:1",
        "http://x:65535",
        "http://x:080/",
        "http://my-app_2.internal",
        "http://127.0.0.1:9000",
        "http://[::1]:9000/hook",
        "http://[2001:db8::ffff:1.2.3.4]",
    ],
)
def test_a_url_of_any_host_and_port_is_kept_as_it_was_sent(api: Api, level: str, url: str) -> None:
    assert update(api, level, {"PostWebhookUrl": url})["post_webhook_url"] == url


@LEVELS
@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"Method": "PUT"}, (400, 50055, "Invalid webhook method")),
        ({"Method": ""}, (400, 50055, "Invalid webhook method")),
        ({"Filters": "onUserRemoved"}, (400, 50054, "Invalid webhook filter: 'onUserRemoved'")),
        ({"Filters": "onuseradded"}, (400, 50054, "Invalid webhook filter: 'onuseradded'")),
    ],
)
def test_a_method_or_a_filter_that_there_is_not_is_refused(
    api: Api, level: str, form: dict[str, str], problem: tuple[int, int, str]
) -> None:
    before = api.dump()
    reply = api.post(path(api, level), {"PostWebhookUrl": POST, **form})
    assert reply.problem == problem
    assert api.dump() == before


def test_an_accounts_webhooks_may_go_to_flex_and_a_services_know_no_target(api: Api) -> None:
    assert update(api, "Configuration", {"Target": "Flex"})["target"] == "flex"
    assert update(api, "Configuration", {})["target"] == "flex"
    assert api.post("/v1/Configuration/Webhooks", {"Target": "me"}).problem == (
        400,
        20001,
        "Invalid value for Target: 'me'",
    )
    assert update(api, "Service", {"Target": "me"}).status == 200


def test_the_levels_the_services_and_the_accounts_do_not_mix(api: Api) -> None:
    support = api.new_service()
    api.post(_service(support), {"PostWebhookUrl": PRE})
    update(api, "Configuration", {"PostWebhookUrl": POST})
    assert api.get(_service(api.service))["post_webhook_url"] is None
    assert api.get(_service(support))["post_webhook_url"] == PRE
    api.account = OTHER
    assert api.get(_service(support)).status == 404
    assert api.post(_service(support), {"PostWebhookUrl": POST}).status == 404
    assert api.get("/v1/Configuration/Webhooks")["post_webhook_url"] is None


def test_neither_is_lost_when_something_else_is_configured(api: Api) -> None:
    update(api, "Service", {"PostWebhookUrl": PRE})
    update(api, "Configuration", {"PostWebhookUrl": POST})
    api.switch(on=True)
    api.post("/v1/Configuration", {"DefaultInactiveTimer": "PT5M"})
    api.post(f"{api.scope()}/Configuration/Notifications", {"LogEnabled": "true"})
    assert api.get(path(api, "Service"))["post_webhook_url"] == PRE
    assert api.get(path(api, "Configuration"))["post_webhook_url"] == POST


def test_the_journal_tells_of_them(api: Api) -> None:
    update(api, "Service", {"PostWebhookUrl": PRE})
    update(api, "Configuration", {"PostWebhookUrl": POST})
    update(api, "Configuration", {"PostWebhookUrl": POST})
    facts = [one.as_json()["data"] for one in api.world.journal.since(kind="fact")][-3:]
    assert [one["type"] for one in facts] == [  # type: ignore[index] # JSON
        "WebhooksConfigured",
        "AccountWebhooksConfigured",
        "AccountWebhooksConfigured",
    ]
    events = [one.as_json() for one in api.world.journal.since(kind="event")][-2:]
    told = [(one["data"]["type"], one["account"], one["service"]) for one in events]  # type: ignore[index] # JSON
    assert told == [("ServiceUpdated", ACCOUNT, api.service), ("AccountUpdated", ACCOUNT, None)]
