"""Mutants of scope: services, accounts and identities that should not know each other (R12)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock.core import errors, presence, services, sids, users
from reachability_mock.core import identity as identities
from reachability_mock.core.changes import Changes
from reachability_mock.http import call as calls
from reachability_mock.http import paths
from reachability_mock.keyring import Caller, Keyring
from reachability_mock.store import MemoryStore, Room

MUTANTS = Shelf()
mutant = MUTANTS.mutant


@mutant("R12")
def switch_is_account_wide(patch: Patch) -> None:
    """Switching the indicator on one service switches it on all of the account's."""

    def everywhere(real: Any, records: Any, fact: Any, at: Any, policy: Any) -> Any:
        changes = real(records, fact, at, policy)
        on = changes.subject.reachability_enabled
        others = tuple(
            replace(other, reachability_enabled=on, epoch=other.epoch + 1)
            for _, other in records.services_of(changes.subject.account_sid).after(-1)
            if other.sid != fact.service_sid and other.reachability_enabled != on
        )
        return replace(changes, puts=(*changes.puts, *others))

    patch.around(services.configured, everywhere)


@mutant("R12")
def online_everywhere(patch: Patch) -> None:
    """Connecting to one service makes the same identity online in every other."""

    def spreading(real: Any, fact: Any, moment: Any) -> Any:
        changes = real(fact, moment)
        service = moment.records.service(fact.service_sid)
        others = moment.records.services_of(service.account_sid).after(-1)
        puts = changes.puts
        for _, other in others:
            if other.sid != fact.service_sid and moment.records.user_by_identity(
                other.sid, fact.identity
            ):
                puts += real(replace(fact, service_sid=other.sid), moment).puts
        return replace(changes, puts=puts)

    patch.around(presence.connected, spreading)


@mutant("R12")
def identity_unique_in_account(patch: Patch) -> None:
    """A user is found by its identity in any service of its account."""

    def anywhere(real: Any, store: Any, service_sid: Any, identity: Any) -> Any:
        found = real(store, service_sid, identity)
        service = store.service(service_sid)
        if found is not None or service is None:
            return found
        others = store.services_of(service.account_sid).after(-1)
        return next(
            (user for _, other in others if (user := real(store, other.sid, identity))), None
        )

    patch.method(MemoryStore, "user_by_identity", anywhere)


@mutant("R12")
def user_found_in_any_service(patch: Patch) -> None:
    """A User SID opens by the path of another service."""

    def anywhere(real: Any, store: Any, service_sid: Any, sid: Any) -> Any:
        rooms = [service_sid, *store._rooms]  # noqa: SLF001 - a mutant looks inside
        return next((user for room in rooms if (user := real(store, room, sid))), None)

    patch.method(MemoryStore, "user", anywhere)


@mutant("R12")
def default_path_is_first_service(patch: Patch) -> None:
    """The paths without a service use the account's newest service, not its default one."""

    def newest(real: Any, call: Any, sid: Any) -> Any:
        if sid is not None:
            return real(call, sid)
        return next(iter(call.store.services_of(call.account_sid).before(2**62)))[1]

    patch.method(calls.Call, "service", newest)


@mutant("edge:accounts")
def accounts_share_services(patch: Patch) -> None:
    """An account may open another account's service by its SID."""

    def open_to_all(real: Any, call: Any, sid: Any) -> Any:
        found = call.store.service(sid) if sid else None
        return found if found is not None else real(call, sid)

    patch.method(calls.Call, "service", open_to_all)


@mutant("edge:accounts")
def accounts_share_a_world(patch: Patch) -> None:
    """Every account sees the default account's world."""

    def one_world(real: Any, ring: Any, username: Any, password: Any) -> Any:
        caller = real(ring, username, password)
        return Caller(ring.default_account, caller.shown_sid)

    patch.method(Keyring, "admit", one_world)


@mutant("edge:accounts")
def list_shows_all_accounts(patch: Patch) -> None:
    """The list of services shows those of every account."""

    def everybodys(real: Any, store: Any, account_sid: Any) -> Any:
        for other in tuple(store._services_of):  # noqa: SLF001 - a mutant looks inside
            if other != account_sid:
                return real(store, other)
        return real(store, account_sid)

    patch.method(MemoryStore, "services_of", everybodys)


