"""The page about CI, the action and the compose file: they parse, and what they run works."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import yaml

from reachability_mock.options import PREFIX, all_names
from reachability_mock.server import Server
from tests.cli.starting import environment
from tests.docs.blocks import blocks
from tests.http.asking import ACCOUNT, OTHER
from tests.tools import ROOT, require_tool

SECONDS = 30
PAGES = [block for block in blocks("yaml") if block.file == "docs/ci.md"]
COMPOSE = ROOT / "examples" / "compose" / "compose.yaml"
STORY = "name: morning\ntimeline:\n  - enable: {service: default}\n"


def words(value: object) -> Iterator[str]:
    """Every key and every text in it."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from words(one)
    elif isinstance(value, list):
        for one in value:
            yield from words(one)
    else:
        yield str(value)


@pytest.mark.parametrize("text", [*(one.text for one in PAGES), COMPOSE.read_text()])
def test_every_variable_in_it_is_an_option(text: str) -> None:
    names = {word for word in words(yaml.safe_load(text)) if re.fullmatch(f"{PREFIX}[A-Z_]+", word)}
    known = {f"{PREFIX}{name.upper()}" for name in (*all_names(), "url")}
    assert names <= known


def test_who_comes_through_the_proxy_asks_the_fake_itself_directly() -> None:
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    told = [one["environment"] for one in services.values() if "HTTPS_PROXY" in one["environment"]]
    assert told
    for environ in told:
        name = urlsplit(environ["HTTPS_PROXY"]).hostname
        assert name == services["mock"]["environment"][f"{PREFIX}ALLOW_HOST"]
        assert name in environ["NO_PROXY"].split(",")


def test_the_scenario_is_posted_as_the_page_says(tmp_path: Path) -> None:
    posting = next(line for block in PAGES for line in block.text.splitlines() if "curl" in line)
    (tmp_path / "tests" / "scenarios").mkdir(parents=True)
    (tmp_path / "tests" / "scenarios" / "morning.yaml").write_text(STORY)
    with Server() as server:
        command = posting.partition("run: ")[2].replace("http://127.0.0.1:4010", server.url)
        environ = {**os.environ, "NO_PROXY": "127.0.0.1"}
        done = subprocess.run(
            [require_tool("bash"), "-c", command],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    assert done.returncode == 0, done.stderr


# --- the action ----------------------------------------------------------------------------------


def action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
    return found


def test_every_expression_of_the_action_goes_through_the_environment() -> None:
    """An input pasted into a script would be a way in."""
    for step in action()["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


@dataclass
class Job:
    """A job on this machine in which the action's step `start` is run."""

    folder: Path
    port: str

    def start(self, options: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        """Run it, in an environment that has `environ`."""
        (step,) = (one for one in action()["runs"]["steps"] if one["name"] == "start")
        given = {
            "RUNNER_TEMP": str(self.folder),
            "GITHUB_ENV": str(self.folder / "environment"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "PORT": self.port,
            "OPTIONS": options,
        }
        return subprocess.run(
            [require_tool("bash"), "-eo", "pipefail", "-c", step["run"]],
            env=environment(**given, **environ),
            cwd=self.folder,
            timeout=SECONDS,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def told(self) -> dict[str, str]:
        """What the following steps have in their environment."""
        lines = (self.folder / "environment").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def ask(self, path: str) -> requests.Response:
        """A request by a following step."""
        return requests.get(
            f"{self.told['REACHABILITY_MOCK_URL']}{path}",
            auth=(self.told["TWILIO_ACCOUNT_SID"], self.told["TWILIO_AUTH_TOKEN"]),
            timeout=SECONDS,
        )


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    command = tmp_path / "reachability-mock" / "bin" / "reachability-mock"
    command.parent.mkdir(parents=True)
    command.write_text(
        f'#!/bin/sh\necho $$ > "{tmp_path}/pid"\n'
        f'exec "{sys.executable}" -m reachability_mock "$@"\n'
    )
    command.chmod(0o755)
    with Server() as free:
        port = str(free.port)
    yield Job(tmp_path, port)
    with suppress(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGTERM)


def test_the_action_starts_a_server_and_tells_the_next_steps(job: Job) -> None:
    done = job.start("--open --service IS" + "7" * 32)
    assert done.returncode == 0, done.stdout + done.stderr
    url = f"http://127.0.0.1:{job.port}"
    assert (job.folder / "output").read_text() == f"url={url}\n"
    assert job.told["REACHABILITY_MOCK_URL"] == url
    assert job.ask(f"/v1/Services/IS{'7' * 32}").status_code == 200


@pytest.mark.parametrize(
    ("options", "environ"),
    [
        ("", {"TWILIO_ACCOUNT_SID": OTHER, "TWILIO_AUTH_TOKEN": "the-jobs-own"}),
        (f"--account {OTHER}", {}),
        (f"--account {OTHER}", {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": "x"}),
        ("", {"REACHABILITY_MOCK_ACCOUNT": OTHER}),
    ],
)
def test_the_credentials_it_gives_are_those_that_the_server_takes(
    job: Job, options: str, environ: dict[str, str]
) -> None:
    done = job.start(options, **environ)
    assert done.returncode == 0, done.stdout + done.stderr
    assert job.told["TWILIO_ACCOUNT_SID"] == OTHER
    assert job.ask("/v1/Configuration").json()["account_sid"] == OTHER


def test_a_server_that_cannot_start_fails_the_step_and_says_why(job: Job) -> None:
    (job.folder / "reachability-mock.env").write_text("REACHABILITY_MOCK_URL=http://old\n")
    done = job.start("--no-such-option")
    assert done.returncode == 1
    assert "--no-such-option" in done.stdout
    assert not (job.folder / "environment").exists()
