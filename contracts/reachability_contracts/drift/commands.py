"""`reachability-mock contract drift …`: spec, sdk."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from reachability_contracts.document import document
from reachability_contracts.drift.acknowledging import SHIPPED, acknowledged, judged
from reachability_contracts.drift.comparing import Difference, differences
from reachability_contracts.drift.loading import published as load
from reachability_contracts.drift.operations import of_paths, operations
from reachability_contracts.drift.python_sdk import differences as sdk_differences
from reachability_contracts.drift.shapes import Unreadable
from reachability_mock.data import NotShipped

DRIFTED, UNUSABLE = 1, 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def drift() -> None:
    """Has what we describe come apart from what others describe?

    Known differences are in an acknowledgement file, each with its reason; one that is no more
    must leave it.

    \b
    Exit codes: 0 no difference but the known; 1 others, or an acknowledgement that nothing needs;
    2 something could not be loaded, so nobody knows.
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone


_acknowledged_option = click.option(
    "--acknowledged",
    "file",
    type=click.Path(path_type=Path),
    default=SHIPPED,
    help="The known differences; by default those that come with the package.",
)
_known_option = click.option("--known", is_flag=True, help="Print the known ones, too.")


@drift.command()
@click.option("--published", required=True, metavar="FILE|URL", help="The vendor's document.")
@_acknowledged_option
@_known_option
def spec(published: str, file: Path, known: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Compare openapi.yaml with the document that the vendor published."""

    def found() -> Iterable[Difference]:
        ours = document()
        theirs = of_paths(load(published), set(ours["paths"]))
        return list(differences(operations(ours), theirs))

    _say(found, file, "spec", known=known)


@drift.command()
@_acknowledged_option
@_known_option
def sdk(file: Path, known: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Compare openapi.yaml with the installed Python SDK: models and signatures, both ways."""
    _say(lambda: list(sdk_differences(operations(document()))), file, "sdk", known=known)


def _say(
    found: Callable[[], Iterable[Difference]], file: Path, section: str, *, known: bool
) -> None:
    """Print what drifted, and leave with the code that says whether anything did."""
    try:
        result = judged(found(), acknowledged(file, section))
    except (Unreadable, NotShipped) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(UNUSABLE)
    for difference in result.known if known else ():
        click.echo(f"known    {difference}")
    for difference in result.drifted:
        click.echo(f"drifted  {difference}")
    for one in result.unused:
        click.echo(f"unused   {one.kind:18}{one.where}: no such difference any more ({one.reason})")
    click.echo(
        f"{len(result.drifted)} drifted, {len(result.known)} known, "
        f"{len(result.unused)} acknowledgements unused"
    )
    if not result.kept:
        sys.exit(DRIFTED)
