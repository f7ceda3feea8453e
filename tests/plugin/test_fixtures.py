"""The fixtures, the markers, the ini options and the reports, in pytest runs of their own."""

import pytest
import twilio.rest

import reachability_mock.for_pytest
import reachability_mock.played
import reachability_mock.server

pytest_plugins = ["pytester"]
LOADED = (reachability_mock.for_pytest, reachability_mock.played, reachability_mock.server, twilio)
"""Imported out here: pytester forgets what is first imported within a run in this process."""
ASYNCIO = "asyncio_default_fixture_loop_scope = function"
FETCH = """
import os
import pytest

def online(mock, identity="alice"):
    return mock.client().conversations.v1.users(identity).fetch().is_online
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty project; nothing of our own configuration or environment reaches it."""
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_EDGE", "TWILIO_REGION"):
        monkeypatch.delenv(name, raising=False)
    write_ini(pytester)
    return pytester


def write_ini(project: pytest.Pytester, *lines: str) -> None:
    """Write the project's pytest.ini."""
    project.makeini("\n".join(("[pytest]", ASYNCIO, "filterwarnings = error", *lines)))


def run(project: pytest.Pytester, code: str, *args: str) -> pytest.RunResult:
    """Run the tests in `code`."""
    project.makepyfile(test_it=FETCH + code)
    return project.runpytest_inprocess("-p", "no:cacheprovider", *args)


def test_the_readmes_example(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
def test_it(reachability_mock):
    reachability_mock.enable()
    reachability_mock.connect("alice")
    assert online(reachability_mock) is True
    users = reachability_mock.client().conversations.v1.users.list()
    assert users[0].is_online is None
    reachability_mock.disconnect("alice")
    assert online(reachability_mock) is False
""",
    )
    done.assert_outcomes(passed=1)


def test_every_test_has_a_world_of_its_own(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.parametrize("n", [1, 2])
def test_it(reachability_mock, n):
    assert len(reachability_mock.users) == 0
    assert not reachability_mock.service().reachability_enabled
    reachability_mock.settings.update({"offline_delay": n})
    reachability_mock.enable()
    reachability_mock.connect("alice")

def test_without():
    assert "TWILIO_ACCOUNT_SID" not in os.environ
""",
    )
    done.assert_outcomes(passed=3)


def test_sids_follow_from_the_tests_name(project: pytest.Pytester) -> None:
    code = """
@pytest.mark.parametrize("n", [1, 2])
def test_it(reachability_mock, n, record_property):
    reachability_mock.connect("alice")
    record_property("sid", reachability_mock.users["alice"].sid)
    print("SID", n, reachability_mock.users["alice"].sid)
"""
    first, again = (run(project, code, "-s").stdout.str() for _ in range(2))
    sids = [[line for line in out.splitlines() if "SID " in line] for out in (first, again)]
    assert sids[0] == sids[1]
    assert sids[0][0].split()[-1] != sids[0][1].split()[-1]


