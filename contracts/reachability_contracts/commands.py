"""What every command of `contract` needs: credentials, options, exit codes, the way out."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn, TypeVar

import click
from rich.console import Console

from reachability_contracts import plays, report
from reachability_contracts.checking import SafetyStop
from reachability_contracts.evidence.cassette import BadCassette
from reachability_contracts.live import run as live
from reachability_contracts.live.ledger import BadLedger
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report
from reachability_contracts.stages import Credentials
from reachability_mock.address import NoUrl
from reachability_mock.core import sids
from reachability_mock.data import NotShipped
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.scenario.complaint import Unloadable
from reachability_mock.scenario.target import Unreachable

BROKEN, UNUSABLE, UNREACHABLE, STOPPED, LEFT_BEHIND = 1, 2, 3, 4, 5
Found = TypeVar("Found")
_ACCOUNT, _TOKEN = "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"
_KEY, _SECRET = "TWILIO_API_KEY", "TWILIO_API_SECRET"


@dataclass(frozen=True, slots=True)
class Files:
    """Where a report is written to besides the terminal."""

    json: Path | None = None
    junit: Path | None = None
    md: Path | None = None
    html: Path | None = None


_OUTPUTS = {
    "json": "Everything, for programs.",
    "junit": "JUnit's XML.",
    "md": "Markdown.",
    "html": "One page with the exchange behind each verdict.",
}


def outputs(command: Callable[..., object]) -> Callable[..., object]:
    """The options of every command that reports; it is handed them as `files`."""

    @functools.wraps(command)
    def with_files(**options: object) -> object:
        given = {name: options.pop(f"{name}_file") for name in _OUTPUTS}
        plain = [
            one.resolve() for one in given.values() if isinstance(one, Path) and _is_plain(one)
        ]
        if len(set(plain)) < len(plain):
            raise click.UsageError("each format needs a file of its own")
        return command(**options, files=Files(**given))  # type: ignore[arg-type] # click made them paths

    wrapped: Callable[..., object] = with_files
    kind = click.Path(path_type=Path, dir_okay=False, writable=True)
    for name, says in _OUTPUTS.items():
        wrapped = click.option(
            f"--{name}", f"{name}_file", type=kind, callback=_in_a_folder, help=says
        )(wrapped)
    return wrapped


def _in_a_folder(
    _context: click.Context, _option: click.Parameter, file: Path | None
) -> Path | None:
    """Refuse now what could not be written in the end, which is minutes away."""
    if file is not None and not file.exists():
        _writable(file.parent, f"{str(file)!r}: ")
    return file


def _writable(folder: Path, before: str = "", option: str | None = None) -> None:
    if not folder.is_dir():
        raise click.BadParameter(f"{before}{str(folder)!r} is no folder", param_hint=option)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise click.BadParameter(f"{before}{str(folder)!r} cannot be written to", param_hint=option)


def can_be_filled(folder: Path, option: str) -> None:
    """Refuse now a folder that could not be written to in the end, or not be made.

    Raises:
        click.BadParameter: it is such a one; `option` named it.
    """
    places = (folder, *folder.absolute().parents)
    there = next(one for one in places if one.exists() or one.is_symlink())
    _writable(there, "" if there == folder else f"{str(folder)!r}: ", option)


def _known(
    _context: click.Context, _option: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    """Refuse a scenario that there is not, with the ones there are near it."""
    there = [one.name for one in plays.scenarios()]
    for name in names:
        if name not in there:
            near = get_close_matches(name, there)
            meant = f"did you mean {', '.join(near)}?" if near else f"there is {', '.join(there)}"
            raise click.BadParameter(f"{name!r}: {meant}")
    return names


scenario_option = click.option(
    "--scenario", "names", multiple=True, callback=_known, help="Only this scenario."
)


def credentials_for(url: str | None) -> Credentials:
    """Those of the environment for a server elsewhere; the built-in ones for ours."""
    if url is None:
        return Credentials()
    return Credentials(
        os.environ.get(_ACCOUNT) or sids.DEFAULT_ACCOUNT, os.environ.get(_TOKEN) or DEFAULT_SECRET
    )


def live_credentials() -> Credentials:
    """Those of the environment, and no others."""
    sid, token = os.environ.get(_ACCOUNT), os.environ.get(_TOKEN)
    if not sid or not token:
        raise click.UsageError(f"{_ACCOUNT} and {_TOKEN} must be set")
    return Credentials(sid, token)


def api_key() -> Credentials | None:
    """The key that signs the SDK's tokens, if there is one."""
    sid, secret = os.environ.get(_KEY), os.environ.get(_SECRET)
    return Credentials(sid, secret) if sid and secret else None


def guarded(run: Callable[[], Found], hide: Redactor) -> Found:
    """What `run` finds, or the exit code of what kept it from that."""
    try:
        return run()
    except SafetyStop as stop:
        leave(STOPPED, hide(str(stop)))
    except live.LeftBehind as left:
        leave(LEFT_BEHIND, hide(str(left)))
    except Unreachable as error:
        leave(UNREACHABLE, hide(str(error)))
    except (BadCassette, BadLedger, NoUrl, NotShipped, Unloadable) as error:
        leave(UNUSABLE, hide(str(error)))


def leave(code: int, said: str) -> NoReturn:
    """End the command with an exit code of `docs/contracts.md` and the reason."""
    click.echo(f"Error: {said}", err=True)
    sys.exit(code)


def publish(found: Report, hide: Redactor, files: Files) -> None:
    """Print, write, and exit with 1 if anything is broken."""
    report.terminal(found, Console(), hide)
    for file, write in (
        (files.md, report.markdown),
        (files.junit, report.junit),
        (files.json, report.as_json),
        (files.html, report.html),
    ):
        if file is not None:
            try:
                _write(file, write(found, hide))
            except OSError as error:
                leave(UNUSABLE, hide(f"{file} could not be written: {error}"))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in report.annotation_lines(found, hide):
            click.echo(line)
    if found.failed:
        sys.exit(BROKEN)


def _write(file: Path, text: str) -> None:
    """Write all or nothing: half a report would be read as a whole one."""
    if not _is_plain(file):
        file.write_text(text, encoding="utf-8")
        return
    file = file.resolve()  # where a link leads, so that it stays a link
    part = file.with_name(f".{file.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


def _is_plain(file: Path) -> bool:
    """Whether it is, or will be, a file: no pipe and no terminal."""
    return file.is_file() or not file.exists()
