"""Mutants of deletes: what is gone must be gone, and what is not must stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock.core import services, users
from reachability_mock.core.model import Service, User
from reachability_mock.store import MemoryStore, Room

MUTANTS = Shelf()
mutant = MUTANTS.mutant


@mutant("edge:deletes")
def zombie_user(patch: Patch) -> None:
    """A deleted user is still there."""
    patch.around(users.deleted, _dropping_nothing)


@mutant("edge:deletes")
def zombie_service(patch: Patch) -> None:
    """A deleted service is still there."""
    patch.around(services.deleted, _dropping_nothing)


@mutant("edge:deletes")
def zombie_binding(patch: Patch) -> None:
    """A deleted binding is still there."""
    from reachability_mock.core import presence  # noqa: PLC0415 - read beside its only use

    patch.around(presence.push_unregistered, _dropping_nothing)


@mutant("edge:deletes")
def zombie_in_list(patch: Patch) -> None:
    """A deleted user cannot be fetched but is still listed."""

    def hidden(real: Any, room: Any, user: Any) -> None:
        real(room, user)
        room.users.put(replace(user, sid=user.sid))

    def unfetchable(real: Any, store: Any, service_sid: Any, sid: Any) -> Any:
        user = real(store, service_sid, sid)
        known = user and store.user_by_identity(service_sid, user.identity)
        return user if known else None

    patch.method(Room, "drop_user", hidden)
    patch.method(MemoryStore, "user", unfetchable)


@mutant("edge:deletes")
def reborn_online(patch: Patch) -> None:
    """Who is created anew after a delete is as online as the old one was."""
    graves: dict[tuple[str, str], User] = {}

    def buried(real: Any, room: Any, user: Any) -> None:
        graves[user.service_sid, user.identity] = user
        real(room, user)

    def risen(real: Any, fact: Any, moment: Any) -> Any:
        changes = real(fact, moment)
        old = graves.get((fact.service_sid, fact.identity))
        if old is None:
            return changes
        user = replace(
            changes.subject,
            connections=old.connections,
            push_bindings=old.push_bindings,
            online=old.online,
            notifiable=old.notifiable,
        )
        return replace(changes, subject=user, puts=(user,))

    patch.method(Room, "drop_user", buried)
    patch.around(users.created, risen)


@mutant("edge:deletes")
def default_service_deletable(patch: Patch) -> None:
    """The default service can be deleted although the setting says not to."""

    def willing(real: Any, records: Any, fact: Any, policy: Any) -> Any:
        return real(records, fact, replace(policy, default_service_deletable=True))

    patch.around(services.deleted, willing)


@mutant("edge:deletes")
def service_delete_takes_all(patch: Patch) -> None:
    """Deleting a service deletes the account's other services, but for the default one."""

    def greedy(real: Any, records: Any, fact: Any, policy: Any) -> Any:
        changes = real(records, fact, policy)
        service = changes.subject
        account = records.account(service.account_sid)
        others = tuple(
            other
            for _, other in records.services_of(service.account_sid).after(-1)
            if other.sid not in {service.sid, account.default_service_sid}
        )
        return replace(changes, drops=(*changes.drops, *others))

    patch.around(services.deleted, greedy)


@mutant("edge:deletes")
def delete_by_identity_everywhere(patch: Patch) -> None:
    """Deleting a user deletes the users of the same identity in the account's other services."""

    def greedy(real: Any, fact: Any, moment: Any) -> Any:
        changes = real(fact, moment)
        service = moment.records.service(fact.service_sid)
        others = (
            moment.records.user_by_identity(other.sid, changes.subject.identity)
            for _, other in moment.records.services_of(service.account_sid).after(-1)
            if isinstance(other, Service) and other.sid != service.sid
        )
        return replace(changes, drops=(*changes.drops, *(one for one in others if one)))

    patch.around(users.deleted, greedy)


def _dropping_nothing(real: Any, *args: Any) -> Any:
    return replace(real(*args), drops=())