def test_both_fixtures_are_one_world_and_the_socket_serves(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
import requests

def test_it(reachability_mock_server, reachability_mock):
    assert reachability_mock_server is reachability_mock
    reachability_mock.enable()
    reachability_mock.connect("alice")
    answer = requests.get(
        f"{reachability_mock_server.url}/v1/Users/alice",
        auth=(os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"]),
        timeout=5,
    )
    assert answer.json()["is_online"] is True
    assert online(reachability_mock) is True
""",
    )
    done.assert_outcomes(passed=1)


def test_a_marker_plays_a_scenario_before_the_test(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.reachability_scenario("two-devices")
def test_it(reachability_mock):
    assert reachability_mock.service().reachability_enabled
    assert len(reachability_mock.users) > 0
    assert len(reachability_mock.requests) == 0
""",
    )
    done.assert_outcomes(passed=1)


def test_a_scenario_of_the_projects_own_and_one_that_fails(project: pytest.Pytester) -> None:
    folder = project.mkdir("presence")
    (folder / "mine.yaml").write_text(
        """
name: mine
given:
  accounts: {default: {services: {default: {reachability: true}}, users: {alice: {}}}}
timeline:
  - connect: {user: alice}
  - expect: {fetch: {user: alice, is_online: false}}
    rules: [R5]
""",
        encoding="utf-8",
    )
    write_ini(project, "reachability_scenarios = presence")
    done = run(
        project,
        """
def test_it(reachability_mock):
    reachability_mock.play("mine")

@pytest.mark.reachability_scenario("nonesuch")
def test_other(reachability_mock):
    pass
""",
    )
    done.assert_outcomes(failed=1, errors=1)
    done.stdout.fnmatch_lines(["*scenario mine: 2 passed, 1 failed", "*mine.yaml:7 step 2 [[]R5]*"])
    done.stdout.fnmatch_lines(["*no scenario ?nonesuch?: there is *"])


def test_a_failure_says_which_rule_made_each_value(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
def test_it(reachability_mock):
    reachability_mock.connect("alice")
    assert online(reachability_mock) is True

def test_view(reachability_mock):
    reachability_mock.enable()
    reachability_mock.register_push("bob")
    assert reachability_mock.users["bob"].is_online is True

def test_passes(reachability_mock):
    reachability_mock.connect("carol")
""",
    )
    done.assert_outcomes(failed=2, passed=1)
    done.stdout.fnmatch_lines(
        [
            "*- reachability_mock -*",
            "<service 'Default' IS*, reachability disabled>",
            "  <alice: is_online=None (R1: *",
            "last requests:",
            "  GET /v1/Users/alice -> 200",
            "E * where None = <bob: is_online=None (R4: *",
        ]
    )
    assert "carol" not in done.stdout.str()


def test_the_ini_and_the_marker_choose(project: pytest.Pytester) -> None:
    account = "AC" + "e" * 32
    write_ini(
        project,
        f"reachability_mock_account = {account}",
        "reachability_mock_settings =\n    offline_delay = 30s\n    large_page_size=refuse",
        "reachability_mock_allow_hosts = lookups.twilio.com",
    )
    done = run(
        project,
        f"""
def test_ini(reachability_mock):
    assert os.environ["TWILIO_ACCOUNT_SID"] == reachability_mock.account_sid == "{account}"
    assert reachability_mock.settings["offline_delay"] == "30s"
    assert reachability_mock.settings["large_page_size"] == "refuse"

@pytest.mark.reachability_mock(settings={{"offline_delay": "1m"}}, accounts="separate")
class TestMarked:
    def test_it(self, reachability_mock):
        assert reachability_mock.settings["offline_delay"] == "60s"
        assert reachability_mock.settings["large_page_size"] == "refuse"

    @pytest.mark.reachability_mock(settings={{"offline_delay": "2m"}})
    def test_nearer(self, reachability_mock):
        assert reachability_mock.settings["offline_delay"] == "120s"
        reachability_mock.connect("bob", account="AC" + "9" * 32)
        assert "bob" not in reachability_mock.users
""",
    )
    done.assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("reachability_mock_settings = offline_delay", "'offline_delay' is not name=value"),
        ("reachability_mock_settings = ofline_delay=1s", "did you mean 'offline_delay'?"),
        ("reachability_mock_account = AC1", "'AC1' is not AC and 32 hex digits"),
    ],
)
def test_a_wrong_option_is_told_in_a_line(project: pytest.Pytester, line: str, told: str) -> None:
    write_ini(project, line)
    done = run(project, "def test_it(reachability_mock): pass")
    done.assert_outcomes(errors=1)
    assert told in done.stdout.str()


def test_a_wrong_marker_is_told_in_a_line(project: pytest.Pytester) -> None:
    done = run(
        project,
        "@pytest.mark.reachability_mock(port=1)\ndef test_it(reachability_mock): pass",
        "--strict-markers",
    )
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*the marker reachability_mock: no option 'port'; there are: *"])


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        ("reachability_mock(account=5)", "account: this is no text or list of texts"),
        ("reachability_mock(accounts=5)", "accounts: 5 is no text"),
        ("reachability_mock(settings=5)", "settings: 5 is no table of names and values"),
        ("reachability_mock(settings={5: 1})", "settings: {5: 1} is no table of names and values"),
        ("reachability_mock(allow_hosts=5)", "allow_hosts: 5 is no text or list of texts"),
        ("reachability_mock('separate')", '*by name, as in accounts="separate", not ?separate?'),
        ("reachability_scenario()", "it takes the name or the file of a scenario"),
        ("reachability_scenario('a', 'b')", "it takes the name or the file of a scenario"),
        ("reachability_scenario(nam='a')", "it takes the name or the file of a scenario"),
        ("reachability_scenario(5)", "it takes the name or the file of a scenario"),
    ],
)
def test_a_marker_that_says_it_wrong_is_told_what_is_wanted(
    project: pytest.Pytester, marker: str, told: str
) -> None:
    done = run(project, f"@pytest.mark.{marker}\ndef test_it(reachability_mock): pass")
    done.assert_outcomes(errors=1)
    name = marker.partition("(")[0]
    done.stdout.fnmatch_lines([f"*UsageError: the marker {name}: {told}*"])


# --- markers bring the fake ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        ('reachability_scenario("no-such")', "no scenario ?no-such?"),
        ('reachability_mock(acounts="x")', "did you mean ?accounts?"),
    ],
)
def test_a_wrong_marker_is_an_error_without_the_fixture_too(
    project: pytest.Pytester, marker: str, told: str
) -> None:
    done = run(
        project,
        f"""
import unittest

@pytest.mark.{marker}
def test_it():
    pass

@pytest.mark.{marker}
class TestIt(unittest.TestCase):
    def test_it(self):
        pass
""",
    )
    done.assert_outcomes(errors=2)
    done.stdout.fnmatch_lines([f"*{told}*"] * 2)


def test_a_marker_brings_the_fake_to_whoever_has_it_and_to_nobody_else(
    project: pytest.Pytester,
) -> None:
    done = run(
        project,
        """
import unittest
import twilio.rest

@pytest.fixture
def account():
    return os.environ.get("TWILIO_ACCOUNT_SID", "")

marked = pytest.param(1, marks=pytest.mark.reachability_scenario(name="two-devices"))

@pytest.mark.parametrize("n", [0, marked, 2])
def test_it(account, n):
    assert bool(account) == (n == 1)

@pytest.mark.reachability_scenario("two-devices")
class TestIt(unittest.TestCase):
    def test_it(self):
        service = twilio.rest.Client().conversations.v1.configuration().fetch()
        self.assertTrue(service.default_chat_service_sid)
        self.assertTrue(twilio.rest.Client().conversations.v1.users.list())

def test_without():
    assert "TWILIO_ACCOUNT_SID" not in os.environ
""",
    )
    done.assert_outcomes(passed=5)


def test_a_marker_on_what_can_have_no_fixtures_is_wrong_usage(project: pytest.Pytester) -> None:
    project.makeconftest(
        """
import pytest

class Item(pytest.Item):
    def runtest(self):
        pass

class File(pytest.File):
    def collect(self):
        item = Item.from_parent(self, name="it")
        item.add_marker(pytest.mark.reachability_mock(accounts="separate"))
        yield item

def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".story":
        return File.from_parent(parent, path=file_path)
"""
    )
    (project.path / "it.story").touch()
    done = project.runpytest_inprocess("-p", "no:cacheprovider")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*it: the marker reachability_mock is for tests with fixtures"])


def test_pyproject_chooses_too(project: pytest.Pytester) -> None:
    project.makepyprojecttoml('[tool.reachability-mock]\nsettings = {online_delay = "5s"}')
    done = run(
        project,
        """
def test_it(reachability_mock):
    assert reachability_mock.settings["online_delay"] == "5s"
""",
    )
    done.assert_outcomes(passed=1)


def test_it_can_be_left_out(project: pytest.Pytester) -> None:
    done = run(project, "def test_it(reachability_mock): pass", "-p", "no:reachability_mock")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*fixture 'reachability_mock' not found*"])


def test_xdist_workers_do_not_meet(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    project.makeini("[pytest]\naddopts = -p xdist -p reachability_mock.pytest_plugin")
    project.makepyfile(
        test_it=FETCH
        + """
@pytest.mark.parametrize("n", range(6))
def test_it(reachability_mock_server, n):
    assert len(reachability_mock_server.users) == 0
    reachability_mock_server.connect("alice")
    assert reachability_mock_server.url.startswith("http://127.0.0.1:")
    assert online(reachability_mock_server) is None
"""
    )
    done = project.runpytest_subprocess("-n", "2", "-p", "no:cacheprovider")
    done.assert_outcomes(passed=6)
