"""A site to ask."""

import pytest

from tests.http.asking import Asker


@pytest.fixture
def asker() -> Asker:
    """A site of its own for every test."""
    return Asker()
