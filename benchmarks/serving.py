"""Requests per second of `serve`, and of Prism where it is installed, in turns."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import servers
from benchmarks.figures import Series, median_ratio
from benchmarks.load import Task, put_on
from benchmarks.servers import Running

TASKS = (
    Task("fetch c1", "GET", "/v1/Users/alice", 1),
    Task("fetch c16", "GET", "/v1/Users/alice", 16),
    Task("update c16", "POST", "/v1/Users/alice", 16, "FriendlyName=Alice"),
    Task("list of 50 c16", "GET", "/v1/Users?PageSize=50", 16),
)
WARM_UP_SECONDS = 1.0
AIMS = {"fetch c1": 10.0, "fetch c16": 10.0}
"""Times Prism's rate as people start it, at least.  Its list has two users, ours fifty: no aim."""


@dataclass
class Rates:
    """One server's requests per second and CPU microseconds per request, by task."""

    server: str
    rate: dict[str, Series] = field(default_factory=dict)
    cpu: dict[str, Series] = field(default_factory=dict)


def measure(
    rounds: int, seconds: float, prism: str | None, document: Path = servers.DOCUMENT
) -> list[Rates]:
    """Every task at every server, once a round; `document` is Prism's."""
    with ExitStack() as stack:
        running = [stack.enter_context(servers.serve())]
        if prism:
            running += [
                stack.enter_context(servers.prism_mock(prism, verbosity, document))
                for verbosity in (None, "silent")
            ]
        rates = [Rates(one.name) for one in running]
        for one in running:
            put_on(one.url, TASKS[0], WARM_UP_SECONDS)
        for _ in range(rounds):
            for task in TASKS:
                for one, found in zip(running, rates, strict=True):
                    _measure_one(one, found, task, seconds)
        return rates


def _measure_one(server: Running, found: Rates, task: Task, seconds: float) -> None:
    before = server.cpu_seconds()
    outcome = put_on(server.url, task, seconds)
    after = server.cpu_seconds()
    _series(found.rate, task).add(outcome.rate)
    if before is not None and after is not None:
        _series(found.cpu, task).add((after - before) * 1e6 / outcome.requests)


def _series(kept: dict[str, Series], task: Task) -> Series:
    return kept.setdefault(task.name, Series(task.name))


def ratios(rates: list[Rates], task: str) -> dict[str, float]:
    """How many of `task` we answer while each other server answers one."""
    ours, *theirs = rates
    return {one.server: median_ratio(ours.rate[task], one.rate[task]) for one in theirs}


def cpu_ratios(rates: list[Rates], task: str) -> dict[str, float]:
    """The same by CPU time, which a busy machine disturbs less."""
    ours, *theirs = rates
    if task not in ours.cpu:
        return {}
    return {one.server: median_ratio(one.cpu[task], ours.cpu[task]) for one in theirs}
