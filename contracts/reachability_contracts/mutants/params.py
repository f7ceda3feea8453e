"""Mutants of what is sent: parameters that are ignored, mistaken or not checked (R13, edges)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock.core import accounts, errors, roles, services, users
from reachability_mock.core.facts import UNSET
from reachability_mock.core.model import Connection, Latch, RoleType
from reachability_mock.wire import params

MUTANTS = Shelf()
mutant = MUTANTS.mutant


@mutant("R13")
def is_online_writable(patch: Patch) -> None:
    """IsOnline in an update of a user is believed."""
    sent: dict[str, bool] = {}

    def listening(real: Any, form: Any, service_sid: Any, user_sid: Any) -> Any:
        sent["on"] = (form.get("IsOnline") or "").lower() == "true"
        return real(form, service_sid, user_sid)

    def writing(real: Any, fact: Any, moment: Any) -> Any:
        changes = real(fact, moment)
        service = moment.records.service(fact.service_sid)
        if not sent.pop("on", False):
            return changes
        online = Latch(service.epoch, value=True, since=moment.at)
        user = replace(changes.subject, connections=(Connection("rest"),), online=online)
        return replace(changes, subject=user, puts=(user,))

    patch.around(params.user_edited, listening)
    patch.around(users.edited, writing)


@mutant("R13")
def is_notifiable_writable(patch: Patch) -> None:
    """IsNotifiable in an update of a user is believed."""
    sent: dict[str, bool] = {}

    def listening(real: Any, form: Any, service_sid: Any, user_sid: Any) -> Any:
        sent["on"] = (form.get("IsNotifiable") or "").lower() == "true"
        return real(form, service_sid, user_sid)

    def writing(real: Any, fact: Any, moment: Any) -> Any:
        changes = real(fact, moment)
        service = moment.records.service(fact.service_sid)
        if not sent.pop("on", False):
            return changes
        notifiable = Latch(service.epoch, value=True, since=moment.at)
        user = replace(changes.subject, notifiable=notifiable)
        return replace(changes, subject=user, puts=(user,))

    patch.around(params.user_edited, listening)
    patch.around(users.edited, writing)


@mutant("R13")
def is_online_refused(patch: Patch) -> None:
    """IsOnline in an update of a user is refused instead of ignored."""

    def strict(real: Any, form: Any, service_sid: Any, user_sid: Any) -> Any:
        if form.get("IsOnline") is not None:
            raise errors.bad_value("IsOnline", "it cannot be written")
        return real(form, service_sid, user_sid)

    patch.around(params.user_edited, strict)


@mutant("edge:params")
def update_replaces_everything(patch: Patch) -> None:
    """What an update of a user does not name is cleared."""

    def whole(real: Any, form: Any, service_sid: Any, user_sid: Any) -> Any:
        fact = real(form, service_sid, user_sid)
        return replace(
            fact,
            friendly_name="" if fact.friendly_name is UNSET else fact.friendly_name,
            attributes="{}" if fact.attributes is UNSET else fact.attributes,
        )

    patch.around(params.user_edited, whole)


@mutant("edge:params")
def empty_name_ignored(patch: Patch) -> None:
    """An empty FriendlyName does not clear the name."""

    def deaf(real: Any, form: Any, service_sid: Any, user_sid: Any) -> Any:
        fact = real(form, service_sid, user_sid)
        return replace(fact, friendly_name=fact.friendly_name or UNSET)

    patch.around(params.user_edited, deaf)


@mutant("edge:params")
def empty_update_refused(patch: Patch) -> None:
    """An update of a user that names nothing is refused."""

    def strict(real: Any, form: Any, service_sid: Any, user_sid: Any) -> Any:
        fact = real(form, service_sid, user_sid)
        if fact.friendly_name is UNSET and fact.attributes is UNSET and fact.role_sid is UNSET:
            raise errors.bad_value("parameters", "none")
        return fact

    patch.around(params.user_edited, strict)


@mutant("edge:params")
def name_of_create_forgotten(patch: Patch) -> None:
    """FriendlyName sent with a create is ignored."""

    def deaf(real: Any, form: Any, service_sid: Any, sid: Any) -> Any:
        return replace(real(form, service_sid, sid), friendly_name=None)

    patch.around(params.user_created, deaf)


@mutant("edge:attributes")
def attributes_of_create_forgotten(patch: Patch) -> None:
    """Attributes sent with a create are ignored."""

    def deaf(real: Any, form: Any, service_sid: Any, sid: Any) -> Any:
        return replace(real(form, service_sid, sid), attributes=None)

    patch.around(params.user_created, deaf)


@mutant("edge:attributes")
def attributes_unchecked(patch: Patch) -> None:
    """Attributes need not be JSON."""
    patch.around(users.checked_attributes, lambda _, text, __: text)


@mutant("edge:attributes")
def attributes_any_length(patch: Patch) -> None:
    """Attributes may be as long as they like."""

    def endless(real: Any, text: Any, policy: Any) -> Any:
        return real(text, replace(policy, attributes_limit=10**9))

    patch.around(users.checked_attributes, endless)


@mutant("edge:attributes")
def attributes_must_be_objects(patch: Patch) -> None:
    """Attributes that are JSON but no object are refused."""

    def strict(real: Any, text: Any, policy: Any) -> Any:
        if not text.strip().startswith("{"):
            raise errors.attributes_not_json()
        return real(text, policy)

    patch.around(users.checked_attributes, strict)


@mutant("edge:attributes")
def attributes_compacted(patch: Patch) -> None:
    """Attributes lose their white space although the setting says to keep it."""

    def compact(real: Any, text: Any, policy: Any) -> Any:
        return real(text, replace(policy, attributes_compacted=True))

    patch.around(users.checked_attributes, compact)


@mutant("edge:roles")
def roles_unchecked(patch: Patch) -> None:
    """Any RoleSid is accepted."""
    patch.around(roles.checked_role, lambda _, __, ___, sid, *____: sid)


@mutant("edge:roles")
def role_type_unchecked(patch: Patch) -> None:
    """A user may have a role that is meant for conversations."""

    def any_type(real: Any, records: Any, service_sid: Any, sid: Any, _: Any, policy: Any) -> Any:
        role = records.role(service_sid, sid)
        kind = role.type if role else RoleType.SERVICE
        return real(records, service_sid, sid, kind, policy)

    patch.around(roles.checked_role, any_type)


@mutant("edge:roles")
def role_of_another_service(patch: Patch) -> None:
    """A role of another service is accepted."""

    def anywhere(  # noqa: PLR0913, PLR0917 - the patched function's own
        real: Any, records: Any, service_sid: Any, sid: Any, kind: Any, policy: Any
    ) -> Any:
        rooms = [service_sid, *records._rooms]  # noqa: SLF001 - a mutant looks inside
        home = next((room for room in rooms if records.role(room, sid)), service_sid)
        return real(records, home, sid, kind, policy)

    patch.around(roles.checked_role, anywhere)


@mutant("edge:roles")
def role_sid_ignored(patch: Patch) -> None:
    """RoleSid in an update of a user is ignored."""

    def deaf(real: Any, form: Any, service_sid: Any, user_sid: Any) -> Any:
        return replace(real(form, service_sid, user_sid), role_sid=UNSET)

    patch.around(params.user_edited, deaf)


@mutant("edge:roles")
def default_role_fixed(patch: Patch) -> None:
    """DefaultChatServiceRoleSid is accepted and changes nothing."""

    def deaf(real: Any, form: Any, service_sid: Any) -> Any:
        return replace(real(form, service_sid), default_chat_service_role_sid=None)

    patch.around(params.service_configured, deaf)


@mutant("edge:configuration")
def default_service_fixed(patch: Patch) -> None:
    """DefaultChatServiceSid is accepted and changes nothing."""

    def deaf(real: Any, form: Any, account_sid: Any) -> Any:
        return replace(real(form, account_sid), default_service_sid=None)

    patch.around(params.account_configured, deaf)


@mutant("edge:configuration")
def timers_unchecked(patch: Patch) -> None:
    """A conversation timer may be any text."""
    patch.around(accounts._check_timer, lambda *_: None)  # noqa: SLF001 - a mutant looks inside


@mutant("edge:configuration")
def short_timers_go(patch: Patch) -> None:
    """A conversation timer may be as short as one likes."""

    def any_length(real: Any, which: Any, text: Any, _: Any, codes: Any) -> Any:
        return real(which, text, 0, codes)

    patch.around(accounts._check_timer, any_length)  # noqa: SLF001 - a mutant looks inside


@mutant("edge:services")
def nameless_service(patch: Patch) -> None:
    """A service may be created without a name."""

    def unnamed(real: Any, form: Any, account_sid: Any, sid: Any) -> Any:
        fact = real(form, account_sid, sid)
        return fact if fact.friendly_name else replace(fact, friendly_name="Service")

    patch.around(params.service_created, unnamed)


@mutant("edge:services")
def long_names_go(patch: Patch) -> None:
    """A friendly name may have more than 256 characters."""
    patch.constant(services, "FRIENDLY_NAME_LIMIT", 10**6)
    patch.constant(users, "FRIENDLY_NAME_LIMIT", 10**6)
