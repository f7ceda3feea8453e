"""A fake to handle, whose clock is wherever freezegun puts it."""

from collections.abc import Iterator

import pytest

import reachability_mock
from reachability_mock import ReachabilityMock


@pytest.fixture
def mock(request: pytest.FixtureRequest) -> Iterator[ReachabilityMock]:
    """A new fake, as the plugin makes one."""
    with reachability_mock.fake(seed=request.node.nodeid) as made:
        yield made
