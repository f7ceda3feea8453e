"""A scenario played for a test: in this process, at once, and failing like an assertion."""

from __future__ import annotations

from pathlib import Path

from reachability_mock.http.site import Site
from reachability_mock.playing import open_scenario
from reachability_mock.scenario.report import explain, failed, summary
from reachability_mock.scenario.runner import play
from reachability_mock.targets import InProcessTarget


def play_here(site: Site, name: str, folders: tuple[str, ...]) -> None:
    """Play the scenario `name` on `site`, moving its clock instead of waiting.

    Raises:
        AssertionError: a step failed; it names each with its place, rules and differences.
        BadScenario: there is none of that name, or something in it is wrong.
    """
    __tracebackhide__ = True
    scenario = open_scenario(name, folders=[Path(folder) for folder in folders]).scenario
    if scenario is None:
        raise ValueError("a scenario needs a name")
    results = list(play(scenario, InProcessTarget(site), instant=True))
    if failed(results):
        raise AssertionError(f"scenario {scenario.name}: {summary(results)}\n{explain(results)}")
