"""``reachability-mock run -- COMMAND``: a server for as long as one command runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click
from rich.console import Console

from reachability_mock.cli.accesslog import AccessLog
from reachability_mock.cli.environment import environment
from reachability_mock.cli.https import https_of
from reachability_mock.cli.options import (
    Options,
    ServerCommand,
    credentials_of,
    server_options,
)
from reachability_mock.cli.project import project_options
from reachability_mock.cli.serve import launch

NOT_FOUND = 127
NOT_EXECUTABLE = 126
KILLED = 128
"""What a shell adds to the number of the signal that ended a command."""
_FORWARDED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
_FROM_TERMINAL = ("SIGINT", "SIGQUIT")


@click.command(
    cls=ServerCommand,
    short_help="Serve for one command.",
    context_settings={"allow_interspersed_args": False},
)
@server_options(port=None)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(command: tuple[str, ...], **told: Any) -> None:
    """Serve on a free port while COMMAND runs, then exit with its code.

    \b
    reachability-mock run -- npm test
    reachability-mock run --scenario two-devices -- pytest -x
    reachability-mock run --proxy -- java -jar app.jar

    COMMAND finds the server in REACHABILITY_MOCK_URL and credentials in TWILIO_ACCOUNT_SID,
    TWILIO_AUTH_TOKEN, TWILIO_API_KEY and TWILIO_API_SECRET; TWILIO_EDGE and TWILIO_REGION are
    removed.  Signals are passed on; a command ended by one gives 128 and its number, one that is
    not there 127.
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone
    options = Options(**told, port=0, port_file=None, env_file=None)
    here = project_options(os.environ, options.of_any_fake)
    who = credentials_of(options, os.environ, here.account)
    log = AccessLog(Console(stderr=True, force_terminal=False))
    https = https_of(options, here, os.environ, log.hint)
    server = launch(options, here, who, log, https)
    try:
        code = _run(command, environment(server.url, who, https, os.environ))
    finally:
        server.stop()
    sys.exit(code)


def _run(command: tuple[str, ...], environ: Mapping[str, str]) -> int:
    try:
        child = subprocess.Popen(command, env=environ)  # noqa: S603 - it is what we were asked to run
    except OSError as error:
        click.echo(f"Error: cannot run {command[0]}: {error.strerror}", err=True)
        return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
    with _forwarding(child):
        code = child.wait()
    return code if code >= 0 else KILLED - code


@contextmanager
def _forwarding(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """Pass signals on, except what the terminal has sent to the child already."""

    def forward(number: int, _frame: FrameType | None) -> None:
        if signal.Signals(number).name in _FROM_TERMINAL and sys.stdin and sys.stdin.isatty():
            return
        child.send_signal(number)

    numbers = [getattr(signal, name) for name in _FORWARDED if hasattr(signal, name)]
    before = {number: signal.signal(number, forward) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
