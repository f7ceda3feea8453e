"""The commands there are: ours, and other packages'."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import click
import pytest
from click.testing import CliRunner

from reachability_mock import cli
from reachability_mock.cli import VERBS, main
from reachability_mock.version import __version__


@click.command()
def plugged() -> None:
    """Come from elsewhere."""
    click.echo("plugged in")


not_a_command = object()


@pytest.fixture
def entry(monkeypatch: pytest.MonkeyPatch) -> list[EntryPoint]:
    """Other packages' commands, for a test to fill."""
    found: list[EntryPoint] = []
    monkeypatch.setattr(
        cli, "entry_points", lambda *, group: [one for one in found if one.group == group]
    )
    return found


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, cli.GROUP)


def test_help_teaches_by_example_and_lists_the_verbs_first(entry: list[EntryPoint]) -> None:
    entry.append(point("aaa", f"{__name__}:plugged"))
    said = CliRunner().invoke(main, ["--help"]).output
    assert "reachability-mock run -- npm test" in said
    assert "Exit codes" in said
    listed = [
        line.split()[0] for line in said.partition("Commands:")[2].splitlines() if line.strip()
    ]
    there = [name for name in VERBS if name in listed]
    assert listed == [*there, "aaa"]
    assert {"serve", "run", "why", "unknowns"} <= set(there)


def test_the_version_is_the_packages() -> None:
    assert (
        CliRunner().invoke(main, ["--version"]).output
        == f"reachability-mock, version {__version__}\n"
    )


def test_another_packages_command_runs(entry: list[EntryPoint]) -> None:
    entry.append(point("plug", f"{__name__}:plugged"))
    assert CliRunner().invoke(main, ["plug"]).output == "plugged in\n"


def test_one_of_ours_is_not_to_be_replaced(entry: list[EntryPoint]) -> None:
    entry.append(point("serve", f"{__name__}:plugged"))
    assert "Serve the fake" in CliRunner().invoke(main, ["serve", "--help"]).output


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("no_such_module:command", "needs no_such_module, which is not installed"),
        (f"{__name__}:not_a_command", "is no command"),
        (f"{__name__}:not_there", "is broken"),
    ],
)
def test_a_command_that_cannot_be_had_is_one_line_and_a_2(
    entry: list[EntryPoint], value: str, reason: str
) -> None:
    entry.append(point("plug", value))
    result = CliRunner().invoke(main, ["plug", "--any", "thing"])
    assert result.exit_code == 2
    assert reason in result.output
    assert result.output.count("\n") == 1
    assert CliRunner().invoke(main, ["--help"]).exit_code == 0


def test_an_unknown_command_is_wrong_usage() -> None:
    result = CliRunner().invoke(main, ["srve"])
    assert result.exit_code == 2
    assert "srve" in result.output
