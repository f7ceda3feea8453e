"""Mutants of what is shown: null where it must be, the truth where it may be (R3, R4, R8-R10)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock.core.reachability import Action, Axis, Reachability, seen
from reachability_mock.core.rules import Rules
from reachability_mock.wire import resources

MUTANTS = Shelf()
mutant = MUTANTS.mutant


def _fetched(real: Any, service: Any, user: Any, policy: Any) -> Reachability:
    shown: Reachability = real(service, user, Action.FETCH, policy)
    return shown


@mutant("R9")
def list_leaks_online(patch: Patch) -> None:
    """A list shows is_online as a fetch would."""

    def leaking(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        shown: Reachability = real(service, user, action, policy)
        if action is not Action.READ:
            return shown
        return replace(shown, is_online=_fetched(real, service, user, policy).is_online)

    patch.around(seen, leaking)


@mutant("R9")
def list_leaks_notifiable(patch: Patch) -> None:
    """A list shows is_notifiable as a fetch would."""

    def leaking(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        shown: Reachability = real(service, user, action, policy)
        if action is not Action.READ:
            return shown
        return replace(shown, is_notifiable=_fetched(real, service, user, policy).is_notifiable)

    patch.around(seen, leaking)


@mutant("R9")
def list_shows_false(patch: Patch) -> None:
    """A list shows false, as if unknown were the same as offline."""

    def falsely(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        if action is Action.READ:
            return Reachability(is_online=False, is_notifiable=False)
        return _plain(real(service, user, action, policy))

    patch.around(seen, falsely)


@mutant("R9")
def default_path_list_leaks(patch: Patch) -> None:
    """A list reached by /v1/Users shows the truth; the one by the service's path does not."""

    def leaking(real: Any, noun: Any, scope: Any, place: Any, action: Any, policy: Any) -> Any:  # noqa: PLR0913, PLR0917 - the patched function's own
        leaks = action is Action.READ and place.service_sid is None
        return real(noun, scope, place, Action.FETCH if leaks else action, policy)

    patch.around(resources.user, leaking)


@mutant("R3")
def off_shows_false(patch: Patch) -> None:
    """While the indicator is off, a fetch shows false."""

    def falsely(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        if not service.reachability_enabled and action is Action.FETCH:
            return Reachability(is_online=False, is_notifiable=False)
        return _plain(real(service, user, action, policy))

    patch.around(seen, falsely)


@mutant("R3")
def off_shows_truth(patch: Patch) -> None:
    """While the indicator is off, a fetch shows what is connected and registered."""

    def truly(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        if not service.reachability_enabled and action is Action.FETCH:
            return Reachability(user.is_connected, bool(user.push_bindings))
        return _plain(real(service, user, action, policy))

    patch.around(seen, truly)


@mutant("R3")
def off_hides_only_online(patch: Patch) -> None:
    """While the indicator is off, is_notifiable is still shown."""

    def half(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        shown = _plain(real(service, user, action, policy))
        if not service.reachability_enabled and action is Action.FETCH and user.push_bindings:
            return replace(shown, is_notifiable=True)
        return shown

    patch.around(seen, half)


@mutant("R4")
def never_online_false(patch: Patch) -> None:
    """A user who was never online is shown as offline instead of unknown."""

    def falsely(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        shown = _plain(real(service, user, action, policy))
        if action is Action.FETCH and service.reachability_enabled and shown.is_online is None:
            return replace(shown, is_online=False)
        return shown

    patch.around(seen, falsely)


@mutant("R6")
def offline_null(patch: Patch) -> None:
    """A user who went offline is shown as unknown instead of offline."""

    def unknown(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        shown = _plain(real(service, user, action, policy))
        return replace(shown, is_online=shown.is_online or None)

    patch.around(seen, unknown)


@mutant("R7")
def never_registered_false(patch: Patch) -> None:
    """A user who was never registered for push is shown as not notifiable instead of unknown."""

    def falsely(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        shown = _plain(real(service, user, action, policy))
        if action is Action.FETCH and service.reachability_enabled and shown.is_notifiable is None:
            return replace(shown, is_notifiable=False)
        return shown

    patch.around(seen, falsely)


@mutant("R7")
def unregistered_null(patch: Patch) -> None:
    """A user whose last registration ended is shown as unknown instead of not notifiable."""

    def unknown(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        shown = _plain(real(service, user, action, policy))
        return replace(shown, is_notifiable=shown.is_notifiable or None)

    patch.around(seen, unknown)


@mutant("R8")
def online_means_notifiable(patch: Patch) -> None:
    """Whoever is online is shown as notifiable, too."""

    def both(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        shown = _plain(real(service, user, action, policy))
        return replace(shown, is_notifiable=True) if shown.is_online else shown

    patch.around(seen, both)


@mutant("R8")
def notifiable_means_online(patch: Patch) -> None:
    """Whoever is notifiable is shown as online, too."""

    def both(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        shown = _plain(real(service, user, action, policy))
        return replace(shown, is_online=True) if shown.is_notifiable else shown

    patch.around(seen, both)


@mutant("R8")
def properties_swapped(patch: Patch) -> None:
    """Each property shows the other's value."""

    def swapped(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        shown = _plain(real(service, user, action, policy))
        return Reachability(shown.is_notifiable, shown.is_online)

    patch.around(seen, swapped)


@mutant("R10")
def create_shows_false(patch: Patch) -> None:
    """The answer to a create shows false."""

    def falsely(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        if action is Action.CREATE:
            return Reachability(is_online=False, is_notifiable=False)
        return _plain(real(service, user, action, policy))

    patch.around(seen, falsely)


@mutant(
    "R10",
    equivalent_because=(
        "a user who was created this moment has no connection, no binding and no latch (a taken "
        "identity is refused with 409 first), so a fetch would show null for both as well"
    ),
)
def create_shows_fetch(patch: Patch) -> None:
    """The answer to a create shows what a fetch would."""

    def fetched(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        return _plain(
            real(service, user, Action.FETCH if action is Action.CREATE else action, policy)
        )

    patch.around(seen, fetched)


@mutant("R10")
def update_shows_null(patch: Patch) -> None:
    """The answer to an update hides the state although the setting says to show it."""

    def hidden(real: Any, service: Any, user: Any, action: Action, policy: Any) -> Reachability:
        if action is Action.UPDATE:
            return Reachability()
        return _plain(real(service, user, action, policy))

    patch.around(seen, hidden)


@mutant(
    "R4",
    equivalent_because=(
        "only the named reason of a null differs, and no answer of REST carries a reason unless "
        "the fake's own X-Mock-Why header asks for it"
    ),
)
def null_for_another_reason(patch: Patch) -> None:
    """A user who was never online is null because of R3 instead of R4."""
    from reachability_mock.core import reachability  # noqa: PLC0415 - its private table is patched

    table = reachability._SETTLED  # noqa: SLF001 - a mutant looks inside
    online = {**table[Axis.ONLINE], None: reachability.Verdict(None, Rules.R3)}
    patch.constant(reachability, "_SETTLED", {**table, Axis.ONLINE: online})


def _plain(shown: Any) -> Reachability:
    plain: Reachability = shown
    return plain
