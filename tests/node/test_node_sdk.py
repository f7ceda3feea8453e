"""Runs each file of Node tests against a server of its own."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from reachability_mock.server import Server
from tests.clients.control import Control, all_operations
from tests.tools import missing, require_tool

HERE = Path(__file__).parent
FILES = sorted(path.name for path in HERE.glob("*.test.mjs"))
REWRITING = {"TWILIO_EDGE", "TWILIO_REGION", "HTTP_PROXY", "http_proxy"}


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a free port, in a world of its own."""
    with Server() as running:
        yield running


def run_node(file: str, server: Server) -> int:
    """Run the Node tests of `file`; returns how many passed, and fails if one did not."""
    node = require_node()
    kept = {name: value for name, value in os.environ.items() if name not in REWRITING}
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", file],
        cwd=HERE,
        env={**kept, "REACHABILITY_MOCK_URL": server.url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    report = done.stdout + done.stderr
    assert done.returncode == 0, report
    return int(re.findall(r"^# pass (\d+)$", report, re.MULTILINE)[-1])


def require_node() -> str:
    """Node with the SDK installed; without them skip, or fail in CI."""
    node = require_tool("node")
    if not (HERE / "node_modules" / "twilio").is_dir():
        missing(
            "tests/node/node_modules has no twilio: run `npm ci` in tests/node (make test does)"
        )
    return node


@pytest.mark.parametrize("file", FILES)
def test_the_node_sdk_is_content_with(file: str, server: Server) -> None:
    written = len(re.findall(r"^\s*test\(", (HERE / file).read_text(), re.MULTILINE))

    assert run_node(file, server) >= written > 0


def test_the_node_sdk_leaves_no_operation_out(server: Server) -> None:
    run_node("operations.test.mjs", server)
    run_node("more.test.mjs", server)

    assert Control(server.url).operations_that_worked() == all_operations()


def test_the_lockfile_names_no_registry() -> None:
    lockfile = (HERE / "package-lock.json").read_text()

    assert '"integrity"' in lockfile
    assert '"resolved"' not in lockfile
    assert "registry" not in lockfile
