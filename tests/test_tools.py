"""`require_tool`: a skip at a desk, a failure in CI."""

import sys
from pathlib import Path

import pytest

from tests.tools import require_tool


def test_a_tool_that_is_there_is_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Path(sys.executable)
    monkeypatch.setenv("PATH", str(here.parent))
    assert require_tool(here.name) == str(here)


def test_a_missing_tool_skips_at_a_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-tool is not on PATH"):
        require_tool("no-such-tool")


def test_a_missing_tool_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-tool is not on PATH"):
        require_tool("no-such-tool")
