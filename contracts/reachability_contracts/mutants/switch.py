"""Mutants of the switch: what turns the indicator on and off (R1, R2, R11)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock.core import accounts, errors, services
from reachability_mock.core.events import ServiceUpdated
from reachability_mock.core.reachability import current
from reachability_mock.wire import params, resources

MUTANTS = Shelf()
mutant = MUTANTS.mutant


@mutant("R1")
def on_by_default(patch: Patch) -> None:
    """A new service has the indicator on."""

    def eager(real: Any, account_sid: Any, sid: Any, name: Any, at: Any) -> Any:
        changes = real(account_sid, sid, name, at)
        service = replace(changes.subject, reachability_enabled=True, epoch=1, enabled_at=at)
        return replace(changes, subject=service, puts=(service, *changes.puts[1:]))

    patch.around(services.new_service, eager)


@mutant("R1")
def default_service_is_on(patch: Patch) -> None:
    """The default service of a new account has the indicator on, other services do not."""

    def eager(real: Any, records: Any, fact: Any, at: Any) -> Any:
        changes = real(records, fact, at)
        puts = tuple(
            replace(put, reachability_enabled=True, epoch=1, enabled_at=at)
            if getattr(put, "reachability_enabled", None) is False
            else put
            for put in changes.puts
        )
        return replace(changes, puts=puts)

    patch.around(accounts.opened, eager)


@mutant("R2")
def switch_ignored(patch: Patch) -> None:
    """ReachabilityEnabled is accepted and forgotten."""

    def deaf(real: Any, form: Any, service_sid: Any) -> Any:
        return replace(real(form, service_sid), reachability_enabled=None)

    patch.around(params.service_configured, deaf)


@mutant("R2")
def switch_shown_not_kept(patch: Patch) -> None:
    """The answer to switching shows the new value; a fetch afterwards shows the old one."""

    def echo(real: Any, records: Any, fact: Any, at: Any, policy: Any) -> Any:
        changes = real(records, fact, at, policy)
        kept = records.service(fact.service_sid)
        after = replace(
            changes.subject,
            reachability_enabled=kept.reachability_enabled,
            epoch=kept.epoch,
            enabled_at=kept.enabled_at,
        )
        return replace(changes, puts=(after,), events=())

    patch.around(services.configured, echo)


@mutant("R2")
def cannot_be_switched_off(patch: Patch) -> None:
    """Once on, the indicator stays on."""

    def stuck(real: Any, service: Any, on: Any, at: Any) -> Any:
        return real(service, on or None, at)

    patch.around(services._switched, stuck)  # noqa: SLF001 - a mutant looks inside


@mutant("R2")
def unsent_switches_off(patch: Patch) -> None:
    """An update of the Configuration that does not name the switch turns it off."""

    def partial(real: Any, form: Any, service_sid: Any) -> Any:
        fact = real(form, service_sid)
        return replace(fact, reachability_enabled=bool(fact.reachability_enabled))

    patch.around(params.service_configured, partial)


@mutant("R2")
def account_configuration_switches(patch: Patch) -> None:
    """ReachabilityEnabled sent to /v1/Configuration turns the default service's indicator on."""
    sent: dict[str, bool] = {}

    def listening(real: Any, form: Any, account_sid: Any) -> Any:
        sent["on"] = (form.get("ReachabilityEnabled") or "").lower() == "true"
        return real(form, account_sid)

    def switching(real: Any, records: Any, fact: Any) -> Any:
        changes = real(records, fact)
        service = records.service(changes.subject.default_service_sid)
        if not sent.pop("on", False) or service is None:
            return changes
        on = replace(service, reachability_enabled=True, epoch=service.epoch + 1)
        return replace(
            changes, puts=(*changes.puts, on), events=(ServiceUpdated(on, switched=True),)
        )

    patch.around(params.account_configured, listening)
    patch.around(accounts.configured, switching)


@mutant("R2")
def true_only_in_lower_case(patch: Patch) -> None:
    """ReachabilityEnabled=True is refused: only lower case will do."""

    def strict(real: Any, name: Any, text: Any) -> Any:
        if text is not None and text != text.lower():
            raise errors.bad_value(name, text)
        return real(name, text)

    patch.around(params.boolean, strict)


@mutant("edge:params")
def yes_is_true(patch: Patch) -> None:
    """ReachabilityEnabled=yes counts as true."""

    def lenient(real: Any, name: Any, text: Any) -> Any:
        return True if text is not None and text.lower() == "yes" else real(name, text)

    patch.around(params.boolean, lenient)


@mutant("edge:params")
def nonsense_is_false(patch: Patch) -> None:
    """Any other word for ReachabilityEnabled counts as false."""

    def lenient(_: Any, __: Any, text: Any) -> Any:
        return None if text is None else text.lower() == "true"

    patch.around(params.boolean, lenient)


@mutant("R11")
def on_again_starts_over(patch: Patch) -> None:
    """Switching on what is on already forgets everybody who is offline."""

    def restarting(real: Any, service: Any, on: Any, at: Any) -> Any:
        if on and service.reachability_enabled:
            return replace(service, epoch=service.epoch + 1, enabled_at=at)
        return real(service, on, at)

    patch.around(services._switched, restarting)  # noqa: SLF001 - a mutant looks inside


@mutant("R11")
def update_forgets(patch: Patch) -> None:
    """Any update of the Configuration starts the indicator over."""

    def restarting(real: Any, records: Any, fact: Any, at: Any, policy: Any) -> Any:
        changes = real(records, fact, at, policy)
        service = changes.subject
        if not service.reachability_enabled:
            return changes
        again = replace(service, epoch=service.epoch + 1)
        others = tuple(put for put in changes.puts if put.sid != service.sid)
        return replace(changes, subject=again, puts=(again, *others))

    patch.around(services.configured, restarting)


@mutant("R11")
def first_enabling_only(patch: Patch) -> None:
    """From the second enabling on, nobody's state is ever shown."""

    def once(real: Any, service: Any, latch: Any, policy: Any) -> Any:
        return None if service.epoch > 1 else real(service, latch, policy)

    patch.around(current, once)


@mutant("edge:types")
def enabled_is_text(patch: Patch) -> None:
    """The Configuration shows the switch as a text."""

    def text(real: Any, noun: Any, place: Any) -> Any:
        body = real(noun, place)
        return {**body, "reachability_enabled": str(body["reachability_enabled"]).lower()}

    patch.around(resources.service_configuration, text)


@mutant("edge:types")
def account_shows_switch(patch: Patch) -> None:
    """The account's Configuration has a reachability_enabled of its own."""

    def more(real: Any, account: Any, place: Any) -> Any:
        return {**real(account, place), "reachability_enabled": False}

    patch.around(resources.account_configuration, more)
