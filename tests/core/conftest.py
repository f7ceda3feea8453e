"""The one fixture of these tests."""

from __future__ import annotations

import pytest

from tests.core.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """Return a stage with the indicator off."""
    return Stage()
