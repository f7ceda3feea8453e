"""What `serve` and `run` may be told, and what it comes to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from reachability_mock.cli import Unusable, main
from reachability_mock.cli.banner import banner, shown
from reachability_mock.cli.options import Options, credentials_of, server_options
from reachability_mock.cli.project import project_options
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET, Access
from tests.http.asking import ACCOUNT, OTHER

KEY = "SK" + "5" * 32
SERVICE = "IS" + "7" * 32


def read(*arguments: str, **environ: str) -> Options:
    """The options that a command line and an environment come to."""
    found: list[Options] = []

    @click.command()
    @server_options(port=4010)
    def command(**told: Any) -> None:
        found.append(Options(**told))

    result = CliRunner(env=environ).invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return found[0]


def test_without_a_word_it_is_local_strict_and_flowing() -> None:
    options = read()
    assert (options.host, options.port, options.access) == ("127.0.0.1", 4010, Access.STRICT)
    assert (options.scenario, options.speed, options.paused) == (None, 1.0, False)


def test_every_option_is_an_environment_variable() -> None:
    told = read(
        REACHABILITY_MOCK_HOST="0.0.0.0",  # noqa: S104 - only read
        REACHABILITY_MOCK_PORT="0",
        REACHABILITY_MOCK_PORT_FILE="port.txt",
        REACHABILITY_MOCK_ENV_FILE="told.env",
        REACHABILITY_MOCK_SCENARIO="two-devices",
        REACHABILITY_MOCK_SPEED="10",
        REACHABILITY_MOCK_PAUSED="true",
        REACHABILITY_MOCK_ACCOUNT=f"{OTHER}:t1 {ACCOUNT}:t2",
        REACHABILITY_MOCK_API_KEY=f"{KEY}:s",
        REACHABILITY_MOCK_SERVICE=SERVICE,
        REACHABILITY_MOCK_OPEN="1",
        REACHABILITY_MOCK_ALLOW_HOST="a b",
        REACHABILITY_MOCK_ALLOW_ORIGIN="http://c",
    )
    assert told == Options(
        "0.0.0.0",  # noqa: S104 - only read
        0,
        Path("port.txt"),
        Path("told.env"),
        "two-devices",
        10.0,
        paused=True,
        account=((OTHER, "t1"), (ACCOUNT, "t2")),
        api_key=((KEY, "s"),),
        service=(SERVICE,),
        open=True,
        allow_host=("a", "b"),
        allow_origin=("http://c",),
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("--account", "hunter2"),
        ("--account", "AC123:hunter2"),
        ("--account", f"{OTHER}:"),
        ("--api-key", f"{OTHER}:hunter2"),
        ("--service", "ISabc"),
        ("--port", "65536"),
        ("--speed", "0"),
        ("--scenario", "no-such-scenario"),
    ],
)
def test_wrong_usage_is_a_2_that_repeats_no_secret(arguments: tuple[str, str]) -> None:
    result = CliRunner().invoke(main, ["serve", *arguments])
    assert result.exit_code == 2
    assert "hunter2" not in result.output


# --- whose credentials ---------------------------------------------------------------------------


def test_the_built_in_account_is_the_default_one() -> None:
    who = credentials_of(read(), {})
    assert (who.account, who.token) == (sids.DEFAULT_ACCOUNT, DEFAULT_SECRET)
    assert (who.key, who.secret) == (sids.DEFAULT_KEY, DEFAULT_SECRET)


def test_the_environments_account_comes_before_it_and_the_projects_before_both() -> None:
    environ = {"TWILIO_ACCOUNT_SID": OTHER, "TWILIO_AUTH_TOKEN": "t"}
    who = credentials_of(read(), environ)
    assert (who.account, who.token, dict(who.accounts)) == (OTHER, "t", {OTHER: "t"})
    third = "AC" + "3" * 32
    who = credentials_of(read(), environ, third)
    assert (who.account, who.token) == (third, DEFAULT_SECRET)


def test_a_token_on_the_command_line_is_the_accounts() -> None:
    environ = {"TWILIO_ACCOUNT_SID": OTHER, "TWILIO_AUTH_TOKEN": "t"}
    who = credentials_of(read("--account", f"{OTHER}:mine", "--api-key", f"{KEY}:s"), environ)
    assert who.token == "mine"
    assert (who.key, who.secret) == (KEY, "s")


def test_an_environment_with_half_an_account_will_do() -> None:
    assert credentials_of(read(), {"TWILIO_AUTH_TOKEN": "t"}).token == "t"
    assert credentials_of(read(), {"TWILIO_ACCOUNT_SID": OTHER}).token == DEFAULT_SECRET


def test_pyproject_speaks_for_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert project_options().account is None
    file = tmp_path / "pyproject.toml"
    file.write_text(f'[tool.reachability-mock]\naccount = "{OTHER}"\n')
    assert project_options().account == OTHER
    for wrong in (
        '[tool.reachability-mock]\naccount = "AC1"',
        "[tool.reachability-mock",
        "[tool.reachability-mock]\nx=1",
    ):
        file.write_text(wrong)
        with pytest.raises(Unusable, match=r"pyproject\.toml"):
            project_options()


# --- what is printed -----------------------------------------------------------------------------


def test_only_the_built_in_secret_is_printed_whole() -> None:
    assert shown(DEFAULT_SECRET) == DEFAULT_SECRET
    assert shown("a-long-enough-secret") == "…cret"
    assert shown("short") == "…"


def test_the_banner_shows_no_other_secret() -> None:
    secret = "a-long-enough-secret"
    options = read("--account", f"{OTHER}:{secret}", "--api-key", f"{KEY}:{secret}", "--open")
    environ = {"TWILIO_AUTH_TOKEN": secret}
    said = "\n".join(banner("http://x", options, credentials_of(options, environ), environ))
    assert secret not in said
    assert said.count("…cret") == 3
    assert "any other account" in said
    assert "$TWILIO_AUTH_TOKEN" in said


def test_the_banner_has_a_line_for_every_sdk() -> None:
    options = read()
    said = "\n".join(banner("http://x", options, credentials_of(options, {}), {}))
    for whose in ("Python", "Node", "curl", "browser", "Java, Go, Ruby"):
        assert whose in said


def test_the_banner_warns_of_the_trap() -> None:
    options = read()
    who = credentials_of(options, {})
    assert "Leave TWILIO_EDGE" in "\n".join(banner("http://x", options, who, {}))
    trapped = "\n".join(banner("http://x", options, who, {"TWILIO_REGION": "au1"}))
    assert "CAREFUL: TWILIO_REGION is set here" in trapped
