"""The files by which `serve` tells where it is."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from reachability_mock.cli.notes import Notes


def test_what_another_server_has_written_since_stays(tmp_path: Path) -> None:
    file = tmp_path / "port"
    with Notes(file, None) as notes:
        notes.write(file, "1\n")
        file.write_text("2\n")
    assert file.read_text() == "2\n"


def test_whoever_has_removed_one_is_not_complained_of(tmp_path: Path) -> None:
    file = tmp_path / "port"
    with Notes(file) as notes:
        notes.write(file, "1\n")
        file.unlink()


def test_a_file_that_cannot_be_written_or_removed_is_a_line(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match=r"cannot remove .*: "), Notes(tmp_path):
        pass
    nowhere = tmp_path / "none" / "port"
    with pytest.raises(click.ClickException, match=r"cannot write .*: No such"), Notes() as notes:
        notes.write(nowhere, "1\n")
