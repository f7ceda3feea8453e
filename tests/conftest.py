"""Fixtures for every test.  Keep it short: a fixture lives beside the tests that use it."""

from collections.abc import Callable

import pytest

from tests import tools


@pytest.fixture
def require_tool() -> Callable[[str], str]:
    """Return `tests.tools.require_tool`, for tests that would rather ask for a fixture."""
    return tools.require_tool
