"""Runs each folder of `examples/` as its reader would: in a place of its own, by one command."""

from __future__ import annotations

import ast
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
from tests.tools import ROOT, missing, require_tool

EXAMPLES = ROOT / "examples"
MOCK = (sys.executable, "-m", "reachability_mock")
SECONDS = 120
IN_PYTEST = {"flask_app": 9, "django_app": 1, "fastapi_app": 1, "async_app": 1}
PROGRAMS = {"java": "Presence.java", "go": "main.go"}
HERE, PLUGIN = "tests/examples", "tests/plugin/test_reruns.py"
RUN_BY = {
    **dict.fromkeys(IN_PYTEST, f"{HERE}/test_examples.py::test_in_pytest"),
    **dict.fromkeys(PROGRAMS, f"{HERE}/test_examples.py::test_a_program_that_knows_of_no_fake"),
    "unittest_suite": f"{HERE}/test_examples.py::test_in_unittest",
    "vitest": f"{HERE}/test_examples.py::test_in_vitest",
    "playwright": f"{HERE}/test_examples.py::test_in_a_browser",
    "presence-badge": (
        f"{HERE}/test_presence_badge.py::test_it_passes_in_a_browser_without_a_network"
    ),
    "hunting": f"{PLUGIN}::test_the_examples_bugs_are_found_and_named",
}
"""Which test runs an example."""
NOT_RUN = {"compose"}
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
        missing(f"{folder} has no node_modules: run `npm ci` there (make test does)")
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


def by_the_page(name: str) -> str:
    """The command by which the page says that an example is run."""
    page = (EXAMPLES / "README.md").read_text()
    found = re.search(rf"^\| \[{name}\].*`(reachability-mock run [^`]+)`", page, re.MULTILINE)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("name", "file"), PROGRAMS.items())
def test_a_program_that_knows_of_no_fake(name: str, file: str, tmp_path: Path) -> None:
    command = by_the_page(name)
    assert command in (EXAMPLES / name / file).read_text()
    require_tool(name)
    ours = (*MOCK, "run", "--ca-dir", str(tmp_path))
    said = output((*ours, *command.split()[2:]), EXAMPLES / name)
    assert "alice true\nbob false\n" in said


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_is_given_nobody_says_how_it_is_used(name: str) -> None:
    require_tool(name)
    command = by_the_page(name).partition(" -- ")[2].removesuffix(" alice bob")
    done = subprocess.run(
        command.split(),
        cwd=EXAMPLES / name,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 2 or done.stderr.endswith("exit status 2\n")  # as `go run` says it
    assert f"usage: {command} IDENTITY..." in done.stderr


# --- the folder as a whole -----------------------------------------------------------------------


def test_every_example_is_run_by_a_test_that_there_is() -> None:
    assert RUN_BY.keys() | NOT_RUN == FOLDERS
    for place in RUN_BY.values():
        file, _, name = place.partition("::")
        tree = ast.parse((ROOT / file).read_text())
        assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


def test_the_page_says_which_ones_are_not_run() -> None:
    page = (EXAMPLES / "README.md").read_text()
    said = re.findall(r"^\| \[([\w-]+)\].*\(not run by our tests\)", page, re.MULTILINE)
    assert set(said) == NOT_RUN


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
