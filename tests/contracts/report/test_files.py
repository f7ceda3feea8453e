"""Where reports are written to: refused before the run, and never half of one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from reachability_contracts.commands import Files, outputs, publish
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report
from tests.contracts.report.sample import a_report

NAMES = ("md", "junit", "json", "html")


def called(run: Callable[[], Report], *words: str) -> Result:
    @click.command()
    @outputs
    def command(files: Files) -> None:
        publish(run(), Redactor(), files)

    return CliRunner().invoke(command, [*words], env={"GITHUB_ACTIONS": None})


def never() -> Report:
    raise AssertionError("the run has begun")


def test_every_format_is_written_even_if_something_is_broken(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in NAMES}
    done = called(a_report, *(word for name in NAMES for word in (f"--{name}", str(files[name]))))
    assert done.exit_code == 1
    assert files["md"].read_text(encoding="utf-8").startswith("**✗ 1 broken")
    assert files["junit"].read_text(encoding="utf-8").startswith("<?xml")
    assert json.loads(files["json"].read_text(encoding="utf-8"))["verdict"] == "broken"
    assert files["html"].read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert {one.name for one in tmp_path.iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_that_is_not_there_is_told_before_the_run(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch(0o777)
    for folder in ("nowhere", "file"):
        done = called(never, f"--{name}", str(tmp_path / folder / "report"))
        assert done.exit_code == 2
        assert "is no folder" in done.output
        assert folder in done.output


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_is_no_file_to_write_to(tmp_path: Path, name: str) -> None:
    done = called(never, f"--{name}", str(tmp_path))
    assert done.exit_code == 2
    assert "is a directory" in done.output


def test_two_formats_cannot_share_a_file(tmp_path: Path) -> None:
    file = str(tmp_path / "report")
    done = called(never, "--html", file, "--md", file)
    assert done.exit_code == 2
    assert "a file of its own" in done.output
    assert called(a_report, "--html", os.devnull, "--md", os.devnull).exit_code == 1


def test_a_folder_that_may_not_be_written_to_is_told_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda where, _: where != tmp_path)  # root may do anything
    done = called(never, "--html", str(tmp_path / "report.html"))
    assert done.exit_code == 2
    assert "cannot be written to" in done.output


def test_a_link_stays_a_link_and_an_old_report_is_replaced(tmp_path: Path) -> None:
    real, link = tmp_path / "real.html", tmp_path / "link.html"
    real.write_text("old")
    link.symlink_to(real)
    called(a_report, "--html", str(link))
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_report_that_fails_half_way_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.html"
    file.write_text("old")

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    done = called(a_report, "--html", str(file))
    assert done.exit_code == 2
    assert "report.html could not be written: no space left" in done.output
    assert file.read_text() == "old"


def test_what_is_no_file_is_written_to_as_it_is(tmp_path: Path) -> None:
    called(a_report, "--json", os.devnull)
    assert not Path(os.devnull).is_file()
    assert not list(tmp_path.iterdir())
