"""What the plugin imports, and when: a run that asks for no fake pays for none."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

NEVER = {"freezegun", "jwt", "requests", "responses", "schemathesis", "twilio", "uvicorn", "yaml"}
HEAVY = {*NEVER, "flask", "urllib3", "werkzeug"}


def python(code: str, env: Mapping[str, str] | None = None) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    return done.stdout


@pytest.fixture
def compiled(tmp_path: Path) -> dict[str, str]:
    """An environment in which modules are compiled once, as they are after any first run.

    A machine may forbid that (PYTHONDONTWRITEBYTECODE), and would then time the compiler.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PYTHONPYCACHEPREFIX": str(tmp_path)}


def imported(code: str) -> set[str]:
    """The top-level names of the modules that `code` imports."""
    printed = python(f"{code}\nimport sys\nprint(*sys.modules)").split()
    return {name.partition(".")[0] for name in printed}


def ours(code: str) -> set[str]:
    """Our own modules that `code` imports."""
    printed = python(f"{code}\nimport sys\nprint(*sys.modules)").split()
    return {name for name in printed if name.startswith("reachability_mock")}


def test_the_package_imports_nothing_to_speak_of() -> None:
    code = "import reachability_mock"
    assert ours(code) == {"reachability_mock", "reachability_mock.version"}
    assert not imported(code) & {*HEAVY, "pytest", "asyncio", "logging"}


def test_the_plugin_imports_nothing_but_pytest() -> None:
    code = "import reachability_mock.pytest_plugin"
    assert ours(code) == {
        "reachability_mock",
        "reachability_mock.pytest_plugin",
        "reachability_mock.version",
    }
    assert not imported(code) & HEAVY


def test_the_first_fake_imports_flask_and_no_library_that_the_app_may_not_use() -> None:
    code = "import reachability_mock\nwith reachability_mock.fake(): pass"
    assert not imported(code) & NEVER
    code = (
        "import reachability_mock\nfrom reachability_mock.http.wsgi import exchange, Target\n"
        "with reachability_mock.fake() as mock:\n"
        "    exchange(mock.site, 'GET', Target('https', 'h', '/v1/Users'))"
    )
    there = imported(code)
    assert "flask" in there
    assert not there & {*NEVER, "pytest"}


def test_a_missing_sdk_is_named_with_its_extra() -> None:
    code = (
        "import sys, reachability_mock\nsys.modules['twilio'] = None\n"
        "with reachability_mock.fake() as mock:\n"
        "    for make in (mock.client, mock.async_client):\n"
        "        try: make()\n"
        "        except ModuleNotFoundError as error: print(error)"
    )
    printed = python(code).splitlines()
    assert len(printed) == 2
    assert all("pip install 'reachability-mock[twilio]'" in line for line in printed)


def milliseconds(module: str, after: str, env: Mapping[str, str]) -> float:
    """How long importing `module` takes once `after` is imported: the quickest of a few."""
    code = (
        f"import time, {after}\nbegan = time.process_time()\nimport {module}\n"
        "print((time.process_time() - began) * 1000)"
    )
    return min(float(python(code, env)) for _ in range(5))


@pytest.mark.timing
def test_the_plugin_costs_a_run_that_does_not_use_it_under_30_ms(
    compiled: dict[str, str],
) -> None:
    assert milliseconds("reachability_mock.pytest_plugin", "pytest", compiled) < 30


@pytest.mark.timing
def test_first_use_costs_at_most_60_ms_beyond_flask_and_responses(
    compiled: dict[str, str],
) -> None:
    code = """
import pytest, reachability_mock.pytest_plugin
from time import process_time
began = process_time()
import flask, responses
theirs = process_time()
import reachability_mock
with reachability_mock.fake() as mock:
    mock.enable()
    from reachability_mock.http.wsgi import exchange, Target
    exchange(mock.site, "GET", Target("https", "h", "/v1/Users"))
print((theirs - began) * 1000, (process_time() - theirs) * 1000)
"""
    runs = [[float(one) for one in python(code, compiled).split()] for _ in range(5)]
    theirs, ours = (min(column) for column in zip(*runs, strict=True))
    assert ours < max(60, 0.75 * theirs)  # on a slow or busy machine both take longer
