"""The figures as tables for people, and as JSON for whoever compares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import doors, imports, servers, serving
from benchmarks.doors import Cost
from benchmarks.figures import Series
from benchmarks.serving import Rates


@dataclass(frozen=True)
class Figures:
    """Everything that was measured."""

    doors: dict[str, Cost]
    serving: list[Rates]
    imports: dict[str, Series]
    load: str

    def as_json(self) -> dict[str, Any]:
        """The same in plain values; times are in µs and ms, rates in requests per second."""
        return {
            "doors": {
                name: {
                    "cpu_us": _both(cost.cpu),
                    "wall_us": _both(cost.wall),
                    "cpu_times_stub": round(doors.share_of_stub(self.doors, name), 3),
                    "aim": doors.AIMS.get(name),
                }
                for name, cost in self.doors.items()
            },
            "load": self.load,
            "serving": {
                one.server: {
                    task: {
                        "per_second": {"median": round(rate.median), "best": round(rate.highest)},
                        "cpu_us": _both(one.cpu[task]) if task in one.cpu else None,
                    }
                    for task, rate in one.rate.items()
                }
                for one in self.serving
            },
            "serve_times_others": {
                task.name: serving.ratios(self.serving, task.name) for task in serving.TASKS
            },
            "serve_times_others_by_cpu": {
                task.name: serving.cpu_ratios(self.serving, task.name) for task in serving.TASKS
            },
            "imports_ms": {name: _both(series) for name, series in self.imports.items()},
        }


def _both(series: Series) -> dict[str, float]:
    return {"median": round(series.median, 1), "best": round(series.best, 1)}


def show(figures: Figures, console: Console) -> None:
    """Print the tables."""
    for table in (_doors(figures), _serving(figures), _imports(figures)):
        console.print(table)
    console.print(
        "[dim]Median and best of all rounds; ratios are medians of each round's own ratio.[/dim]"
    )


def _doors(figures: Figures) -> Table:
    table = _table("One fetch of the SDK, µs", "way", "CPU", "best", "wall", "best")
    table.add_column("x stub", justify="right", no_wrap=True)
    for name, cost in figures.doors.items():
        share = doors.share_of_stub(figures.doors, name)
        aim = doors.AIMS.get(name)
        times = [cost.cpu.median, cost.cpu.best, cost.wall.median, cost.wall.best]
        table.add_row(name, *(f"{one:.0f}" for one in times), _judged(share, aim, at_most=True))
    return table


def _serving(figures: Figures) -> Table:
    title = f"Requests per second, load by {figures.load}"
    table = _table(title, "task: server", "rate", "best", "CPU µs", "best")
    table.add_column("serve: x", justify="right", no_wrap=True)
    table.add_column("by CPU", justify="right", no_wrap=True)
    for task in serving.TASKS:
        ratios = serving.ratios(figures.serving, task.name)
        aim = serving.AIMS.get(task.name)
        for one in figures.serving:
            rate, cpu = one.rate[task.name], one.cpu.get(task.name)
            spent = [f"{cpu.median:.0f}", f"{cpu.best:.0f}"] if cpu else ["", ""]
            ratio = ratios.get(one.server)
            judged = aim if one.server == servers.PRISM else None
            shown = "" if ratio is None else _judged(ratio, judged, at_most=False)
            name = f"{task.name}: {one.server}"
            by_cpu = serving.cpu_ratios(figures.serving, task.name).get(one.server)
            numbers = [f"{rate.median:.0f}", f"{rate.highest:.0f}", *spent, shown]
            table.add_row(name, *numbers, "" if by_cpu is None else f"{by_cpu:.1f}")
    return table


def _imports(figures: Figures) -> Table:
    table = _table("Imports, ms", "what", "median", "best")
    table.add_column("aim", justify="right")
    for name, series in figures.imports.items():
        aim = imports.AIMS.get(name)
        judged = "" if aim is None else _judged(series.best, aim, at_most=True)
        table.add_row(name, f"{series.median:.0f}", f"{series.best:.0f}", judged)
    return table


def _judged(value: float, aim: float | None, *, at_most: bool) -> str:
    shown = f"{value:.2f}" if value < 10 else f"{value:.0f}"  # noqa: PLR2004 - a matter of looks
    if aim is None:
        return shown
    kept = value <= aim if at_most else value >= aim
    return f"[{'green' if kept else 'red'}]{shown}[/] ({'≤' if at_most else '≥'} {aim:g})"


def _table(title: str, first: str, *numbers: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first, no_wrap=True)
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table
