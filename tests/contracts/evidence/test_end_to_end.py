"""From a service that deviates to a report by rule, by the commands, with no secret on the way."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner, Result

from reachability_contracts.cli import contract
from reachability_contracts.evidence import commands, source
from reachability_contracts.evidence.record import of_the_live_service
from reachability_contracts.evidence.writing import drafted, write
from reachability_contracts.live.run import LiveOptions
from reachability_contracts.mutants import mutant_named
from reachability_contracts.redact import Redactor
from reachability_contracts.stages import Credentials
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.server import Server, build_site
from tests.contracts.standin import ACCOUNT, TOKEN, StandIn, presence_driver, stand_in

PLANTED = {"R1": "on_by_default", "R9": "list_leaks_online", "R6": "goodbye_ignored"}
"""By rule, in what the stand-in deviates."""
FEW = ("two-devices", "null-in-list", "enable-and-disable", "edge-scopes")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("stand-in")
        with stand_in(folder, patched, list(PLANTED.values())) as where:
            yield where


@pytest.fixture(scope="module")
def tapes(place: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the stand-in answered, on disk."""
    folder = tmp_path_factory.mktemp("tapes")
    driver = folder / "driver.py"
    driver.write_text(presence_driver(place.inner))
    before = place.state()
    options = LiveOptions(
        Credentials(ACCOUNT, TOKEN),
        place.url,
        folder / "ledger.jsonl",
        presence=f"{sys.executable} {driver}",
        ca=place.ca,
        pause=lambda _: None,
        only=FEW,
    )
    hide = Redactor()
    hide.know((ACCOUNT, TOKEN))
    write(drafted(of_the_live_service(options, hide, lambda _: None), folder / "cassettes", hide))
    assert place.state() == before, "a foreign resource was touched, or one of ours was left"
    return folder / "cassettes"


def called(*words: str) -> Result:
    env = {"TWILIO_ACCOUNT_SID": None, "TWILIO_AUTH_TOKEN": None, "GITHUB_ACTIONS": None}
    return CliRunner().invoke(contract, [*words], env=env)


