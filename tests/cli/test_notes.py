"""The files by which `serve` tells where it is."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from reachability_mock.cli import Unusable
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


def test_what_is_there_from_last_time_is_gone_at_once(tmp_path: Path) -> None:
    file = tmp_path / "port"
    file.write_text("1\n")
    with Notes(file) as notes:
        assert not file.exists()
        notes.write(file, "2\n")
    assert not file.exists()


@pytest.mark.parametrize("text", ["precious", "", "1 2", "REACHABILITY_MOCK_URL=x\nA=b\n"])
def test_what_no_server_has_written_is_refused_and_nothing_is_changed(
    tmp_path: Path, text: str
) -> None:
    port, file = tmp_path / "port", tmp_path / "file"
    port.write_text("1\n")
    file.write_text(text)
    with pytest.raises(Unusable, match="name another file"), Notes(port, file):
        pass
    assert (port.read_text(), file.read_text()) == ("1\n", text)


def test_a_file_that_cannot_be_written_or_removed_is_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unusable, match="name another file"), Notes(tmp_path):
        pass
    port = tmp_path / "port"
    port.write_text("1\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with pytest.raises(click.ClickException, match=r"cannot remove .*: Perm"), Notes(port):
            pass
    nowhere = tmp_path / "none" / "port"
    with pytest.raises(click.ClickException, match=r"cannot write .*: No such"), Notes() as notes:
        notes.write(nowhere, "1\n")
