"""Runs in the background: started, asked about, stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Event, Thread

import pytest

from reachability_mock.scenario.loader import loads
from reachability_mock.scenario.runs import KEPT, Runs, in_a_thread
from reachability_mock.scenario.target import Opening, TargetFailed, Unreachable
from tests.scenario.acting import PretendTarget

TEXT = "name: x\ntimeline:\n  - enable: {}\n  - expect: {list: {count: COUNT}}\n"
FINE, WRONG = loads(TEXT.replace("COUNT", "0")), loads(TEXT.replace("COUNT", "5"))


def at_once(work: Callable[[], None]) -> None:
    work()


def test_a_run_that_is_over_has_its_verdicts() -> None:
    runs = Runs(at_once)
    run_id = runs.start(FINE, PretendTarget(), instant=True)
    state = runs.state(run_id)
    assert state is not None
    steps = state.pop("steps")
    assert isinstance(steps, list)
    assert [one["verdict"] for one in steps] == ["passed", "passed", "passed"]
    assert state == {
        "id": run_id,
        "scenario": "x",
        "state": "passed",
        "problem": None,
        "planned": 2,
    }


def test_how_a_run_ends_is_told() -> None:
    told: list[str] = []
    runs = Runs(at_once, told.append)
    runs.start(FINE, PretendTarget(), instant=True)
    runs.start(WRONG, PretendTarget(), instant=True)
    assert told == [
        "scenario x passed (3 of 3 steps passed; run-1)",
        "scenario x failed (2 of 3 steps passed; run-2)",
    ]


def test_a_run_with_a_failed_step_has_failed() -> None:
    runs = Runs(at_once)
    state = runs.state(runs.start(WRONG, PretendTarget(), instant=True))
    assert state is not None
    assert state["state"] == "failed"


def test_a_target_that_goes_away_breaks_the_run() -> None:
    class Gone(PretendTarget):
        def open_service(self, opening: Opening) -> str:
            raise Unreachable(f"no {opening.name} here")

    runs = Runs(at_once)
    state = runs.state(runs.start(FINE, Gone()))
    assert state is not None
    assert (state["state"], state["problem"]) == ("broken", "no default here")


def test_a_fault_of_ours_is_said_and_raised() -> None:
    class Faulty(PretendTarget):
        def end(self) -> None:
            raise ZeroDivisionError("oops")

    runs = Runs(at_once)
    with pytest.raises(ZeroDivisionError):
        runs.start(FINE, Faulty())
    state = runs.state("run-1")
    assert state is not None
    assert (state["state"], state["problem"]) == ("broken", "ZeroDivisionError: oops")


def test_what_nobody_started_has_no_state() -> None:
    runs = Runs()
    assert runs.state("run-1") is None
    assert runs.ids() == []


def test_only_so_many_are_remembered() -> None:
    runs = Runs(at_once)
    for _ in range(KEPT + 5):
        runs.start(FINE, PretendTarget(), instant=True)
    assert len(runs.ids()) == KEPT
    assert runs.ids()[-1] == f"run-{KEPT + 5}"


def test_a_run_goes_on_beside_us_and_stops_in_the_middle_of_a_wait() -> None:
    threads: list[Thread] = []
    waiting = Event()

    def beside(work: Callable[[], None]) -> None:
        threads.append(Thread(target=work, daemon=True))
        threads[-1].start()

    class Telling(PretendTarget):
        def end(self) -> None:
            waiting.set()

    runs = Runs(beside)
    hours = loads("name: x\ntimeline: [{wait: 5h}, {enable: {}}]")
    target = Telling()
    begun = target.now()
    run_id = runs.start(hours, target)
    state = runs.state(run_id)
    assert state is not None
    assert state["state"] == "running"
    runs.stop()
    assert waiting.wait(5)
    threads[0].join(5)
    state = runs.state(run_id)
    assert state is not None
    assert state["state"] == "stopped"
    assert target.now() == begun
    assert not any(one.startswith(("advance", "POST")) for one in target.asked)


def test_by_default_a_run_has_a_thread_of_its_own() -> None:
    done = Event()
    in_a_thread(done.set)
    assert done.wait(5)


def test_a_target_that_fails_to_begin_breaks_the_run() -> None:
    class Unwilling(PretendTarget):
        def begin(self, settings: Mapping[str, object]) -> None:
            raise TargetFailed(f"{len(settings)} is not enough")

    runs = Runs(at_once)
    state = runs.state(runs.start(FINE, Unwilling()))
    assert state is not None
    assert (state["state"], state["problem"]) == ("broken", "0 is not enough")
