"""Writing: the difference first, each file whole or not at all, and no secret."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reachability_contracts.checking import SafetyStop
from reachability_contracts.evidence.cassette import Cassette, read
from reachability_contracts.evidence.writing import drafted, write
from reachability_contracts.redact import Redactor
from tests.contracts.evidence.samples import LIVE, a_step, exchange

SOME = Cassette(LIVE, "two-devices", "sha256:1", {}, (a_step(1, exchange({"is_online": None})),))


def test_a_new_cassette_is_all_new(tmp_path: Path) -> None:
    (draft,) = drafted([SOME], tmp_path / "new", Redactor())
    assert draft.is_new
    assert draft.differs
    assert next(draft.diff()).startswith("--- /dev/null")
    write([draft])
    assert read(draft.path) == replace(
        SOME, steps=(a_step(1, exchange({"is_online": None}, who=LIVE.who)),)
    )
    assert [file.name for file in draft.path.parent.iterdir()] == ["two-devices.json"]


def test_what_is_as_before_shows_no_difference(tmp_path: Path) -> None:
    write(drafted([SOME], tmp_path, Redactor()))
    (draft,) = drafted([SOME], tmp_path, Redactor())
    assert not draft.differs
    assert list(draft.diff()) == []


def test_what_changed_is_shown(tmp_path: Path) -> None:
    write(drafted([SOME], tmp_path, Redactor()))
    changed = replace(SOME, steps=(a_step(1, exchange({"is_online": True})),))
    (draft,) = drafted([changed], tmp_path, Redactor())
    lines = list(draft.diff())
    assert any(line.startswith("-") and '"is_online": null' in line for line in lines)
    assert any(line.startswith("+") and '"is_online": true' in line for line in lines)


def test_a_secret_that_got_this_far_stops_everything(tmp_path: Path) -> None:
    leaky = replace(SOME, steps=(a_step(1, exchange({"note": "eve@example.com"})),))
    with pytest.raises(SafetyStop, match="would hold a secret"):
        drafted([SOME, leaky], tmp_path, Redactor())
    assert list(tmp_path.iterdir()) == []


def test_it_is_looked_for_in_what_the_file_says_not_in_how_it_is_written(tmp_path: Path) -> None:
    note = "+49\t1577\t1234567"
    leaky = replace(SOME, steps=(a_step(1, exchange({"note": note})),))
    with pytest.raises(SafetyStop, match="would hold a secret"):
        drafted([leaky], tmp_path, Redactor())


def test_what_is_there_and_cannot_be_read_has_changed(tmp_path: Path) -> None:
    (tmp_path / SOME.file_name).write_bytes(b"\xff\xfe\x00binary")
    (draft,) = drafted([SOME], tmp_path, Redactor())
    assert not draft.is_new
    assert draft.differs
    assert not any(line.startswith("-") for line in list(draft.diff())[2:])
    write([draft])
    assert read(draft.path).scenario == SOME.scenario
    file = tmp_path / "file"
    file.write_text("")
    assert drafted([SOME], file / "sub", Redactor())[0].is_new
