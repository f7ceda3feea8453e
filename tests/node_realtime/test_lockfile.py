"""The lockfile pins what is installed, and says nothing of where from."""

from __future__ import annotations

from tests.node_realtime.sdk import HERE


def test_the_lockfile_names_no_registry() -> None:
    lockfile = (HERE / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lockfile
    assert '"resolved"' not in lockfile
