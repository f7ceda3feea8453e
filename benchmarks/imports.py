"""What importing costs a test run: fresh interpreters, in turns."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Series

ROOT = Path(__file__).resolve().parent.parent
TIMED = """
from time import perf_counter
{before}
began = perf_counter()
{code}
print((perf_counter() - began) * 1000)
"""
FIRST_USE = """
import reachability_mock
with reachability_mock.fake() as mock:
    mock.enable()
    mock.connect("alice")
    assert mock.users["alice"].is_online is True
"""
FIRST_FETCH = (
    FIRST_USE
    + """    url = "https://conversations.twilio.com/v1/Users/alice"
    answer = requests.get(url, auth=(mock.account_sid, mock.token))
    assert answer.json()["is_online"] is True
"""
)
PLUGIN = "the plugin, in a run that does not use it"
USE = "first use, flask and responses being there"
FETCH = "the same with a first request and its answer"
SNIPPETS: dict[str, tuple[str, str]] = {
    PLUGIN: ("import pytest", "import reachability_mock.pytest_plugin"),
    "flask and responses": ("import pytest", "import flask, responses"),
    USE: ("import pytest, flask, responses", FIRST_USE),
    FETCH: ("import pytest, flask, requests, responses", FIRST_FETCH),
    "the twilio SDK, for comparison": ("import pytest", "from twilio.rest import Client"),
}
AIMS = {PLUGIN: 30.0, USE: 60.0, FETCH: 60.0}
"""Milliseconds, at most."""


def measure(rounds: int) -> dict[str, Series]:
    """Milliseconds of each import, each in an interpreter of its own."""
    series = {name: Series(name) for name in SNIPPETS}
    for _ in range(rounds):
        for name, (before, code) in SNIPPETS.items():
            series[name].add(_milliseconds(TIMED.format(before=before, code=code)))
    return series


def _environment(places: list[str]) -> dict[str, str]:
    """A user's environment: compiled modules are kept, as pip's installs are."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, places))}


def _milliseconds(program: str) -> float:
    places = [str(ROOT / "mockserver"), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(  # noqa: S603 - a program of this module's
        [sys.executable, "-c", program],
        env=_environment(places),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return float(done.stdout)
