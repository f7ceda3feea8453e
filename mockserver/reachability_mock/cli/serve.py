"""``reachability-mock serve``: a server until somebody ends it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from reachability_mock.cli import Unusable
from reachability_mock.cli.accesslog import AccessLog
from reachability_mock.cli.banner import banner
from reachability_mock.cli.environment import exported, lines
from reachability_mock.cli.https import Https, https_of
from reachability_mock.cli.notes import Notes
from reachability_mock.cli.options import (
    Credentials,
    Options,
    ServerCommand,
    credentials_of,
    server_options,
)
from reachability_mock.cli.project import project_options
from reachability_mock.http.site import BadScenario
from reachability_mock.options import Options as Project
from reachability_mock.playing import Player, open_scenario
from reachability_mock.server import CannotListen, Server, build_site
from reachability_mock.settings import BadSetting, Settings

STANDARD_PORT = 4010


@click.command(cls=ServerCommand, short_help="Serve until Ctrl-C.")
@server_options(port=STANDARD_PORT)
def serve(**told: Any) -> None:
    """Serve the fake until Ctrl-C or SIGTERM.

    \b
    reachability-mock serve
    reachability-mock serve --port 0 --port-file port.txt --scenario two-devices
    reachability-mock serve --service IS0123456789abcdef0123456789abcdef --open

    Every option is an environment variable, too; several values have a space between them.
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone
    _on_signal(lambda: sys.exit(0))  # until there is a server to stop
    options = Options(**told)
    here = project_options(os.environ, options.of_any_fake)
    who = credentials_of(options, os.environ, here.account)
    console = Console(highlight=False, soft_wrap=True, markup=False)
    log = AccessLog(console)
    https = https_of(options, here, os.environ, log.hint)

    def announce(server: Server) -> None:
        said = [*banner(server.url, options, who, os.environ), *https.banner(server.url)]
        console.print("\n".join(said))

    with Notes(options.port_file, options.env_file) as notes:
        server = launch(options, here, who, log, https, announce)
        _on_signal(server.ask_to_stop)
        if options.env_file is not None:
            finding = exported(server.url, who, https, os.environ)
            notes.write(options.env_file, lines(finding), secret=True)
        if options.port_file is not None:
            notes.write(options.port_file, f"{server.port}\n")
        with _one_line():
            server.wait()


@contextmanager
def _one_line() -> Iterator[None]:
    """A server that cannot start, or dies, is a line and exit code 1."""
    try:
        yield
    except CannotListen as error:
        raise click.ClickException(str(error)) from None
    except Exception as error:
        raise click.ClickException(f"the server stopped: {error!r}") from error


def launch(  # noqa: PLR0913, PLR0917 - what a server is made of, and who hears of it
    options: Options,
    here: Project,
    who: Credentials,
    log: AccessLog,
    https: Https,
    announce: Callable[[Server], None] = lambda _: None,
) -> Server:
    """Start the server that was asked for, `announce` it, and start its scenario.

    A scenario that cannot be loaded is a line and exit code 2, an address that cannot be had a
    line and exit code 1.
    """
    folders = tuple(Path(one) for one in here.scenarios)
    try:
        opening = open_scenario(options.scenario, paused=options.paused, folders=folders)
        settings = Settings(here.settings)
    except (BadScenario, BadSetting) as error:
        raise Unusable(str(error)) from None
    site = build_site(
        default_account=who.account,
        accounts=who.accounts,
        keys=who.keys,
        access=options.access,
        services=options.service,
        settings=settings,
        clock=opening.clock,
        hosts=options.allow_host,
        origins=options.allow_origin,
        hint=log.hint,
    )
    site.say = log.say
    player = site.scenarios = Player(site, speed=options.speed, folders=folders)
    server = Server(
        site,
        host=options.host,
        port=options.port,
        answered=log.answered,
        tls=https.tls,
        routes=https.routes,
    )
    with _one_line():
        server.start()
    announce(server)
    if opening.scenario is not None:
        player.play(opening.scenario, who.account)
    return server


def _on_signal(end: Callable[[], object]) -> None:
    """Let Ctrl-C and SIGTERM `end` it, cleanly and with exit code 0."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end())
