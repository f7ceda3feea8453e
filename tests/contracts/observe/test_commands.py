"""The command: what it refuses, prints, keeps and exits with."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
import yaml
from click.testing import CliRunner, Result

from reachability_contracts.cli import contract
from reachability_contracts.mutants import mutant_named
from reachability_mock.core import sids
from reachability_mock.keyring import Access
from reachability_mock.server import Server, build_site, listen

ACCOUNT, TOKEN = "AC" + "5" * 28 + "cafe", "a-token-of-32-characters-0123456"
MAIL, PHONE = "eve.adams@example.com", "+15551234567"
_PAIR = f"{ACCOUNT}:{TOKEN}"
PLANTED = [
    spelling
    for secret in (ACCOUNT, TOKEN, MAIL, PHONE, _PAIR)
    for spelling in (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode())
]
SERVICE = sids.default_service_sid(ACCOUNT)


def run(*words: str) -> Result:
    return CliRunner().invoke(contract, ["observe", *words])


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://conversations.twilio.com", "in the clear"),
        ("http://10.0.0.1:8080", "in the clear"),
        ("conversations.twilio.com", "say https://host"),
        ("ftp://conversations.twilio.com", "say https://host"),
        ("https://", "say https://host"),
        ("https://host:port", "say https://host"),
        ("https://AC1:token@conversations.twilio.com", "your app sends the credentials"),
        ("https://conversations.twilio.com/v1", "only a scheme, a host and a port"),
        ("https://conversations.twilio.com?x=1", "only a scheme, a host and a port"),
    ],
)
def test_an_upstream_that_cannot_be_is_refused(url: str, says: str) -> None:
    result = run("--upstream", url, "--for", "0")
    assert result.exit_code == 2
    assert says in " ".join(result.output.replace("│", " ").split())
    assert "token@" not in result.output


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://localhost:9/", "http://[::1]:9"])
def test_without_traffic_it_sends_nothing_and_all_is_well(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("--upstream", url, "--port", "0", "--for", "0")
    assert list(tmp_path.iterdir()) == []
    assert result.exit_code == 0, result.output
    assert f"passes everything on to {url.rstrip('/')}" in result.output
    assert "seen: 0 GETs, 0 writes" in result.output
    assert "disagreements: 0 (none)" in result.output


def test_a_port_that_is_taken_is_said_in_a_line() -> None:
    listener = listen("127.0.0.1", 0)
    with listener:
        port = str(listener.getsockname()[1])
        result = run("--upstream", "https://conversations.twilio.com", "--port", port)
    assert result.exit_code == 2
    assert "in use" in result.output


def test_an_authority_or_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no certificate")
    url = "https://conversations.twilio.com"
    for words in (["--ca", str(file)], ["--ca", str(tmp_path)], ["--into", str(file)]):
        assert run("--upstream", url, "--port", "0", "--for", "0", *words).exit_code == 2


def test_a_folder_that_cannot_be_made_is_refused_before_anything_passes(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    words = ("--upstream", "http://127.0.0.1:9", "--port", "0", "--for", "0")
    result = run(*words, "--into", str(file / "evidence"))
    assert result.exit_code == 2
    assert "is no folder" in " ".join(result.output.replace("│", " ").split())
    assert "passes everything on" not in result.output
    assert run(*words, "--into", str(file / "evidence"), "--dry-run").exit_code == 0


def test_help_says_what_the_exit_codes_mean() -> None:
    assert "Exit codes: 0 nothing disagreed; 1 something did; 2" in " ".join(
        run("--help").output.split()
    )


@contextmanager
def wrong_fake() -> Iterator[str]:
    """A fake whose lists leak, and in which somebody with a telephone is online."""
    site = build_site(accounts={ACCOUNT: TOKEN}, access=Access.STRICT)
    with mutant_named("list_leaks_online").applied(), Server(site) as server:
        base = f"{server.url}/v1/Services/{SERVICE}"
        attributes = (
            f'{{"phone": "{PHONE}", "pair": "{base64.b64encode(_PAIR.encode()).decode()}"}}'
        )
        form = {"Identity": MAIL, "FriendlyName": PHONE, "Attributes": attributes}
        requests.post(f"{base}/Users", data=form, auth=(ACCOUNT, TOKEN), timeout=10)
        form = {"ReachabilityEnabled": "true"}
        requests.post(f"{base}/Configuration", data=form, auth=(ACCOUNT, TOKEN), timeout=10)
        connection = f"{server.url}/_mock/services/default/users/{quote(MAIL)}/connections"
        requests.post(f"{connection}?account={ACCOUNT}", json={"device": "x"}, timeout=10)
        yield server.url


@contextmanager
def observing(url: str, folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, and where it listens."""
    command = [sys.executable, "-m", "reachability_mock", "contract", "observe"]
    command += ["--upstream", url, "--port", "0", *words]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        try:
            yield process, first.split()[0]
        finally:
            process.kill()


def ask(url: str) -> None:
    for path in (f"/v1/Services/{SERVICE}/Users", "/v1/Users", f"/v1/Users/{quote(MAIL)}"):
        for _ in range(2):
            answer = requests.get(f"{url}{path}", auth=(ACCOUNT, TOKEN), timeout=10)
            assert MAIL in answer.text


def test_what_disagrees_is_kept_without_anything_secret(tmp_path: Path) -> None:
    with wrong_fake() as fake, observing(fake, tmp_path) as (process, url):
        ask(url)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 1, said
    assert "R9: is_online is true, expected null" in said
    assert "disagreements: 4 (R9 x4)" in said
    (file,) = tmp_path.rglob("*.*")
    assert file.parent == tmp_path / "reachability-evidence"
    shown = yaml.safe_load(file.read_text())
    assert (shown["rule"], shown["times"], shown["seen"]) == ("R9", 4, True)
    for text in (file.read_text(), file.name, said):
        assert not [spelling for spelling in PLANTED if spelling in text]


def test_a_dry_run_prints_what_it_would_keep_and_writes_nothing(tmp_path: Path) -> None:
    with wrong_fake() as fake, observing(fake, tmp_path, "--dry-run") as (process, url):
        ask(url)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 1, said
    assert list(tmp_path.iterdir()) == []
    assert "rule: R9" in said
    assert not [spelling for spelling in PLANTED if spelling in said]


def test_killed_half_way_it_leaves_whole_files_only(tmp_path: Path) -> None:
    with wrong_fake() as fake, observing(fake, tmp_path) as (process, url):
        ask(url)
        process.kill()
        process.wait(20)
    (file,) = tmp_path.rglob("*.*")
    assert yaml.safe_load(file.read_text())["rule"] == "R9"
