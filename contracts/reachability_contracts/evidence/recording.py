"""Recording: a scenario is played, and each step keeps what was asked and answered in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reachability_contracts.evidence.heard import Heard, Watch
from reachability_contracts.evidence.normalise import Normaliser
from reachability_contracts.results import Exchange
from reachability_mock.scenario.model import Scenario
from reachability_mock.scenario.runner import Pause, StepResult, play
from reachability_mock.scenario.target import Need, Target

TargetFor = Callable[[Watch], Target]
"""Makes the target to play on, which tells the watch of each exchange."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step with its verdict and the exchanges that it made, normalised."""

    result: StepResult
    exchanges: tuple[Exchange, ...] = ()


def recorded(
    scenario: Scenario, target_for: TargetFor, normalise: Normaliser, *, pause: Pause | None = None
) -> Iterator[Recorded]:
    """Play `scenario` and yield its steps; what the clean-up sends belongs to none of them.

    Raises:
        Unreachable: the target cannot be reached (any more).
    """
    heard = Heard(normalise)
    for result in play(scenario, target_for(heard.watch), instant=True, pause=pause):
        yield Recorded(result, heard.taken())


def lacked(target: Target, scenario: Scenario) -> dict[str, str]:
    """What the scenario would need and the target cannot do, with the reason."""
    wanted = {need for planned in scenario.timeline for need in planned.step.needs}
    wanted |= {Need.PRESENCE}  # what a scenario is given
    if scenario.settings:
        wanted.add(Need.SETTINGS)
    reasons = {need.value: target.lacks(need) for need in sorted(wanted, key=lambda one: one.value)}
    return {need: reason for need, reason in reasons.items() if reason}
