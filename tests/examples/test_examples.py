"""Runs each folder of `examples/` as its reader would: in a place of its own, by one command."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from reachability_mock.options import PREFIX
from reachability_mock.scenario.loader import load
from tests.tools import ROOT, in_ci, require_tool

EXAMPLES = ROOT / "examples"
MOCK = (sys.executable, "-m", "reachability_mock")
SECONDS = 120
IN_PYTEST = {"flask_app": 9, "django_app": 1, "fastapi_app": 1, "async_app": 1}
FOLDERS = {path.name for path in EXAMPLES.iterdir() if path.is_dir()}


def output(command: tuple[str, ...], folder: Path) -> str:
    """What a command prints, in an environment that says nothing of us."""
    hidden = (PREFIX, "TWILIO_", "PYTEST_", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, "NO_PROXY": "127.0.0.1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def copied(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The example that the test is for, away from this checkout's own settings."""
    return Path(shutil.copytree(EXAMPLES / request.param, tmp_path / request.param))


def installed(name: str) -> Path:
    """The folder of a Node example with its packages; without them skip, or fail in CI."""
    require_tool("node")
    folder = EXAMPLES / name
    if not (folder / "node_modules").is_dir():
        reason = f"{folder} has no node_modules: run `npm ci` there (make test does)"
        if in_ci():
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.mark.parametrize(("copied", "count"), IN_PYTEST.items(), indirect=["copied"])
def test_in_pytest(copied: Path, count: int) -> None:
    said = output((sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"), copied)
    assert re.search(rf"^{count} passed", said, re.MULTILINE), said


@pytest.mark.parametrize("copied", ["flask_app"], indirect=True)
def test_in_pytest_with_workers(copied: Path) -> None:
    said = output(
        (sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider"), copied
    )
    assert re.search(r"^9 passed", said, re.MULTILINE), said


@pytest.mark.parametrize("copied", ["unittest_suite"], indirect=True)
def test_in_unittest(copied: Path) -> None:
    said = output((sys.executable, "-m", "unittest", "-v"), copied)
    assert "Ran 2 tests" in said


def test_in_vitest() -> None:
    folder = installed("vitest")
    vitest = str(folder / "node_modules" / "vitest" / "vitest.mjs")
    said = output((*MOCK, "run", "--", "node", vitest, "run", "--reporter=json"), folder)
    assert json.loads(said[said.index("{") :])["numPassedTests"] == 2


def test_in_a_browser() -> None:
    folder = installed("playwright")
    chromium = require_tool("chromium")
    command = ("env", f"CHROMIUM={chromium}", "node", "check.mjs")
    assert "unknown, online, offline" in output((*MOCK, "run", "--", *command), folder)


def test_in_java(tmp_path: Path) -> None:
    java = (require_tool("java"), "Presence.java", "alice", "bob")
    options = ("--proxy", "--ca-dir", str(tmp_path), "--scenario", "presence.yaml")
    said = output((*MOCK, "run", *options, "--", *java), EXAMPLES / "java")
    assert said.startswith("alice true\nbob false\n")


def test_in_go(tmp_path: Path) -> None:
    run = (require_tool("go"), "run", ".", "alice", "bob")
    options = ("--proxy", "--ca-dir", str(tmp_path), "--scenario", "presence.yaml")
    said = output((*MOCK, "run", *options, "--", *run), EXAMPLES / "go")
    assert "alice true\nbob false\n" in said


# --- the folder as a whole -----------------------------------------------------------------------


def test_every_example_is_run_by_a_test() -> None:
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    assert {name for name in FOLDERS if f'"{name}"' not in tests} == set()


def test_the_page_lists_every_example() -> None:
    page = (EXAMPLES / "README.md").read_text()
    listed = re.findall(r"^\| \[([\w-]+)\]\(([\w-]+)\)", page, re.MULTILINE)
    assert {name for name, link in listed if name == link} == FOLDERS


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*/presence.yaml")), ids=str)
def test_every_scenario_loads(file: Path) -> None:
    assert load(file).name == yaml.safe_load(file.read_text())["name"]


@pytest.mark.parametrize("lock", sorted(EXAMPLES.glob("*/package-lock.json")), ids=str)
def test_no_lockfile_names_a_registry(lock: Path) -> None:
    text = lock.read_text()
    assert '"integrity"' in text
    assert '"resolved"' not in text
    assert "registry" not in text
