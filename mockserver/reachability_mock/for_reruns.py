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
    untried: Callable[[], str | None] = lambda: None
    """Why a run that passed has tried nothing, if so; asked after it."""


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
    given = [one for marker in item.iter_markers(kind.marker) for one in _arguments(marker)]
    if given:
        _fail(call, f"{kind.marker} takes no arguments, not {', '.join(given)}")
        return
    tried = _Tried(kind)
    for variant in kind.variants():
        tried.note(variant, _run(item, nextitem, variant))
    if tried.is_right:
        call.sections.append((kind.marker, tried.says))
        return
    _fail(call, tried.says)
    call.sections += [one for one in tried.sections if one not in call.sections]


def _arguments(marker: pytest.Mark) -> Iterator[str]:
    yield from map(repr, marker.args)
    yield from (f"{name}={value!r}" for name, value in marker.kwargs.items())


@dataclass
class _Tried:
    """How a test has fared under the variants so far."""

    kind: Kind
    right: list[str] = field(default_factory=list)
    wrong: list[tuple[str, pytest.TestReport]] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)

    def note(self, variant: Variant, reports: list[pytest.TestReport]) -> None:
        """A run under `variant` has come to this."""
        failed = next((one for one in reports if one.failed), None)
        reason = next((_why_skipped(one) for one in reports if one.skipped), variant.untried())
        if failed is not None:
            self.wrong.append((variant.says, failed))
        elif reason is not None:
            self.untried.append(f"{variant.says}: {reason}")
        else:
            self.right.append(variant.says)

    @property
    def is_right(self) -> bool:
        """Whether nothing broke, and not because nothing was tried."""
        return not self.wrong and bool(self.right or not self.untried)

    @property
    def says(self) -> str:
        """The verdict, with what it rests on."""
        if self.is_right:
            so_far = ", as far as it was tried" if self.untried else ""
            said = f"{self.kind.all_well}{so_far}. Tried: {'; '.join(self.right) or 'nothing'}"
            return "\n".join([said, *self._untried()])
        if not self.wrong:
            return "\n".join([f"{self.kind.marker}: nothing was tried", *self._untried()])
        return "\n".join([*self._broken(), *self._untried(), "", *self._first()])

    def _broken(self) -> Iterator[str]:
        number = len(self.right) + len(self.wrong)
        yield f"{self.kind.marker}: {len(self.wrong)} of {number} variants break the test"
        yield from (f"  {says}: {_in_short(report)}" for says, report in self.wrong)

    def _untried(self) -> list[str]:
        return ["not tried:", *(f"  {one}" for one in self.untried)] if self.untried else []

    def _first(self) -> Iterator[str]:
        says, report = self.wrong[0]
        yield from (f"{says}:", report.longreprtext)

    @property
    def sections(self) -> list[tuple[str, str]]:
        """What the first run that broke has written."""
        return self.wrong[0][1].sections if self.wrong else []


def _why_skipped(report: pytest.TestReport) -> str:
    where = report.longrepr
    said = where[2] if isinstance(where, tuple) else getattr(report, "wasxfail", "")
    return str(said).removeprefix("Skipped: ") or "skipped"


def _fail(report: pytest.TestReport, says: str) -> None:
    before = f"{report.longreprtext}\n\n" if report.failed else ""
    report.outcome = "failed"
    report.longrepr = before + says


def _in_short(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(crash.message if crash else report.longreprtext)
    return text.strip().partition("\n")[0]
