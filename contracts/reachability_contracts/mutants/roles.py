"""Mutants of roles: what they may allow, how long they live, and where they are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock.core import roles
from reachability_mock.core.errors import Refused
from reachability_mock.core.model import RoleType
from reachability_mock.store import MemoryStore, Room
from reachability_mock.wire import roles as wire_roles

MUTANTS = Shelf()
mutant = MUTANTS.mutant


# --- what a role may allow -----------------------------------------------------------------------


@mutant("edge:roles")
def role_permissions_added(patch: Patch) -> None:
    """An update of a role adds permissions to those it had."""

    def adding(real: Any, records: Any, fact: Any, at: Any, policy: Any) -> Any:
        had = records.role(fact.service_sid, fact.role_sid).permissions
        return real(records, replace(fact, permissions=(*had, *fact.permissions)), at, policy)

    patch.around(roles.edited, adding)


@mutant("edge:roles")
def role_permissions_any_type(patch: Patch) -> None:
    """A role may allow what only roles of the other type know."""
    both = frozenset().union(*roles.PERMISSIONS.values())
    patch.constant(roles, "PERMISSIONS", dict.fromkeys(RoleType, both))


@mutant("edge:roles")
def role_permission_unchecked(patch: Patch) -> None:
    """A role may allow what no role knows, and nothing at all."""
    patch.around(roles._checked, lambda _, names, *__: names)  # noqa: SLF001 - a mutant looks inside


@mutant("edge:roles")
def role_permissions_repeated(patch: Patch) -> None:
    """A permission that was sent twice is there twice."""

    def repeating(real: Any, names: Any, *rest: Any) -> Any:
        real(names, *rest)
        return names

    patch.around(roles._checked, repeating)  # noqa: SLF001 - likewise


@mutant("edge:roles")
def role_type_unchecked_on_create(patch: Patch) -> None:
    """A role of a type that is none is one of the service."""

    def lenient(real: Any, *args: Any) -> Any:
        try:
            return real(*args)
        except Refused:
            return RoleType.SERVICE

    patch.around(wire_roles._type, lenient)  # noqa: SLF001 - likewise


@mutant("edge:roles")
def role_update_renames(patch: Patch) -> None:
    """An update of a role takes a FriendlyName, too."""
    sent: dict[str, str] = {}

    def hearing(real: Any, form: Any, service_sid: Any, sid: Any) -> Any:
        sent[sid] = form.get("FriendlyName") or ""
        return real(form, service_sid, sid)

    def renaming(real: Any, records: Any, fact: Any, *rest: Any) -> Any:
        changes = real(records, fact, *rest)
        name = sent.get(fact.role_sid)
        role = replace(changes.subject, friendly_name=name or changes.subject.friendly_name)
        return replace(changes, subject=role, puts=(role,))

    patch.around(wire_roles.edited, hearing)
    patch.around(roles.edited, renaming)


@mutant("edge:roles")
def role_name_limit_256(patch: Patch) -> None:
    """A role's name may be as long as a service's."""
    patch.constant(roles, "FRIENDLY_NAME_LIMIT", 256)


# --- how long it lives ---------------------------------------------------------------------------


@mutant("edge:roles")
def role_in_use_deleted(patch: Patch) -> None:
    """A role can be deleted whoever has it."""
    patch.around(roles._is_used, lambda *_: False)  # noqa: SLF001 - likewise


@mutant("edge:roles")
def role_in_use_defaults_only(patch: Patch) -> None:
    """A role can be deleted that a user has; only the defaults cannot."""
    patch.method(MemoryStore, "has_users", lambda *_: False)


@mutant("edge:roles")
def default_role_deleted(patch: Patch) -> None:
    """A default role can be deleted as long as no user has it."""
    patch.around(roles._is_used, lambda _, records, __, role: records.has_users(role))  # noqa: SLF001 - likewise


@mutant("edge:roles")
def role_in_use_sticky(patch: Patch) -> None:
    """A role that a user had once counts as used for ever."""

    def only_up(real: Any, room: Any, sid: Any, change: Any) -> None:
        if change > 0:
            real(room, sid, change)

    patch.method(Room, "_count_role", only_up)


# --- where it is known ---------------------------------------------------------------------------


@mutant("R12")
def role_seen_elsewhere(patch: Patch) -> None:
    """A role is known in every service."""

    def anywhere(_: Any, store: Any, _service: Any, sid: Any) -> Any:
        rooms = store._rooms.values()  # noqa: SLF001 - likewise
        return next((role for room in rooms if (role := room.roles.get(sid))), None)

    patch.method(MemoryStore, "role", anywhere)


@mutant("edge:urls")
def role_short_path_long_url(patch: Patch) -> None:
    """A role reached by the short path gives its service's path as its URL."""

    def long(real: Any, noun: Any, place: Any) -> Any:
        return real(noun, place._replace(service_sid=noun.service_sid))

    patch.around(wire_roles.shown, long)
