"""Runs a marked test once as it is and once under each variant, and makes one verdict of it.

Imported when there is such a test: the plugin itself imports nothing but pytest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field

import pytest

from reachability_mock.handle import ReachabilityMock

Arranged = Callable[[ReachabilityMock], AbstractContextManager[object]]


@dataclass(frozen=True)
class Variant:
    """Other circumstances: settings to begin with, and what is arranged for the test's fake."""

    says: str
    settings: Mapping[str, object] = field(default_factory=dict)
    arranged: Arranged = nullcontext


@dataclass(frozen=True)
class Kind:
    """A marker that reruns: what is arranged for the first run, and then the variants."""

    marker: str
    first: Arranged
    variants: Callable[[], Iterable[Variant]]
    all_well: str
    """What is said of a test that is right under every variant."""


VARIANT = pytest.StashKey[Variant]()
USED = pytest.StashKey[bool]()


def protocol(item: pytest.Item, nextitem: pytest.Item | None, kinds: list[Kind]) -> None:
    """Run `item` in pytest's stead; what is reported is one test."""
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    item.stash[USED] = False
    reports = _run(item, nextitem, Variant("as it is", arranged=_all_first(kinds)))
    call = next((one for one in reports if one.when == "call"), None)
    if call is not None and all(one.passed and not hasattr(one, "wasxfail") for one in reports):
        for kind in kinds:
            _judge(item, nextitem, kind, call)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def _all_first(kinds: list[Kind]) -> Arranged:
    @contextmanager
    def arranged(mock: ReachabilityMock) -> Iterator[None]:
        with ExitStack() as stack:
            for kind in kinds:
                stack.enter_context(kind.first(mock))
            yield

    return arranged


def _run(
    item: pytest.Item, nextitem: pytest.Item | None, variant: Variant
) -> list[pytest.TestReport]:
    # Not pytest's public API, so imported only where it is needed; rerunning plugins use it, too.
    from _pytest.runner import runtestprotocol  # noqa: PLC0415 - see above

    item.stash[VARIANT] = variant
    try:
        return runtestprotocol(item, log=False, nextitem=nextitem)
    finally:
        del item.stash[VARIANT]


def _judge(
    item: pytest.Item, nextitem: pytest.Item | None, kind: Kind, call: pytest.TestReport
) -> None:
    """Let `call`, which passed, say how the test fares under the variants."""
    if not item.stash[USED]:
        _fail(call, f"{kind.marker}: the test asks for no reachability_mock")
        return
    variants = list(kind.variants())
    wrong: list[tuple[Variant, pytest.TestReport]] = []
    for variant in variants:
        failed = [one for one in _run(item, nextitem, variant) if one.failed]
        wrong += [(variant, one) for one in failed[:1]]
    tried = "; ".join(one.says for one in variants) or "nothing"
    if not wrong:
        call.sections.append((kind.marker, f"{kind.all_well}. Tried: {tried}"))
        return
    lines = [f"{kind.marker}: {len(wrong)} of {len(variants)} variants break the test"]
    lines += [f"  {variant.says}: {_in_short(report)}" for variant, report in wrong]
    variant, report = wrong[0]
    _fail(call, "\n".join([*lines, "", f"{variant.says}:", report.longreprtext]))
    call.sections += [one for one in report.sections if one not in call.sections]


def _fail(report: pytest.TestReport, says: str) -> None:
    before = f"{report.longreprtext}\n\n" if report.failed else ""
    report.outcome = "failed"
    report.longrepr = before + says


def _in_short(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(crash.message if crash else report.longreprtext)
    return text.strip().partition("\n")[0]
