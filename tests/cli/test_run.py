"""`run -- COMMAND`: a server around one command."""

from __future__ import annotations

import json
import signal
import sys

import pytest

from tests.cli.starting import SECONDS, environment, finished, started
from tests.http.asking import ACCOUNT

WAITING = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_DFL)
print("up", flush=True)
time.sleep(60)
"""
ASKING = """
import json, os, sys, urllib.request
url = os.environ["REACHABILITY_MOCK_URL"]
health = json.load(urllib.request.urlopen(url + "/_mock/health"))
names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET",
         "TWILIO_EDGE", "TWILIO_REGION")
print(json.dumps([health["status"], [os.environ.get(name) for name in names]]))
sys.exit(7)
"""


def test_the_command_finds_the_server_and_its_exit_code_is_ours() -> None:
    env = environment(TWILIO_EDGE="sydney", TWILIO_REGION="au1", no_proxy="*")
    done = finished("run", "--", sys.executable, "-c", ASKING, env=env)
    assert done.returncode == 7, done.stderr
    zeros = "0" * 32
    exported = [ACCOUNT, zeros, f"SK{zeros}", zeros, None, None]
    assert json.loads(done.stdout) == ["ok", exported]
    assert done.stderr == ""


def test_options_after_the_command_are_the_commands() -> None:
    done = finished("run", "--open", sys.executable, "-c", "import sys; print(sys.argv)", "--open")
    assert done.returncode == 0
    assert done.stdout == "['-c', '--open']\n"


def test_a_command_that_is_not_there_is_a_127_in_one_line() -> None:
    done = finished("run", "--", "no-such-command-anywhere")
    assert done.returncode == 127
    assert done.stderr == "Error: cannot run no-such-command-anywhere: No such file or directory\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_passed_on_and_the_shells_code_comes_back(number: signal.Signals) -> None:
    with started("run", "--", sys.executable, "-c", WAITING) as process:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
        process.send_signal(number)
        process.communicate(timeout=SECONDS)
    assert process.returncode == 128 + number


def test_without_a_command_it_is_wrong_usage() -> None:
    done = finished("run", "--")
    assert done.returncode == 2
    assert "COMMAND" in done.stderr
