"""The one fixture of these tests."""

from __future__ import annotations

import pytest

from tests.rest.api import Api


@pytest.fixture
def api() -> Api:
    """Return a client of a fresh site, the indicator off."""
    return Api()
