"""pytest fixtures: `reachability_mock` (in this process) and `reachability_mock_server` (a socket).

Imported in every run of a project that has the package, so it imports nothing but pytest.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # a run that asks for no fake pays for none
    from reachability_mock.handle import ReachabilityMock

MARKERS = (
    "reachability_scenario(name): play a scenario before the test, without waiting",
    "reachability_mock(account, accounts, settings, scenarios, allow_hosts): this test's options",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """What a project may choose in its ini file."""
    parser.addini("reachability_mock_account", "SID of the default account", default="")
    parser.addini(
        "reachability_mock_settings", "unknowns and delays: name=value a line", type="linelist"
    )
    parser.addini(
        "reachability_mock_allow_hosts", "hosts of Twilio's that may be reached", type="linelist"
    )
    parser.addini("reachability_scenarios", "folders of scenarios of your own", type="paths")


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


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