def test_each_planted_deviation_is_reported_by_its_rule(tapes: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    page = tmp_path / "report.html"
    done = called("parity", "--cassettes", str(tapes), "--json", str(out), "--html", str(page))
    assert done.exit_code == 1, done.output
    broken = [one for one in json.loads(out.read_text())["results"] if one["verdict"] == "failed"]
    assert set(PLANTED) <= {rule for one in broken for rule in one["rules"]}
    assert all(one["request"] and one["expected"] and one["got"] for one in broken)
    assert "stand-in" in page.read_text()
    assert "live evidence: none" in done.output


def test_no_secret_reaches_the_disk(tapes: Path) -> None:
    texts = [file.read_text() for file in tapes.iterdir()]
    assert len(texts) == len(FEW) + 1
    for secret in (ACCOUNT, TOKEN, "PROD", "staging", f"{ACCOUNT}:{TOKEN}"):
        for disguised in (
            secret,
            quote(secret, safe=""),
            base64.b64encode(secret.encode()).decode().rstrip("="),
        ):
            assert not any(disguised in text for text in texts), secret


def test_the_recording_says_where_it_comes_from(tapes: Path) -> None:
    body = json.loads((tapes / "two-devices.json").read_text())
    assert body["origin"] == "stand-in"
    assert body["host"].endswith(".test")
    assert body["sdk"].startswith("a command")


def test_it_is_refused_as_live_evidence(tapes: Path) -> None:
    done = called("parity", "--cassettes", str(tapes), "--live-only")
    assert done.exit_code == 1
    assert "no evidence of the live service" in " ".join(done.output.split())


# --- any other server, by the command ------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(build_site(hint=lambda _: None)) as running:
        yield running


def recorded(server: Server, folder: Path, *more: str) -> Result:
    words = ("--target", server.url, "--into", str(folder), "--scenario", "two-devices")
    return called("record", *words, *more)


def test_a_right_fake_is_the_same(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "cassettes"
    done = recorded(server, folder, "--yes")
    assert done.exit_code == 0, done.output
    assert "2 new, 0 changed" in done.output
    assert json.loads((folder / "two-devices.json").read_text())["origin"] == "fake"
    assert called("parity", "--cassettes", str(folder)).exit_code == 0
    texts = "".join(file.read_text() for file in folder.iterdir())
    assert sids.DEFAULT_ACCOUNT not in texts
    assert DEFAULT_SECRET not in texts


def test_a_second_recording_changes_nothing(server: Server, tmp_path: Path) -> None:
    recorded(server, tmp_path, "--yes")
    again = recorded(server, tmp_path, "--yes")
    assert again.exit_code == 0
    assert "0 new, 0 changed, 2 as before" in again.output


def test_what_a_wrong_fake_says_is_shown_as_a_difference(server: Server, tmp_path: Path) -> None:
    recorded(server, tmp_path, "--yes")
    with mutant_named("goodbye_ignored").applied():
        done = recorded(server, tmp_path, "--dry-run")
    assert done.exit_code == 0
    assert "0 new, 2 changed" in done.output
    assert '"is_online": true' in done.output


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be recorded."""

    def cassettes(*_: object) -> None:
        raise AssertionError("something was recorded")

    monkeypatch.setattr(source.Source, "cassettes", cassettes)


@pytest.mark.usefixtures("unasked")
def test_without_a_terminal_and_a_yes_nothing_is_even_asked(tmp_path: Path) -> None:
    done = called("record", "--target", "http://127.0.0.1:9", "--into", str(tmp_path / "none"))
    assert done.exit_code == 2
    assert "--yes writes without asking" in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("unasked")
def test_a_folder_that_cannot_be_made_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    words = ("record", "--target", "http://127.0.0.1:9", "--yes", "--into")
    for folder in (file, file / "sub", file / "sub" / "sub"):
        done = called(*words, str(folder))
        assert done.exit_code == 2
        assert "--into" in done.output


@pytest.mark.usefixtures("unasked")
def test_a_folder_that_cannot_be_written_to_is_said_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    words = ("record", "--target", "http://127.0.0.1:9", "--yes", "--into")
    done = called(*words, str(tmp_path / "new"))
    assert done.exit_code == 2
    assert "cannot be written to" in " ".join(done.output.replace("│", " ").split())


def test_a_dry_run_writes_nothing_wherever_that_would_be(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    done = recorded(server, file / "sub", "--dry-run")
    assert done.exit_code == 0
    assert "2 new" in done.output
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 2)])
def test_somebody_at_a_terminal_is_asked(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr(commands, "_is_somebody_there", lambda: True)
    into = tmp_path / "none"
    words = ["record", "--target", server.url, "--scenario", "two-devices", "--into", str(into)]
    done = CliRunner().invoke(contract, words, input=answer)
    assert done.exit_code == code, done.output
    assert into.exists() is (answer == "y")


def test_what_lies_there_and_is_no_cassette_does_not_cost_the_recording(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / "two-devices.json").write_bytes(b"\xff\xfe\x00")
    done = recorded(server, tmp_path, "--yes")
    assert done.exit_code == 0, done.output
    assert "1 new, 1 changed" in done.output
    assert json.loads((tmp_path / "two-devices.json").read_text())["origin"] == "fake"


def test_a_disk_that_refuses_in_the_end_is_said_in_a_line(server: Server, tmp_path: Path) -> None:
    (tmp_path / "two-devices.json").mkdir()
    done = recorded(server, tmp_path, "--yes")
    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    assert "could not be written" in done.output


def test_twilio_is_recorded_under_the_guard_only(tmp_path: Path) -> None:
    url = "https://conversations.twilio.com"
    done = called("record", "--target", url, "--into", str(tmp_path), "--yes")
    assert done.exit_code == 4
    assert "contract live" in done.output


def test_live_wants_credentials_and_a_yes(tmp_path: Path) -> None:
    done = called("record", "--target", "live", "--into", str(tmp_path))
    assert done.exit_code == 2
    assert "TWILIO_ACCOUNT_SID" in done.output
    env = {"TWILIO_ACCOUNT_SID": "AC" + "9" * 32, "TWILIO_AUTH_TOKEN": "t" * 32}
    words = ["record", "--target", "live", "--into", str(tmp_path)]
    done = CliRunner().invoke(contract, words, env=env)
    assert done.exit_code == 2
    assert "nothing has been sent" in done.output
    assert "9" * 32 not in done.output


def test_nobody_there_is_exit_3(tmp_path: Path) -> None:
    done = called("record", "--target", "http://127.0.0.1:9", "--into", str(tmp_path), "--yes")
    assert done.exit_code == 3


def test_a_broken_cassette_is_exit_2(tmp_path: Path) -> None:
    (tmp_path / "two-devices.json").write_text("{}")
    done = called("parity", "--cassettes", str(tmp_path))
    assert done.exit_code == 2
    assert "is no cassette" in done.output


def test_with_nothing_recorded_parity_says_so_loudly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands, "SHIPPED", tmp_path / "none")
    done = called("parity")
    assert done.exit_code == 0
    assert "live evidence: none" in done.output


def test_a_scenario_that_there_is_not_is_refused_with_the_near_ones(tmp_path: Path) -> None:
    words = ("--target", "http://127.0.0.1:9", "--into", str(tmp_path))
    done = called("record", *words, "--scenario", "two-device")
    assert done.exit_code == 2
    assert "did you mean two-devices" in done.output
    done = called("record", *words, "--scenario", "zzz")
    assert "there is create-and-update-answers" in done.output


# --- compared at once ----------------------------------------------------------------------------


def test_a_server_can_be_compared_without_a_recording(server: Server, tmp_path: Path) -> None:
    words = ("parity", "--target", server.url, "--scenario", "two-devices")
    assert called(*words).exit_code == 0
    with mutant_named("goodbye_ignored").applied():
        taped = called("record", "--target", server.url, "--into", str(tmp_path), "--yes")
    assert taped.exit_code == 0
    done = called("parity", "--cassettes", str(tmp_path))
    assert done.exit_code == 1
    assert "R6" in done.output


def test_one_scenario_of_many_can_be_compared(tapes: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    words = ("--cassettes", str(tapes), "--scenario", "two-devices", "--json", str(out))
    assert called("parity", *words).exit_code == 1
    assert {one["group"] for one in json.loads(out.read_text())["results"]} == {"two-devices"}


def test_it_is_one_or_the_other(server: Server, tmp_path: Path) -> None:
    done = called("parity", "--target", server.url, "--cassettes", str(tmp_path))
    assert done.exit_code == 2
    assert "two ways" in done.output


def test_a_stand_in_can_be_compared_as_it_is_now(place: StandIn, tmp_path: Path) -> None:
    """Over TLS, under the guard, without anybody online: what R1 breaks is seen all the same."""
    env = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "GITHUB_ACTIONS": None}
    words = ["parity", "--target", "live", "--url", place.url, "--ca", str(place.ca)]
    words += ["--ledger", str(tmp_path / "ledger.jsonl"), "--yes-live"]
    words += ["--scenario", "edge-scopes", "--scenario", "create-and-update-answers"]
    done = CliRunner().invoke(contract, words, env=env)
    assert done.exit_code == 1, done.output
    assert "R1" in done.output
    assert "stand-in" in done.output
    assert ACCOUNT not in done.output
    assert list(tmp_path.iterdir()) == []
