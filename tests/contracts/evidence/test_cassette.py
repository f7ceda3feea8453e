"""Cassettes: read back as they were written, or refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reachability_contracts.evidence.cassette import (
    BadCassette,
    Cassette,
    from_text,
    hash_of,
    read,
    read_all,
    to_text,
)
from reachability_contracts.results import Settled
from reachability_mock.address import is_twilio
from tests.contracts.evidence.samples import LIVE, TODAY, a_step, exchange, scenario_named

SOME = Cassette(
    LIVE,
    "two-devices",
    "sha256:1",
    {"events": "nobody listens"},
    (a_step(1, exchange({"is_online": None}, who=LIVE.who, form=(("A", "b"),))),),
)


def test_a_cassette_is_read_back_as_it_was_written() -> None:
    assert from_text(to_text(SOME), "x") == SOME


def test_so_is_what_a_run_settled() -> None:
    settled = Settled("head_requests", "refuse", "as_get", is_settled=True, by=LIVE.who)
    unknowns = Cassette(LIVE, "unknowns", "", {}, settled=(settled,))
    assert from_text(to_text(unknowns), "x") == unknowns


def test_its_age_is_in_days() -> None:
    assert SOME.age(TODAY) == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"origin": "live", "host": "localhost"}, "changed after it was recorded"),
        ({"steps": []}, "changed after it was recorded"),
        ({"cassette": 7}, "is of version 7"),
        ({"recorded": "yesterday"}, "is no cassette"),
        ({"origin": "hearsay"}, "'hearsay' is none of live"),
        ({"steps": 5}, "is no cassette"),
        ({"digest": None}, "changed after it was recorded"),
    ],
)
def test_what_was_changed_is_refused(change: dict[str, object], says: str) -> None:
    body = {**json.loads(to_text(SOME)), **change}
    with pytest.raises(BadCassette, match=says):
        from_text(json.dumps(body), "x.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", '"x"', "null", "{" * 5000])
def test_what_is_no_cassette_is_refused(text: str) -> None:
    with pytest.raises(BadCassette, match="is no cassette"):
        from_text(text, "x.json")


def test_only_twilios_own_host_can_be_live() -> None:
    fake = to_text(replace(SOME, header=replace(LIVE, host="127.0.0.1")))
    with pytest.raises(BadCassette, match=r"live, but was recorded at 127\.0\.0\.1"):
        from_text(fake, "x.json")
    assert is_twilio("conversations.twilio.com")
    assert not is_twilio("twilio.com.evil.example")
    assert not is_twilio("nottwilio.com")


def test_a_file_must_be_named_after_its_scenario(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(to_text(SOME))
    with pytest.raises(BadCassette, match="is the cassette of two-devices"):
        read(tmp_path / "other.json")


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe")
    with pytest.raises(BadCassette, match="cannot be read"):
        read(tmp_path / "binary.json")
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(9 * 1024 * 1024)
    with pytest.raises(BadCassette, match="larger"):
        read(huge)


def test_a_later_folder_goes_before_an_earlier_one(tmp_path: Path) -> None:
    newer = replace(SOME, header=replace(LIVE, client="a newer client"))
    for name, one in (("a", SOME), ("b", newer)):
        (tmp_path / name).mkdir()
        (tmp_path / name / one.file_name).write_text(to_text(one))
    assert read_all([tmp_path / "a", tmp_path / "b"]) == [newer]


def test_line_ends_do_not_change_a_scenarios_hash(tmp_path: Path) -> None:
    scenario = scenario_named("two-devices")
    file = tmp_path / "s.yaml"
    found = []
    for ends in (b"a\nb\n", b"a\r\nb\r\n", b"a\nc\n"):
        file.write_bytes(ends)
        found.append(hash_of(replace(scenario, file=str(file))))
    assert found[0] == found[1] != found[2]
