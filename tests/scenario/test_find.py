"""Bare names are the project's own first; a path is a path."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reachability_mock import data
from reachability_mock.scenario.find import NoSuchScenario, find, load_named


def test_a_bare_name_is_looked_up_among_ours() -> None:
    assert find("two-devices") == data.scenario_folder() / "two-devices.yaml"
    assert load_named("two-devices").name == "two-devices"


def test_the_projects_own_folder_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "two-devices.yaml"
    own.write_text("name: mine")
    assert find("two-devices", [tmp_path]) == own
    assert load_named("two-devices", [str(tmp_path)]).name == "mine"
    assert find("null-in-list", [tmp_path]).parent == data.scenario_folder()


def test_a_folder_that_is_not_there_has_no_scenarios(tmp_path: Path) -> None:
    assert data.scenario_names([tmp_path / "none"]) == data.scenario_names()


def test_names_are_listed_once(tmp_path: Path) -> None:
    (tmp_path / "two-devices.yaml").touch()
    (tmp_path / "away.yml").touch()
    (tmp_path / "notes.txt").touch()
    names = data.scenario_names([tmp_path])
    assert names == sorted({*data.scenario_names(), "away"})


def test_a_name_that_is_nobodys_comes_with_the_near_one() -> None:
    with pytest.raises(
        NoSuchScenario, match=r'no scenario "two-device": did you mean "two-devices"\?'
    ):
        find("two-device")


@pytest.mark.parametrize(
    "name", ["./nothing.yaml", "nothing.yaml", "../two-devices", "/two-devices"]
)
def test_a_path_is_never_looked_up_as_a_name(name: str) -> None:
    with pytest.raises(NoSuchScenario, match="there is no file"):
        find(name)


def test_what_is_there_and_is_no_file_is_not_said_to_be_missing(tmp_path: Path) -> None:
    folder = tmp_path / "d.yaml"
    folder.mkdir()
    for name in (str(folder), "."):
        with pytest.raises(NoSuchScenario, match=f"^{name} is a folder, where a file should be$"):
            find(name)
    with pytest.raises(NoSuchScenario, match=f"^{os.devnull} is no ordinary file$"):
        find(os.devnull)


def test_a_path_is_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text("name: mine")
    assert find("mine.yaml") == Path("mine.yaml")
    assert find(str(tmp_path / "mine.yaml")) == tmp_path / "mine.yaml"


def test_a_name_with_a_folder_in_it_is_no_shipped_scenario() -> None:
    assert data.scenario_path("../scenarios/two-devices") is None
    assert data.scenario_path("") is None


def test_the_shipped_files_are_where_they_should_be() -> None:
    assert data.openapi_path().name == "openapi.yaml"
    assert data.openapi_path().is_file()


def test_a_broken_installation_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(data, "_ROOTS", (tmp_path,))
    with pytest.raises(data.NotShipped, match=r"is the installation whole\?"):
        data.openapi_path()
