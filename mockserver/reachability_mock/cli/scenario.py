"""``reachability-mock scenario``: check, play, list, schema, new."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from reachability_mock import data
from reachability_mock.address import NoUrl, address_of
from reachability_mock.cli import Unusable
from reachability_mock.cli.project import project_options
from reachability_mock.clock import ManualClock, system_now
from reachability_mock.core import sids
from reachability_mock.http.site import Site
from reachability_mock.keyring import DEFAULT_SECRET, Keyring
from reachability_mock.scenario.complaint import Unloadable
from reachability_mock.scenario.find import NoSuchScenario, find, load_named
from reachability_mock.scenario.loader import load
from reachability_mock.scenario.model import Scenario
from reachability_mock.scenario.report import details, failed, junit, summary
from reachability_mock.scenario.runner import StepResult, Verdict, play
from reachability_mock.scenario.schema import FILE, schema_text
from reachability_mock.scenario.target import Target, TargetFailed, Unreachable
from reachability_mock.server import Server
from reachability_mock.targets import HttpTarget, InProcessTarget
from reachability_mock.targets.sdk import SDK
from reachability_mock.world import World

_MARKS = {
    Verdict.PASSED: ("✓", "ok", "green"),
    Verdict.FAILED: ("✗", "FAILED", "red"),
    Verdict.SKIPPED: ("-", "skipped", "yellow"),
}


@click.group()
def scenario() -> None:
    """Stories in YAML: check them, play them, write them.

    Exit codes: 0 fine; 1 something was not as expected; 2 it cannot be loaded or reached.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a scenario may say what a terminal cannot


@scenario.command()
@click.argument("names", nargs=-1, required=True, metavar="FILE|NAME…")
def check(names: tuple[str, ...]) -> None:
    """Say everything that is wrong with scenarios, with file, line and column."""
    console, complaining = Console(highlight=False), Console(stderr=True, highlight=False)
    wrong = False
    for name in names:
        try:
            found = load_named(name, _folders())
        except (Unloadable, NoSuchScenario) as error:
            wrong = True
            complaining.print(Text(_said(error)), soft_wrap=True)
            continue
        steps = len(found.timeline)
        rules = " ".join(_by_number(found.rules))
        line = f"{found.file}: fine, {steps} step{'s' * (steps != 1)}{', ' * bool(rules)}{rules}"
        console.print(Text(line), soft_wrap=True)
    if wrong:
        raise click.exceptions.Exit(2)


@scenario.command("play")
@click.argument("names", nargs=-1, required=True, metavar="NAME|FILE…")
@click.option("--instant", is_flag=True, help="Do not wait: move the clock instead.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="How much faster the timeline's waits go.",
)
@click.option("--url", help="A server to play against, instead of a fake in this process.")
@click.option(
    "--driver",
    type=click.Choice(["control", "sdk"]),
    default="control",
    show_default=True,
    help="Who connects where a step does not say: the fake itself, or Twilio's SDK in Node.",
)
@click.option(
    "--junit",
    "junit_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a JUnit report.",
)
def play_command(  # noqa: PLR0913 - click hands over each option, by name
    names: tuple[str, ...],
    *,
    instant: bool,
    speed: float,
    url: str | None,
    driver: str,
    junit_file: Path | None,
) -> None:
    """Play scenarios, each in a world of its own, and show every step.

    With --url the account is TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN or, without both, the
    fake's built-in one; so is the key TWILIO_API_KEY with TWILIO_API_SECRET, which signs the
    tokens of Twilio's SDK.
    """
    scenarios = _loaded(names)
    results: list[StepResult] = []
    if junit_file is not None:
        with _writing(junit_file):
            junit_file.open("a", encoding="utf-8").close()  # rather now than after all the playing
    console = Console(highlight=False)
    try:
        for one in scenarios:
            with _target(one, url, SDK if driver == SDK else None) as target:
                for result in _shown(console, one, target, instant=instant, speed=speed):
                    results.append(result)  # noqa: PERF402 - what was played before a failure counts
    except TargetFailed as error:
        raise Unusable(str(error)) from None
    finally:
        if junit_file is not None:
            junit_file.write_text(junit(results), encoding="utf-8")
    console.print(Text(summary(results), "red" if failed(results) else "green"))
    if failed(results):
        raise click.exceptions.Exit(1)


