"""A browser with the SDK in it, and a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.node_realtime.conftest import Service
from tests.node_realtime.sdk import Sdk
from tests.tools import require_packages, require_tool

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path."""
    return require_tool("chromium")


@pytest.fixture(scope="session")
def browser_process(chromium: str) -> Iterator[Sdk]:
    """A browser for all tests."""
    node = require_packages(HERE)
    with Sdk([node, "driver.mjs", chromium], HERE) as running:
        yield running


@pytest.fixture
def service() -> Iterator[Service]:
    """A server of its own, with the indicator on."""
    running = Service()
    running.enable()
    yield running
    running.stop()


@pytest.fixture
def browser(service: Service, browser_process: Sdk) -> Iterator[Sdk]:
    """The browser without any tab; `service` outlives what a test opens."""
    assert service.uri
    browser_process.events()
    yield browser_process
    browser_process.shut_down_all()
