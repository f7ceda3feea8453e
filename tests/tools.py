"""Programs that some tests need: skipped where they are missing, but never when `CI=true`."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
"""The checkout, or the unpacked sdist."""


def in_ci() -> bool:
    """Whether a missing tool is a failure, so that CI cannot go green by skipping."""
    return os.environ.get("CI", "").lower() == "true"


def require_tool(name: str) -> str:
    """Return the path of the program `name`; without it, skip the test, or fail it in CI."""
    path = shutil.which(name)
    if path is not None:
        return path
    if in_ci():
        pytest.fail(f"CI=true, and {name} is not on PATH: .ci/run should have installed it")
    pytest.skip(f"{name} is not on PATH")
