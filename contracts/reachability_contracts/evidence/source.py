"""What to record: the options that `record` and `parity --target` share, and what they lead to."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import click
from rich.console import Console

from reachability_contracts.commands import (
    api_key,
    credentials_for,
    guarded,
    live_credentials,
    scenario_option,
)
from reachability_contracts.evidence import record as recordings
from reachability_contracts.evidence.cassette import Cassette
from reachability_contracts.live import run as live
from reachability_contracts.redact import Redactor
from reachability_contracts.stages import Credentials

LIVE_NAME = "live"
"""How `--target` names the live service."""


@dataclass(frozen=True, slots=True)
class Source:
    """A service to be recorded, as the command line names it."""

    target: str | None
    names: tuple[str, ...]
    """Scenarios; none means all."""
    yes_live: bool
    url: str
    budget: int
    presence_cmd: str | None
    ledger: Path
    ca: Path | None

    @property
    def is_asked(self) -> bool:
        """Whether requests will be sent, and not only a plan be told."""
        return self.target != LIVE_NAME or self.yes_live

    def cassettes(self, hide: Redactor) -> list[Cassette]:
        """Record it, or leave with the exit code of what kept it from that."""
        with Console(stderr=True).status("recording") as status:
            return guarded(lambda: self._recorded(hide, status.update), hide)

    def _recorded(self, hide: Redactor, tell: recordings.Tell) -> list[Cassette]:
        if self.target is not None and self.target != LIVE_NAME:
            credentials = _known(credentials_for(self.target), hide)
            return recordings.of_a_server(self.target, credentials, self.names, hide, tell)
        options = self._live_options(hide)
        for line in live.plan(options):
            click.echo(hide(line), err=True)
        if not self.yes_live:
            raise click.UsageError("that is what --yes-live would do; nothing has been sent")
        return recordings.of_the_live_service(options, hide, tell)

    def _live_options(self, hide: Redactor) -> live.LiveOptions:
        key = api_key()
        return live.LiveOptions(
            _known(live_credentials(), hide),
            self.url.rstrip("/"),
            self.ledger,
            self.budget,
            self.presence_cmd,
            _known(key, hide) if key else None,
            ca=self.ca,
            only=self.names,
            generated=False,
        )


def _known(credentials: Credentials, hide: Redactor) -> Credentials:
    hide.know((credentials.password, credentials.username))
    return credentials


_OPTIONS = (
    click.option("--yes-live", is_flag=True, help="Live: really do what is printed first."),
    click.option("--url", default=live.LIVE, show_default=True, help="Live: or a stand-in."),
    click.option(
        "--budget",
        type=click.IntRange(1),
        default=live.BUDGET,
        show_default=True,
        help="Live: requests at most.",
    ),
    click.option("--presence-cmd", help="Live: called as CMD connect IS… IDENTITY DEVICE …"),
    click.option(
        "--ledger",
        type=click.Path(path_type=Path),
        default=live.DEFAULT_LEDGER,
        show_default=True,
        help="Live: what the run made, for `contract cleanup`.",
    ),
    click.option(
        "--ca", type=click.Path(exists=True, path_type=Path), help="Live: trust this authority."
    ),
)


def source_options(command: Callable[..., object]) -> Callable[..., object]:
    """The options of a command that records, except `--target`; it is handed a `source`."""

    @functools.wraps(command)
    def with_source(**options: object) -> object:
        given = {one.name: options.pop(one.name) for one in fields(Source)}
        return command(source=Source(**given), **options)  # type: ignore[arg-type] # click made them so

    wrapped: Callable[..., object] = with_source
    for option in reversed((scenario_option, *_OPTIONS)):
        wrapped = option(wrapped)
    return wrapped
