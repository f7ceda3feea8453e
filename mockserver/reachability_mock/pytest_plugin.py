"""pytest fixtures: `reachability_mock` (in this process) and `reachability_mock_server` (a socket).

Imported in every run of a project that has the package, so it imports nothing but pytest.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:  # a run that asks for no fake pays for none
    from reachability_mock.handle import ReachabilityMock

MARKERS = (
    "reachability_scenario(name): play a scenario before the test, without waiting",
    "reachability_mock(account, accounts, settings, scenarios, allow_hosts): this test's options",
    "reachability_unknowns: run the test under every choice of the unknowns that it can feel",
    "reachability_hunt: run the test with each lawful observation of a user put in place",
)

_RERUNNING = {"reachability_unknowns": "for_unknowns", "reachability_hunt": "for_hunt"}
"""The markers that run a test several times, and where the work is done."""

_BRINGING = ("reachability_scenario", "reachability_mock")
"""The markers that would be nothing to a test without the fake."""

_OURS = ("reachability_mock_", "reachability_scen")

INI: tuple[tuple[str, str, Literal["string", "linelist", "paths"]], ...] = (
    ("reachability_mock_account", "SID of the default account", "string"),
    ("reachability_mock_accounts", "shared: one world for all; separate: each its own", "string"),
    ("reachability_mock_settings", "unknowns and delays: name=value a line", "linelist"),
    ("reachability_mock_allow_hosts", "hosts of Twilio's that may be reached", "linelist"),
    ("reachability_mock_scenarios", "folders of scenarios of your own", "paths"),
    ("reachability_scenarios", "the same, in short", "paths"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """What a project may choose in its ini file."""
    for name, says, kind in INI:
        parser.addini(name, says, type=kind, default="" if kind == "string" else [])


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, and let no misspelt option pass in silence."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    known = [name for name, _, _ in INI]
    for name in _told(config):
        if name not in known:
            raise pytest.UsageError(_unknown(name, known))


def _told(config: pytest.Config) -> Iterator[str]:
    """The names of ours in the ini file and after ``-o``; pytest itself would only warn."""
    after_o = [line.partition("=")[0].strip() for line in config.getoption("override_ini") or ()]
    for name in (*_in_ini(config.inipath), *after_o):
        if name.startswith(_OURS) and name.isidentifier():
            yield name


def _in_ini(file: Path | None) -> Iterable[str]:
    """The names in pytest's own section of `file`, which is not taken apart without need."""
    text = file.read_text(encoding="utf-8", errors="replace") if file else ""
    if file is None or not any(ours in text for ours in _OURS):
        return ()
    if file.suffix == ".toml":
        return _in_toml(file.name, text)
    from iniconfig import IniConfig  # noqa: PLC0415 - see above

    section = "tool:pytest" if file.suffix == ".cfg" else "pytest"
    return dict(IniConfig(str(file), text).sections.get(section, {}))


def _in_toml(name: str, text: str) -> Iterable[str]:
    import tomllib  # noqa: PLC0415 - see above

    found = tomllib.loads(text)
    if name.removeprefix(".") == "pytest.toml":  # since pytest 9
        return {**found.get("pytest", {})}
    native = found.get("tool", {}).get("pytest", {})
    return {**native, **native.get("ini_options", {})}


def _unknown(name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - see above

    near = get_close_matches(name, known, n=1)
    hint = f" did you mean {near[0]!r}?" if near else ""
    return f"pytest's ini: no option {name!r};{hint} there are: {', '.join(known)}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test with a marker that sets the fake up has the fake, whether it asks for it or not."""
    for item in items:
        marker = next((one for one in _BRINGING if item.get_closest_marker(one)), None)
        if marker is not None:
            _bring(item, marker)


def _bring(item: pytest.Item, marker: str) -> None:
    names = getattr(item, "fixturenames", None)
    if names is None:
        raise pytest.UsageError(f"{item.nodeid}: the marker {marker} is for tests with fixtures")
    if "reachability_mock" not in names:  # a new list: the old one may be other tests', too
        vars(item)["fixturenames"] = ["reachability_mock", *names]


@pytest.fixture
def reachability_mock(request: pytest.FixtureRequest) -> Iterator[ReachabilityMock]:
    """The fake, new for this test; requests for Twilio's Conversations go to it."""
    from reachability_mock.for_pytest import fake_for  # noqa: PLC0415 - see above

    with fake_for(request.node) as mock:
        yield mock


@pytest.fixture
def reachability_mock_server(reachability_mock: ReachabilityMock) -> ReachabilityMock:
    """The same fake behind a socket as well, for other processes: see its `url`."""
    reachability_mock.listen()
    return reachability_mock


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """A test with a marker that reruns is run by us."""
    names = [name for name in _RERUNNING if item.get_closest_marker(name)]
    if not names:
        return None
    from importlib import import_module  # noqa: PLC0415 - see above

    from reachability_mock.for_reruns import protocol  # noqa: PLC0415 - see above

    kinds = [import_module(f"reachability_mock.{_RERUNNING[name]}").kind() for name in names]
    protocol(item, nextitem, kinds)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test's report says why every user showed what it showed."""
    report = yield
    if (
        report.when == "call"
        and report.failed
        and "reachability_mock" in vars(item).get("funcargs", {})
    ):
        from reachability_mock.for_pytest import explain  # noqa: PLC0415 - see above

        explain(item, report)
    return report
