"""The benchmarks do what they say; how fast it is, `python -m benchmarks` tells."""

from __future__ import annotations

import shutil

import pytest

from benchmarks import doors, load, realtime, servers
from benchmarks.figures import Series, median_ratio
from reachability_mock.server import Server


@pytest.mark.parametrize("way", doors.WAYS.values(), ids=doors.WAYS.keys())
def test_every_way_arrives_at_an_alice_who_is_online(way: doors.Way) -> None:
    with way() as fetch:
        fetch()
        fetch()


def test_a_way_that_answers_something_else_is_noticed() -> None:
    with pytest.raises(AssertionError, match="ought to be online"):
        doors._checked(None)


def test_a_round_gives_one_sample_for_each_way() -> None:
    costs = doors.measure(rounds=2, fetches=1)

    assert costs.keys() == doors.WAYS.keys()
    assert {len(one.cpu.samples) for one in costs.values()} == {2}
    assert doors.share_of_stub(costs, doors.STUB) == 1


@pytest.mark.parametrize("form", ["", "FriendlyName=A"])
def test_our_own_generator_counts_answers(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    task = load.Task("a task", "POST" if form else "GET", "/v1/Configuration", 2, form)
    with Server() as server:
        outcome = load.put_on(server.url, task, 0.05)

        journal = server.site.world.journal.since(kind="answer")

    assert outcome.requests == len(journal) > 0
    assert outcome.rate > 0


def test_a_generator_notices_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with Server() as server, pytest.raises(load.LoadError, match="404"):
        load.put_on(server.url, load.Task("nobody", "GET", "/v1/Users/nobody", 1), 0.05)


def test_load_is_never_put_on_another_machine() -> None:
    with pytest.raises(ValueError, match="this machine only"):
        load.put_on("http://example.com", load.Task("x", "GET", "/", 1), 1)


def test_serve_is_started_with_a_list_that_fills_a_page() -> None:
    with servers.serve() as server:
        task = load.Task("list", "GET", "/v1/Users?PageSize=50", 1)
        before = server.cpu_seconds()
        assert load._by_ourselves(server.url, task, 0.05).requests > 0
        assert (server.cpu_seconds() or 0) >= (before or 0)


def test_a_ratio_is_the_median_of_the_rounds_own() -> None:
    ours, theirs = Series("ours", [1, 20, 3]), Series("theirs", [2, 40, 3])

    assert median_ratio(ours, theirs) == 0.5


def test_a_crowd_of_sockets_is_counted_and_told() -> None:
    found = realtime.crowd(4, 2, flips=2, looks=3)

    assert (found.sockets, found.watchers) == (4, 2)
    assert len(found.fan_out_ms) == 2
    assert len(found.rest_ms) == len(found.quiet_rest_ms) == 3
    assert found.as_json()["fan_out_ms"]["worst"] > 0