@mutant("edge:identity")
def no_identity_lookup(patch: Patch) -> None:
    """A user is found by its SID only, not by its identity."""

    def by_sid(_: Any, store: Any, service_sid: Any, name: Any) -> Any:
        return store.user(service_sid, name)

    patch.around(calls.find_user, by_sid)


@mutant("edge:identity")
def no_sid_lookup(patch: Patch) -> None:
    """A user is found by its identity only, not by its SID."""

    def by_identity(_: Any, store: Any, service_sid: Any, name: Any) -> Any:
        return store.user_by_identity(service_sid, name)

    patch.around(calls.find_user, by_identity)


@mutant("edge:identity")
def identity_case_insensitive(patch: Patch) -> None:
    """Alice and alice are the same user."""

    def folded(real: Any, store: Any, service_sid: Any, identity: Any) -> Any:
        found = real(store, service_sid, identity)
        return found or real(store, service_sid, identity.lower())

    patch.method(MemoryStore, "user_by_identity", folded)


@mutant("edge:identity")
def identity_stripped(patch: Patch) -> None:
    """White space around an identity is dropped when a user is born."""
    patch.around(identities.checked_identity, lambda real, identity: real(identity.strip()))


@mutant("edge:identity")
def duplicates_allowed(patch: Patch) -> None:
    """A second user of the same identity is created."""

    def forgiving(real: Any, fact: Any, moment: Any) -> Any:
        return real(fact, moment._replace(records=_Nobody(moment.records)))

    patch.around(users.created, forgiving)


@mutant("edge:identity")
def duplicate_returns_old(patch: Patch) -> None:
    """Creating a user whose identity is taken answers 201 with the old one."""

    def idempotent(real: Any, fact: Any, moment: Any) -> Any:
        found = moment.records.user_by_identity(fact.service_sid, fact.identity)
        return Changes(found) if found else real(fact, moment)

    patch.around(users.created, idempotent)


@mutant("edge:identity")
def any_length_goes(patch: Patch) -> None:
    """An identity of more than 256 characters is accepted."""
    patch.constant(identities, "LIMIT", 10**6)


@mutant("edge:identity")
def reserved_words_go(patch: Patch) -> None:
    """An identity that Twilio keeps for itself is accepted."""
    patch.constant(identities, "RESERVED", frozenset())


@mutant("edge:identity")
def sid_as_identity_goes(patch: Patch) -> None:
    """An identity that looks like a User SID is accepted."""

    def unseen(real: Any, prefix: Any, text: Any) -> Any:
        return prefix != "US" and real(prefix, text)

    patch.around(sids.is_sid, unseen)


@mutant("edge:identity")
def missing_identity_invented(patch: Patch) -> None:
    """A user without an identity gets one."""
    patch.around(identities.checked_identity, lambda real, identity: real(identity or "anonymous"))


@mutant("edge:identity")
def path_decoded_before_split(patch: Patch) -> None:
    """An encoded slash in the path counts as a slash."""
    patch.around(paths.canonical, lambda real, raw: real(raw.replace("%2F", "/")))


@mutant("edge:identity")
def plus_is_a_space(patch: Patch) -> None:
    """A plus sign in the path counts as a space."""
    patch.around(paths.canonical, lambda real, raw: real(raw.replace("+", "%20")))


@mutant("edge:deletes")
def identity_never_free(patch: Patch) -> None:
    """The identity of a deleted user cannot be used again."""
    taken: set[tuple[str, str]] = set()

    def noted(real: Any, room: Any, user: Any) -> Any:
        taken.add((user.service_sid, user.identity))
        return real(room, user)

    def remembering(real: Any, fact: Any, moment: Any) -> Any:
        if (fact.service_sid, fact.identity) in taken:
            raise errors.user_exists()
        return real(fact, moment)

    patch.method(Room, "drop_user", noted)
    patch.around(users.created, remembering)


class _Nobody:
    """The records, in which no identity is taken."""

    def __init__(self, records: Any) -> None:
        self._records = records

    def user_by_identity(self, *_: str) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)
