"""`reachability-mock contract …`: check, mutants, live and cleanup; the others join here."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

import click
from rich.console import Console

from reachability_contracts import checking, fuzz, score
from reachability_contracts.checking import OTHER_ACCOUNT, Options
from reachability_contracts.commands import (
    Files,
    api_key,
    credentials_for,
    guarded,
    live_credentials,
    outputs,
    publish,
    scenario_option,
)
from reachability_contracts.drift.commands import drift
from reachability_contracts.evidence.commands import parity, record
from reachability_contracts.live import run as live
from reachability_contracts.mutants import ALL_MUTANTS, FellOver, Mutant
from reachability_contracts.observe.commands import observe
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report, Result, Verdict
from reachability_mock.server import CannotListen, Server, build_site


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def contract() -> None:
    """Is the fake (or any server) what openapi.yaml and the rules say?

    \b
    reachability-mock contract check                 offline, without credentials
    reachability-mock contract check --target URL    any server, by HTTP alone
    reachability-mock contract mutants               would the suites notice a wrong fake?
    reachability-mock contract live                  the real API: says what it would do
    reachability-mock contract record, parity        what a service answered, and the fake beside it
    reachability-mock contract observe               watch a staging app's own traffic
    reachability-mock contract drift                 our document against others' descriptions

    \b
    Exit codes: 0 agreed; 1 broken; 2 usage, or something could not be loaded; 3 unreachable, or
    credentials refused; 4 stopped for safety; 5 the cleanup left something behind.
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone


contract.add_command(drift)
contract.add_command(observe)
contract.add_command(parity)
contract.add_command(record)

_ledger_option = click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    default=live.DEFAULT_LEDGER,
    show_default=True,
    help="What the run made, on disk, for the cleanup.",
)
_ca_option = click.option(
    "--ca", type=click.Path(exists=True, path_type=Path), help="Trust this authority: a stand-in's."
)


@contract.command(short_help="Check the fake, or any server.")
@click.option("--only", multiple=True, type=click.Choice(checking.SUITES), help="Only this suite.")
@click.option("--skip", multiple=True, type=click.Choice(checking.SUITES), help="Not this suite.")
@click.option("--via", type=click.Choice(("process", "http")), default="process")
@click.option("--target", "url", help="Judge the server at this URL instead of the fake.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of schemathesis.")
@click.option("-n", "examples", type=click.IntRange(1), default=fuzz.DEPTH, show_default=True)
@outputs
def check(  # noqa: PLR0913, PLR0917 - each is one option
    only: tuple[str, ...],
    skip: tuple[str, ...],
    via: str,
    url: str | None,
    seed: int,
    examples: int,
    files: Files,
) -> None:
    """Check the contract: document, scenarios, probes, schemathesis, parity, mutants."""
    suites = [one for one in checking.SUITES if (not only or one in only) and one not in skip]
    if not suites:
        raise click.UsageError("--only and --skip leave nothing to check")
    credentials = credentials_for(url)
    options = Options(suites, fuzz.Settings(seed, examples), url, via == "http", credentials)
    hide = Redactor()
    hide.know((credentials.password, credentials.username))
    console = Console(stderr=True)
    with console.status("checking") as status:
        found = guarded(lambda: checking.check(options, status.update), hide)
    publish(found, hide, files)


@contract.command(short_help="Would the suites notice a wrong fake?")
@click.option("--only", help="A mutant, or the mutants of one rule (R9) or edge (edge:auth).")
@click.option("--suite", multiple=True, type=click.Choice(tuple(score.JUDGES)), help="Who judges.")
@click.option("--matrix", is_flag=True, help="Let every suite judge every mutant.")
@click.option("--list", "listed", is_flag=True, help="Only say which mutants there are.")
@click.option("--serve", "name", help="Serve the fake with this one thing wrong.")
@click.option("--port", type=int, default=4011, show_default=True, help="Where to serve it.")
@outputs
def mutants(  # noqa: PLR0913, PLR0917 - each is one option
    only: str | None,
    suite: tuple[str, ...],
    matrix: bool,  # noqa: FBT001 - a flag of the command line
    listed: bool,  # noqa: FBT001 - likewise
    name: str | None,
    port: int,
    files: Files,
) -> None:
    """Would the suites notice a wrong fake?  A survivor is a failure."""
    if name is not None:
        _serve(_chosen(name)[0], port)
        return
    chosen = _chosen(only)
    if listed:
        for one in chosen:
            click.echo(f"{one.id:32} {one.breaks:18} {one.says}")
        return
    suites = suite or (tuple(score.JUDGES) if matrix else score.CHEAP)
    hide = Redactor()
    console = Console(stderr=True)
    everything = []
    with console.status("mutants") as status:
        for scored in score.scored(suites, chosen, all_of_them=matrix):
            everything.append(scored)
            status.update(f"{len(everything)}/{len(chosen)} {scored.mutant.id}")
    found = Report([score.result_of(one) for one in everything])
    found.figures[score.SUITE] = score.verdict_line(everything)
    found.tables["which suite kills which mutant"] = score.matrix(everything, suites)
    publish(found, hide, files)


