"""One name for an option, wherever it stands; none that is misspelt passes in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
import requests
from click.testing import CliRunner

from reachability_mock.cli import Unusable, main
from reachability_mock.cli.options import Options, ServerCommand, credentials_of, server_options
from reachability_mock.cli.project import project_options
from reachability_mock.cli.serve import serve
from reachability_mock.options import KINDS, SERVER_OPTIONS, BadOption, all_names, of_environment
from reachability_mock.options import Options as Project
from tests.cli.starting import serving
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


# --- from one place to the next ------------------------------------------------------------------


def chosen(*arguments: str, **environ: str) -> Project:
    """What counts for any fake, after pyproject, the environment and the command line."""
    return project_options(environ, told(*arguments, **environ).of_any_fake)


def test_settings_add_up(project: Path) -> None:
    write(project, 'settings = {online_delay = "1s", lost_after = "1s"}')
    environ = {"REACHABILITY_MOCK_SETTINGS": "offline_delay=30s lost_after=2s"}
    expected = {"online_delay": "1s", "offline_delay": "30s", "lost_after": "5s"}
    assert chosen("--settings", "lost_after=5s", **environ).settings == expected
    assert chosen(**environ).settings == {**expected, "lost_after": "2s"}


def test_of_hosts_and_folders_the_later_place_wins(project: Path) -> None:
    write(project, "allow_hosts = ['a.twilio.com']", "scenarios = ['a']")
    assert chosen().allow_hosts == {"a.twilio.com"}
    assert chosen().scenarios == (str(project / "a"),)
    environ = {
        "REACHABILITY_MOCK_ALLOW_HOSTS": "b.twilio.com",
        "REACHABILITY_MOCK_SCENARIOS": "b",
    }
    assert chosen(**environ).allow_hosts == {"b.twilio.com"}
    assert chosen(**environ).scenarios == ("b",)
    later = chosen("--allow-hosts", "c.twilio.com", "--scenarios", "c", **environ)
    assert later.allow_hosts == {"c.twilio.com"}
    assert later.scenarios == ("c",)


@pytest.mark.usefixtures("project")
def test_a_host_of_somebody_else_is_refused_wherever_it_stands() -> None:
    for verb in (["serve"], ["run", "true"]):
        typed = CliRunner().invoke(main, [verb[0], "--allow-hosts", "foo.com", *verb[1:]])
        assert typed.exit_code == 2
        assert "the command line: allow_hosts: 'foo.com' is none of Twilio's" in typed.output
        environ = {"REACHABILITY_MOCK_ALLOW_HOSTS": "foo.com"}
        set_ = CliRunner(env=environ).invoke(main, verb)
        assert set_.exit_code == 2
        assert "the environment: allow_hosts: 'foo.com' is none of Twilio's" in set_.output


def test_serve_serves_by_them(project: Path) -> None:
    write(project, 'settings = {online_delay = "1s"}')
    environ = {"REACHABILITY_MOCK_SETTINGS": "offline_delay=30s", "REACHABILITY_MOCK_PORT": "0"}
    with serving("--settings", "lost_after=5s", **environ) as server:
        found = requests.get(f"{server.url}/_mock/settings", timeout=10).json()
    assert (found["online_delay"], found["offline_delay"]) == ("1s", "30s")
    assert found["lost_after"] == "5s"


# --- values of the wrong kind --------------------------------------------------------------------


def test_every_option_has_a_kind() -> None:
    assert list(KINDS) == all_names()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("service = 5", "service: 5 is no text or list of texts"),
        ("service = {a = 1}", "service: {'a': 1} is no text or list of texts"),
        ("api_key = 5", "api_key: this is no text or list of texts"),
        ("allow_host = 5", "allow_host: 5 is no text or list of texts"),
        ("allow_origin = 5", "allow_origin: 5 is no text or list of texts"),
        ("account = 5", "account: this is no text or list of texts"),
        ("settings = 5", "settings: 5 is no table of names and values"),
        ("settings = 'a=b'", "settings: 'a=b' is no table of names and values"),
        ("settings = ['a=b']", "settings: ['a=b'] is no table of names and values"),
        ("scenarios = 5", "scenarios: 5 is no text or list of texts"),
        ("allow_hosts = 5", "allow_hosts: 5 is no text or list of texts"),
        ("allow_hosts = [5]", "allow_hosts: [5] is no text or list of texts"),
        ("paused = 2", "paused: 2 is neither true nor false"),
        ("open = [1]", "open: [1] is neither true nor false"),
        ("ca_dir = 5", "ca_dir: 5 is no text"),
        ("port_file = 5", "port_file: 5 is no text"),
        ("host = ['127.0.0.1']", "host: ['127.0.0.1'] is no text"),
        ("speed = 'x'", "speed: 'x' is no number"),
        ("port = 'x'", "port: 'x' is no whole number"),
        ("port = true", "port: True is no whole number"),
        ("port = 70000", "port: 70000 is not in the range"),
        ("service = 'ISabc'", "service: 'ISabc' is not IS and 32 hex digits"),
        ("api_key = 'hunter2'", "api_key: it has to be SK and 32 hex digits"),
    ],
)
def test_a_wrong_value_in_pyproject_is_a_2_that_names_the_file(
    project: Path, line: str, said: str
) -> None:
    write(project, line)
    result = CliRunner().invoke(main, ["serve"])
    assert result.exit_code == 2
    file = project / "pyproject.toml"
    assert f"[tool.reachability-mock] in {file}: {said}" in result.output
    assert "env var" not in result.output
    assert "hunter2" not in result.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool]\nreachability-mock = 5", "tool.reachability-mock is no table; it begins with ["),
        ("[[tool.reachability-mock]]", "tool.reachability-mock is no table; it begins with ["),
        ("tool = 5 # reachability-mock", "tool is no table"),
        ("[tool.reachability_mock]", "did you mean [tool.reachability-mock]?"),
        ("[tool.Reachability-Mock]\n[tool.reachability-mock]", "did you mean [tool.reach"),
    ],
)
def test_what_is_not_our_table_is_a_2_that_names_the_file(
    project: Path, text: str, said: str
) -> None:
    (project / "pyproject.toml").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["run", "true"])
    assert result.exit_code == 2
    assert f"{project / 'pyproject.toml'}: " in result.output
    assert said in result.output


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
