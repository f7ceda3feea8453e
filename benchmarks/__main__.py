"""``python -m benchmarks``: about a minute and a half; ``--quick`` takes fifteen seconds."""

from __future__ import annotations

import json

import click
from rich.console import Console

from benchmarks import doors, imports, load, report, servers, serving


@click.command()
@click.option("--quick", is_flag=True, help="Fewer and shorter rounds, to see that it works.")
@click.option("--json", "as_json", is_flag=True, help="JSON on standard output instead of tables.")
@click.option("--prism", help="Prism's command, if it is not on PATH.  [env var: PRISM]")
def main(*, quick: bool, as_json: bool, prism: str | None) -> None:
    """Measure what the fake costs, beside what people use instead."""
    console = Console(stderr=as_json)
    prism = prism or servers.prism()
    if prism is None:
        console.print("[dim]Prism is not on PATH: no comparison with it[/dim]")
    with console.status("one fetch, by each way"):
        by_way = doors.measure(rounds=8 if quick else 40, fetches=50)
    with console.status("a server under load"):
        rates = serving.measure(1 if quick else 3, 1.0 if quick else 2.0, prism)
    with console.status("imports"):
        imported = imports.measure(rounds=2 if quick else 7)
    figures = report.Figures(by_way, rates, imported, load.generator())
    if as_json:
        click.echo(json.dumps(figures.as_json(), indent=2))
    else:
        report.show(figures, console)


if __name__ == "__main__":
    main()
