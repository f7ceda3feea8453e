"""Finding, installing and driving the SDK's process; the SDK itself is in tests/node_realtime."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from reachability_mock.realtime import sdk_driver
from reachability_mock.realtime.sdk_driver import (
    CACHE,
    SCRIPT,
    SOURCE,
    SdkDriver,
    SdkFailed,
    SdkMissing,
    installed,
)
from tests.tools import require_tool

ECHO = """
require('node:readline').createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, do: act, client } = JSON.parse(line);
    if (act === 'die') process.exit(1);
    if (act === 'hang') return;
    const answer = act === 'fail' ? { error: 'denied' } : { result: `${client} did ${act}` };
    process.stdout.write(`${JSON.stringify({ id, ...answer })}\\n`);
  })
  .on('close', () => process.exit(0));
"""


def program(folder: Path, name: str, script: str) -> None:
    """Put a small program into a folder of programs."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment with a node and an npm that pretend."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program(programs, "node", "exit 0")
    program(programs, "npm", 'echo "$@" > arguments && /bin/mkdir node_modules')
    return {"PATH": str(programs), CACHE: str(tmp_path / "cache")}


def test_the_first_use_installs_and_the_second_finds(environ: dict[str, str]) -> None:
    node, folder = installed(environ)
    assert Path(node).parent == Path(environ["PATH"])
    assert (folder / "arguments").read_text().startswith("ci ")
    assert (folder / SCRIPT).read_bytes() == (SOURCE / SCRIPT).read_bytes()
    program(Path(environ["PATH"]), "npm", "exit 1")
    assert installed(environ) == (node, folder)
    assert list(folder.parent.iterdir()) == [folder]


def test_another_lockfile_is_another_folder(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, before = installed(environ)
    other = tmp_path / "other"
    other.mkdir()
    (other / "package-lock.json").write_text("{}")
    monkeypatch.setattr(sdk_driver, "SOURCE", other)
    _, after = installed(environ)
    assert before != after


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_a_missing_program_is_said(environ: dict[str, str], missing: str) -> None:
    (Path(environ["PATH"]) / missing).unlink()
    with pytest.raises(SdkMissing, match=f"{missing} is not on PATH"):
        installed(environ)


def test_what_npm_complains_of_is_told(environ: dict[str, str]) -> None:
    program(Path(environ["PATH"]), "npm", "echo no network >&2; exit 1")
    with pytest.raises(SdkMissing, match="npm ci: no network"):
        installed(environ)
    assert not list(Path(environ[CACHE]).iterdir())


def test_a_cache_that_cannot_be_written_is_said(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(SdkMissing, match="cannot be installed in"):
        installed({**environ, CACHE: str(file / "below")})


def test_the_cache_is_the_users_unless_said_otherwise(tmp_path: Path) -> None:
    home = sdk_driver._cache({"XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)})
    assert home == tmp_path / "reachability-mock"
    assert sdk_driver._cache({}) == Path.home() / ".cache" / "reachability-mock"


@pytest.fixture
def echo(tmp_path: Path) -> Path:
    (tmp_path / SCRIPT).write_text(ECHO.replace("require('node:readline')", "readline"))
    text = (tmp_path / SCRIPT).read_text()
    (tmp_path / SCRIPT).write_text(f"import * as readline from 'node:readline';\n{text}")
    return tmp_path


def test_a_command_has_an_answer(echo: Path) -> None:
    driver = SdkDriver(require_tool("node"), echo)
    assert driver.do("wave", "é") == "é did wave"
    with pytest.raises(SdkFailed, match="the SDK could not fail: denied"):
        driver.do("fail", "a")
    assert driver.do("wave", "b") == "b did wave"
    driver.stop()


def test_a_process_that_ends_is_no_riddle(echo: Path) -> None:
    driver = SdkDriver(require_tool("node"), echo)
    for _ in range(2):
        with pytest.raises(SdkFailed, match="the SDK's process has ended"):
            driver.do("die", "a")
    driver.stop()


def test_silence_is_not_waited_for_without_end(echo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = SdkDriver(require_tool("node"), echo)
    assert driver.do("wave", "a")
    monkeypatch.setattr(sdk_driver, "PATIENCE_SECONDS", 0.01)
    with pytest.raises(SdkFailed, match="said nothing"):
        driver.do("hang", "a")
    monkeypatch.undo()
    assert driver.do("wave", "a") == "a did wave"
    driver.stop()
    assert os.fspath(echo)
