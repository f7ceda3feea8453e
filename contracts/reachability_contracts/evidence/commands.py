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
    api_key,
    credentials_for,
    guarded,
    leave,
    live_credentials,
    outputs,
    publish,
    scenario_option,
)
from reachability_contracts.evidence import record as recordings
from reachability_contracts.evidence.cassette import BadCassette, Cassette, read_all
from reachability_contracts.evidence.judging import SHIPPED, judge
from reachability_contracts.evidence.writing import Draft, drafted, write
from reachability_contracts.live import run as live
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report
from reachability_contracts.stages import Credentials
from reachability_mock.clock import system_now

FOLDER = Path("cassettes")
LIVE_NAME = "live"
"""How `--target` names the live service."""
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


@click.command()
@click.option("--target", required=True, help="`live`, or the URL of another server.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    show_default=True,
    help="The folder of the cassettes.",
)
@scenario_option
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
@click.option("--yes-live", is_flag=True, help="Live: really do what is printed first.")
@click.option("--url", default=live.LIVE, show_default=True, help="Live: Twilio, or a stand-in.")
@click.option(
    "--budget",
    type=click.IntRange(1),
    default=live.BUDGET,
    show_default=True,
    help="Live: requests at most.",
)
@click.option("--presence-cmd", help="Live: called as CMD connect IS… IDENTITY DEVICE, and so on.")
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    default=live.DEFAULT_LEDGER,
    show_default=True,
    help="Live: what the run made, for `contract cleanup`.",
)
@click.option(
    "--ca", type=click.Path(exists=True, path_type=Path), help="Live: trust this authority."
)
def record(  # noqa: PLR0913, PLR0917 - each is one option
    target: str,
    into: Path,
    names: tuple[str, ...],
    yes: bool,  # noqa: FBT001 - a flag of the command line
    dry_run: bool,  # noqa: FBT001 - likewise
    yes_live: bool,  # noqa: FBT001 - likewise
    url: str,
    budget: int,
    presence_cmd: str | None,
    ledger: Path,
    ca: Path | None,
) -> None:
    """Record what a service answers to the scenarios, for `contract parity` to compare with.

    \b
    reachability-mock contract record --target live --yes-live      Twilio itself
    reachability-mock contract record --target http://127.0.0.1:4011

    SIDs become references; account SIDs, tokens, keys, e-mail addresses and phone numbers never
    reach the disk.  The difference to what is there is shown before anything is written.
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone
    hide = Redactor()
    console = Console(stderr=True)
    found: list[Cassette] = []

    def recorded() -> Report:
        with console.status("recording") as status:
            if target == LIVE_NAME:
                options = _live_options(url, budget, presence_cmd, ledger, ca, names)
                _announced(options, hide, yes_live=yes_live)
                found.extend(recordings.of_the_live_service(options, hide, status.update))
            else:
                credentials = _known(credentials_for(target), hide)
                found.extend(
                    recordings.of_a_server(target, credentials, names, hide, status.update)
                )
            drafts.extend(drafted(found, into, hide))
        return Report()

    drafts: list[Draft] = []
    guarded(recorded, hide)
    _shown(drafts, Console())
    if dry_run or not any(draft.differs for draft in drafts):
        return
    if not yes and not _agreed(into):
        leave(UNUSABLE, "nothing has been written; --yes writes without asking")
    write([draft for draft in drafts if draft.differs])
    click.echo(f"{len(drafts)} cassettes are in {into}: {found[0].header.who}")


def _known(credentials: Credentials, hide: Redactor) -> Credentials:
    hide.know((credentials.password, credentials.username))
    return credentials


def _live_options(  # noqa: PLR0913, PLR0917 - each is one option
    url: str,
    budget: int,
    presence: str | None,
    ledger: Path,
    ca: Path | None,
    names: tuple[str, ...],
) -> live.LiveOptions:
    return live.LiveOptions(
        live_credentials(),
        url.rstrip("/"),
        ledger,
        budget,
        presence,
        api_key(),
        ca=ca,
        only=names,
        generated=False,
    )


def _announced(options: live.LiveOptions, hide: Redactor, *, yes_live: bool) -> None:
    """Say what is about to happen to the account, and go on only if that was agreed to."""
    for one in (options.credentials, options.key):
        if one is not None:
            _known(one, hide)
    for line in live.plan(options):
        click.echo(hide(line), err=True)
    if not yes_live:
        raise click.UsageError("that is what --yes-live would do; nothing has been sent")


def _shown(drafts: Sequence[Draft], console: Console) -> None:
    for draft in drafts:
        for line in draft.diff():
            style = "bold" if line[:3] in {"+++", "---"} else _STYLES.get(line[:1], "")
            console.print(Text(line, style), soft_wrap=True)
    new = sum(draft.is_new for draft in drafts)
    changed = sum(draft.differs and not draft.is_new for draft in drafts)
    console.print(f"{new} new, {changed} changed, {len(drafts) - new - changed} as before")


def _agreed(folder: Path) -> bool:
    """Whether somebody at a terminal says yes."""
    return sys.stdin.isatty() and click.confirm(f"Write this into {folder}?", err=True)


@click.command()
@click.option(
    "--cassettes",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of recordings; else ./cassettes, if there is one, and those that are shipped.",
)
@click.option("--live-only", is_flag=True, help="Refuse recordings of anything but Twilio.")
@outputs
def parity(folders: tuple[Path, ...], live_only: bool, files: Files) -> None:  # noqa: FBT001 - a flag
    """Compare the fake with recordings of a service, answer by answer.

    \b
    Exit codes: 0 the same, or nothing to compare with; 1 different, outdated by its scenario, or
    refused as live evidence; 2 a cassette cannot be read.
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone
    hide = Redactor()
    found = Report()
    try:
        cassettes = read_all(list(folders) or default_folders())
    except BadCassette as error:
        leave(UNUSABLE, str(error))
    with Console(stderr=True).status("parity"):
        judge(found, cassettes, hide, today=system_now().date(), live_only=live_only)
    publish(found, hide, files)


def default_folders() -> list[Path]:
    """The recordings that are shipped, and those in the current folder."""
    return [folder for folder in (SHIPPED, FOLDER) if folder.is_dir()]
