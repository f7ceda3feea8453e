"""`token`: what it prints opens the fake."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reachability_mock.cli.token import token
from reachability_mock.clock import system_now
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.wire.token import Claims, Trust, read

KEY, SECRET = "SK" + "4" * 32, "s" * 32
ACCOUNT = "AC" + "4" * 32
TRUST = Trust({sids.DEFAULT_KEY: (DEFAULT_SECRET, sids.DEFAULT_ACCOUNT), KEY: (SECRET, ACCOUNT)})


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No project, and nothing in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("ACCOUNT_SID", "API_KEY", "API_SECRET"):
        monkeypatch.delenv(f"TWILIO_{name}", raising=False)


def run(*args: str) -> Result:
    return CliRunner().invoke(token, args)


def claims(*args: str) -> Claims:
    result = run(*args)
    assert result.exit_code == 0, result.output
    return read(result.output.strip(), TRUST, system_now())


def test_without_options_it_is_for_the_default_service() -> None:
    made = claims("--identity", "alice")
    assert made.identity == "alice"
    assert made.account_sid == sids.DEFAULT_ACCOUNT
    assert made.service_sid == sids.default_service_sid(sids.DEFAULT_ACCOUNT)
    assert 3590 < (made.expires - system_now()).total_seconds() <= 3600


def test_everything_can_be_chosen() -> None:
    service, credential = "IS" + "1" * 32, "CR" + "1" * 32
    chosen = ("--service", service, "--account", ACCOUNT, "--api-key", f"{KEY}:{SECRET}")
    more = ("--ttl", "60", "--push-credential-sid", credential)
    made = claims("--identity", "bob@example.com", *chosen, *more)
    assert (made.account_sid, made.service_sid) == (ACCOUNT, service)
    assert made.push_credential_sid == credential
    assert (made.expires - system_now()).total_seconds() <= 60


def test_the_environment_of_run_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
    monkeypatch.setenv("TWILIO_API_KEY", KEY)
    monkeypatch.setenv("TWILIO_API_SECRET", SECRET)
    assert claims("--identity", "alice").service_sid == sids.default_service_sid(ACCOUNT)


def test_the_projects_account_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = f'[tool.reachability-mock]\naccount = "{ACCOUNT}"\n'
    (tmp_path / "pyproject.toml").write_text(table)
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", sids.DEFAULT_ACCOUNT)
    made = claims("--identity", "alice", "--api-key", f"{KEY}:{SECRET}")
    assert made.account_sid == ACCOUNT


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        ((), "Missing option '--identity'"),
        (("--identity", "a", "--service", "support"), "none of: default, IS and 32 hex digits"),
        (("--identity", "a", "--ttl", "86401"), "86401 is not in the range"),
        (("--identity", "a", "--account", "AC1"), "none of: AC and 32 hex digits"),
        (("--identity", "a", "--api-key", "SK1:secret-word"), "SK and 32 hex digits"),
    ],
)
def test_what_cannot_be_is_a_usage_error(args: tuple[str, ...], complaint: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert complaint in result.output
    assert "secret-word" not in result.output


def test_an_account_in_the_environment_that_is_none_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "me")
    result = run("--identity", "alice")
    assert result.exit_code == 2
    assert "TWILIO_ACCOUNT_SID is set" in result.output


def test_the_help_says_which_accounts_a_server_accepts() -> None:
    said = " ".join(run("--help").output.split())
    assert "a server accepts another one than its default only with --open" in said