def _chosen(only: str | None) -> list[Mutant]:
    chosen = [one for one in ALL_MUTANTS if only in {None, one.id, one.breaks}]
    if not chosen:
        raise click.UsageError(f"no mutant {only!r}; --list says which there are")
    return chosen


def _serve(mutant: Mutant, port: int) -> None:
    """Serve a wrong fake until somebody stops it."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with (
            mutant.applied(),
            Server(build_site(accounts=dict([OTHER_ACCOUNT])), port=port) as server,
        ):
            click.echo(f"{server.url} serves {mutant.id}: {mutant.says} ({mutant.breaks})")
            sys.stdout.flush()
            stop.wait()
    except CannotListen as error:
        raise click.UsageError(str(error)) from None
    except FellOver as fallen:
        raise click.ClickException(str(fallen)) from None


@contract.command(short_help="Check the real API, in services of the run's own.")
@click.option("--yes-live", is_flag=True, help="Really do what is printed first.")
@click.option("--url", default=live.LIVE, show_default=True, help="Twilio, or a stand-in for it.")
@click.option("--budget", type=click.IntRange(1), default=live.BUDGET, show_default=True)
@click.option("--rate", default="1/s", show_default=True, help="Of generated requests.")
@click.option("--presence-cmd", help="Called as CMD connect IS… IDENTITY DEVICE, and so on.")
@click.option("--fuzz-writes", is_flag=True, help="Generated POSTs, too, in a service of its own.")
@click.option("--generated/--no-generated", default=True, help="Generated reads at the end.")
@scenario_option
@_ledger_option
@_ca_option
@outputs
def live_command(  # noqa: PLR0913, PLR0917 - each is one option
    yes_live: bool,  # noqa: FBT001 - a flag of the command line
    url: str,
    budget: int,
    rate: str,
    presence_cmd: str | None,
    fuzz_writes: bool,  # noqa: FBT001 - likewise
    generated: bool,  # noqa: FBT001 - likewise
    names: tuple[str, ...],
    ledger: Path,
    ca: Path | None,
    files: Files,
) -> None:
    """Check the contract on the real API, in services of its own, and clean up."""
    credentials, key = live_credentials(), api_key()
    options = live.LiveOptions(
        credentials,
        url.rstrip("/"),
        ledger,
        budget,
        presence_cmd,
        key,
        fuzz_writes,
        rate,
        ca,
        only=names,
        generated=generated,
    )
    hide = Redactor()
    hide.know((credentials.password, credentials.username))
    if key is not None:
        hide.know((key.password, key.username))
    for line in live.plan(options):
        click.echo(hide(line), err=True)
    if not yes_live:
        raise click.UsageError("that is what --yes-live would do; nothing has been sent")
    console = Console(stderr=True)
    found = Report()
    try:
        with console.status("live") as status:
            guarded(lambda: live.run(options, status.update, found), hide)
    except (SystemExit, KeyboardInterrupt) as end:
        if found.results:  # what was found before it ended early is worth a report
            found.add([_CUT_SHORT])
            with suppress(SystemExit):
                publish(found, hide, files)
        raise end from None
    publish(found, hide, files)


live_command.name = "live"
_CUT_SHORT = Result(
    "live",
    "live",
    "the run comes to its end",
    Verdict.FAILED,
    reason="it did not: what it had not reached by then is not known",
)


@contract.command()
@click.option("--url", default=live.LIVE, show_default=True, help="Where the run was.")
@_ledger_option
@_ca_option
def cleanup(url: str, ledger: Path, ca: Path | None) -> None:
    """Delete what a crashed live run's ledger still lists."""
    credentials = live_credentials()
    hide = Redactor()
    hide.know((credentials.password, credentials.username))
    options = live.LiveOptions(credentials, url.rstrip("/"), ledger, ca=ca)

    def cleaned() -> Report:
        number = live.cleanup(options)
        return Report(figures={"cleanup": f"{number} services were listed, none is left"})

    click.echo(guarded(cleaned, hide).figures["cleanup"])
