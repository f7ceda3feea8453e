"""The command ``reachability-mock scenario``."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from reachability_mock import data
from reachability_mock.cli.scenario import scenario
from reachability_mock.scenario.schema import FILE, LINE, schema_text

BROKEN = "name: away\ntimeline:\n  - wait: 1s\n  - conect: {}\n"
WRONG = """\
name: away
given: {users: {alice: {}}}
timeline:
  - {rules: [R4], expect: {fetch: {user: alice, is_online: false}}}
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder, without anybody's credentials."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TWILIO_ACCOUNT_SID", raising=False)
    monkeypatch.delenv("TWILIO_AUTH_TOKEN", raising=False)


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(scenario, arguments, env=env, prog_name="scenario")


# --- check ---------------------------------------------------------------------------------------


def test_what_is_fine_is_said_with_its_rules() -> None:
    result = run("check", "null-in-list")
    assert result.exit_code == 0
    assert result.stdout.endswith("null-in-list.yaml: fine, 9 steps, R3 R5 R6 R7 R9\n")
    assert result.stderr == ""


def test_what_is_wrong_is_said_with_its_place() -> None:
    Path("away.yaml").write_text(BROKEN)
    result = run("check", "away.yaml", "two-devices", "nobody")
    assert result.exit_code == 2
    first, second = result.stderr.splitlines()
    assert first == 'away.yaml:4:5 step 2: "conect": did you mean "connect"?'
    assert second.startswith('no scenario "nobody": there is create-and-update-answers, ')
    assert "two-devices.yaml: fine" in result.stdout


# --- play ----------------------------------------------------------------------------------------


def test_every_step_is_shown_with_a_tick() -> None:
    result = run("play", "first-time-online", "--instant")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("first-time-online  Three values, not two")
    assert lines[1] == "  ✓   0 given 1 service, 1 user"
    assert lines[2].endswith("R4 R7  # unknown, which is not false")
    assert lines[-1] == "12 passed"
    assert "\x1b" not in result.stdout


def test_a_difference_is_readable_and_the_exit_code_one() -> None:
    Path("away.yaml").write_text(WRONG)
    result = run("play", "away.yaml", "--instant")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[2:] == [
        "  ✗   1 expect {fetch: {user: alice, is_online: false}}  R4",
        "        alice.is_online: expected false, got null",
        result.stdout.splitlines()[4],
        "        away.yaml:4",
        "1 passed, 1 failed",
    ]
    assert "by R1, reachability has never been enabled" in result.stdout


def test_nothing_is_played_if_one_of_them_cannot_be_loaded() -> None:
    Path("away.yaml").write_text(BROKEN)
    result = run("play", "two-devices", "away.yaml", "--instant")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "away.yaml:4:5 step 2" in result.stderr


def test_speed_is_for_the_waits() -> None:
    Path("slow.yaml").write_text("name: slow\ntimeline: [{wait: 1h}]\n")
    assert run("play", "slow.yaml", "--speed", "1000000").exit_code == 0
    assert run("play", "slow.yaml", "--speed", "0").exit_code == 2


def test_junit_is_written_also_when_something_failed() -> None:
    Path("away.yaml").write_text(WRONG)
    result = run("play", "two-devices", "away.yaml", "--instant", "--junit", "out.xml")
    assert result.exit_code == 1
    suites = ET.parse("out.xml").getroot()  # noqa: S314 - we wrote it a moment ago
    assert [(one.get("name"), one.get("failures")) for one in suites] == [
        ("two-devices", "0"),
        ("away", "1"),
    ]


def test_where_nobody_listens_one_line_says_so() -> None:
    result = run("play", "two-devices", "--url", "http://127.0.0.1:9")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: http://127.0.0.1:9 cannot be reached: ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://conversations.twilio.com",
        "conversations.twilio.com/v1",
        "https://TWILIO.com:443",
        "https://conversations.twilio%2Ecom",
        "https://conversations.twilio.com\\@127.0.0.1",
    ],
)
def test_the_live_service_is_not_played_on(url: str) -> None:
    result = run("play", "two-devices", "--url", url)
    assert result.exit_code == 2
    assert "for that there is `contract live`" in result.stderr


