"""`pytest contracts/`: the contract check, suite by suite."""

from __future__ import annotations

import pytest

from reachability_contracts.checking import SUITES, Options, check
from reachability_contracts.results import Verdict


@pytest.mark.parametrize("suite", SUITES)
def test_the_contract_is_kept(suite: str) -> None:  # noqa: D103 - its name is its sentence
    report = check(Options(suites=(suite,)))
    if suite == "parity" and report.is_empty:
        pytest.skip(report.results[0].reason)
    assert report.count(Verdict.PASSED) > 0  # noqa: S101 - assert is what pytest is made of
    broken = [
        f"{one.file}:{one.line} {one.rules} {one.name}: {one.reason}" for one in report.failed
    ]
    assert broken == [], "\n".join(broken)  # noqa: S101 - likewise
