"""Configuration/Notifications over REST: absent until set, and nothing else is changed."""

from __future__ import annotations

import pytest

from tests.rest.api import ACCOUNT, OTHER, Api
from tests.rest.contract import fits

WHOLE = {
    "LogEnabled": "true",
    "NewMessage.Enabled": "True",
    "NewMessage.Template": "${PARTICIPANT}: ${MESSAGE}",
    "NewMessage.Sound": "ring",
    "NewMessage.BadgeCountEnabled": "TRUE",
    "NewMessage.WithMedia.Enabled": "false",
    "NewMessage.WithMedia.Template": "${MEDIA_COUNT} files",
    "AddedToConversation.Enabled": "true",
    "AddedToConversation.Template": "in",
    "AddedToConversation.Sound": "ping",
    "RemovedFromConversation.Enabled": "false",
    "RemovedFromConversation.Template": "out",
    "RemovedFromConversation.Sound": "pong",
}


def path(api: Api, service: str | None = None) -> str:
    return f"{api.scope(service)}/Configuration/Notifications"


def test_before_anybody_sets_one_all_are_off_and_nothing_else_is_there(api: Api) -> None:
    link = api.get(f"{api.scope()}/Configuration")["links"]["notifications"]
    found = fits(api.follow(link), "fetchServiceNotifications")
    assert found.json == {
        "account_sid": ACCOUNT,
        "chat_service_sid": api.service,
        "log_enabled": False,
        "added_to_conversation": {"enabled": False},
        "new_message": {"enabled": False},
        "removed_from_conversation": {"enabled": False},
        "url": link,
    }


def test_everything_can_be_set(api: Api) -> None:
    updated = fits(api.post(path(api), WHOLE), "updateServiceNotifications")
    assert updated.status == 200
    assert updated["log_enabled"] is True
    assert updated["new_message"] == {
        "enabled": True,
        "template": "${PARTICIPANT}: ${MESSAGE}",
        "sound": "ring",
        "badge_count_enabled": True,
        "with_media": {"enabled": False, "template": "${MEDIA_COUNT} files"},
    }
    assert updated["added_to_conversation"] == {"enabled": True, "template": "in", "sound": "ping"}
    assert updated["removed_from_conversation"] == {
        "enabled": False,
        "template": "out",
        "sound": "pong",
    }
    assert api.get(path(api)).json == updated.json


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_sent_alone_changes_alone(api: Api, name: str) -> None:
    whole = api.post(path(api), WHOLE).json
    other = {"true": "false", "false": "true"}.get(WHOLE[name].lower(), "something else")
    changed = fits(api.post(path(api), {name: other}), "updateServiceNotifications").json
    assert changed != whole
    assert api.post(path(api), {name: WHOLE[name]}).json == whole


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("NewMessage.Sound", {"enabled": False, "sound": "x"}),
        (
            "NewMessage.WithMedia.Template",
            {"enabled": False, "with_media": {"enabled": False, "template": "x"}},
        ),
    ],
)
def test_one_key_brings_no_other(api: Api, name: str, block: object) -> None:
    updated = fits(api.post(path(api), {name: "x"}), "updateServiceNotifications")
    assert updated["new_message"] == block
    assert updated["added_to_conversation"] == {"enabled": False}


def test_a_text_can_be_emptied(api: Api) -> None:
    api.post(path(api), WHOLE)
    updated = fits(api.post(path(api), {"NewMessage.Sound": ""}), "updateServiceNotifications")
    assert updated["new_message"]["sound"] == ""


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"LogEnabled": "1"}, (400, 20001, "Invalid value for LogEnabled: '1'")),
        (
            {"NewMessage.WithMedia.Enabled": ""},
            (400, 20001, "Invalid value for NewMessage.WithMedia.Enabled: ''"),
        ),
        (
            {"AddedToConversation.Template": "x" * 4097},
            (400, 50058, "Notification template too long"),
        ),
        (
            {"NewMessage.WithMedia.Template": "x" * 4097},
            (400, 50058, "Notification template too long"),
        ),
        (
            {"RemovedFromConversation.Sound": "x" * 257},
            (400, 50059, "Notification sound too long"),
        ),
    ],
)
def test_a_refusal_changes_nothing(
    api: Api, form: dict[str, str], problem: tuple[int, int, str]
) -> None:
    before = api.dump()
    assert api.post(path(api), {"NewMessage.Template": "x", **form}).problem == problem
    assert api.dump() == before


def test_an_empty_update_and_unknown_parameters_are_fine_and_do_nothing(api: Api) -> None:
    before, begun = api.dump(), len(api.world.journal.since(kind="event"))
    for form in ({}, {"NewMessage": "true", "NewMessage.Badge": "true", "IsNotifiable": "true"}):
        assert api.post(path(api), form).status == 200
    assert api.dump() == before
    assert len(api.world.journal.since(kind="event")) == begun


def test_they_belong_to_one_service_and_have_no_short_path(api: Api) -> None:
    support = api.new_service()
    api.post(path(api, support), WHOLE)
    assert api.get(path(api))["log_enabled"] is False
    assert api.get("/v1/Configuration/Notifications").problem[:2] == (404, 20404)
    api.account = OTHER
    assert api.get(path(api, support)).status == 404
    assert api.post(path(api, support), WHOLE).status == 404


def test_nobody_becomes_notifiable_by_it_and_the_switch_stays(api: Api) -> None:
    """R7."""
    api.switch(on=True)
    api.register("alice")
    api.connect("bob")
    api.post(path(api), WHOLE)
    assert (api.shown("alice"), api.shown("bob")) == ((None, True), (True, None))
    api.switch(on=False)
    assert api.get(path(api))["log_enabled"] is True
