"""`serve`: what it says, what it takes, and how it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.cli.starting import environment, finished, serving, written
from tests.http.asking import ACCOUNT, basic

SECONDS = 10
FIXED = "IS" + "7" * 32
OTHER = "AC" + "5" * 32
SECRET = "a-token-of-some-length-1234"
DYING = """
import sys
from reachability_mock.cli import main
from reachability_mock.server import _Uvicorn
async def die(running):
    await running._stopping.wait() if {later} else None
    raise RuntimeError("boom")
_Uvicorn.main_loop = die
main(["serve", "--port", "0", "--port-file", sys.argv[1]])
"""


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
        assert server.url.endswith(f":{written(port_file, server.process).strip()}")
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


@pytest.mark.parametrize("later", [False, True])
def test_a_server_that_dies_is_a_1_and_one_line(tmp_path: Path, later: bool) -> None:  # noqa: FBT001 - a case
    port = tmp_path / "port"
    process = subprocess.Popen(
        [sys.executable, "-c", DYING.format(later=later), str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    if later:
        written(port, process)
        process.terminate()
    _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said == "Error: the server stopped: RuntimeError('boom')\n"
    assert not port.exists()


# --- what it tells in files ----------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_files_are_there_while_it_runs(tmp_path: Path, number: signal.Signals) -> None:
    port, env = tmp_path / "port", tmp_path / "env"
    port.write_text("1\n")
    names = ("REACHABILITY_MOCK_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
    env.write_text("".join(f"{name}=http\n" for name in names))  # as from last time
    files = ("--port-file", str(port), "--env-file", str(env))
    with serving("--port", "0", *files, "--account", OTHER, TWILIO_REGION="au1") as server:
        assert server.url.endswith(f":{written(port, server.process).strip()}")
        assert env.stat().st_mode & 0o077 == 0
        told = dict(line.split("=", 1) for line in written(env, server.process).splitlines())
        assert tuple(told)[: len(names)] == names  # by which the next one knows it again
        assert told == {
            "REACHABILITY_MOCK_URL": server.url,
            "TWILIO_ACCOUNT_SID": OTHER,
            "TWILIO_AUTH_TOKEN": "0" * 32,
            "TWILIO_API_KEY": "SK" + "0" * 32,
            "TWILIO_API_SECRET": "0" * 32,
            "TWILIO_REGION": "",
        }
        assert server.end(number) == 0
    assert list(tmp_path.iterdir()) == []


def test_who_cannot_start_takes_no_running_servers_file_away(tmp_path: Path) -> None:
    port = tmp_path / "port"
    port.write_text("1\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1])
        done = finished("serve", "--port", number, "--port-file", str(port))
    assert done.returncode == 1
    assert port.read_text() == "1\n"


@pytest.mark.parametrize("option", ["--port-file", "--env-file"])
def test_a_file_that_no_server_has_written_is_left_alone(tmp_path: Path, option: str) -> None:
    file = tmp_path / ".env"
    file.write_text("DB_PASSWORD=precious\n")
    done = finished("serve", "--port", "0", option, str(file))
    assert done.returncode == 2
    assert "name another file" in done.stderr
    assert file.read_text() == "DB_PASSWORD=precious\n"


def test_a_token_of_two_lines_is_written_into_no_file(tmp_path: Path) -> None:
    env = tmp_path / "env"
    more = environment(TWILIO_AUTH_TOKEN="one\nPATH=/two")
    done = finished("serve", "--port", "0", "--env-file", str(env), env=more)
    assert done.returncode == 1
    assert done.stderr == "Error: --env-file: TWILIO_AUTH_TOKEN is more than a line\n"
    assert not env.exists()