def test_what_is_no_url_is_one_line() -> None:
    result = run("play", "two-devices", "--url", "http://[::1")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "is no URL" in result.stderr


def test_colour_is_for_terminals_that_want_it() -> None:
    coloured = run("play", "two-devices", "--instant", env={"FORCE_COLOR": "1", "TERM": "xterm"})
    assert "\x1b[32m✓" in coloured.stdout
    plain = run(
        "play",
        "two-devices",
        "--instant",
        env={"FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": "1"},
    )
    assert "\x1b[32m" not in plain.stdout


def test_a_terminal_that_cannot_say_it_gets_the_step_all_the_same() -> None:
    result = CliRunner(charset="ascii").invoke(scenario, ["play", "identity-gotchas", "--instant"])
    assert result.exit_code == 0
    assert "  ok   0 given" in result.stdout
    assert "Ann von ?" in result.stdout


# --- list, schema, new ---------------------------------------------------------------------------


def test_the_projects_own_scenarios_are_listed_and_played_by_name() -> None:
    Path("pyproject.toml").write_text("[tool.reachability-mock]\nscenarios = 'stories'\n")
    Path("stories").mkdir()
    Path("stories/two-devices.yaml").write_text("# Ours.\nname: ours\n")
    Path("stories/broken.yaml").write_text(BROKEN)
    listed = {line.split()[0]: line for line in run("list").stdout.splitlines()}
    assert set(listed) == {*data.scenario_names(), "broken"}
    assert listed["two-devices"].endswith("  Ours.")
    assert listed["broken"].endswith("cannot be loaded: see `scenario check`")
    assert run("play", "two-devices", "--instant").stdout.startswith("ours  Ours.")


def test_a_project_file_that_is_wrong_is_said() -> None:
    Path("pyproject.toml").write_text("[tool.reachability-mock]\nscenarois = 'stories'\n")
    result = run("list")
    assert result.exit_code == 2
    assert "no option 'scenarois'" in result.stderr


def test_a_project_file_that_is_no_toml_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.reachability-mock\n")
    for command in (["list"], ["check", "two-devices"], ["play", "two-devices", "--instant"]):
        result = CliRunner().invoke(scenario, command)
        assert (result.exit_code, result.output.count("\n")) == (2, 1)
        assert "pyproject.toml" in result.output


@pytest.mark.parametrize(
    "command",
    [
        ["play", "two-devices", "--instant", "--junit", "no/such/folder.xml"],
        ["new", "away"],
    ],
)
def test_what_cannot_be_written_is_one_line_before_anything_is_played(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    if command[0] == "new":
        monkeypatch.setattr(Path, "open", refuse)
    result = CliRunner().invoke(scenario, command)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "cannot write" in result.output


def test_the_schema_is_printed() -> None:
    assert run("schema").stdout == schema_text()


def test_a_new_scenario_can_be_played_at_once_and_edited_with_its_schema() -> None:
    result = run("new", "away")
    assert result.exit_code == 0
    assert result.stdout.startswith("away.yaml is written")
    text = Path("away.yaml").read_text()
    assert text.splitlines()[0] == LINE
    assert "name: away\n" in text
    assert Path(FILE).read_text() == schema_text()
    assert run("check", "away.yaml").exit_code == 0
    assert run("play", "away.yaml", "--instant").exit_code == 0


def test_a_new_scenario_replaces_nothing() -> None:
    Path("away.yaml").write_text("mine")
    Path(FILE).write_text("my own")
    result = run("new", "away.yaml")
    assert result.exit_code == 2
    assert "away.yaml is there already" in result.stderr
    assert Path("away.yaml").read_text() == "mine"
    assert run("new", "other").exit_code == 0
    assert Path(FILE).read_text() == "my own"


@pytest.mark.parametrize("name", ["../away", "a/b", "", ".yaml", ".hidden"])
def test_a_new_scenario_is_a_file_here(name: str) -> None:
    assert run("new", name).exit_code == 2


def test_a_name_is_needed() -> None:
    assert run("play").exit_code == 2
    assert run("check").exit_code == 2
