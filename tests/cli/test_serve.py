"""`serve`: what it says, what it takes, and how it ends."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import pytest
import requests

from tests.cli.starting import environment, finished, serving
from tests.http.asking import ACCOUNT, basic

SECONDS = 10
FIXED = "IS" + "7" * 32
OTHER = "AC" + "5" * 32
SECRET = "a-token-of-some-length-1234"


def test_it_says_where_whom_and_how_and_ends_cleanly(tmp_path: Path) -> None:
    port_file = tmp_path / "port"
    arguments = ("--port", "0", "--port-file", str(port_file), "--service", FIXED)
    with serving(*arguments, TWILIO_EDGE="sydney") as server:
        said = "\n".join(server.lines)
        assert requests.get(f"{server.url}/_mock/health", timeout=SECONDS).json()["status"] == "ok"
        service = f"{server.url}/v1/Services/{FIXED}"
        assert requests.get(service, headers=basic(), timeout=SECONDS).status_code == 200
        missing = f"{server.url}/v1/Services/{'IS' + 'e' * 32}"
        assert requests.get(missing, headers=basic(), timeout=SECONDS).status_code == 404
        assert server.url.endswith(f":{port_file.read_text().strip()}")
        assert server.end(signal.SIGTERM) == 0
    assert f"account  {ACCOUNT}  token {'0' * 32}" in said
    assert f"API key  SK{'0' * 32}  secret {'0' * 32}" in said
    assert f"service  {FIXED}" in said
    assert f'client.conversations.base_url = "{server.url}"' in said
    assert f'client.conversations.baseUrl = "{server.url}"' in said
    assert "CAREFUL: TWILIO_EDGE is set here" in said
    assert any("known: IS" in line for line in server.lines)
    assert "Traceback" not in "\n".join(server.lines)


def test_ctrl_c_ends_it_with_0_and_secrets_are_not_printed() -> None:
    more = {"TWILIO_ACCOUNT_SID": OTHER, "TWILIO_AUTH_TOKEN": SECRET}
    with serving(REACHABILITY_MOCK_PORT="0", REACHABILITY_MOCK_OPEN="1", **more) as server:
        theirs = requests.get(
            f"{server.url}/v1/Configuration", headers=basic(OTHER, SECRET), timeout=SECONDS
        )
        assert theirs.json()["account_sid"] == OTHER
        stranger = basic("AC" + "9" * 32, "first")
        assert requests.get(f"{server.url}/v1/Users", headers=stranger, timeout=SECONDS).ok
        assert server.end(signal.SIGINT) == 0
    said = "\n".join(server.lines)
    assert SECRET not in said
    assert "token …1234" in said
    assert OTHER in said
    assert ACCOUNT not in said


def test_a_scenario_plays_and_paused_time_stands_at_its_start(tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    story.write_text(
        "name: story\nstart: 2026-01-05T09:00:00Z\ngiven: {users: {alice: {}}}\n"
        "timeline:\n  - enable: {service: default}\n  - connect: {user: alice}\n"
    )
    with serving("--port", "0", "--paused", "--scenario", str(story)) as server:
        run = f"{server.url}/_mock/scenarios/runs/run-1"
        # the address is announced before the scenario begins, so the run may not be there yet
        while requests.get(run, timeout=SECONDS).json().get("state", "running") == "running":
            pass
        assert requests.get(run, timeout=SECONDS).json()["state"] == "passed"
        alice = f"{server.url}/v1/Users/alice"
        found = requests.get(alice, headers=basic(), timeout=SECONDS).json()
        assert (found["is_online"], found["date_created"]) == (True, "2026-01-05T09:00:00Z")
        assert server.end() == 0


def test_a_port_in_use_is_one_line_and_a_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = finished("serve", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr == f"Error: port {port} on 127.0.0.1 is in use; try --port 0\n"
    assert done.stdout == ""


def test_a_scenario_that_cannot_be_loaded_is_a_2_before_anything_starts(tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    story.write_text("name: story\ntimelime: []\n")
    done = finished("serve", "--port", "0", "--scenario", str(story), cwd=tmp_path)
    assert done.returncode == 2
    assert f"{story}:2:1" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [("REACHABILITY_MOCK_PORT", "no-port"), ("TWILIO_ACCOUNT_SID", "AC-not-really")],
)
def test_a_bad_environment_is_a_2(name: str, value: str) -> None:
    done = finished("serve", env=environment(**{name: value}))
    assert done.returncode == 2
    assert name in done.stderr
