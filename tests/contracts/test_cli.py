"""The commands: what they print, write and exit with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reachability_contracts import check_server, checking
from reachability_contracts.checking import OTHER_ACCOUNT, SafetyStop
from reachability_contracts.cli import contract
from reachability_contracts.mutants import Mutant, mutant_named
from reachability_mock.server import Server, build_site


def called(*words: str, env: Mapping[str, str | None] | None = None) -> Result:
    clean: dict[str, str | None] = {
        "TWILIO_ACCOUNT_SID": None,
        "TWILIO_AUTH_TOKEN": None,
        "GITHUB_ACTIONS": None,
    }
    return CliRunner().invoke(contract, [*words], env={**clean, **(env or {})})


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(build_site(hint=lambda _: None)) as running:
        yield running


def test_check_agrees_and_writes_every_report(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("md", "junit", "json")}
    words = [word for name, file in files.items() for word in (f"--{name}", str(file))]
    done = called("check", "--only", "document", "--only", "scenarios", "--only", "probes", *words)
    assert done.exit_code == 0, done.output
    assert files["md"].read_text().startswith("**✓ the contract is kept")
    assert json.loads(files["json"].read_text())["verdict"] == "kept"
    assert "<testcase" in files["junit"].read_text()


def test_a_broken_fake_exits_with_1_and_names_rule_request_expected_and_got() -> None:
    with mutant_named("list_leaks_online").applied():
        done = called("check", "--only", "scenarios", env={"GITHUB_ACTIONS": "true"})
    assert done.exit_code == 1
    assert "R9" in done.output
    assert "expected" in done.output
    assert "::error file=" in done.output


def test_only_and_skip_that_leave_nothing_are_wrong_usage() -> None:
    assert called("check", "--only", "probes", "--skip", "probes").exit_code == 2


@pytest.mark.parametrize(
    "url",
    [
        "https://conversations.twilio.com",
        "conversations.twilio.com",
        "https://CONVERSATIONS.Twilio.com./v1",
        "https://twilio.com",
        "https://conversations.sydney.au1.twilio.com:443",
        "https://conversations.twilio%2Ecom",
        "https://conversations.twilio.com\\@127.0.0.1",
    ],
)
def test_the_live_service_is_no_target(url: str) -> None:
    done = called("check", "--target", url)
    assert done.exit_code == 4
    assert "contract live" in done.output
    with pytest.raises(SafetyStop):
        check_server(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://[::1", "'http://[::1' is no URL: "),
        ("ftp://x", "'ftp://x' is no http:// or https:// URL of a server"),
        ("http://me:hunter2secret@localhost:9/a", "http://localhost:9/a: only a scheme, "),
    ],
)
def test_what_is_no_servers_url_is_wrong_usage(url: str, said: str) -> None:
    for words in (["check"], ["record", "--dry-run"], ["parity"]):
        done = called(*words, "--target", url)
        assert done.exit_code == 2
        assert done.output.startswith(f"Error: {said}")
        assert "hunter2secret" not in done.output


def test_nobody_there_exits_with_3() -> None:
    done = called("check", "--target", "http://127.0.0.1:9")
    assert done.exit_code == 3


def test_refused_credentials_exit_with_3(server: Server) -> None:
    env = {"TWILIO_ACCOUNT_SID": "AC" + "8" * 32, "TWILIO_AUTH_TOKEN": "not-the-token-at-all"}
    for suite in checking.SUITES:
        done = called("check", "--target", server.url, "--only", suite, env=env)
        assert done.exit_code == 3, suite
        assert "refuses the credentials" in done.output
        assert "not-the-token" not in done.output
        assert "8" * 32 not in done.output


def test_a_right_server_is_right_by_http_alone(server: Server) -> None:
    done = called("check", "--target", server.url, "--only", "scenarios", "--only", "probes")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    "name",
    [
        "on_by_default",
        "off_shows_truth",
        "never_online_false",
        "offline_null",
        "list_leaks_online",
        "update_shows_null",
        "reenable_remembers",
    ],
)
def test_a_mutant_over_http_is_called_wrong_with_its_rule(server: Server, name: str) -> None:
    assert mutant_named(name).breaks in rules_broken(server, mutant_named(name), ("probes",))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "connect_ignored",
        "gcm_does_not_count",
        "online_means_notifiable",
        "user_found_in_any_service",
        "is_online_writable",
        "delays_ignored",
    ],
)
def test_a_mutant_over_http_is_called_wrong_by_a_scenario(server: Server, name: str) -> None:
    assert mutant_named(name).breaks in rules_broken(server, mutant_named(name), ("scenarios",))


@pytest.mark.parametrize("name", ["keys_refused", "key_shows_its_own_sid"])
def test_a_mutant_of_api_keys_is_called_wrong_where_the_built_in_key_is_to_be_known(
    name: str,
) -> None:
    with Server(build_site(accounts=dict([OTHER_ACCOUNT]))) as known:
        options = checking.Options(suites=("probes",), url=known.url)
        assert checking.check(options).failed == []
        with mutant_named(name).applied():
            (broken,) = checking.check(options).failed
    assert broken.name == "an API key opens its account"


def rules_broken(server: Server, mutant: Mutant, suites: tuple[str, ...]) -> set[str]:
    with mutant.applied():
        report = checking.check(checking.Options(suites=suites, url=server.url))
    return {rule for one in report.failed for rule in one.rules}


def test_where_no_control_plane_answers_nothing_is_generated(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "answers_health", lambda _: False)
    options = checking.Options(suites=("probes", "schemathesis"), url=server.url)
    report = checking.check(options)
    assert [(one.suite, one.verdict.value) for one in report.results] == [
        ("probes", "skipped"),
        ("schemathesis", "skipped"),
        ("target", "failed"),
    ]
    assert all("not ours" in one.reason for one in report.results)


def test_mutants_are_listed_and_an_unknown_one_is_wrong_usage() -> None:
    listed = called("mutants", "--list", "--only", "R9")
    assert "list_leaks_online" in listed.output
    assert called("mutants", "--only", "nonsense").exit_code == 2


def test_a_mutant_is_killed_and_an_equivalent_one_is_not() -> None:
    killed = called("mutants", "--only", "list_leaks_online")
    assert killed.exit_code == 0
    assert "1 of 1 killed (0 equivalent)" in killed.output
    equivalent = called("mutants", "--only", "create_shows_fetch")
    assert equivalent.exit_code == 0
    assert "0 of 0 killed (1 equivalent)" in equivalent.output


def test_a_survivor_fails() -> None:
    done = called("mutants", "--only", "list_leaks_online", "--suite", "probes")
    assert done.exit_code == 0
    done = called("mutants", "--only", "page_size_zero_goes", "--suite", "probes")
    assert done.exit_code == 1
    assert "nobody noticed it" in done.output


def test_live_says_what_it_would_do_and_does_nothing_without_yes() -> None:
    env = {"TWILIO_ACCOUNT_SID": "AC" + "8" * 28 + "beef", "TWILIO_AUTH_TOKEN": "s3cret-token"}
    done = called("live", env=env)
    assert done.exit_code == 2
    assert "…beef" in done.output
    assert "nothing has been sent" in done.output
    assert "s3cret" not in done.output


def test_live_needs_credentials_of_the_environment() -> None:
    done = called("live", "--yes-live")
    assert done.exit_code == 2
    assert "TWILIO_ACCOUNT_SID" in done.output
