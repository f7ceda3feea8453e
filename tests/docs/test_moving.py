"""The page about moving from stubs: its 'after' side finds the bug that its 'before' side hides."""

from __future__ import annotations

import re

import pytest

from tests.docs.blocks import ROOT

pytest_plugins = ["pytester"]

PAGE = (ROOT / "docs" / "moving-from-stubs.md").read_text()
CLIENT = """
import pytest
from unittest.mock import MagicMock


@pytest.fixture
def client(reachability_mock):
    return reachability_mock.client()
"""


def test_the_after_side_passes_but_for_the_bug_it_finds(pytester: pytest.Pytester) -> None:
    found = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    app, afters = found[0], [block for block in found if block.startswith("# after")]
    assert len(afters) == 2
    pytester.makepyfile("\n\n".join((CLIENT, app, *afters)))
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["FAILED*test_unknown_is_not_offline*"])


def test_the_before_side_hides_it(pytester: pytest.Pytester) -> None:
    found = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (app, mocked) = (found[0], next(block for block in found if "MagicMock()" in block))
    body = "\n".join(f"    {line}" for line in mocked.splitlines())
    pytester.makepyfile(f"{CLIENT}\n{app}\n\ndef test_before():\n{body}\n")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
