"""What the fixtures do: gather a test's options, make its fake, and explain a failure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from reachability_mock.for_reruns import USED, VARIANT, Variant
from reachability_mock.handle import ReachabilityMock
from reachability_mock.http.site import BadScenario
from reachability_mock.in_process import running
from reachability_mock.lookup import services_of
from reachability_mock.options import BadOption, Options, of_environment, of_project, pair
from reachability_mock.settings import BadSetting
from reachability_mock.userview import ServiceView

_SERVICES, _USERS, _REQUESTS = 5, 10, 5
"""How many services, users of each and requests a report shows."""
_BY_NAME = 'it takes options by name, as in accounts="separate"'
_NAMES = (str, os.PathLike)
MOCK = pytest.StashKey[ReachabilityMock]()


@contextmanager
def fake_for(item: pytest.Item) -> Iterator[ReachabilityMock]:
    """The fake that `item` asks for, its scenario played; SIDs follow from the test's name."""
    try:
        variant = item.stash.get(VARIANT, Variant("as it is"))
        options = _options(item).changed({"settings": variant.settings}, variant.says)
        with running(options, item.nodeid) as mock:
            item.stash[MOCK], item.stash[USED] = mock, True
            for marker in item.iter_markers("reachability_scenario"):
                mock.play(_scenario(marker))
            with variant.arranged(mock):
                yield mock
    except (BadOption, BadScenario, BadSetting) as error:
        raise pytest.UsageError(str(error)) from None


def _options(item: pytest.Item) -> Options:
    """The project's, the ini's, the environment's, then those of the markers, outermost first."""
    options = _of_project(item.config.rootpath).changed(_of_ini(item.config), "pytest's ini")
    options = options.changed(of_environment(os.environ), "the environment")
    for marker in reversed(list(item.iter_markers("reachability_mock"))):
        if marker.args:
            raise BadOption(f"the marker reachability_mock: {_BY_NAME}, not {marker.args[0]!r}")
        options = options.changed(marker.kwargs, "the marker reachability_mock")
    return options


def _scenario(marker: pytest.Mark) -> str:
    """The name that a marker reachability_scenario gives, as its only argument."""
    given = [*marker.args, *marker.kwargs.values()]
    if len(given) == 1 and marker.kwargs.keys() <= {"name"} and isinstance(given[0], _NAMES):
        return str(given[0])
    raise BadOption("the marker reachability_scenario: it takes the name or the file of a scenario")


@cache
def _of_project(root: Path) -> Options:
    return of_project(root)


def _of_ini(config: pytest.Config) -> dict[str, object]:
    given: dict[str, object] = {
        "account": config.getini("reachability_mock_account"),
        "accounts": config.getini("reachability_mock_accounts"),
        "settings": dict(pair(line) for line in config.getini("reachability_mock_settings")),
        "allow_hosts": config.getini("reachability_mock_allow_hosts"),
        "scenarios": [
            str(path)
            for name in ("reachability_mock_scenarios", "reachability_scenarios")
            for path in config.getini(name)
        ],
    }
    return {name: value for name, value in given.items() if value}


def explain(item: pytest.Item, report: pytest.TestReport) -> None:
    """Add to a failure's report what the fake showed, by which rules, and the last requests."""
    mock = item.stash.get(MOCK, None)
    if mock is None:
        return
    services = islice(services_of(mock.world, mock.account_sid), _SERVICES)
    lines = [line for service in services for line in _about(mock, service.sid)]
    latest = [f"  {seen}" for seen in mock.requests[-_REQUESTS:]]
    lines += ["last requests:", *latest] if latest else ["no requests"]
    report.sections.append(("reachability_mock", "\n".join(lines)))


def _about(mock: ReachabilityMock, sid: str) -> Iterator[str]:
    view = ServiceView(mock.world, mock.account_sid, sid)
    yield repr(view)
    for identity in islice(view.users, _USERS):
        yield f"  {view.users[identity]!r}"
