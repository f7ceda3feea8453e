"""pytest's ini and the environment of a test run."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]
NINE = int(pytest.version_tuple[0]) >= 9
TEST = """
def test_it(reachability_mock):
    assert reachability_mock.settings["offline_delay"] == "30s"
"""


@pytest.mark.parametrize("name", ["reachability_mock_setings", "reachability_scenario"])
def test_a_misspelt_option_in_the_ini_is_an_error(pytester: pytest.Pytester, name: str) -> None:
    pytester.makeini(f"[pytest]\n{name} = x")
    pytester.makepyfile("def test_it(): pass")
    done = pytester.runpytest_subprocess()
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([f"*no option '{name}'; did you mean 'reachability*s'?*"])


SECTIONS = [
    ("pyproject.toml", "[tool.pytest.ini_options]"),
    ("setup.cfg", "[tool:pytest]"),
    ("tox.ini", "[pytest]"),
    ("pytest.ini", "[pytest]"),
    *([("pyproject.toml", "[tool.pytest]"), ("pytest.toml", "[pytest]")] if NINE else []),
]


@pytest.mark.parametrize(("file", "section"), SECTIONS)
def test_pytests_own_section_is_read_and_no_other(
    pytester: pytest.Pytester, file: str, section: str
) -> None:
    pytester.makepyfile("def test_it(): pass")
    ours = 'reachability_mock_demo = "x:y"\n'
    around = f"[project.scripts]\n{ours}{section}\n%s\n[tool.other]\n{ours}"
    (pytester.path / file).write_text(around % "", encoding="utf-8")
    pytester.runpytest_subprocess("-c", file).assert_outcomes(passed=1)
    (pytester.path / file).write_text(around % ours, encoding="utf-8")
    done = pytester.runpytest_subprocess("-c", file)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*pytest's ini: no option 'reachability_mock_demo'; *"])


def test_a_misspelt_option_after_o_is_an_error(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(): pass")
    done = pytester.runpytest_subprocess("-o", "reachability_mock_acount=x")
    assert done.ret == pytest.ExitCode.USAGE_ERROR


def test_the_environment_counts(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REACHABILITY_MOCK_SETTINGS", "offline_delay=30s")
    pytester.makepyfile(TEST)
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_misspelt_variable_is_an_error(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REACHABILITY_MOCK_SETINGS", "offline_delay=30s")
    pytester.makepyfile(TEST)
    done = pytester.runpytest_subprocess()
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*no option 'setings'; did you mean 'settings'?*"])


def test_every_account_can_have_its_own_world(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nreachability_mock_accounts = apart")
    pytester.makepyfile(TEST)
    done = pytester.runpytest_subprocess()
    done.stdout.fnmatch_lines(["*accounts: 'apart' is not one of shared, separate*"])


def test_both_names_for_the_folders_of_scenarios_will_do(pytester: pytest.Pytester) -> None:
    for name in ("reachability_mock_scenarios", "reachability_scenarios"):
        pytester.makeini(f"[pytest]\n{name} = mine")
        (pytester.path / "mine").mkdir(exist_ok=True)
        story = "name: tiny\ntimeline:\n  - enable: {service: default}\n"
        (pytester.path / "mine" / "tiny.yaml").write_text(story)
        pytester.makepyfile("def test_it(reachability_mock): reachability_mock.play('tiny')")
        pytester.runpytest_subprocess().assert_outcomes(passed=1)
