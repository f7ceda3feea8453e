"""The markers that rerun a test: what they try, what they find, and what they leave alone."""

import shutil

import pytest
import twilio.rest

import reachability_mock.for_hunt
import reachability_mock.for_pytest
import reachability_mock.for_unknowns
import reachability_mock.played
from tests.tools import ROOT

pytest_plugins = ["pytester"]
LOADED = (
    reachability_mock.for_hunt,
    reachability_mock.for_pytest,
    reachability_mock.for_unknowns,
    reachability_mock.played,
    twilio,
)
"""Imported out here: pytester forgets what is first imported within a run in this process."""
CODE = """
import pytest

TIMES = []

def online(mock):
    return mock.client().conversations.v1.users("alice").fetch().is_online

def there(mock):
    mock.enable()
    mock.connect("alice")
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty project; nothing of our own configuration or environment reaches it."""
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_EDGE", "TWILIO_REGION"):
        monkeypatch.delenv(name, raising=False)
    lines = ("asyncio_default_fixture_loop_scope = function", "filterwarnings = error")
    pytester.makeini("\n".join(("[pytest]", *lines)))
    return pytester


def run(project: pytest.Pytester, code: str, *args: str) -> pytest.RunResult:
    project.makepyfile(test_it=CODE + code)
    return project.runpytest_inprocess("-p", "no:cacheprovider", "--strict-markers", *args)


def test_the_examples_bugs_are_found_and_named(project: pytest.Pytester) -> None:
    shutil.copytree(ROOT / "examples" / "hunting", project.path, dirs_exist_ok=True)
    done = project.runpytest_inprocess("-p", "no:cacheprovider")
    done.assert_outcomes(failed=2)
    done.stdout.fnmatch_lines(
        [
            "*4 of 10 variants break the test",
            "*R4: is_online is null (never online*assert True == False",
            "*R11: is_online is null*",
            "*R3: both are null*",
            "*R14: is_online is stale (a connect*",
            "reachability_unknowns: 1 of * variants break the test",
            "*update_response=null: *",
        ]
    )


def test_the_examples_tests_pass_without_their_markers(project: pytest.Pytester) -> None:
    shutil.copytree(ROOT / "examples" / "hunting", project.path, dirs_exist_ok=True)
    file = project.path / "test_app.py"
    file.write_text(file.read_text().replace("@pytest.mark.reachability", "# "))
    project.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)


def test_a_hunt_puts_every_observation_in_place_for_rest_and_handle(
    project: pytest.Pytester,
) -> None:
    done = run(
        project,
        """
@pytest.mark.reachability_hunt
def test_it(reachability_mock):
    there(reachability_mock)
    user = reachability_mock.client().conversations.v1.users("alice").fetch()
    alice = reachability_mock.users["alice"]
    assert (user.is_online, user.is_notifiable) == (alice.is_online, alice.is_notifiable)
    assert reachability_mock.client().conversations.v1.users.list()[0].is_online is None
    TIMES.append((user.is_online, alice.why.is_online.rule, user.is_notifiable))

def test_what_was_seen():
    assert TIMES == [
        (True, "R5", None),
        (True, "R5", None),
        (False, "R6", None),
        (None, "R4", None),
        (None, "R11", None),
        (True, "R5", True),
        (True, "R5", False),
        (True, "R5", None),
        (None, "R1", None),
        (None, "R14", None),
        (True, "R5", None),
    ]
""",
    )
    done.assert_outcomes(passed=2)


def test_what_a_hunt_put_in_place_is_gone_afterwards(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.reachability_hunt
def test_it(reachability_mock):
    there(reachability_mock)
    online(reachability_mock)

def test_another(reachability_mock):
    there(reachability_mock)
    assert online(reachability_mock) is True
""",
    )
    done.assert_outcomes(passed=2)


def test_unknowns_that_a_test_cannot_feel_are_not_tried(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.reachability_unknowns
def test_it(reachability_mock):
    there(reachability_mock)
    client = reachability_mock.client()
    client.conversations.v1.users("alice").update(friendly_name="A")
    TIMES.append(reachability_mock.settings.as_dict())

def test_what_was_tried():
    assert [one["update_response"] for one in TIMES].count("null") == 1
    assert {one["page_without_token"] for one in TIMES} == {"ignore"}
    assert {one["offline_delay"] for one in TIMES} == {"0s"}
""",
        "-rP",
    )
    done.assert_outcomes(passed=2)
    done.stdout.fnmatch_lines(["right whatever Twilio does. Tried:*update_response=null*"])


def test_a_setting_that_the_test_has_is_not_an_alternative(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.reachability_unknowns
@pytest.mark.reachability_mock(settings={"update_response": "null"})
def test_it(reachability_mock):
    there(reachability_mock)
    user = reachability_mock.client().conversations.v1.users("alice").update(friendly_name="A")
    assert user.is_online is None
""",
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*update_response=fetch: *"])


def test_both_markers_are_judged_and_reported_as_one_test(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.reachability_hunt
@pytest.mark.reachability_unknowns
def test_it(reachability_mock):
    there(reachability_mock)
    assert online(reachability_mock) is True
    users = reachability_mock.client().conversations.v1.users
    assert users("alice").update(friendly_name="A").is_online is True
""",
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        ["reachability_unknowns: 1 of * variants*", "reachability_hunt: * variants break*"]
    )


