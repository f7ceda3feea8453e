"""What the documentation shows works as it stands."""

from __future__ import annotations

import re
import shlex
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from reachability_mock.cli import main
from reachability_mock.clock import ManualClock
from reachability_mock.scenario.loader import load
from reachability_mock.scenario.report import explain
from reachability_mock.scenario.runner import Verdict, play
from reachability_mock.server import Server, build_site
from reachability_mock.targets import InProcessTarget
from tests.docs.blocks import ROOT, Block, blocks, commands, pages
from tests.tools import require_tool

pytest_plugins = ["pytester"]

NOT_RUN = {"docs/moving-from-stubs.md"}
"""Pages that show what *not* to write: `test_moving.py` runs their 'after' side."""
OTHERS = {"make", "pip", "curl", "npm", "pytest", "git", "cd", "docker"}
"""Commands that are not ours to check."""

PYTHON = [block for block in blocks("python") if block.file not in NOT_RUN]


@pytest.mark.parametrize("block", [b for b in PYTHON if "def test_" in b.text], ids=str)
def test_a_test_in_the_documentation_passes(block: Block, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(block.text)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(
        passed=block.text.count("def test_")
    )


@pytest.mark.parametrize("block", [b for b in PYTHON if "def test_" not in b.text], ids=str)
def test_a_program_in_the_documentation_runs(block: Block, pytester: pytest.Pytester) -> None:
    assert pytester.runpython(pytester.makepyfile(program=block.text)).ret == 0


SCENARIOS = [block for block in blocks("yaml") if "timeline:" in block.text]
PLAYED = [block for block in SCENARIOS if "driver: sdk" not in block.text]
"""Those that need no SDK: `node_realtime/test_scenarios.py` plays the others with it."""


@pytest.mark.parametrize("block", PLAYED, ids=str)
def test_a_scenario_in_the_documentation_comes_true(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "shown.yaml"
    file.write_text(block.text)
    site = build_site(clock=ManualClock(datetime(2026, 1, 5, 9, tzinfo=UTC)))
    results = list(play(load(file), InProcessTarget(site), instant=True))
    assert {one.verdict for one in results} == {Verdict.PASSED}, explain(results)


LOCAL = "http://127.0.0.1:4010"
CURLED = [block for block in blocks("console") if f"{LOCAL}/_mock/" in block.text]


@pytest.mark.parametrize("block", CURLED, ids=str)
def test_what_is_typed_into_a_terminal_beside_a_server_is_answered(block: Block) -> None:
    lines = [line for shown, line in commands() if shown == block and line.startswith("curl ")]
    assert lines
    with Server() as server:
        for line in lines:
            _, *words = shlex.split(line.replace(LOCAL, server.url))
            command = [require_tool("curl"), "-sS", "--fail", "--noproxy", "*", *words]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0, f"{line}: {done.stderr}"


@pytest.mark.parametrize(
    ("block", "command"), list(commands()), ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_command_in_the_documentation_exists(block: Block, command: str) -> None:
    words = shlex.split(command)
    if words[0] in OTHERS:
        if words[0] == "make":
            targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
            assert set(words[1:]) <= set(targets), f"{block}: {command}"
        return
    assert words[0] == "reachability-mock", f"{block}: {command}"
    _check_words(main, words[1:], block)


def _check_words(command: click.Command, words: list[str], block: Block) -> None:
    """Walk down to the subcommand and see that it knows every option that is shown."""
    context = click.Context(command)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"{block}: no command {words[0]!r}"
        command, words = found, words[1:]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    ours = words[: words.index("--")] if "--" in words else words
    for word in ours:
        if word.startswith("--"):
            assert word.partition("=")[0] in known, f"{block}: no option {word}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name}: {target}"
