"""`reachability-mock contract observe`: the proxy on the command line."""

from __future__ import annotations

import ipaddress
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import click

from reachability_contracts.commands import can_be_filled
from reachability_contracts.observe.keeping import Keeper
from reachability_contracts.observe.observer import Observer
from reachability_contracts.observe.proxy import Proxy
from reachability_contracts.observe.serving import Serving
from reachability_contracts.observe.tally import Tally
from reachability_contracts.observe.upstream import Upstream
from reachability_contracts.observe.watching import Watching
from reachability_mock.clock import system_now
from reachability_mock.server import CannotListen

DISAGREED = 1
PORT = 4013
_INTO = Path("reachability-evidence")


def _upstream(_context: click.Context, _parameter: click.Parameter, url: str) -> str:
    """The service's URL, if it can be one and nothing secret would travel in the clear."""
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise click.BadParameter("say https://host, or https://host:port")
    if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        raise click.BadParameter("only a scheme, a host and a port; your app sends the credentials")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise click.BadParameter("credentials would travel in the clear: https, or this machine")
    return f"{parts.scheme}://{parts.netloc}"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # one that is none is found out here
    except ValueError:
        return None
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@click.command(short_help="Watch a staging app's own traffic.")
@click.option(
    "--upstream",
    required=True,
    callback=_upstream,
    metavar="URL",
    help="The real service, https://host[:port].",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Where to listen, on this machine only; 0 takes a free port.",
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=_INTO,
    show_default=True,
    help="Where evidence is kept; made when there is some.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing; print what would be kept.")
@click.option(
    "--for", "seconds", type=click.FloatRange(0, 10**6), help="Stop after so many seconds."
)
@click.option(
    "--ca",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Trust this authority for the service, and no other.",
)
def observe(  # noqa: PLR0913, PLR0917 - each is one option
    upstream: str,
    port: int,
    into: Path,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
    seconds: float | None,
    ca: Path | None,
) -> None:
    """Stand between your staging app and the real service, and hold each answer against the rules.

    \b
    reachability-mock contract observe --upstream https://conversations.twilio.com
    reachability-mock contract observe --upstream https://conversations.twilio.com --dry-run

    Everything passes as it is, writes once and only once. What disagrees with the rules becomes a
    file without anything secret or personal in it; nothing else is stored. Only this machine can
    reach the proxy. Ctrl-C ends it and sums up.

    \b
    Exit codes: 0 nothing disagreed; 1 something did; 2 wrong usage, or the port is in use.
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone
    if not dry_run:
        can_be_filled(into, "--into")
    watching = Watching()
    keeper = Keeper(
        None if dry_run else into,
        upstream,
        lambda: system_now().date(),
        click.echo,
    )
    observer = Observer(watching, keeper)
    try:
        proxy = Proxy(Upstream(upstream, ca), observer)
    except OSError as error:  # ssl.SSLError is one
        raise click.UsageError(f"--ca: {ca} cannot be used: {error}") from None
    with _told_to_stop() as stop:
        try:
            with Serving(proxy, port) as serving:
                click.echo("\n".join(_banner(serving.url, upstream, None if dry_run else into)))
                sys.stdout.flush()
                stop.wait(seconds)
        except CannotListen as error:
            raise click.UsageError(str(error)) from None
    keeper.finish()
    click.echo("\n".join(_summary(watching.tally, keeper)))
    if observer.faults:
        click.echo(f"{observer.faults} answers passed but could not be judged: a fault of ours")
    if watching.tally.disagreed:
        sys.exit(DISAGREED)


def _banner(url: str, upstream: str, into: Path | None) -> Iterator[str]:
    yield f"{url} passes everything on to {upstream}"
    yield "Point your staging app at it, with the credentials that it has:"
    yield f'  Python  client.conversations.base_url = "{url}"'
    yield f'  Node    client.conversations.baseUrl = "{url}"'
    yield "and let it read as it always does. Other SDKs: docs/observe.md."
    yield "Nothing is written (--dry-run)." if into is None else f"Disagreements go to {into}/."


def _summary(tally: Tally, keeper: Keeper) -> Iterator[str]:
    foretold = sum(tally.agreed.values())
    wrong = Counter[str]()
    for key, times in tally.disagreed.items():
        wrong[str(key[0])] += times
    yield f"seen: {tally.gets} GETs, {tally.writes} writes, {tally.values} values of reachability"
    yield f"as the rules foretell: {foretold} ({_counted(tally.agreed)})"
    yield f"disagreements: {sum(wrong.values())} ({_counted(wrong)})"
    chosen = Counter({f"{name}={choice}": times for (name, choice), times in tally.chose.items()})
    yield f"unknowns: {_counted(chosen)}"
    for file in keeper.files:
        yield f"kept: {file}"


def _counted(counter: Counter[str]) -> str:
    """What was counted, each with its number."""
    return (
        ", ".join(f"{name} x{times}" for name, times in sorted(counter.items()) if times) or "none"
    )


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, as long as the block lasts."""
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
