"""Installed as a newcomer would: a fresh environment, an empty folder, no checkout in sight."""

import re
import sys
from pathlib import Path

import pytest

from tests.packaging.environments import Environment, interpreters, run
from tests.tools import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]

WHERE = "import reachability_mock as m, reachability_contracts as c; print(m.__file__, c.__file__)"


def readme_example() -> str:
    """Return the README's pytest example: its first Python block with a test in it."""
    blocks: list[str] = re.findall(
        r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    return next(block for block in blocks if "def test_" in block)


def shipped_scenarios() -> set[str]:
    return {path.stem for path in (ROOT / "scenarios").glob("*.yaml")}


@pytest.mark.parametrize("python", interpreters(), ids=lambda path: Path(path).name)
def test_the_wheel_runs_the_readme_example_in_an_empty_folder(
    wheel: Path, tmp_path: Path, python: str
) -> None:
    environment = Environment.create(tmp_path / "venv", python)
    environment.install(f"{wheel}[twilio]", "pytest")
    empty = tmp_path / "empty"
    empty.mkdir()

    for path in run([environment.command("python"), "-c", WHERE], empty).split():
        assert Path(path).is_relative_to(environment.folder)

    (empty / "test_example.py").write_text(readme_example())
    assert re.search(
        r"\b[1-9]\d* passed", run([environment.command("python"), "-m", "pytest"], empty)
    )

    listed = run([environment.command("reachability-mock"), "scenario", "list"], empty)
    assert {name for name in shipped_scenarios() if name not in listed} == set()

    assert "serve" in run(
        [environment.command("python"), "-m", "reachability_mock", "--help"], empty
    )


def test_an_editable_install_reads_the_live_files(
    unpacked: Path, environment: Environment, tmp_path: Path
) -> None:
    environment.install("hatchling")
    environment.install("--no-build-isolation", "--editable", str(unpacked))

    for path in run([environment.command("python"), "-c", WHERE], tmp_path).split():
        assert Path(path).is_relative_to(unpacked)

    two_devices = (unpacked / "scenarios" / "two-devices.yaml").read_text()
    added = unpacked / "scenarios" / "written-later.yaml"
    added.write_text(two_devices.replace("name: two-devices", "name: written-later"))
    try:
        listed = run([environment.command("reachability-mock"), "scenario", "list"], tmp_path)
    finally:
        added.unlink()
    assert "written-later" in listed


def test_the_sdist_has_what_its_tests_need(unpacked: Path) -> None:
    run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"], unpacked
    )
