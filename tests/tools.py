"""Programs that some tests need: skipped where they are missing, but never when `CI=true`."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parent.parent
"""The checkout, or the unpacked sdist."""


def in_ci() -> bool:
    """Whether a missing tool is a failure, so that CI cannot go green by skipping."""
    return os.environ.get("CI", "").lower() == "true"


def require_tool(name: str) -> str:
    """Return the path of the program `name`; without it, skip the test, or fail it in CI."""
    return shutil.which(name) or missing(f"{name} is not on PATH")


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it in CI, which has everything that a test needs."""
    if in_ci():
        pytest.fail(f"CI=true, and {reason}: `.ci/run` installs what tests need")
    pytest.skip(reason)


def require_packages(folder: Path) -> str:
    """Return Node's path, with what the lockfile in `folder` names installed beside it.

    Installed once, and again when the lockfile has changed; without Node or npm, or where npm
    fails, skip the test, or fail it in CI.
    """
    node, npm = require_tool("node"), require_tool("npm")
    lockfile, stamp = folder / "package-lock.json", folder / "node_modules" / ".installed"
    with _alone(folder):
        if stamp.exists() and stamp.read_bytes() == lockfile.read_bytes():
            return node
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode == 0:
            stamp.write_bytes(lockfile.read_bytes())
            return node
    missing(f"npm ci failed in {folder}: {done.stderr[-500:]}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else do anything to `folder`: the workers of a run start together."""
    import fcntl  # noqa: PLC0415 - there is none on Windows

    name = sha256(str(folder).encode()).hexdigest()[:16]
    with (Path(gettempdir()) / f"reachability-mock-{name}.lock").open("w", encoding="utf-8") as own:
        fcntl.flock(own, fcntl.LOCK_EX)
        yield


def names_no_registry(folder: Path) -> bool:
    """Whether the lockfile in `folder` pins what is installed and is silent about where from."""
    lockfile = (folder / "package-lock.json").read_text(encoding="utf-8")
    return '"integrity"' in lockfile and '"resolved"' not in lockfile
