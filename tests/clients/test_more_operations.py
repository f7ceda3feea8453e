"""What is set up beside users: roles, notifications, webhooks, credentials, by Twilio's SDK."""

from __future__ import annotations

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.clients.control import Control, more_operations
from tests.clients.sdk import ACCOUNT, Sdk

BOTH = pytest.mark.parametrize("path", ["default", "service"])
PERMISSIONS = ["sendMessage", "deleteAnyMessage"]


@BOTH
def test_a_role_is_made_fetched_updated_listed_and_deleted(sdk: Sdk, path: str) -> None:
    roles = sdk.v1.roles if path == "default" else _new_service(sdk).roles
    made = sdk(roles.create, friendly_name="mod", type="conversation", permission=PERMISSIONS)

    assert (made.friendly_name, made.type, made.permissions) == ("mod", "conversation", PERMISSIONS)
    assert made.account_sid == ACCOUNT
    assert sdk(roles(made.sid).fetch).date_created == made.date_created
    assert sdk(roles(made.sid).update, permission=PERMISSIONS[:1]).permissions == PERMISSIONS[:1]
    assert [one.friendly_name for one in sdk(roles.list)][4:] == ["mod"]
    assert sdk(made.delete) is True
    with pytest.raises(TwilioRestException, match="was not found"):
        sdk(roles(made.sid).fetch)


def test_a_role_that_a_user_has_cannot_be_deleted(sdk: Sdk) -> None:
    staff = sdk(
        sdk.v1.roles.create, friendly_name="staff", type="service", permission=["editAnyUserInfo"]
    )
    sdk(sdk.v1.users.create, identity="alice", role_sid=staff.sid)

    with pytest.raises(TwilioRestException) as caught:
        sdk(staff.delete)

    assert (caught.value.status, caught.value.code) == (409, 20409)


def test_permissions_are_those_of_the_type(sdk: Sdk) -> None:
    with pytest.raises(TwilioRestException) as caught:
        sdk(sdk.v1.roles.create, friendly_name="m", type="service", permission=["sendMessage"])

    assert (caught.value.status, caught.value.code) == (400, 50104)


def test_a_services_notifications_are_fetched_and_updated(sdk: Sdk) -> None:
    notifications = _new_service(sdk).configuration.notifications()

    assert sdk(notifications.fetch).new_message == {"enabled": False}
    updated = sdk(
        notifications.update,
        log_enabled=True,
        new_message_enabled=True,
        new_message_badge_count_enabled=False,
        new_message_with_media_template="${MEDIA_COUNT}",
        removed_from_conversation_sound="ring",
    )

    assert updated.log_enabled is True
    assert updated.new_message == {
        "enabled": True,
        "badge_count_enabled": False,
        "with_media": {"enabled": False, "template": "${MEDIA_COUNT}"},
    }
    assert updated.removed_from_conversation == {"enabled": False, "sound": "ring"}
    assert sdk(notifications.fetch).new_message == updated.new_message


def test_a_services_webhooks_are_fetched_and_updated(sdk: Sdk) -> None:
    webhooks = _new_service(sdk).configuration.webhooks()

    before = sdk(webhooks.fetch)
    assert (before.post_webhook_url, before.method, before.filters) == (None, None, None)
    filters = ["onUserAdded", "onUserUpdated"]
    after = sdk(
        webhooks.update,
        post_webhook_url="http://127.0.0.1:9000/hook?a=b",
        filters=filters,
        method="GET",
    )
    assert (after.post_webhook_url, after.method) == ("http://127.0.0.1:9000/hook?a=b", "GET")
    assert sdk(webhooks.fetch).filters == filters


def test_the_accounts_webhooks_are_fetched_and_updated(sdk: Sdk) -> None:
    webhooks = sdk.v1.configuration.webhooks()

    before = sdk(webhooks.fetch)
    assert (before.method, before.filters, before.target) == ("POST", [], "webhook")
    after = sdk(webhooks.update, filters=["onUserUpdated"], target="flex")
    assert (after.filters, after.target) == (["onUserUpdated"], "flex")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"pre_webhook_url": "hook"}, 50077),
        ({"post_webhook_url": "hook"}, 50078),
        ({"method": "PUT"}, 50055),
    ],
)
def test_a_wrong_webhook_is_refused_with_its_code(
    sdk: Sdk, wrong: dict[str, str], code: int
) -> None:
    for webhooks in (sdk.v1.configuration.webhooks(), _new_service(sdk).configuration.webhooks()):
        with pytest.raises(TwilioRestException) as caught:
            sdk(webhooks.update, **wrong)
        assert (caught.value.status, caught.value.code) == (400, code)


def test_a_credential_is_made_fetched_updated_listed_and_deleted(sdk: Sdk) -> None:
    credentials = sdk.v1.credentials
    made = sdk(credentials.create, type="apn", private_key="hush", certificate="hush", sandbox=True)

    assert (made.type, made.sandbox, made.friendly_name) == ("apn", "True", None)
    assert "hush" not in str(vars(made))
    assert sdk(credentials(made.sid).fetch).account_sid == ACCOUNT
    renamed = sdk(credentials(made.sid).update, friendly_name="iOS", secret="hush", sandbox=False)
    assert (renamed.friendly_name, renamed.sandbox) == ("iOS", "False")
    assert [one.sid for one in sdk(credentials.list)] == [made.sid]
    assert sdk(made.delete) is True
    assert sdk(credentials.list) == []


def test_none_of_these_operations_is_left_out(sdk: Sdk, control: Control) -> None:
    service = _new_service(sdk)
    for one in (
        service.configuration.notifications(),
        service.configuration.webhooks(),
        sdk.v1.configuration.webhooks(),
    ):
        sdk(one.fetch)
        sdk(one.update)
    for roles in (sdk.v1.roles, service.roles):
        made = sdk(roles.create, friendly_name="m", type="conversation", permission=PERMISSIONS)
        sdk(roles.list)
        sdk(roles(made.sid).fetch)
        sdk(roles(made.sid).update, permission=PERMISSIONS)
        sdk(roles(made.sid).delete)
    made = sdk(sdk.v1.credentials.create, type="fcm")
    sdk(sdk.v1.credentials.list)
    sdk(made.fetch)
    sdk(made.update)
    sdk(made.delete)

    assert len(more_operations()) == 21
    assert control.operations_that_worked() == more_operations() | {"createService"}


def _new_service(sdk: Sdk) -> Any:
    return sdk.v1.services(sdk(sdk.v1.services.create, friendly_name="Support").sid)
