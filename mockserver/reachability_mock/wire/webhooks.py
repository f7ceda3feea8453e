"""The configuration of webhooks, a service's and an account's, as forms and as JSON."""

from __future__ import annotations

from reachability_mock.core import errors
from reachability_mock.core.facts import AccountWebhooksConfigured, WebhooksConfigured, WebhooksEdit
from reachability_mock.core.model import Account, Service, WebhookMethod, Webhooks, WebhookTarget
from reachability_mock.wire.params import Form
from reachability_mock.wire.resources import Json, Place


def configured(form: Form, service_sid: str) -> WebhooksConfigured:
    """The fact behind ``POST …/Configuration/Webhooks`` of a service, which has no Target.

    Raises:
        Refused: a Method that is neither GET nor POST, in any letter case (50055).
    """
    return WebhooksConfigured(service_sid, _edit(form, None))


def account_configured(form: Form, account_sid: str) -> AccountWebhooksConfigured:
    """The fact behind ``POST /v1/Configuration/Webhooks``.

    Raises:
        Refused: as for `configured`, or a Target that is none (20001).
    """
    return AccountWebhooksConfigured(account_sid, _edit(form, _target(form.get("Target"))))


def shown(noun: Service, place: Place) -> Json:
    """The webhooks of one service."""
    return {
        "account_sid": place.account_sid,
        "chat_service_sid": noun.sid,
        **_settings(noun.webhooks),
        "url": f"{place.root}/Services/{noun.sid}/Configuration/Webhooks",
    }


def account_shown(noun: Account, place: Place) -> Json:
    """The webhooks of the account."""
    return {
        "account_sid": place.account_sid,
        **_settings(noun.webhooks),
        "target": noun.webhooks.target.value,
        "url": f"{place.root}/Configuration/Webhooks",
    }


def _settings(webhooks: Webhooks) -> Json:
    return {
        "pre_webhook_url": webhooks.pre_url,
        "post_webhook_url": webhooks.post_url,
        "method": webhooks.method and webhooks.method.value,
        "filters": None if webhooks.filters is None else list(webhooks.filters),
    }


def _edit(form: Form, target: WebhookTarget | None) -> WebhooksEdit:
    filters = tuple(form.getlist("Filters"))
    return WebhooksEdit(
        form.get("PreWebhookUrl"),
        form.get("PostWebhookUrl"),
        _method(form.get("Method")),
        filters or None,
        target,
    )


def _method(text: str | None) -> WebhookMethod | None:
    try:
        return None if text is None else WebhookMethod(text.upper())
    except ValueError:
        raise errors.webhook_method() from None


def _target(text: str | None) -> WebhookTarget | None:
    try:
        return None if text is None else WebhookTarget(text.lower())
    except ValueError:
        raise errors.bad_value("Target", text or "") from None