def test_a_test_that_fails_or_is_skipped_as_it_is_runs_once(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.reachability_hunt
def test_failing(reachability_mock):
    TIMES.append(1)
    assert False, "as it is"

@pytest.mark.reachability_unknowns
def test_skipped(reachability_mock):
    TIMES.append(1)
    pytest.skip("today")

def test_times():
    assert len(TIMES) == 2
""",
    )
    done.assert_outcomes(failed=1, skipped=1, passed=1)


def test_a_test_without_the_fake_is_told_so(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.reachability_hunt
def test_it():
    pass
""",
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["reachability_hunt: the test asks for no reachability_mock"])


@pytest.mark.parametrize(
    "code",
    [
        "assert True",
        "there(reachability_mock)",
        "there(reachability_mock)\n    reachability_mock.client().conversations.v1.users.list()",
        "reachability_mock.client().conversations.v1.users.create(identity='bob')",
    ],
)
def test_a_hunt_of_a_test_that_looks_at_nobody_has_tried_nothing(
    project: pytest.Pytester, code: str
) -> None:
    done = run(
        project,
        f"""
@pytest.mark.reachability_hunt
def test_it(reachability_mock):
    {code}
""",
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "reachability_hunt: nothing was tried",
            "not tried:",
            "  R5: is_online is true*: the test looked at nobody",
            "  R14: is_online is stale (a goodbye*: the test looked at nobody",
        ]
    )


@pytest.mark.parametrize(
    "look", ["reachability_mock.users['alice'].is_online", "reachability_mock.why('alice')"]
)
def test_a_look_at_the_handle_is_one_too(project: pytest.Pytester, look: str) -> None:
    done = run(
        project,
        f"""
@pytest.mark.reachability_hunt
def test_it(reachability_mock):
    there(reachability_mock)
    {look}
""",
        "-rP",
    )
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["right whatever is observed. Tried: R5*"])
    done.stdout.no_fnmatch_line("*not tried*")


def test_with_the_indicator_off_only_that_it_is_off_was_tried(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.reachability_hunt
def test_it(reachability_mock):
    reachability_mock.connect("alice")
    assert online(reachability_mock) is None
""",
        "-rP",
    )
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(
        [
            "right whatever is observed, as far as it was tried. Tried: R3: *",
            "not tried:",
            "  R5: is_online is true*: the test looked at nobody",
        ]
    )


def test_a_variant_that_a_test_skips_was_not_tried(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.reachability_hunt
def test_it(reachability_mock):
    there(reachability_mock)
    if online(reachability_mock) is None:
        pytest.skip("who knows")

@pytest.mark.reachability_unknowns
def test_only_fetch(reachability_mock):
    there(reachability_mock)
    user = reachability_mock.client().conversations.v1.users("alice").update(friendly_name="A")
    if user.is_online is None:
        pytest.xfail("not ours")
""",
        "-rP",
    )
    done.assert_outcomes(passed=2)
    done.stdout.fnmatch_lines(
        [
            "right whatever is observed, as far as it was tried. Tried: R5: is_online is true*",
            "not tried:",
            "  R4: is_online is null*: who knows",
            "  R11: is_online is null*: who knows",
            "  R3: both are null*: who knows",
            "right whatever Twilio does, as far as it was tried. Tried: *",
            "  update_response=null: *not ours",
        ]
    )
    done.stdout.no_fnmatch_line("right*Tried:*R4: *")


def test_what_breaks_is_told_with_what_was_not_tried(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.mark.reachability_hunt
def test_it(reachability_mock):
    there(reachability_mock)
    if online(reachability_mock) is False:
        pytest.skip("who knows")
    assert online(reachability_mock)
""",
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "reachability_hunt: 4 of 9 variants break the test",
            "not tried:",
            "  R6: is_online is false*: who knows",
        ]
    )


@pytest.mark.parametrize("marker", ["reachability_hunt", "reachability_unknowns"])
@pytest.mark.parametrize(("given", "says"), [("only='x'", "only='x'"), ("'x', 1", "'x', 1")])
def test_a_marker_that_reruns_takes_no_arguments(
    project: pytest.Pytester, marker: str, given: str, says: str
) -> None:
    done = run(
        project,
        f"""
@pytest.mark.{marker}({given})
def test_it(reachability_mock):
    there(reachability_mock)
    online(reachability_mock)
""",
    )
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines([f"{marker} takes no arguments, not {says}"])


def test_fixtures_of_a_test_are_new_at_each_run(project: pytest.Pytester) -> None:
    done = run(
        project,
        """
@pytest.fixture
def fresh():
    TIMES.append("up")
    yield []
    TIMES.append("down")

@pytest.mark.reachability_hunt
def test_it(reachability_mock, fresh):
    assert fresh == []
    fresh.append(1)
    there(reachability_mock)
    online(reachability_mock)

def test_times():
    assert TIMES == ["up", "down"] * 11
""",
    )
    done.assert_outcomes(passed=2)


@pytest.mark.slow
def test_with_workers_it_is_one_test_as_well(project: pytest.Pytester) -> None:
    shutil.copytree(ROOT / "examples" / "hunting", project.path, dirs_exist_ok=True)
    done = project.runpytest_subprocess("-p", "no:cacheprovider", "-n", "1")
    done.assert_outcomes(failed=2)
