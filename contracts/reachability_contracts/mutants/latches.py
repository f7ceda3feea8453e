"""Mutants of connections: what makes a user online, offline, and what is forgotten (R4-R6, R11)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock.core import errors, presence, users
from reachability_mock.core.changes import Changes
from reachability_mock.core.model import Connection, Latch
from reachability_mock.core.reachability import current, enabled, settle

MUTANTS = Shelf()
mutant = MUTANTS.mutant


@mutant("R5")
def connect_ignored(patch: Patch) -> None:
    """A connection makes nobody online."""
    patch.around(settle, lambda _, __, user, *___: user)


@mutant("R5")
def stranger_refused(patch: Patch) -> None:
    """An SDK whose identity the service does not know is refused, instead of being a new user."""

    def refusing(real: Any, fact: Any, moment: Any) -> Any:
        if moment.records.user_by_identity(fact.service_sid, fact.identity) is None:
            raise errors.not_found(f"/Services/{fact.service_sid}/Users/{fact.identity}")
        return real(fact, moment)

    patch.around(presence.connected, refusing)


@mutant("R5")
def only_first_time_online(patch: Patch) -> None:
    """Who went offline once stays offline, whatever connects."""

    def stuck(real: Any, service: Any, user: Any, at: Any, policy: Any) -> Any:
        was = current(service, user.online, policy)
        settled = real(service, user, at, policy)
        if was is False and service.reachability_enabled:
            return replace(settled, online=user.online, online_due=None)
        return settled

    patch.around(settle, stuck)


@mutant("R5")
def same_device_counts_twice(patch: Patch) -> None:
    """A device that says twice that it is connected must say goodbye twice."""
    told: dict[tuple[str, str], int] = {}

    def counted(real: Any, fact: Any, moment: Any) -> Any:
        told[fact.identity, fact.device] = told.get((fact.identity, fact.device), 0) + 1
        return real(fact, moment)

    def forgiving(real: Any, fact: Any, moment: Any) -> Any:
        told[fact.identity, fact.device] = told.get((fact.identity, fact.device), 1) - 1
        return real(fact, moment) if told[fact.identity, fact.device] <= 0 else Changes()

    patch.around(presence.connected, counted)
    patch.around(presence.disconnected, forgiving)


@mutant("R5")
def one_device_at_a_time(patch: Patch) -> None:
    """A second device takes the first one's place, so that its goodbye makes the user offline."""

    def replacing(real: Any, fact: Any, moment: Any) -> Any:
        return real(fact, _with_only(moment, fact))

    patch.around(presence.connected, replacing)


@mutant("R6")
def any_goodbye_is_offline(patch: Patch) -> None:
    """Two devices, one of them closed: the user counts as offline."""

    def last(real: Any, fact: Any, moment: Any) -> Any:
        return real(fact, _with_only(moment, fact))

    patch.around(presence.disconnected, last)


@mutant("R6")
def goodbye_ignored(patch: Patch) -> None:
    """A clean goodbye closes nothing: the user stays online for ever."""
    patch.around(presence.disconnected, lambda *_: Changes())


@mutant("R6")
def stranger_device_closes(patch: Patch) -> None:
    """The goodbye of a device that was never connected closes the others."""

    def closing(real: Any, fact: Any, moment: Any) -> Any:
        user = moment.records.user_by_identity(fact.service_sid, fact.identity)
        if user is not None and user.connections and user.connection(fact.device) is None:
            return real(replace(fact, device=user.connections[0].device), moment)
        return real(fact, moment)

    patch.around(presence.disconnected, closing)


@mutant("R4")
def born_offline(patch: Patch) -> None:
    """A user is born offline instead of unknown."""

    def offline(real: Any, service: Any, identity: Any, sid: Any, at: Any, *rest: Any) -> Any:
        born = real(service, identity, sid, at, *rest)
        return replace(born, online=Latch(service.epoch, False, at))  # noqa: FBT003 - a latch's value

    patch.around(presence.new_user, offline)


@mutant("R10")
def update_makes_online(patch: Patch) -> None:
    """A user whom a backend updates counts as online, as if REST were a connection."""

    def waking(real: Any, fact: Any, moment: Any) -> Any:
        changes = real(fact, moment)
        user = moment.records.user(fact.service_sid, fact.user_sid)
        service = moment.records.service(fact.service_sid)
        if user is None or service is None or not service.reachability_enabled:
            return changes
        changed = changes.subject or user
        awake = replace(
            changed,
            connections=(*changed.connections, Connection("rest")),
            online=Latch(service.epoch, True, moment.at),  # noqa: FBT003 - a latch's value
        )
        return replace(changes, subject=awake, puts=(awake,))

    patch.around(users.edited, waking)


@mutant("R11")
def reenable_remembers(patch: Patch) -> None:
    """What was known before the indicator went off is known again once it is on."""
    patch.around(current, lambda _, __, latch, ___: latch.value)


@mutant("R11")
def reenable_makes_false(patch: Patch) -> None:
    """Whoever had a state before shows false after off and on, instead of null."""

    def falsely(real: Any, service: Any, latch: Latch, policy: Any) -> Any:
        if latch.epoch != service.epoch and latch.value is not None:
            return False
        return real(service, latch, policy)

    patch.around(current, falsely)


@mutant("R11")
def enable_ignores_connected(patch: Patch) -> None:
    """Who is connected when the indicator goes on stays unknown until the next connect."""

    def blind(real: Any, service: Any, user: Any, at: Any) -> Any:
        return replace(real(service, user, at), online=user.online)

    patch.around(enabled, blind)


@mutant("R11")
def enable_ignores_registered(patch: Patch) -> None:
    """Who is registered for push when the indicator goes on stays unknown."""

    def blind(real: Any, service: Any, user: Any, at: Any) -> Any:
        return replace(real(service, user, at), notifiable=user.notifiable)

    patch.around(enabled, blind)


@mutant("R11")
def disable_closes_connections(patch: Patch) -> None:
    """Switching the indicator off throws everybody out: nobody is online after off and on."""

    def throwing(  # noqa: PLR0913 - the patched function's own
        real: Any, moment: Any, service: Any, before: Any, now: Any, *, was: Any = None
    ) -> Any:
        if was is not None and was.reachability_enabled and not service.reachability_enabled:
            now = replace(now, connections=())
        return real(moment, service, before, now, was=was)

    patch.around(presence.user_changes, throwing)


def _with_only(moment: Any, fact: Any) -> Any:
    """`moment` as if the fact's device were the only one its user ever had."""
    user = moment.records.user_by_identity(fact.service_sid, fact.identity)
    if user is None:
        return moment
    alone = tuple(one for one in user.connections if one.device == fact.device)
    seen = _Seeing(moment.records, replace(user, connections=alone))
    return moment._replace(records=seen)


class _Seeing:
    """The records, but for one user who looks different."""

    def __init__(self, records: Any, user: Any) -> None:
        self._records = records
        self._user = user

    def user_by_identity(self, *_: str) -> Any:
        return self._user

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)
