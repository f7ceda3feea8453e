"""The lockfiles pin what is installed, and say nothing of where from."""

from __future__ import annotations

from pathlib import Path

import pytest

from reachability_mock.realtime.sdk_driver import SOURCE
from tests.node_realtime.sdk import HERE
from tests.tools import names_no_registry


@pytest.mark.parametrize("folder", [HERE, SOURCE], ids=["tests", "driver"])
def test_the_lockfile_names_no_registry(folder: Path) -> None:
    assert names_no_registry(folder)
