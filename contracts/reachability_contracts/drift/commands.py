"""`reachability-mock contract drift …`: spec, sdk."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from reachability_contracts.document import document
from reachability_contracts.drift import client_sdk, node_sdk, python_sdk
from reachability_contracts.drift.acknowledging import SHIPPED, acknowledged, judged
from reachability_contracts.drift.comparing import Difference, differences
from reachability_contracts.drift.loading import published as load
from reachability_contracts.drift.operations import Operation, of_paths, operations
from reachability_contracts.drift.shapes import Unreadable
from reachability_contracts.drift.typings import Skipped, nearest
from reachability_mock.data import NotShipped

SKIPPED, AGREED, DRIFTED, UNUSABLE = -1, 0, 1, 2
"""Verdicts, the better ones first; from `AGREED` on they are exit codes."""
_TITLES = {
    "sdk": "twilio, Python: ",
    "node": "twilio, Node: ",
    "client": "@twilio/conversations: ",
}
"""Whose lines they are, by section of the acknowledgement file, where there is more than one."""


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

    _leave([_verdict(found, file, "spec", known=known)])


@drift.command()
@_acknowledged_option
@_known_option
@click.option(
    "--node-modules",
    "folders",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    metavar="DIR",
    help="Where npm put `twilio`, `@twilio/conversations` and `typescript`; may be given more than "
    "once. By default the folders in which Node looks from here.",
)
def sdk(file: Path, known: bool, folders: tuple[Path, ...]) -> None:  # noqa: FBT001 - a flag of the command line
    """Compare with the installed SDKs: the Python one, and the JavaScript ones by their typings.

    openapi.yaml is compared with the models and signatures of `twilio`, for Python and for Node,
    and what the fake's socket knows with `@twilio/conversations`. An SDK for JavaScript that is
    not there, or that nothing is there to read with, is skipped, and said to be; with
    --node-modules, one of the two has to be compared.
    """
    places = folders or nearest()
    verdicts = [
        _verdict(lambda: list(python_sdk.differences(_ours())), file, "sdk", known=known),
        _verdict(lambda: list(node_sdk.differences(_ours(), places)), file, "node", known=known),
        _verdict(lambda: list(client_sdk.differences(places)), file, "client", known=known),
    ]
    if folders and verdicts[1:] == [SKIPPED, SKIPPED]:
        click.echo("Error: no SDK for JavaScript was compared", err=True)
        verdicts.append(UNUSABLE)
    _leave(verdicts)


def _ours() -> dict[str, Operation]:
    return operations(document())


def _verdict(
    found: Callable[[], Iterable[Difference]], file: Path, section: str, *, known: bool
) -> int:
    """Print what drifted; returns the exit code that says whether anything did."""
    title = _TITLES.get(section, "")
    try:
        result = judged(found(), acknowledged(file, section))
    except Skipped as error:
        click.echo(f"{title}skipped: {error}")
        return SKIPPED
    except (Unreadable, NotShipped) as error:
        click.echo(f"Error: {title}{error}", err=True)
        return UNUSABLE
    for difference in result.known if known else ():
        click.echo(f"known    {difference}")
    for difference in result.drifted:
        click.echo(f"drifted  {difference}")
    for one in result.unused:
        click.echo(f"unused   {one.kind:18}{one.where}: no such difference any more ({one.reason})")
    click.echo(
        f"{title}{len(result.drifted)} drifted, {len(result.known)} known, "
        f"{len(result.unused)} acknowledgements unused"
    )
    return AGREED if result.kept else DRIFTED


def _leave(verdicts: Iterable[int]) -> None:
    """With the worst of them, if there is anything to say."""
    worst = max(verdicts)
    if worst > AGREED:
        sys.exit(worst)
