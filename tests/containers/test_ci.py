"""The page about CI, the action and the compose file: they parse, and what they run works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import yaml

from reachability_mock.options import PREFIX, all_names
from reachability_mock.server import Server
from tests.docs.blocks import blocks
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


def test_the_action_starts_a_server_and_tells_the_next_steps(tmp_path: Path) -> None:
    (step,) = (one for one in action()["runs"]["steps"] if one["name"] == "start")
    command = tmp_path / "reachability-mock" / "bin" / "reachability-mock"
    command.parent.mkdir(parents=True)
    command.write_text(
        f'#!/bin/sh\n[ "$1" != serve ] || echo $$ > "{tmp_path}/pid"\n'
        f'exec "{sys.executable}" -m reachability_mock "$@"\n'
    )
    command.chmod(0o755)
    with Server() as free:
        port = str(free.port)
    output, environment = tmp_path / "output", tmp_path / "environment"
    given = {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ENV": str(environment),
        "GITHUB_OUTPUT": str(output),
        "PORT": port,
        "OPTIONS": "--open --service IS" + "7" * 32,
    }
    try:
        subprocess.run(
            [require_tool("bash"), "-eo", "pipefail", "-c", step["run"]],
            env={**os.environ, **given},
            timeout=SECONDS,
            check=True,
        )
        told = dict(line.split("=", 1) for line in environment.read_text().splitlines())
        assert output.read_text() == f"url=http://127.0.0.1:{port}\n"
        answer = requests.get(
            f"{told['REACHABILITY_MOCK_URL']}/v1/Services/IS{'7' * 32}",
            auth=(told["TWILIO_ACCOUNT_SID"], told["TWILIO_AUTH_TOKEN"]),
            timeout=SECONDS,
        )
        assert answer.status_code == 200
    finally:
        os.kill(int((tmp_path / "pid").read_text()), 15)
