"""The example's own end-to-end test, run as its README says."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.tools import ROOT, names_no_registry, require_packages, require_tool

HERE = ROOT / "examples" / "presence-badge"
TEST = HERE / "test" / "badges.test.mjs"
pytestmark = pytest.mark.xdist_group("browser")


def test_it_passes_in_a_browser_without_a_network() -> None:
    chromium, node = require_tool("chromium"), require_packages(HERE)
    run = [sys.executable, "-m", "reachability_mock", "run", "--"]
    done = subprocess.run(
        [*run, node, "--test", "--test-reporter=tap", str(TEST)],
        cwd=HERE,
        env={**os.environ, "CHROMIUM": chromium},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    written = len(re.findall(r"^test\(", TEST.read_text(), re.MULTILINE))
    assert f"# pass {written}" in done.stdout


def test_the_handler_looks_at_every_reason_there_is() -> None:
    handler = (HERE / "public" / "badges.js").read_text()
    assert "for (const reason of updateReasons)" in handler
    for reason in ("reachabilityOnline", "reachabilityNotifiable", "friendlyName"):
        assert f"case '{reason}':" in handler


def test_the_lockfile_names_no_registry() -> None:
    assert names_no_registry(HERE)
