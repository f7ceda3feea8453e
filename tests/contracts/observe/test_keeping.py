"""Keeping: each disagreement once, each file whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from reachability_contracts.observe.finding import (
    Answer,
    Asked,
    Confirmed,
    Finding,
    Standing,
    Withdrawn,
)
from reachability_contracts.observe.keeping import Keeper
from reachability_contracts.observe.watching import Watching

DAY = date(2026, 11, 23)
UPSTREAM = "https://conversations.twilio.com"


def leak(got: object = True, method: str = "GET") -> Finding:  # noqa: FBT002 - a value that was seen
    asked = Asked(method, "/v1/Users")
    standing = Standing.OPEN
    return Finding(
        "R9", "is_online", (None,), got, "why", standing, asked, 200, {}, (), 0.0, ("R9", str(got))
    )


class Told(Keeper):
    """A keeper whose words are gathered."""

    def __init__(self, into: Path | None) -> None:
        self.said: list[str] = []
        super().__init__(into, UPSTREAM, lambda: DAY, self.said.append)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "evidence"


def times(folder: Path) -> list[int]:
    return [yaml.safe_load(file.read_text())["times"] for file in sorted(folder.iterdir())]


def test_the_same_is_kept_once_and_counted(folder: Path) -> None:
    keeper = Told(folder)
    for _ in range(3):
        keeper(leak())
    keeper(leak(got=False))
    assert times(folder) == [1, 1]
    keeper.finish()
    assert sorted(times(folder)) == [1, 3]
    assert sorted(keeper.files) == sorted(folder.iterdir())


def test_agreement_leaves_no_folder(folder: Path) -> None:
    keeper = Told(folder)
    watching = Watching()
    body = {"users": [{"sid": "x", "is_online": None, "is_notifiable": None}]}
    for outcome in watching.finish(watching.begin("GET", "/v1/Users"), Answer(200, body)):
        keeper(outcome)
    keeper.finish()
    assert not folder.exists()


def test_a_dry_run_writes_nothing_and_prints_what_it_would(tmp_path: Path) -> None:
    keeper = Told(None)
    keeper(leak())
    keeper.finish()
    assert list(tmp_path.iterdir()) == []
    assert yaml.safe_load(keeper.said[-1])["rule"] == "R9"


def test_of_a_write_nothing_is_stored(folder: Path) -> None:
    keeper = Told(folder)
    keeper(leak(method="POST"))
    keeper.finish()
    assert not folder.exists()
    assert "not kept" in keeper.said[-1]


def test_what_is_confirmed_says_so(folder: Path) -> None:
    keeper = Told(folder)
    keeper(leak())
    keeper(Confirmed(leak().key))
    (file,) = folder.iterdir()
    assert yaml.safe_load(file.read_text())["standing"] == Standing.CONFIRMED.value
    assert "confirmed" in keeper.said[-1]


def test_what_is_withdrawn_is_gone_and_may_come_again(folder: Path) -> None:
    keeper = Told(folder)
    keeper(leak())
    keeper(Withdrawn(leak().key))
    assert list(folder.iterdir()) == []
    keeper(Withdrawn(leak().key))
    keeper(leak())
    assert times(folder) == [1]


def test_evidence_of_an_earlier_run_is_left_as_it_is(folder: Path) -> None:
    Told(folder)(leak())
    (file,) = folder.iterdir()
    file.write_text("somebody's notes")
    keeper = Told(folder)
    keeper(leak())
    keeper(leak())
    keeper(Withdrawn(leak().key))
    keeper.finish()
    assert file.read_text() == "somebody's notes"
    assert keeper.files == []


def test_a_file_is_whole_or_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks while it is written finds nothing under its name."""
    seen: list[list[str]] = []
    real = Path.write_text

    def looked_at(path: Path, text: str, *args: str, **options: str) -> int:
        seen.append([one.name for one in folder.glob("*.yaml")])
        return real(path, text, *args, **options)

    monkeypatch.setattr(Path, "write_text", looked_at)
    Told(folder)(leak())
    assert seen == [[]]
    assert len(list(folder.glob("*.yaml"))) == 1


def test_a_disk_that_refuses_does_not_stop_the_proxy(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    keeper = Told(blocked / "evidence")
    keeper(leak())
    keeper(leak())
    keeper.finish()
    assert keeper.files == []
    assert any("cannot be kept" in line for line in keeper.said)
    assert not any("kept in None" in line for line in keeper.said)
