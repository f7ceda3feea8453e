"""``python -m benchmarks``: about a minute and a half; ``--quick`` takes fifteen seconds."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console

from benchmarks import doors, imports, load, report, servers, serving

WIDTH = 100
"""Columns of the widest table, for a file or a pipe."""


@click.command()
@click.option("--quick", is_flag=True, help="Fewer and shorter rounds, to see that it works.")
@click.option("--json", "as_json", is_flag=True, help="JSON on standard output instead of tables.")
@click.option("--prism", help="Prism's command, if it is not on PATH.  [env var: PRISM]")
@click.option(
    "--document",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=servers.DOCUMENT,
    help="The OpenAPI document that Prism serves: ours, unless you name another.",
)
def main(*, quick: bool, as_json: bool, prism: str | None, document: Path) -> None:
    """Measure what the fake costs, beside what people use instead."""
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console.width = max(console.width, WIDTH)
    prism = prism or servers.prism()
    if prism is None:
        console.print("[dim]Prism is not on PATH: no comparison with it[/dim]")
    with console.status("one fetch, by each way"):
        by_way = doors.measure(rounds=8 if quick else 40, fetches=50)
    with console.status("a server under load"):
        rates = serving.measure(1 if quick else 3, 1.0 if quick else 2.0, prism, document)
    with console.status("imports"):
        imported = imports.measure(rounds=2 if quick else 7)
    figures = report.Figures(by_way, rates, imported, load.generator())
    if as_json:
        click.echo(json.dumps(figures.as_json(), indent=2))
    else:
        report.show(figures, console)


if __name__ == "__main__":
    main()
