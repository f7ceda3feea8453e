"""`reachability_mock.fake()`: options, the environment, and two that look alike."""

import os
from pathlib import Path

import pytest

import reachability_mock
from reachability_mock import Options
from reachability_mock.core import sids
from reachability_mock.options import BadOption, of_project
from reachability_mock.settings import BadSetting

MINE = "AC" + "c" * 32


def test_the_environment_is_filled_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWILIO_ACCOUNT_SID", raising=False)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "theirs")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_REGION", "au1")
    with reachability_mock.fake() as mock:
        assert os.environ["TWILIO_ACCOUNT_SID"] == mock.account_sid == sids.DEFAULT_ACCOUNT
        assert os.environ["TWILIO_AUTH_TOKEN"] == "theirs"
        assert "TWILIO_EDGE" not in os.environ
        assert "TWILIO_REGION" not in os.environ
    assert "TWILIO_ACCOUNT_SID" not in os.environ
    assert os.environ["TWILIO_EDGE"] == "sydney"
    assert os.environ["TWILIO_REGION"] == "au1"


@pytest.mark.parametrize(("in_environment", "used"), [(MINE, MINE), ("x", sids.DEFAULT_ACCOUNT)])
def test_the_default_account_is_the_environments_if_that_is_one(
    monkeypatch: pytest.MonkeyPatch, in_environment: str, used: str
) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", in_environment)
    with reachability_mock.fake() as mock:
        assert mock.account_sid == used
    with reachability_mock.fake(account="AC" + "d" * 32) as mock:
        assert mock.account_sid == "AC" + "d" * 32


def test_the_same_seed_makes_the_same_sids() -> None:
    def sid(seed: str) -> str:
        with reachability_mock.fake(seed=seed) as mock:
            mock.connect("alice")
            return mock.users["alice"].sid

    assert sid("a") == sid("a") != sid("b")


def test_settings_hold_after_a_reset() -> None:
    with reachability_mock.fake(settings={"offline_delay": 30}) as mock:
        mock.settings.update({"offline_delay": 60})
        mock.reset()
        assert mock.settings["offline_delay"] == "30s"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"account": "AC1"}, "'AC1' is not AC and 32 hex digits"),
        ({"accounts": "many"}, "'many' is not one of shared, separate"),
    ],
)
def test_an_option_that_cannot_be_is_told(given: dict[str, str], told: str) -> None:
    with pytest.raises(BadOption, match=told):
        Options(**given)  # type: ignore[arg-type] # wrong on purpose
    with pytest.raises(BadOption, match=told), reachability_mock.fake(**given):  # type: ignore[arg-type] # likewise
        pass


def test_a_setting_that_cannot_be_is_told() -> None:
    with pytest.raises(BadSetting, match="no setting"), reachability_mock.fake(settings={"x": 1}):
        pass


def test_a_project_chooses_in_its_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        f"""
        [tool.reachability-mock]
        account = "{MINE}"
        scenarios = "tests/scenarios"
        allow_hosts = ["lookups.twilio.com"]
        settings = {{ offline_delay = "30s" }}
        """,
        encoding="utf-8",
    )
    options = of_project(tmp_path)
    assert options == Options(
        account=MINE,
        settings={"offline_delay": "30s"},
        scenarios=(str(tmp_path / "tests/scenarios"),),
        allow_hosts=frozenset({"lookups.twilio.com"}),
    )
    more = options.changed({"settings": {"online_delay": "1s"}, "scenarios": ["b"]}, "a marker")
    assert more.settings == {"offline_delay": "30s", "online_delay": "1s"}
    assert more.scenarios == ("b",)


def test_a_project_that_says_nothing_gets_the_defaults(tmp_path: Path) -> None:
    assert of_project(tmp_path) == Options()
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert of_project(tmp_path) == Options()


def test_an_option_that_does_not_exist_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.reachability-mock]\nacount = 1\n", "utf-8")
    expected = r"pyproject\.toml: no option 'acount'; did you mean 'account'\? there are: account,"
    with pytest.raises(BadOption, match=expected):
        of_project(tmp_path)


def test_the_package_itself_has_what_it_says_and_no_more() -> None:
    assert reachability_mock.ReachabilityMock.__name__ == "ReachabilityMock"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(reachability_mock, "nothing")  # noqa: B009 - past the type checker
