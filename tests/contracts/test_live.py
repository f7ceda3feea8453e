"""The live run on a stand-in: whatever goes wrong, no foreign resource is touched."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from reachability_contracts import plays
from reachability_contracts.checking import SafetyStop
from reachability_contracts.cli import contract
from reachability_contracts.evidence.cassette import STAND_IN
from reachability_contracts.evidence.record import of_the_live_service
from reachability_contracts.live import run as live
from reachability_contracts.live.ledger import PREFIX, BadLedger, Ledger, owner_of
from reachability_contracts.live.run import (
    LIVE,
    OF_THE_ACCOUNT,
    LeftBehind,
    LiveOptions,
    cleanup,
    plan,
    run,
    shown,
)
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report, Result, Verdict
from reachability_contracts.stages import Credentials
from reachability_mock.clock import system_now
from reachability_mock.scenario.target import Unreachable
from tests.contracts.standin import ACCOUNT, HOST, TOKEN, Fault, StandIn, no_fault, presence_driver

FEW = ("enable-and-disable", "edge-scopes", "edge-values")


@pytest.fixture
def place(arranged: StandIn) -> Iterator[StandIn]:
    """The stand-in, without faults to begin with, and unharmed in the end."""
    before = arranged.state()
    arranged.asked.clear()
    yield arranged
    arranged.fault, arranged.on_request = no_fault, lambda _: None
    assert arranged.state() == before, "a foreign resource was touched, or one of ours was left"


def options(place: StandIn, folder: Path, **more: Any) -> LiveOptions:
    values: dict[str, Any] = {
        "ledger": folder / "ledger.jsonl",
        "rate": "1000/s",
        "ca": place.ca,
        "pause": lambda _: None,
        "only": FEW,
        "generated": False,
        **more,
    }
    return LiveOptions(Credentials(ACCOUNT, TOKEN), place.url, **values)


def test_it_plays_judges_settles_and_cleans_up(place: StandIn, tmp_path: Path) -> None:
    report = run(options(place, tmp_path, generated=True))
    assert report.failed == []
    assert "generated requests" in report.figures["schemathesis"]
    assert report.count(Verdict.PASSED, "scenarios") > 20
    skipped = [one for one in report.results if one.verdict is Verdict.SKIPPED]
    assert skipped
    assert all(one.reason for one in skipped)
    assert "live answers schema-checked" in report.figures["document"]
    assert report.live == {}
    assert {one.by.partition(" 2")[0] for one in report.settled} == {"", "a stand-in"}
    assert "settled" in report.figures["unknowns"]
    assert not (tmp_path / "ledger.jsonl").exists()
    writes = {path for method, path in place.asked if method != "GET"}
    assert "/v1/Configuration" not in writes
    assert not any(path.startswith("/v1/Users") for _, path in place.asked)


def test_on_the_real_service_what_it_shows_is_evidence_of_today(
    place: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LiveOptions, "is_live", property(lambda _: True))
    report = run(options(place, tmp_path, only=("edge-scopes",)))
    today = f"{system_now():%Y-%m-%d}"
    assert set(report.live.values()) == {today}
    assert {one.by for one in report.settled if one.is_settled} == {f"live {today}"}


def test_a_rule_is_shown_by_a_step_that_passed_unless_another_contradicts_it() -> None:
    found = [
        ("scenarios", Verdict.PASSED, "R1"),
        ("scenarios", Verdict.PASSED, "R2"),
        ("scenarios", Verdict.FAILED, "R2"),
        ("scenarios", Verdict.SKIPPED, "R3"),
        ("scenarios", Verdict.SKIPPED, "R1"),
        ("probes", Verdict.PASSED, "R4"),
    ]
    results = [Result(suite, "", "", verdict, rules=(rule,)) for suite, verdict, rule in found]
    assert shown(Report(results)) == ["R1"]


def test_every_scenario_that_rest_can_play_is_played(place: StandIn, tmp_path: Path) -> None:
    """Whatever the scenarios write must be what the guard lets through."""
    chosen = options(place, tmp_path, only=())
    report = run(chosen)
    assert report.failed == []
    played = {one.group for one in report.results if one.suite == "scenarios"}
    assert {"roles", "settings", "edge-roles"} < played
    assert len(played) == len(plays.scenarios()) - len(OF_THE_ACCOUNT)
    assert not chosen.ledger.exists()


def test_every_scenario_that_rest_can_play_is_recorded(place: StandIn, tmp_path: Path) -> None:
    chosen = options(place, tmp_path, only=())
    found = of_the_live_service(chosen, Redactor(), lambda _: None)
    assert len(found) == len(plays.scenarios()) - len(OF_THE_ACCOUNT) + 1  # and the unknowns
    assert {one.header.origin for one in found} == {STAND_IN}


@pytest.mark.parametrize(
    ("url", "more", "is_fake"),
    [
        ("http://conversations.twilio.com", {}, False),
        ("https://conversations.twilio.com", {"ca": Path("ca.pem")}, False),
        ("https://conversations.twilio.com.example.com", {}, False),
        ("https://conversations.twilio.com", {}, True),
    ],
)
def test_what_may_be_no_twilio_is_no_live_evidence(
    url: str,
    more: dict[str, Any],
    is_fake: bool,  # noqa: FBT001 - a case's own column
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "answers_health", lambda _: is_fake)
    assert not LiveOptions(Credentials(), url, **more).is_live
    assert LiveOptions(Credentials(), LIVE).is_live is not is_fake


def test_credentials_do_not_travel_in_the_clear(tmp_path: Path) -> None:
    chosen = LiveOptions(Credentials(), "http://conversations.example.com", tmp_path / "ledger")
    for act in (run, cleanup):
        with pytest.raises(SafetyStop, match="by https only"):
            act(chosen)


def test_generated_writes_stay_in_the_runs_own_service(place: StandIn, tmp_path: Path) -> None:
    report = run(options(place, tmp_path, only=("edge-scopes",), generated=True, fuzz_writes=True))
    posts = [path for method, path in place.asked if method == "POST"]
    assert any(path.endswith("/Configuration") for path in posts)
    assert report.failed == []


def test_the_plan_says_who_how_many_and_what_before_anything_is_sent(
    place: StandIn, tmp_path: Path
) -> None:
    said = "\n".join(plan(options(place, tmp_path, budget=77)))
    assert "…5555" in said
    assert ACCOUNT not in said
    assert "at most 77 requests" in said
    assert place.asked == []


def every(number: int, fault: str) -> Fault:
    return lambda n, _method, _path: fault if n % number == 0 else None


def on(method: str, ending: str, fault: str) -> Fault:
    return lambda _n, asked, path: fault if asked == method and path.endswith(ending) else None


FAULTS: dict[str, Fault] = {
    "429 now and then": every(5, "429"),
    "500 now and then": every(7, "500"),
    "503 now and then": every(6, "503"),
    "connection cut now and then": every(9, "cut"),
    "answers lost now and then": every(8, "cut-after"),
    "answers to creates lost": on("POST", "/v1/Services", "cut-after"),
    "everything 500": every(1, "500"),
    "everything cut": every(1, "cut"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_no_fault_makes_it_touch_or_leave_anything(
    place: StandIn, tmp_path: Path, name: str
) -> None:
    place.fault = FAULTS[name]
    chosen = options(place, tmp_path, only=("edge-scopes",))
    with suppress(Unreachable, SafetyStop, LeftBehind):
        run(chosen)
    place.fault = no_fault
    cleanup(chosen)
    assert not chosen.ledger.exists()


def test_a_slow_answer_ends_in_a_timeout_and_a_cleanup(place: StandIn, tmp_path: Path) -> None:
    place.fault = on("POST", "/Configuration", "slow")
    chosen = options(place, tmp_path, only=("enable-and-disable",), timeout=0.5)
    with pytest.raises(Unreachable):
        run(chosen)
    place.fault = no_fault
    cleanup(chosen)


def test_refused_credentials_are_said_before_anything_is_made(
    place: StandIn, tmp_path: Path
) -> None:
    chosen = options(place, tmp_path)
    wrong = LiveOptions(Credentials(ACCOUNT, "w" * 32), place.url, chosen.ledger, ca=place.ca)
    with pytest.raises(Unreachable, match="refuses the credentials"):
        run(wrong)
    assert [method for method, _ in place.asked] == ["GET"]


def test_a_certificate_that_nobody_vouches_for_is_refused(place: StandIn, tmp_path: Path) -> None:
    with pytest.raises(Unreachable):
        run(options(place, tmp_path, ca=None))
    assert place.asked == []


def test_the_budget_stops_it_and_the_cleanup_is_done_all_the_same(
    place: StandIn, tmp_path: Path
) -> None:
    with pytest.raises(SafetyStop, match="budget of 30 requests is spent"):
        run(options(place, tmp_path, budget=30))
    assert not (tmp_path / "ledger.jsonl").exists()


def test_a_delete_that_never_works_is_left_in_the_ledger(place: StandIn, tmp_path: Path) -> None:
    place.fault = lambda _n, method, _path: "500" if method == "DELETE" else None
    chosen = options(place, tmp_path, only=("enable-and-disable",))
    with pytest.raises(LeftBehind, match="could not delete IS"):
        run(chosen)
    assert Ledger(chosen.ledger, owner_of(place.url, ACCOUNT)).services
    with pytest.raises(LeftBehind, match="cleanup"):
        run(chosen)
    place.fault = no_fault
    assert cleanup(chosen) > 0


def test_what_was_found_before_a_bad_end_is_not_lost(place: StandIn, tmp_path: Path) -> None:
    place.fault = lambda _n, method, _path: "403" if method == "DELETE" else None
    report = Report()
    chosen = options(place, tmp_path, only=("enable-and-disable",))
    with pytest.raises(LeftBehind):
        run(chosen, report=report)
    assert report.count(Verdict.PASSED, "scenarios") > 5
    place.fault = no_fault
    cleanup(chosen)


@pytest.fixture
def where(place: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """How a command is told of the place."""
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)
    ledger = str(options(place, tmp_path).ledger)
    return ("--url", place.url, "--ca", str(place.ca), "--ledger", ledger)


def reported(where: tuple[str, ...], file: Path, *more: str) -> tuple[int, str, list[str]]:
    """The exit code of a live run, what it says, and what its report says is broken."""
    what = ("--yes-live", "--no-generated", *more)
    ended = CliRunner().invoke(contract, ["live", *where, *what, "--json", str(file)])
    report = json.loads(file.read_text())
    assert report["verdict"] == "broken"
    assert report["counts"]["passed"] > 5
    broken = [one["name"] for one in report["results"] if one["verdict"] == "failed"]
    return ended.exit_code, ended.output, broken


def test_the_command_reports_also_what_ended_badly(
    place: StandIn, tmp_path: Path, where: tuple[str, ...]
) -> None:
    place.fault = lambda _n, method, _path: "403" if method == "DELETE" else None
    file = tmp_path / "report.json"
    code, said, broken = reported(where, file, "--scenario", "enable-and-disable")
    assert (code, broken[-1]) == (5, "the run comes to its end")
    assert "could not delete" in said
    place.fault = no_fault
    assert CliRunner().invoke(contract, ["cleanup", *where]).exit_code == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_reports_also_what_was_interrupted(
    place: StandIn, tmp_path: Path, where: tuple[str, ...], number: signal.Signals
) -> None:
    place.on_request = lambda n: os.kill(os.getpid(), number) if n == 40 else None
    code, said, broken = reported(where, tmp_path / "report.json")
    assert (code, broken) == (1, ["the run comes to its end"])
    assert "Aborted!" in said
    assert not (tmp_path / "ledger.jsonl").exists()


def test_a_service_that_dies_leaves_something_behind_and_that_is_said(
    place: StandIn, tmp_path: Path
) -> None:
    died: list[bool] = []

    def dies(_number: int, method: str, path: str) -> str | None:
        died.extend([True] * (method == "POST" and path.endswith("/Users")))
        return "cut" if died else None

    place.fault = dies
    chosen = options(place, tmp_path, only=("edge-scopes",))
    with pytest.raises(LeftBehind, match=r"could not delete IS.*before that: .*cannot be reached"):
        run(chosen)
    place.fault = no_fault
    assert cleanup(chosen) > 0


def test_another_accounts_cleanup_is_refused_and_forgets_nothing(
    place: StandIn, tmp_path: Path
) -> None:
    place.fault = lambda _n, method, _path: "500" if method == "DELETE" else None
    chosen = options(place, tmp_path, only=("edge-scopes",))
    with pytest.raises(LeftBehind):
        run(chosen)
    place.fault = no_fault
    other = replace(chosen, credentials=Credentials("AC" + "6" * 32, TOKEN))
    for act in (run, cleanup):
        with pytest.raises(BadLedger, match="…5555"):
            act(other)
    assert cleanup(chosen) > 0


def test_a_cleanup_deletes_nothing_that_has_not_a_name_of_ours(
    place: StandIn, tmp_path: Path
) -> None:
    chosen = options(place, tmp_path)
    (prod, *_) = [
        sid for sid, one in place.state().items() if sid.startswith("IS") and _is_prod(one)
    ]
    ledger = Ledger(chosen.ledger, owner_of(place.url, ACCOUNT))
    ledger.created(prod, f"{PREFIX}-no-it-is-not")
    with pytest.raises(LeftBehind, match=prod):
        cleanup(chosen)


def _is_prod(one: Any) -> bool:
    return bool(one["service"]["friendly_name"] == "PROD")


def test_a_list_that_says_nothing_settles_nothing(place: StandIn, tmp_path: Path) -> None:
    chosen = options(place, tmp_path)
    name = f"{PREFIX}-perhaps"
    Ledger(chosen.ledger, owner_of(place.url, ACCOUNT)).intend(name)
    place.fault = lambda _n, _method, path: "200" if path.startswith("/v1/Services?") else None
    with pytest.raises(LeftBehind, match=name):
        cleanup(chosen)
    place.fault = no_fault
    assert cleanup(chosen) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_also_the_generated_requests(
    place: StandIn, tmp_path: Path, number: signal.Signals
) -> None:
    """Schemathesis takes an interruption for its own end, and would let the run go on."""
    chosen = options(place, tmp_path, only=("edge-scopes",), generated=True)
    started: list[str] = []

    def tell(what: str) -> None:
        started.append(what)
        if what == "generated requests":
            place.on_request = lambda n: _in_a_while(n, number)

    begun: list[int] = []

    def _in_a_while(n: int, which: signal.Signals) -> None:
        begun.append(n)
        if len(begun) == 12:
            os.kill(os.getpid(), which)

    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt):
        run(chosen, tell)
    assert started[-1] == "cleanup"
    assert signal.getsignal(number) is before
    assert not chosen.ledger.exists()


def test_a_signal_does_not_end_the_cleanup(place: StandIn, tmp_path: Path) -> None:
    chosen = options(place, tmp_path, only=("edge-scopes",))

    def tell(what: str) -> None:
        if what == "cleanup":
            os.kill(os.getpid(), signal.SIGTERM)

    run(chosen, tell)
    assert not chosen.ledger.exists()


@pytest.mark.slow
def test_a_terminated_run_cleans_up(place: StandIn, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _program(place, tmp_path)], stderr=subprocess.PIPE
    )
    place.on_request = lambda number: process.terminate() if number == 9 else None
    _, said = process.communicate(timeout=60)
    assert (process.returncode, b"Traceback" in said) == (1, False)
    assert not (tmp_path / "ledger.jsonl").exists()


@pytest.mark.slow
@pytest.mark.parametrize("after", [2, 9, 25])
def test_what_a_killed_run_left_behind_is_cleaned_up(
    place: StandIn, tmp_path: Path, after: int
) -> None:
    """Killed while its request is under way: the ledger is all that is left of it."""
    process = subprocess.Popen([sys.executable, "-c", _program(place, tmp_path)])
    place.on_request = lambda number: process.kill() if number == after else None
    assert process.wait(60) == -signal.SIGKILL
    place.on_request = lambda _: None
    chosen = options(place, tmp_path)
    cleanup(chosen)
    assert not chosen.ledger.exists()


def _program(place: StandIn, folder: Path) -> str:
    return textwrap.dedent(f"""
        import os, socket
        real = socket.getaddrinfo
        socket.getaddrinfo = lambda host, *a, **k: real(
            "127.0.0.1" if host == {HOST!r} else host, *a, **k
        )
        os.environ["TWILIO_ACCOUNT_SID"] = {ACCOUNT!r}
        os.environ["TWILIO_AUTH_TOKEN"] = {TOKEN!r}
        from reachability_contracts.cli import contract
        contract([
            "live", "--yes-live", "--url", {place.url!r}, "--ca", {str(place.ca)!r},
            "--ledger", {str(folder / "ledger.jsonl")!r}, "--rate", "1000/s",
            "--no-generated", "--scenario", "edge-scopes", "--scenario", "edge-values",
        ])
    """)


def test_a_presence_driver_is_called_for_presence(
    place: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver here uses the fake's control plane, as a real one would use the SDK."""
    driver = tmp_path / "driver.py"
    driver.write_text(presence_driver(place.inner))
    chosen = options(place, tmp_path, only=("two-devices",), presence=f"{sys.executable} {driver}")
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    report = run(chosen)
    assert report.failed == []
    online = [one for one in report.results if "R5" in one.rules]
    assert any(one.verdict is Verdict.PASSED for one in online)


assert os.name == "posix", "SIGKILL is what these tests are about"