@scenario.command("list")
def list_command() -> None:
    """List the scenarios that have a name: the project's own, then the shipped ones."""
    console, folders = Console(highlight=False), _folders()
    names = data.scenario_names(folders)
    width = max(map(len, names), default=0)
    for name in names:
        about = "cannot be loaded: see `scenario check`"
        with suppress(Unloadable):
            about = load(find(name, folders)).about
        console.print(Text.assemble((name.ljust(width), "bold"), "  ", about), soft_wrap=True)


@scenario.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    click.echo(schema_text(), nl=False)


@scenario.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a scenario to begin with, NAME.yaml, and the schema that its editor needs."""
    stem = name.removesuffix(".yaml")
    if not stem or Path(stem).name != stem or stem.startswith("."):
        raise Unusable(f"{name!r} is not a name for a file here")
    path = Path(f"{stem}.yaml")
    starter = files("reachability_mock.scenario").joinpath("starter.yaml")
    with _writing(path), path.open("x", encoding="utf-8") as file:
        file.write(starter.read_text(encoding="utf-8").replace("NAME", stem))
    beside = Path(FILE)
    if not beside.exists():
        with _writing(beside), beside.open("x", encoding="utf-8") as file:
            file.write(schema_text())
    click.echo(f"{path} is written; play it: reachability-mock scenario play {path} --instant")


# --- inside --------------------------------------------------------------------------------------


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise Unusable(f"{path} is there already") from None
    except OSError as error:
        raise Unusable(f"cannot write {path}: {error.strerror}") from None


def _folders() -> tuple[str, ...]:
    return project_options().scenarios


def _loaded(names: tuple[str, ...]) -> list[Scenario]:
    """All of them or, with every complaint on stderr, none."""
    found, complaints = [], []
    for name in names:
        try:
            found.append(load_named(name, _folders()))
        except (Unloadable, NoSuchScenario) as error:
            complaints.append(_said(error))
    if complaints:
        click.echo("\n".join(complaints), err=True)
        raise click.exceptions.Exit(2)
    return found


def _said(error: Exception) -> str:
    return str(error.args[0] if isinstance(error, NoSuchScenario) else error)


@contextmanager
def _target(one: Scenario, url: str | None, driver: str | None) -> Iterator[Target]:
    if url is not None:
        yield _target_at(url, driver)
        return
    site = Site(World(clock=ManualClock(one.start or system_now())), Keyring())
    with ExitStack() as closing:
        site.listen = cache(lambda: closing.enter_context(Server(site)).url)
        yield InProcessTarget(site, driver=driver)


def _target_at(url: str, driver: str | None) -> HttpTarget:
    try:
        address = address_of(url)
    except NoUrl as error:
        raise Unusable(str(error)) from None
    if address.is_twilio:
        raise Unreachable("this is the live service; for that there is `contract live`")
    account = _pair("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
    key = _pair("TWILIO_API_KEY", "TWILIO_API_SECRET")
    return HttpTarget(
        url, *(account or (sids.DEFAULT_ACCOUNT, DEFAULT_SECRET)), driver=driver, key=key
    )


def _pair(name: str, secret: str) -> tuple[str, str] | None:
    """Two variables of the environment, if both are set."""
    found = os.environ.get(name), os.environ.get(secret)
    return (found[0], found[1]) if found[0] and found[1] else None


def _shown(
    console: Console, one: Scenario, target: Target, *, instant: bool, speed: float
) -> Iterator[StepResult]:
    """Play, and print each step as soon as it has its verdict."""
    console.print(Text.assemble((one.name, "bold"), f"  {one.about}"), soft_wrap=True)
    for result in play(one, target, instant=instant, speed=speed):
        tick, word, colour = _MARKS[result.verdict]
        mark = tick if console.encoding.lower().startswith("utf") else word
        line = Text.assemble("  ", (mark, colour), f" {result.index:>3} {result.title}")
        if result.rules:
            line.append(f"  {' '.join(result.rules)}", "cyan")
        if result.comment:
            line.append(f"  # {result.comment}", "dim")
        console.print(line, soft_wrap=True)
        for said in details(result):
            console.print(Text(f"        {said}", colour), soft_wrap=True)
        if result.verdict is Verdict.FAILED:
            console.print(Text(f"        {result.file}:{result.line}", "dim"), soft_wrap=True)
        yield result


def _by_number(rules: frozenset[str]) -> list[str]:
    return sorted(rules, key=lambda rule: int(rule[1:]))
