"""One name for an option, wherever it stands; none that is misspelt passes in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from reachability_mock.cli import Unusable, main
from reachability_mock.cli.options import Options, ServerCommand, credentials_of, server_options
from reachability_mock.cli.project import project_options
from reachability_mock.cli.serve import serve
from reachability_mock.options import SERVER_OPTIONS, BadOption, all_names, of_environment
from tests.http.asking import ACCOUNT, OTHER


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder, in which we are."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(project: Path, *lines: str) -> None:
    text = "\n".join(("[tool.reachability-mock]", *lines))
    (project / "pyproject.toml").write_text(text, encoding="utf-8")


def told(*arguments: str, **environ: str) -> Options:
    """The options that a server comes to."""
    found: list[Options] = []

    @click.command(cls=ServerCommand)
    @server_options(port=4010)
    def command(**options: Any) -> None:
        found.append(Options(**options))

    result = CliRunner(env=environ).invoke(command, arguments)
    assert result.exit_code == 0, result.output
    return found[0]


def test_what_the_command_line_takes_and_what_has_a_name_are_the_same() -> None:
    of_fakes = set(all_names()) - set(SERVER_OPTIONS)
    assert {one.name for one in serve.params} == {*SERVER_OPTIONS, *of_fakes} - {"accounts"}


def test_every_one_of_them_is_an_environment_variable() -> None:
    for one in serve.params:
        assert one.envvar == f"REACHABILITY_MOCK_{one.name}".upper()


def test_pyproject_sets_a_servers_options(project: Path) -> None:
    write(
        project,
        "port = 4020",
        "paused = true",
        "allow_host = 'mock'",
        f"service = ['IS{'7' * 32}']",
        f"account = ['{ACCOUNT}', '{OTHER}:its-token']",
        "ca_dir = 'here'",
    )
    options = told()
    assert (options.port, options.paused, options.allow_host) == (4020, True, ("mock",))
    assert (options.service, options.ca_dir) == ((f"IS{'7' * 32}",), Path("here"))
    who = credentials_of(options, {}, project_options().account)
    assert (who.account, who.accounts[OTHER]) == (ACCOUNT, "its-token")


def test_the_environment_wins_over_it_and_the_command_line_over_both(project: Path) -> None:
    write(project, "port = 1", "speed = 1.5", "host = 'a'")
    options = told("--port", "3", REACHABILITY_MOCK_PORT="2", REACHABILITY_MOCK_SPEED="2")
    assert (options.port, options.speed, options.host) == (3, 2.0, "a")


def test_an_account_without_a_token_is_the_default_one() -> None:
    environ = {"TWILIO_ACCOUNT_SID": ACCOUNT}
    assert credentials_of(told("--account", OTHER), environ).account == OTHER
    with pytest.raises(Unusable, match="only one can be the default"):
        credentials_of(told("--account", OTHER, "--account", ACCOUNT), environ)


def test_settings_are_pairs() -> None:
    options = told(REACHABILITY_MOCK_SETTINGS="offline_delay=30s update_response=null")
    assert dict(options.settings) == {"offline_delay": "30s", "update_response": "null"}
    result = CliRunner().invoke(main, ["serve", "--settings", "offline_delay"])
    assert (result.exit_code, "not name=value" in result.output) == (2, True)


# --- names that do not exist ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("acount = 'x'", "account"),
        ("allow-hosts = []", "allow_hosts"),
        ("prot = 1", "port"),
        ("proxy_other = 'pass'", "proxy_others"),
    ],
)
def test_in_pyproject_they_are_an_error_that_names_the_near_one(
    project: Path, written: str, meant: str
) -> None:
    write(project, written)
    for verb in ("serve", "run"):
        result = CliRunner().invoke(main, [verb, "--port", "x"])
        assert result.exit_code == 2
        assert f"did you mean {meant!r}?" in result.output
        assert "pyproject.toml" in result.output


@pytest.mark.usefixtures("project")
def test_in_the_environment_likewise() -> None:
    result = CliRunner(env={"REACHABILITY_MOCK_SCENARIOO": "x"}).invoke(main, ["serve"])
    assert result.exit_code == 2
    assert "the environment (REACHABILITY_MOCK_…): no option 'scenarioo'" in result.output
    assert "did you mean 'scenario'?" in result.output


def test_what_kubernetes_and_run_add_is_passed_over() -> None:
    theirs = (
        "SERVICE_HOST",
        "SERVICE_PORT",
        "SERVICE_PORT_HTTP",
        "PORT",
        "PORT_4010_TCP",
        "PORT_4010_TCP_ADDR",
        "URL",
    )
    assert of_environment({f"REACHABILITY_MOCK_{name}": "x" for name in theirs}) == {}


# --- a fake in this process ----------------------------------------------------------------------


def test_the_environment_speaks_to_fakes_too() -> None:
    environ = {
        "REACHABILITY_MOCK_ACCOUNT": f"{ACCOUNT} {OTHER}:t",
        "REACHABILITY_MOCK_ACCOUNTS": "separate",
        "REACHABILITY_MOCK_SETTINGS": "offline_delay=30s",
        "REACHABILITY_MOCK_ALLOW_HOSTS": "a.twilio.com b.twilio.com",
        "REACHABILITY_MOCK_SCENARIOS": "here",
        "REACHABILITY_MOCK_PORT": "1",
    }
    options = project_options().changed(of_environment(environ), "the environment")
    assert (options.account, options.accounts) == (ACCOUNT, "separate")
    assert options.settings == {"offline_delay": "30s"}
    assert options.allow_hosts == {"a.twilio.com", "b.twilio.com"}
    assert options.scenarios == ("here",)


def test_the_two_that_look_alike_are_told_apart() -> None:
    with pytest.raises(BadOption, match="allow_host says by which names /_mock may be called"):
        project_options().changed({"allow_hosts": ["mock"]}, "x")
