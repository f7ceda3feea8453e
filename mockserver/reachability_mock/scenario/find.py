"""Finding a scenario: a file by its path, a bare name in the project's folders, then among ours."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reachability_mock import data
from reachability_mock.scenario.complaint import choices
from reachability_mock.scenario.loader import load
from reachability_mock.scenario.model import Scenario


class NoSuchScenario(LookupError):  # noqa: N818 - says what is the matter
    """Nothing of that name or at that path; the message names the near one."""


def find(name: str, folders: Iterable[Path | str] = ()) -> Path:
    """The file that `name` means: a path has a folder or a suffix in it, a name has neither.

    Raises:
        NoSuchScenario: there is none.
    """
    places = tuple(folders)
    if _is_path(name):
        if Path(name).is_file():
            return Path(name)
        raise NoSuchScenario(_why_no_file(name))
    found = data.scenario_path(name, places)
    if found is None:
        raise NoSuchScenario(f'no scenario "{name}": {choices(name, data.scenario_names(places))}')
    return found


def load_named(name: str, folders: Iterable[Path | str] = ()) -> Scenario:
    """The scenario that `name` means.

    Raises:
        NoSuchScenario: there is none.
        Unloadable: there is something wrong with it.
    """
    return load(find(name, folders))


def _why_no_file(name: str) -> str:
    if Path(name).is_dir():
        return f"{name} is a folder, where a file should be"
    return f"{name} is no ordinary file" if Path(name).exists() else f"there is no file {name}"


def _is_path(name: str) -> bool:
    return Path(name).name != name or Path(name).suffix in data.SUFFIXES
