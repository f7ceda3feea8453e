"""`reachability-mock contract record` and `parity`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from reachability_contracts.commands import (
    UNUSABLE,
    Files,
    can_be_filled,
    guarded,
    leave,
    outputs,
    publish,
)
from reachability_contracts.evidence.cassette import read_all
from reachability_contracts.evidence.judging import SHIPPED, judge
from reachability_contracts.evidence.source import Source, source_options
from reachability_contracts.evidence.writing import Draft, drafted, write
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report
from reachability_mock.clock import system_now

FOLDER = Path("cassettes")
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


@click.command(short_help="Record what a service answers to the scenarios.")
@click.option("--target", required=True, help="`live`, or the URL of another server.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    show_default=True,
    help="The folder of the cassettes.",
)
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
@source_options
def record(
    source: Source,
    into: Path,
    yes: bool,  # noqa: FBT001 - a flag of the command line
    dry_run: bool,  # noqa: FBT001 - likewise
) -> None:
    """Record what a service answers to the scenarios, for `contract parity` to compare with.

    \b
    reachability-mock contract record --target live --yes-live      Twilio itself
    reachability-mock contract record --target http://127.0.0.1:4011

    SIDs become references; account SIDs, tokens, keys, e-mail addresses and phone numbers never
    reach the disk.  The difference to what is there is shown before anything is written.
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone
    if source.is_asked and not dry_run:
        _ready(into, yes=yes)
    hide = Redactor()
    found = source.cassettes(hide)
    drafts = guarded(lambda: drafted(found, into, hide), hide)
    _shown(drafts, Console())
    if dry_run or not any(draft.differs for draft in drafts):
        return
    if not yes and not click.confirm(f"Write this into {into}?", err=True):
        leave(UNUSABLE, "nothing has been written; --yes writes without asking")
    try:
        write([draft for draft in drafts if draft.differs])
    except OSError as error:
        leave(UNUSABLE, hide(f"{error.filename or into} could not be written: {error.strerror}"))
    click.echo(f"{len(drafts)} cassettes are in {into}: {found[0].header.who}")


def _ready(into: Path, *, yes: bool) -> None:
    """Find out now what would be in the way in the end, which is minutes away."""
    can_be_filled(into, "--into")
    if not yes and not _is_somebody_there():
        leave(
            UNUSABLE,
            "nobody is at a terminal to say yes: --yes writes without asking, "
            "--dry-run only shows what would be written",
        )


def _is_somebody_there() -> bool:
    return sys.stdin.isatty()


def _shown(drafts: Sequence[Draft], console: Console) -> None:
    for draft in drafts:
        for line in draft.diff():
            style = "bold" if line[:3] in {"+++", "---"} else _STYLES.get(line[:1], "")
            console.print(Text(line, style), soft_wrap=True)
    new = sum(draft.is_new for draft in drafts)
    changed = sum(draft.differs and not draft.is_new for draft in drafts)
    console.print(f"{new} new, {changed} changed, {len(drafts) - new - changed} as before")


@click.command(short_help="Compare the fake with recordings, answer by answer.")
@click.option(
    "--cassettes",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of recordings; else ./cassettes, if there is one, and those that are shipped.",
)
@click.option("--target", help="Instead record `live`, or the URL of another server, now.")
@click.option("--live-only", is_flag=True, help="Refuse recordings of anything but Twilio.")
@source_options
@outputs
def parity(
    source: Source,
    folders: tuple[Path, ...],
    live_only: bool,  # noqa: FBT001 - a flag of the command line
    files: Files,
) -> None:
    """Compare the fake with recordings of a service, answer by answer.

    \b
    reachability-mock contract parity                                  what was recorded
    reachability-mock contract parity --target http://127.0.0.1:4011   a server as it is now

    \b
    Exit codes: 0 the same, or nothing to compare with; 1 different, outdated by its scenario, or
    refused as live evidence; 2 a cassette cannot be read; 3 to 5 as for `contract record`.
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone
    if source.target and folders:
        raise click.UsageError("--target and --cassettes are two ways to say with what to compare")
    hide, found = Redactor(), Report()
    if source.target:
        cassettes = source.cassettes(hide)
    else:
        found_there = guarded(lambda: read_all(list(folders) or default_folders()), hide)
        cassettes = [one for one in found_there if not source.names or one.scenario in source.names]
    with Console(stderr=True).status("parity"):
        judge(found, cassettes, hide, today=system_now().date(), live_only=live_only)
    publish(found, hide, files)


def default_folders() -> list[Path]:
    """The recordings that are shipped, and those in the current folder."""
    return [folder for folder in (SHIPPED, FOLDER) if folder.is_dir()]
