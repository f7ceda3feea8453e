"""What is in the archives, name by name, and what they say of themselves."""

import tarfile
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from tests.packaging.environments import DECLARED
from tests.tools import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]

SOURCE_ROOTS = ("mockserver/", "contracts/")
DATA = "reachability_mock/_data/"
NOT_IN_SDIST = (".github/",)
"""Of use only where the repository lives."""


@pytest.fixture(scope="session")
def in_wheel(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


@pytest.fixture(scope="session")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def test_the_wheel_installs_two_packages_with_names_of_their_own(in_wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in in_wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "reachability_mock",
        "reachability_contracts",
    }


def test_the_wheel_holds_the_sources_and_the_data_and_nothing_else(
    in_wheel: set[str], tracked: set[str]
) -> None:
    sources = {
        name.removeprefix(root)
        for root in SOURCE_ROOTS
        for name in tracked
        if name.startswith(root) and "/" in name.removeprefix(root)
    }
    data = {DATA + name for name in tracked if name.startswith("scenarios/")}
    shipped = {name for name in in_wheel if ".dist-info/" not in name}
    assert shipped == sources | data | {DATA + "openapi.yaml"}


def test_the_wheel_says_that_it_is_typed(in_wheel: set[str]) -> None:
    assert {"reachability_mock/py.typed", "reachability_contracts/py.typed"} <= in_wheel


def test_the_wheel_carries_its_license(in_wheel: set[str]) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in in_wheel)


def test_the_sdist_holds_the_repository(sdist: Path, tracked: set[str]) -> None:
    with tarfile.open(sdist) as archive:
        names = {member.name.split("/", 1)[1] for member in archive if member.isfile()}
    kept = {name for name in tracked if not name.startswith(NOT_IN_SDIST)}
    assert names == kept | {"PKG-INFO"}


def test_the_names_of_what_is_plugged_in(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        lines = archive.read(name).decode().splitlines()
    assert "reachability-mock = reachability_mock.cli:main" in lines
    assert lines[lines.index("[pytest11]") + 1] == (
        "reachability_mock = reachability_mock.pytest_plugin"
    )


@pytest.mark.parametrize("name", ["freezegun", "pytest", "schemathesis", "twilio"])
def test_what_only_some_need_is_no_base_dependency(metadata: Message, name: str) -> None:
    base = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert base
    assert not [line for line in base if line.startswith(name)]


def test_the_declared_pythons_are_the_ones_we_test(metadata: Message) -> None:
    prefix = "Programming Language :: Python :: 3."
    classifiers = metadata.get_all("Classifier", [])
    declared = [line.rpartition(" ")[2] for line in classifiers if line.startswith(prefix)]
    assert tuple(declared) == DECLARED
    assert metadata["Requires-Python"] == f">={DECLARED[0]}"


def test_the_lock_pins_everything_and_names_no_place() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert not [line for line in pins if "==" not in line or "/" in line or "@" in line]


def test_the_exact_pin_of_schemathesis_agrees_with_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extra = project["optional-dependencies"]["contracts"]
    (pin,) = [one for one in extra if one.startswith("schemathesis")]
    assert pin in (ROOT / "constraints.txt").read_text().splitlines()
