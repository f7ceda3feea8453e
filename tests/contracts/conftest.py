"""What tests of the harness share: a stand-in for the live service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.standin import StandIn, stand_in


@pytest.fixture(scope="module")
def arranged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """One stand-in for a module: whatever the faults, its foreign resources must outlive them."""
    with pytest.MonkeyPatch.context() as patched:
        folder: Path = tmp_path_factory.mktemp("stand-in")
        with stand_in(folder, patched) as where:
            yield where
