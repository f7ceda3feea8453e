"""Scenarios on a server: found by name, file or text, and played in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event

from reachability_mock import data
from reachability_mock.clock import Clock, ManualClock, system_now, true_monotonic
from reachability_mock.http.site import BadScenario, Site
from reachability_mock.scenario.complaint import Unloadable
from reachability_mock.scenario.find import NoSuchScenario, load_named
from reachability_mock.scenario.loader import loads
from reachability_mock.scenario.model import Scenario
from reachability_mock.scenario.runs import Runs
from reachability_mock.targets import InProcessTarget
from reachability_mock.world import World


@dataclass(frozen=True, slots=True)
class Opening:
    """What a server begins with: a scenario, if one was named, and a clock if time stands still."""

    scenario: Scenario | None = None
    clock: Clock | None = None


def open_scenario(
    name: str | None, *, paused: bool = False, folders: Iterable[Path] = ()
) -> Opening:
    """The scenario that `name` or a file's path names, checked; and the clock it begins with.

    Raises:
        BadScenario: there is none, or something in it is wrong.
    """
    scenario = _loaded(lambda: load_named(name, folders)) if name else None
    start = scenario.start if scenario else None
    return Opening(scenario, ManualClock(start or system_now()) if paused else None)


@dataclass(frozen=True, slots=True)
class WorldTime:
    """Waits by a world's clock: whoever advances it ends the wait, where it stands only they do."""

    world: World
    stopped: Callable[[], bool]
    """Whether to wait no longer; `World.wake` lets it be asked."""

    def __call__(self, due: datetime, seconds: float) -> bool:
        """Wait until the clock says `due`, or so many real seconds; whether it was stopped."""
        until = true_monotonic() + seconds
        woken = Event()
        end = self.world.watch_timers(woken.set)
        try:
            while not self.stopped() and self.world.clock.now() < due:
                left = until - true_monotonic() if self.world.clock.flows else None
                if left is not None and left <= 0:
                    break
                woken.wait(left)
                woken.clear()
        finally:
            end()
        return self.stopped()


class Player:
    """What plays scenarios for one site."""

    def __init__(self, site: Site, *, speed: float = 1.0, folders: Iterable[Path] = ()) -> None:
        """Play on `site`, the waits `speed` times as fast; look for names in `folders` first."""
        self._site = site
        self._speed = speed
        self._folders = tuple(folders)
        self._runs = self._new_runs()

    def names(self) -> list[str]:
        """The scenarios that can be started by name."""
        return data.scenario_names(self._folders)

    def start(self, name: str, text: str | None, account_sid: str) -> str:
        """Start the scenario called `name`, or the YAML `text`; returns the run's id."""
        if text is not None:
            return self.play(_loaded(lambda: loads(text, name)), account_sid)
        return self.play(_loaded(lambda: load_named(name, self._folders)), account_sid)

    def play(self, scenario: Scenario, account_sid: str) -> str:
        """Start a scenario that is loaded; returns the run's id."""
        runs = self._runs
        target = InProcessTarget(self._site, account_sid=account_sid, halted=runs.stopped)
        until = WorldTime(self._site.world, runs.stopped)
        return runs.start(scenario, target, speed=self._speed, until=until)

    def state(self, run_id: str) -> dict[str, object] | None:
        """How a run goes; None if there is no such run."""
        return self._runs.state(run_id)

    def ids(self) -> list[str]:
        """The runs that are remembered."""
        return self._runs.ids()

    def stop(self) -> None:
        """Let no run go on, and remember none."""
        self._runs.stop()
        self._site.world.wake()
        self._runs = self._new_runs()

    def _new_runs(self) -> Runs:
        """Runs whose end the server's log tells."""
        return Runs(tell=self._site.say)


def _loaded(read: Callable[[], Scenario]) -> Scenario:
    try:
        return read()
    except NoSuchScenario as error:
        raise BadScenario(str(error)) from None
    except Unloadable as error:
        raise BadScenario(str(error), [one.as_json() for one in error.complaints]) from None
