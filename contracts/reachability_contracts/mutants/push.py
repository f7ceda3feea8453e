"""Mutants of push: registrations, what they make notifiable, and their lists (R7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock.core import presence, users
from reachability_mock.core.model import BindingType
from reachability_mock.core.reachability import settle
from reachability_mock.store import MemoryStore
from reachability_mock.wire import resources

MUTANTS = Shelf()
mutant = MUTANTS.mutant


@mutant("R7")
def registering_ignored(patch: Patch) -> None:
    """A registration makes nobody notifiable."""

    def deaf(real: Any, service: Any, user: Any, at: Any, policy: Any) -> Any:
        return replace(real(service, user, at, policy), notifiable=user.notifiable)

    patch.around(settle, deaf)


@mutant("R7")
def twilsock_counts(patch: Patch) -> None:
    """A twilsock binding makes its user notifiable, as if a socket were push."""
    patch.method(BindingType, "is_push", lambda *_: True)


@mutant("R7")
def gcm_does_not_count(patch: Patch) -> None:
    """A GCM registration does not make its user notifiable."""
    patch.method(BindingType, "is_push", lambda _, kind: kind.value in {"apn", "fcm"})


@mutant("R7")
def apn_does_not_count(patch: Patch) -> None:
    """An APN registration does not make its user notifiable."""
    patch.method(BindingType, "is_push", lambda _, kind: kind.value in {"gcm", "fcm"})


@mutant("R7")
def any_unregistering_counts(patch: Patch) -> None:
    """Two registrations, one of them ended: the user is no longer notifiable."""

    def last(real: Any, service: Any, user: Any, *rest: Any, **more: Any) -> Any:
        (now, *others) = rest
        if len(now.push_bindings) < len(user.push_bindings):
            now = replace(now, push_bindings=frozenset())
        return real(service, user, now, *others, **more)

    patch.around(presence._settled, last)  # noqa: SLF001 - a mutant looks inside


@mutant("R7")
def rest_delete_unnoticed(patch: Patch) -> None:
    """A binding deleted by REST is gone from the list, and its user stays notifiable."""

    def unnoticed(real: Any, fact: Any, moment: Any) -> Any:
        changes = real(fact, moment)
        return replace(changes, puts=())

    patch.around(presence.push_unregistered, unnoticed)


@mutant("R7")
def registering_twice_is_two(patch: Patch) -> None:
    """The same endpoint registered again is another binding."""

    def blind(real: Any, fact: Any, moment: Any) -> Any:
        return real(fact, moment._replace(records=_NoBindings(moment.records)))

    patch.around(presence.push_registered, blind)


@mutant("edge:bindings")
def binding_type_filter_ignored(patch: Patch) -> None:
    """A list of bindings pays no heed to BindingType."""

    def unfiltered(real: Any, store: Any, service: Any, identities: Any, _: Any) -> Any:
        return real(store, service, identities, ())

    patch.method(MemoryStore, "bindings_in", unfiltered)


@mutant("edge:bindings")
def binding_identity_filter_ignored(patch: Patch) -> None:
    """A list of bindings pays no heed to Identity."""

    def unfiltered(real: Any, store: Any, service: Any, _: Any, types: Any) -> Any:
        return real(store, service, (), types)

    patch.method(MemoryStore, "bindings_in", unfiltered)


@mutant("edge:bindings")
def binding_filter_takes_first(patch: Patch) -> None:
    """Of several values of one filter only the first is looked at."""

    def first(real: Any, store: Any, service: Any, identities: Any, types: Any) -> Any:
        return real(store, service, tuple(identities)[:1], tuple(types)[:1])

    patch.method(MemoryStore, "bindings_in", first)


@mutant("edge:bindings")
def binding_shows_no_identity(patch: Patch) -> None:
    """A binding's identity is the user's SID."""

    def renamed(real: Any, noun: Any, place: Any) -> Any:
        return {**real(noun, place), "identity": noun.user_sid}

    patch.around(resources.binding, renamed)


@mutant("edge:deletes")
def delete_user_keeps_bindings(patch: Patch) -> None:
    """The bindings of a deleted user stay."""

    def keeping(real: Any, fact: Any, moment: Any) -> Any:
        changes = real(fact, moment)
        return replace(changes, drops=changes.drops[-1:])

    patch.around(users.deleted, keeping)


class _NoBindings:
    """The records, but for bindings, of which no user has any."""

    def __init__(self, records: Any) -> None:
        self._records = records

    def bindings_of(self, _: Any) -> tuple[()]:
        return ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)
