"""The register of unknowns: defaults, values, near names, and nothing half changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from reachability_mock.core.model import Policy
from reachability_mock.settings import (
    BY_ID,
    REGISTER,
    BadSetting,
    Settings,
    known,
    seconds_of,
)


def test_without_changes_the_policy_is_the_cores_own() -> None:
    assert Settings().policy == Policy()


def test_every_entry_says_what_why_and_how_to_find_out() -> None:
    assert len(BY_ID) == len(REGISTER)
    for setting in REGISTER:
        assert setting.question.endswith("?")
        assert setting.why.endswith(".")
        assert setting.probe
        assert setting.checked(setting.default) == setting.default
        assert not setting.choices or setting.default in setting.choices


def test_a_setting_is_read_by_its_name() -> None:
    assert Settings()["head_requests"] == "refuse"
    assert list(Settings().as_dict()) == [setting.id for setting in REGISTER]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (0, 0),
        (90, 90),
        (1.5, 1.5),
        ("0", 0),
        ("30s", 30),
        ("2m", 120),
        ("1h", 3600),
        ("500ms", 0.5),
        ("1.5 s", 1.5),
        (" 30s ", 30),
        ("10000000", 10_000_000),
    ],
)
def test_a_length_of_time_is_a_number_with_a_unit(value: object, seconds: float) -> None:
    assert seconds_of(value) == seconds


@pytest.mark.parametrize(
    "value",
    [
        *("", "s", "-1", "30x", "30 S", "1e3s", "1.", ".5", "10000001", "9" * 400),
        *(-1, 1e9, float("nan"), float("inf"), None, True, []),
    ],
)
def test_anything_else_is_none(value: object) -> None:
    with pytest.raises(ValueError, match="length of time"):
        seconds_of(value)


@hypothesis_settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.floats(0, 10_000_000))
def test_a_length_of_time_is_kept_to_the_microsecond(seconds: float) -> None:
    kept = Settings({"offline_delay": seconds})
    assert abs(kept.policy.offline_delay - timedelta(seconds=seconds)) <= timedelta(microseconds=1)
    again = Settings(kept.as_dict())
    assert again.as_dict() == kept.as_dict()
    assert again.policy == kept.policy


@pytest.mark.parametrize(
    ("value", "text"),
    [(90, "90s"), ("2m", "120s"), (0, "0s"), (1234567, "1234567s"), (100, "100s")],
)
def test_a_length_of_time_is_shown_in_seconds(value: object, text: str) -> None:
    assert Settings({"lost_after": value})["lost_after"] == text


def test_a_choice_is_taken_in_any_letter_case() -> None:
    assert Settings({"update_response": "NULL"})["update_response"] == "null"
    assert Settings({"missing_role_status": "404"})["missing_role_status"] == 404
    assert Settings({"presence_bumps_date_updated": "True"})["presence_bumps_date_updated"] is True


def test_null_may_be_written_as_yaml_and_json_write_it() -> None:
    assert Settings({"update_response": None})["update_response"] == "null"
    with pytest.raises(BadSetting):
        Settings({"head_requests": None})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("update_response", "maybe", "update_response: 'maybe' is not one of fetch, null"),
        ("missing_role_status", 410, "missing_role_status: 410 is not one of 400, 404"),
        ("presence_bumps_date_updated", 1, "1 is not one of false, true"),
        ("missing_role_status", True, "True is not one of 400, 404"),
        ("attributes_limit", "many", "attributes_limit: 'many' is not a whole number"),
        ("attributes_limit", -1, "-1 is not a whole number"),
        ("attributes_limit", True, "True is not a whole number"),
        ("attributes_limit", 1.5, "1.5 is not a whole number"),
        ("attributes_limit", "9" * 5000, "is not a whole number"),
        ("offline_delay", "soon", "offline_delay: 'soon' is not a length of time such as 30s"),
        ("offline_delay", -1, "offline_delay: -1 is not a length of time between 0 and"),
    ],
)
def test_a_value_that_cannot_be_names_the_choices(name: str, value: object, message: str) -> None:
    with pytest.raises(BadSetting, match=message):
        Settings({name: value})


def test_a_refusal_keeps_the_choices_that_can_be_listed() -> None:
    for name, value, choices in (
        ("update_response", "maybe", ("fetch", "null")),
        ("offline_delay", "soon", ()),
        ("ofline_delay", 1, ("offline_delay",)),
        ("x", 1, tuple(BY_ID)),
    ):
        with pytest.raises(BadSetting) as caught:
            Settings({name: value})
        assert caught.value.choices == choices


def test_a_whole_number_may_be_a_text() -> None:
    assert Settings({"attributes_limit": "16384"}).policy.attributes_limit == 16384


def test_a_name_nobody_knows_suggests_the_near_one() -> None:
    with pytest.raises(
        BadSetting, match=r"no setting 'ofline_delay'; did you mean 'offline_delay'\?"
    ):
        Settings()["ofline_delay"]
    with pytest.raises(BadSetting, match="no setting 'x'; there are: online_delay, offline_delay"):
        known("x")


def test_one_bad_value_changes_none() -> None:
    settings = Settings()
    with pytest.raises(BadSetting):
        settings.update({"offline_delay": "30s", "head_requests": "sometimes"})
    assert settings.as_dict() == Settings().as_dict()
    assert settings.policy == Policy()


def test_a_reset_goes_back_to_the_beginning_not_to_the_defaults() -> None:
    settings = Settings({"offline_delay": "30s"})
    settings.update({"offline_delay": "1s", "online_delay": "2s"})
    settings.reset()
    assert settings.policy == Policy(offline_delay=timedelta(seconds=30))
    assert settings["online_delay"] == "0s"
