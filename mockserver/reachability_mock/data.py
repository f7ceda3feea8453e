"""Where the shipped files are: inside the installed package, or at the root of the checkout."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = (_PACKAGE / "_data", _PACKAGE.parents[1])
SUFFIXES = (".yaml", ".yml")


class NotShipped(LookupError):  # noqa: N818 - says what is the matter
    """No such file comes with the package, or the project; the message names where it looked."""


def openapi_path() -> Path:
    """The description of the REST API.

    Raises:
        NotShipped: the installation is broken.
    """
    return _shipped("openapi.yaml")


def scenario_folder() -> Path:
    """The folder of the shipped scenarios.

    Raises:
        NotShipped: the installation is broken.
    """
    return _shipped("scenarios")


def scenario_path(name: str, folders: Iterable[Path | str] = ()) -> Path | None:
    """The file of the scenario called `name`: in the project's own `folders`, then among ours.

    A name is bare: anything with a folder in it is nobody's name.
    """
    if not name or Path(name).name != name:
        return None
    for folder in (*(Path(one) for one in folders), scenario_folder()):
        for suffix in SUFFIXES:
            path = folder / f"{name}{suffix}"
            if path.is_file():
                return path
    return None


def scenario_names(folders: Iterable[Path | str] = ()) -> list[str]:
    """The names that `scenario_path` knows, sorted."""
    places = (*(Path(one) for one in folders), scenario_folder())
    return sorted(
        {
            path.stem
            for folder in places
            if folder.is_dir()
            for path in folder.iterdir()
            if path.suffix in SUFFIXES
        }
    )


def _shipped(name: str) -> Path:
    for root in _ROOTS:
        if (root / name).exists():
            return root / name
    looked = " and ".join(str(root) for root in _ROOTS)
    raise NotShipped(f"{name} is neither in {looked}: is the installation whole?")
