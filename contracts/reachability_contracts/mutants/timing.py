"""Mutants of time: delays, lost sockets, and what cancels them (R14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock.core import presence, reachability, services
from reachability_mock.core.changes import Changes
from reachability_mock.core.model import Latch
from reachability_mock.world import World

MUTANTS = Shelf()
mutant = MUTANTS.mutant


def _policy(policy: Any, **changed: float) -> Any:
    return replace(policy, **{name: timedelta(seconds=value) for name, value in changed.items()})


@mutant("R14")
def delays_ignored(patch: Patch) -> None:
    """Every change shows at once, whatever the delays say."""
    patch.around(reachability.online_delay, lambda *_: timedelta(0))


@mutant("R14")
def delays_swapped(patch: Patch) -> None:
    """A connect waits for the offline delay, a goodbye for the online delay."""

    def swapped(real: Any, user: Any, policy: Any) -> Any:
        other = replace(
            policy, online_delay=policy.offline_delay, offline_delay=policy.online_delay
        )
        return real(user, other)

    patch.around(reachability.online_delay, swapped)


@mutant("R14")
def delay_starts_anew(patch: Patch) -> None:
    """Whatever happens to a user meanwhile starts the waiting anew."""

    def restarting(real: Any, service: Any, user: Any, at: Any, policy: Any) -> Any:
        due = user.online_due
        if due is not None and due > at:
            user = replace(user, online_due=None)
        return real(service, user, at, policy)

    patch.around(reachability.settle, restarting)


@mutant("R14")
def return_does_not_cancel(patch: Patch) -> None:
    """Who comes back within the delay is still shown as offline when it is over."""

    def flickering(real: Any, service: Any, user: Any, at: Any, policy: Any) -> Any:
        settled = real(service, user, at, policy)
        if user.online_due is None or not user.is_connected or not service.reachability_enabled:
            return settled
        if user.online_due <= at:
            gone = Latch(service.epoch, value=False, since=at)
            return replace(settled, online=gone, online_due=None)
        return replace(settled, online_due=user.online_due)

    patch.around(reachability.settle, flickering)


@mutant("R14")
def pending_survives_disable(patch: Patch) -> None:
    """A change that was pending when the indicator went off happens once it is on again."""
    pending: dict[str, bool] = {}

    def keeping(real: Any, records: Any, fact: Any, at: Any, policy: Any) -> Any:
        waiting = [user for user in records.present_users(fact.service_sid) if user.online_due]
        pending.update({user.sid: user.is_connected for user in waiting})
        changes = real(records, fact, at, policy)
        service = changes.subject
        if not service.reachability_enabled:
            return changes
        late = [(records.user(service.sid, sid), online) for sid, online in pending.items()]
        pending.clear()
        puts = [
            replace(user, online=Latch(service.epoch, value=online, since=at))
            for user, online in late
            if user
        ]
        return replace(changes, puts=(*changes.puts, *puts))

    patch.around(services.configured, keeping)


@mutant("R14")
def lost_counts_at_once(patch: Patch) -> None:
    """A lost socket counts as closed at once, whatever lost_after says."""

    def hasty(real: Any, fact: Any, moment: Any) -> Any:
        return real(fact, moment._replace(policy=_policy(moment.policy, lost_after=0)))

    patch.around(presence.connection_lost, hasty)


@mutant("R14")
def lost_is_for_ever(patch: Patch) -> None:
    """A lost socket is never noticed."""
    patch.around(presence.connection_lost, lambda *_: Changes())


@mutant("R14")
def goodbye_waits_like_lost(patch: Patch) -> None:
    """A clean goodbye waits for lost_after, too."""

    def waiting(_: Any, fact: Any, moment: Any) -> Any:
        return presence.connection_lost(fact, moment)

    patch.around(presence.disconnected, waiting)


@mutant("R14")
def return_stays_lost(patch: Patch) -> None:
    """A device that comes back after its socket was lost is closed all the same."""

    def deaf(real: Any, fact: Any, moment: Any) -> Any:
        user = moment.records.user_by_identity(fact.service_sid, fact.identity)
        known = user.connection(fact.device) if user else None
        return Changes() if known and known.lost_until else real(fact, moment)

    patch.around(presence.connected, deaf)


@mutant("R14")
def push_waits_too(patch: Patch) -> None:
    """is_notifiable lags behind as is_online does."""

    def lagging(real: Any, service: Any, user: Any, at: Any, policy: Any) -> Any:
        settled = real(service, user, at, policy)
        return replace(settled, notifiable=user.notifiable) if policy.online_delay else settled

    patch.around(reachability.settle, lagging)


@mutant("edge:clock")
def timers_never_fire(patch: Patch) -> None:
    """What is due in the future never happens."""
    patch.method(World, "run_due", lambda *_: None)


@mutant("edge:clock")
def advance_moves_nothing(patch: Patch) -> None:
    """The clock does not move when it is advanced."""
    patch.method(World, "advance", lambda real, world, _: real(world, 0))


@mutant("edge:clock")
def timers_fire_early(patch: Patch) -> None:
    """What is due in the future happens a minute early."""

    def early(real: Any, fact: Any, moment: Any) -> Any:
        return real(fact, moment._replace(at=moment.at + timedelta(minutes=1)))

    def sooner(real: Any, user: Any, policy: Any) -> Any:
        return max(real(user, policy) - timedelta(minutes=1), timedelta(0))

    patch.around(presence.timer_due, early)
    patch.around(reachability.online_delay, sooner)
