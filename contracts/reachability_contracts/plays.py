"""Scenarios as a suite: each played on a target, a result for each step."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from reachability_contracts.results import Exchange, Result, Verdict
from reachability_mock.clock import ManualClock
from reachability_mock.data import scenario_folder
from reachability_mock.http.site import Site
from reachability_mock.scenario.loader import load
from reachability_mock.scenario.model import Scenario
from reachability_mock.scenario.report import details
from reachability_mock.scenario.runner import Pause, StepResult, play
from reachability_mock.scenario.runner import Verdict as StepVerdict
from reachability_mock.scenario.target import Target
from reachability_mock.server import build_site
from reachability_mock.targets.in_process import InProcessTarget, Watch

SUITE = "scenarios"
_START = datetime(2026, 1, 5, 9, tzinfo=UTC)
OWN = Path(__file__).with_name("scenarios")
"""Scenarios that belong to the harness: edges that would be dull reading among the shipped ones."""


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Every shipped scenario and the harness's own, loaded once.

    Raises:
        Unloadable: a file is wrong.
    """
    files = sorted(scenario_folder().glob("*.yaml")) + sorted(OWN.glob("*.yaml"))
    return tuple(load(path) for path in files)


def played(
    scenario: Scenario,
    target: Target,
    *,
    pause: Pause | None = None,
    exchanges: Callable[[], tuple[Exchange, ...]] = tuple,
) -> Iterator[Result]:
    """The results of one scenario, step by step; `pause` waits where no clock can be moved.

    `exchanges` is asked after each step for what was said to the target in it.
    """
    for step in play(scenario, target, instant=True, pause=pause):
        yield replace(_result(step, scenario), exchanges=exchanges())


def in_process(scenario: Scenario, watch: Watch | None = None) -> InProcessTarget:
    """A fresh fake in this process, whose clock stands where the scenario begins."""
    return InProcessTarget(fresh_site(scenario), watch=watch)


def fresh_site(scenario: Scenario) -> Site:
    """A new world for one scenario."""
    return build_site(clock=ManualClock(scenario.start or _START), hint=lambda _: None)


def first_failure(some: Iterable[Scenario]) -> Result | None:
    """The first step that fails in process, playing no further than that."""
    for scenario in some:
        with closing(play(scenario, in_process(scenario), instant=True)) as steps:
            for step in steps:
                if step.verdict is StepVerdict.FAILED:
                    return _result(step, scenario)
    return None


def _result(step: StepResult, scenario: Scenario) -> Result:
    """A step's result; a set-up that fails takes the evidence for all of its rules away."""
    rules = step.rules
    if step.index == 0 and step.verdict is StepVerdict.FAILED:
        rules = tuple(sorted(scenario.rules))
    said = list(details(step))
    first = step.differences[0] if step.differences else None
    return Result(
        SUITE,
        step.scenario,
        f"{step.index:02} {step.title}",
        Verdict(step.verdict.value),
        rules=rules,
        reason="; ".join(said),
        request=step.title,
        expected=_json(first.expected) if first else "",
        got=f"{first.where} = {_json(first.got)}" if first else "",
        file=relative(step.file),
        line=step.line,
        seconds=step.seconds,
    )


def relative(file: str) -> str:
    """A file as annotations name it: from the checkout's root, if it is in there."""
    path = Path(file)
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _json(value: object) -> str:
    """A value as the API would write it; what is no JSON as Python does."""
    return json.dumps(value, ensure_ascii=False, default=repr)
