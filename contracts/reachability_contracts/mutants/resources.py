"""Mutants of what is only kept: notifications, webhooks, and credentials with their secrets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock.core import credentials, errors, notifications, services, webhooks
from reachability_mock.core.errors import Refused
from reachability_mock.core.facts import ServiceConfigured
from reachability_mock.core.model import Notifications
from reachability_mock.store import MemoryStore
from reachability_mock.wire import credentials as wire_credentials
from reachability_mock.wire import notifications as wire_notifications
from reachability_mock.wire import redaction
from reachability_mock.wire import webhooks as wire_webhooks
from reachability_mock.wire.params import boolean

MUTANTS = Shelf()
mutant = MUTANTS.mutant
_TOLD = "-----BEGIN"


# --- notifications -------------------------------------------------------------------------------


@mutant("edge:notifications")
def notifications_replace(patch: Patch) -> None:
    """An update of notifications forgets what it does not send."""

    def forgetting(real: Any, _before: Any, fact: Any, policy: Any) -> Any:
        return real(Notifications(), fact, policy)

    patch.around(notifications._edited, forgetting)  # noqa: SLF001 - a mutant looks inside


@mutant("edge:types")
def notifications_null_keys(patch: Patch) -> None:
    """What nobody has set in a notification is null instead of absent."""
    patch.around(wire_notifications._set, lambda _, block, __: block)  # noqa: SLF001 - likewise


@mutant("edge:notifications")
def notifications_half_applied(patch: Patch) -> None:
    """A switch of a notification that is neither true nor false is ignored, the rest applied."""

    def lenient(real: Any, *args: Any) -> Any:
        try:
            return real(*args)
        except Refused:
            return None

    patch.around(wire_notifications._switch, lenient)  # noqa: SLF001 - likewise


# --- webhooks ------------------------------------------------------------------------------------


@mutant("edge:webhooks")
def webhooks_empty_url_kept(patch: Patch) -> None:
    """An empty URL leaves a webhook where it was."""

    def keeping(real: Any, sent: Any, *rest: Any) -> Any:
        return real(sent or None, *rest)

    patch.around(webhooks._url, keeping)  # noqa: SLF001 - likewise


@mutant("edge:webhooks")
def webhooks_url_unchecked(patch: Patch) -> None:
    """A webhook can go to what is no URL."""

    def unchecked(_: Any, sent: Any, kept: Any, _refusal: Any, policy: Any) -> Any:
        return kept if sent is None else sent or policy.cleared_webhook_url

    patch.around(webhooks._url, unchecked)  # noqa: SLF001 - likewise


@mutant("edge:errors")
def webhooks_codes_swapped(patch: Patch) -> None:
    """A wrong PreWebhookUrl is refused with PostWebhookUrl's code, and the other way round."""
    pre, post = errors.pre_webhook_url, errors.post_webhook_url
    patch.around(pre, lambda _: post())
    patch.around(post, lambda _: pre())


@mutant("edge:webhooks")
def webhooks_filter_unchecked(patch: Patch) -> None:
    """A filter may name what is no event."""

    def lax(real: Any, names: Any, policy: Any) -> Any:
        return real(names, replace(policy, webhook_filter_code=None))

    patch.around(webhooks._filters, lax)  # noqa: SLF001 - likewise


@mutant("R2")
def webhooks_switch_indicator(patch: Patch) -> None:
    """ReachabilityEnabled beside a service's webhooks switches the indicator."""
    sent: dict[str, str | None] = {}

    def hearing(real: Any, form: Any, service_sid: Any) -> Any:
        sent[service_sid] = form.get("ReachabilityEnabled")
        return real(form, service_sid)

    def switching(real: Any, records: Any, fact: Any, at: Any, policy: Any) -> Any:
        changes = real(records, fact, at, policy)
        on = boolean("ReachabilityEnabled", sent.get(fact.service_sid))
        if on is None:
            return changes
        switch = ServiceConfigured(fact.service_sid, reachability_enabled=on)
        return services.configured(records, switch, at, policy)

    patch.around(wire_webhooks.configured, hearing)
    patch.around(webhooks.configured, switching)


@mutant("edge:webhooks")
def webhooks_levels_mixed(patch: Patch) -> None:
    """An update of the account's webhooks is one of its default service's, too."""

    def both(real: Any, records: Any, fact: Any, policy: Any) -> Any:
        changes = real(records, fact, policy)
        service = records.service(changes.subject.default_service_sid)
        edited = webhooks._edited(service.webhooks, fact.edit, policy)  # noqa: SLF001 - likewise
        return replace(changes, puts=(*changes.puts, replace(service, webhooks=edited)))

    patch.around(webhooks.account_configured, both)


@mutant("edge:webhooks")
def service_webhooks_default_post(patch: Patch) -> None:
    """The webhooks of a fresh service have a method and no filters, like the account's."""

    def filled(real: Any, noun: Any, place: Any) -> Any:
        body = real(noun, place)
        return {**body, "method": body["method"] or "POST", "filters": body["filters"] or []}

    patch.around(wire_webhooks.shown, filled)


# --- credentials ---------------------------------------------------------------------------------


@mutant("edge:secrets")
def credential_secret_shown(patch: Patch) -> None:
    """A credential shows something secret."""
    patch.around(
        wire_credentials.shown,
        lambda real, noun, place: {**real(noun, place), "secret": _TOLD},
    )


@mutant("edge:types")
def credential_sandbox_bool(patch: Patch) -> None:
    """A credential's sandbox is a boolean instead of a text."""
    patch.around(
        wire_credentials.shown,
        lambda real, noun, place: {**real(noun, place), "sandbox": noun.sandbox},
    )


@mutant("edge:types")
def credential_sandbox_lower(patch: Patch) -> None:
    """A credential's sandbox is a text in lower case."""
    patch.around(
        wire_credentials.shown,
        lambda real, noun, place: {**real(noun, place), "sandbox": str(noun.sandbox).lower()},
    )


@mutant("edge:accounts")
def credential_of_another_account(patch: Patch) -> None:
    """An account can fetch the credentials of another."""

    def anybodys(_: Any, store: Any, _account: Any, sid: Any) -> Any:
        shelves = store._credentials_of.values()  # noqa: SLF001 - likewise
        return next((found for shelf in shelves if (found := shelf.get(sid))), None)

    patch.method(MemoryStore, "credential", anybodys)


@mutant("edge:deletes")
def credential_zombie(patch: Patch) -> None:
    """A deleted credential is still there."""
    patch.around(credentials.deleted, lambda real, *args: replace(real(*args), drops=()))


@mutant("edge:dates")
def credential_secret_no_date(patch: Patch) -> None:
    """Another secret does not move a credential's date_updated."""

    def unmoved(real: Any, records: Any, fact: Any, *rest: Any) -> Any:
        return real(records, replace(fact, new_secret=False), *rest)

    patch.around(credentials.edited, unmoved)


@mutant("edge:secrets")
def journal_keeps_secrets(patch: Patch) -> None:
    """The journal keeps a credential's secret as it was sent."""
    patch.around(redaction.form, lambda _, sent: dict(sent))


@mutant("edge:secrets")
def journal_keeps_queried_secrets(patch: Patch) -> None:
    """The journal keeps a secret that was sent in a query."""
    patch.around(redaction.query, lambda _, sent: sent)
