"""The command line: ``reachability-mock`` and its verbs.

A verb is imported when it is asked for.  Other packages add theirs through the entry-point group
``reachability_mock.commands``; one whose extra is missing says so in one line.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec

import click

from reachability_mock.version import __version__

GROUP = "reachability_mock.commands"
VERBS = ("serve", "run", "wait", "scenario", "why", "unknowns", "token")
_MODULES = {
    "serve": "serve",
    "run": "run",
    "wait": "wait",
    "scenario": "scenario",
    "why": "inspect",
    "unknowns": "inspect",
    "token": "token",
}


class Unusable(click.ClickException):
    """A command that is known but cannot run here: one line, exit code 2."""

    exit_code = 2


class Verbs(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Ours in the order people meet them, then everybody else's."""
        ours = [name for name in VERBS if _is_there(name)]
        return [*ours, *sorted(set(_plugged_in()) - set(ours))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        """The command of that name."""
        if cmd_name in VERBS and _is_there(cmd_name):
            return _command(f"{__name__}.{_MODULES[cmd_name]}", cmd_name)
        plugged_in = _plugged_in().get(cmd_name)
        return _load(plugged_in) if plugged_in else None


def _is_there(name: str) -> bool:
    return find_spec(f"{__name__}.{_MODULES[name]}") is not None


def _command(module: str, name: str) -> click.Command:
    command = getattr(import_module(module), name)
    if not isinstance(command, click.Command):
        raise TypeError(f"{module}.{name} is no command")
    return command


def _plugged_in() -> dict[str, EntryPoint]:
    return {one.name: one for one in entry_points(group=GROUP)}


def _load(plugged_in: EntryPoint) -> click.Command:
    """The command, or a stand-in that says in one line why it cannot be had."""
    try:
        command = plugged_in.load()
    except ImportError as error:
        return _stand_in(plugged_in.name, _missing(plugged_in, error))
    except Exception as error:  # noqa: BLE001 - whatever is wrong over there, the rest works here
        return _stand_in(plugged_in.name, f"{plugged_in.value} is broken: {error!r}")
    if isinstance(command, click.Command):
        return command
    return _stand_in(plugged_in.name, f"{plugged_in.value} is no command")


def _missing(plugged_in: EntryPoint, error: ImportError) -> str:
    what = error.name or str(error)
    name = plugged_in.dist.name if plugged_in.dist else "reachability-mock"
    offered = plugged_in.dist.metadata.get_all("Provides-Extra") if plugged_in.dist else None
    extra = next((one for one in offered or () if one.startswith(plugged_in.name)), None)
    wanted = f"{name}[{extra}]" if extra else name
    return f"{plugged_in.name} needs {what}, which is not installed: pip install '{wanted}'"


def _stand_in(name: str, reason: str) -> click.Command:
    def refuse(**_: object) -> None:
        raise Unusable(reason)

    return click.Command(
        name,
        callback=refuse,
        params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True, "help_option_names": []},
        short_help=f"(cannot run: {reason})",
    )


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reachability-mock")
def main() -> None:
    """A fake of Twilio Conversations that gets reachability right.

    \b
    reachability-mock serve                      a server on port 4010, until Ctrl-C
    reachability-mock serve --scenario two-devices
    reachability-mock run -- npm test            a server for one command, then its exit code
    reachability-mock scenario play two-devices  a story, step by step
    reachability-mock why alice                  which rule made is_online what it is
    reachability-mock unknowns                   where the real service is undocumented

    \b
    Exit codes: 0 fine; 1 it ran and the answer is no; 2 wrong usage, or input that cannot be
    loaded.  `run` exits with its command's code.

    Not affiliated with Twilio.
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone
