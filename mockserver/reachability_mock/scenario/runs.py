"""Scenario runs in the background, for a server: start one, ask how it goes, stop them all.

runs = Runs()
run_id = runs.start(scenario, target)
runs.state(run_id)       # {"id": …, "scenario": …, "state": "running", "steps": […]}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

from reachability_mock.scenario.model import Scenario
from reachability_mock.scenario.runner import StepResult, Until, Verdict, play
from reachability_mock.scenario.target import Stopped, Target, TargetFailed

KEPT = 100
"""How many runs are remembered; the oldest finished ones are forgotten first."""
Work = Callable[[], None]
Spawn = Callable[[Work], None]


def in_a_thread(work: Work) -> None:
    """Do `work` beside everything else; it dies with the process."""
    Thread(target=work, name="scenario", daemon=True).start()


@dataclass(slots=True)
class _Run:
    id: str
    scenario: Scenario
    state: str = "running"
    problem: str | None = None
    results: list[StepResult] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.id,
            "scenario": self.scenario.name,
            "state": self.state,
            "problem": self.problem,
            "planned": len(self.scenario.timeline),
            "steps": [result.as_json() for result in self.results],
        }


class Runs:
    """The runs of one server."""

    def __init__(
        self, spawn: Spawn = in_a_thread, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        """Begin with none; `spawn` decides where a run happens, `tell` hears how each ends."""
        self._spawn = spawn
        self._tell = tell
        self._lock = Lock()
        self._runs: dict[str, _Run] = {}
        self._started = 0
        self._stopping = Event()

    def start(
        self,
        scenario: Scenario,
        target: Target,
        *,
        instant: bool = False,
        speed: float = 1.0,
        until: Until | None = None,
    ) -> str:
        """Play `scenario` against `target` in the background; returns the run's id.

        `until` is how the timeline's time passes, if not really; it is true when `stopped` is.
        """
        wait = self._stopping.wait
        results = play(scenario, target, instant=instant, speed=speed, pause=wait, until=until)
        with self._lock:
            self._started += 1
            run = _Run(f"run-{self._started}", scenario)
            self._runs[run.id] = run
            self._forget()
        self._spawn(lambda: self._play(run, results))
        return run.id

    def state(self, run_id: str) -> dict[str, object] | None:
        """How a run goes: running, passed, failed, broken (the target gave up) or stopped."""
        with self._lock:
            run = self._runs.get(run_id)
            return run.as_json() if run else None

    def ids(self) -> list[str]:
        """The runs that are remembered, oldest first."""
        with self._lock:
            return list(self._runs)

    def stop(self) -> None:
        """Let no run go on, nor one that is started later; a wait ends at once."""
        self._stopping.set()

    def stopped(self) -> bool:
        """Whether that was said: a target that asks before it acts leaves the world alone."""
        return self._stopping.is_set()

    def _play(self, run: _Run, results: Iterable[StepResult]) -> None:
        try:
            for result in results:
                with self._lock:
                    run.results.append(result)
                if self._stopping.is_set():
                    break
        except Stopped:
            self._finish(run, "stopped")
        except TargetFailed as error:
            self._finish(run, "broken", str(error))
        except BaseException as error:
            self._finish(run, "broken", f"{type(error).__name__}: {error}")
            raise
        else:
            self._finish(run, self._outcome(run))

    def _outcome(self, run: _Run) -> str:
        if self._stopping.is_set():
            return "stopped"
        failed = any(result.verdict is Verdict.FAILED for result in run.results)
        return "failed" if failed else "passed"

    def _finish(self, run: _Run, state: str, problem: str | None = None) -> None:
        with self._lock:
            run.state, run.problem = state, problem
            passed = sum(result.verdict is Verdict.PASSED for result in run.results)
        because = f": {problem}" if problem else ""
        self._tell(
            f"scenario {run.scenario.name} {state}{because} "
            f"({passed} of {len(run.results)} steps passed; {run.id})"
        )

    def _forget(self) -> None:
        finished = [one for one, run in self._runs.items() if run.state != "running"]
        for one in finished[: max(0, len(self._runs) - KEPT)]:
            del self._runs[one]
