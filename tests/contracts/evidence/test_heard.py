"""The exchanges behind a step's verdict."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from reachability_contracts import checking, plays
from reachability_contracts.evidence.heard import Heard
from reachability_contracts.evidence.normalise import Normaliser
from reachability_contracts.mutants import mutant_named
from reachability_contracts.results import Exchange, Result
from reachability_mock.scenario.target import Reply, Request, TargetFailed

HOST = "https://conversations.twilio.com"
SID = "US" + "a" * 32


def results(name: str) -> list[Result]:
    (scenario,) = [one for one in plays.scenarios() if one.name == name]
    heard = Heard(Normaliser(HOST, who="the fake"))
    target = plays.in_process(scenario, heard.watch)
    return list(plays.played(scenario, target, exchanges=heard.taken))


def test_what_is_heard_is_normalised_and_passed_on() -> None:
    told: list[Request] = []
    heard = Heard(Normaliser(HOST, who="the fake"), lambda request, _: told.append(request))
    request = Request("GET", f"/v1/Users/{SID}")
    heard.watch(request, Reply(200, {"sid": SID, "url": f"{HOST}/v1/Users/{SID}"}))
    (exchange,) = heard.taken()
    assert told == [request]
    assert (exchange.who, exchange.path) == ("the fake", "/v1/Users/<US:1>")
    assert exchange.body == {"sid": "<US:1>", "url": "<host>/v1/Users/<US:1>"}


def test_what_was_taken_is_not_taken_again() -> None:
    heard = Heard(Normaliser(HOST, who="the fake"))
    heard.watch(Request("GET", "/v1/Services"), Reply(200, {}))
    assert len(heard.taken()) == 1
    assert heard.taken() == ()


def test_a_step_has_its_own_exchanges_and_nobody_elses() -> None:
    steps = results("null-in-list")
    listed = next(step for step in steps if "GET /v1/Users?PageSize=1" in step.name)
    assert [one.path for one in listed.exchanges] == ["/v1/Users?PageSize=1"]
    silent = next(step for step in steps if " disconnect " in step.name)
    assert silent.exchanges == ()


def test_a_reference_means_the_same_in_all_steps_of_a_play() -> None:
    users = [
        one.body["sid"]
        for step in results("two-devices")
        for one in step.exchanges
        if isinstance(one.body, dict) and one.body.get("identity") == "alice"
    ]
    assert len(users) > 1
    assert all(one == other for one, other in pairwise(users))


def test_a_broken_step_of_a_check_shows_what_the_fake_said() -> None:
    with mutant_named("list_leaks_online").applied():
        found = checking.check(checking.Options(suites=("scenarios",)))
    broken = [one for one in found.failed if one.suite == plays.SUITE]
    assert broken
    assert all(one.exchanges[-1].who == "the fake" for one in broken)
    for step in broken:
        shown = [user for one in step.exchanges for user in listed(one)]
        assert any(user["is_online"] is not None for user in shown), step.name


def listed(exchange: Exchange) -> list[Any]:
    return exchange.body["users"] if isinstance(exchange.body, dict) else []


# --- lists that do not end -----------------------------------------------------------------------


def asked(heard: Heard, query: str, sids: list[str], following: str | None) -> None:
    """One page of a list, with a next one."""
    url = f"{HOST}/v1/Services?{following}" if following else None
    body = {
        "services": [{"sid": sid} for sid in sids],
        "meta": {"key": "services", "next_page_url": url},
    }
    heard.watch(Request("GET", "/v1/Services", query), Reply(200, body))


def test_a_page_that_comes_again_with_a_next_one_ends_the_walk_at_once() -> None:
    heard = Heard(Normaliser(HOST))
    asked(heard, "PageSize=1", ["IS1"], "Page=1")
    asked(heard, "Page=1", ["IS2"], "Page=2")
    with pytest.raises(TargetFailed, match="GET /v1/Services does not end"):
        asked(heard, "Page=2", ["IS1"], "Page=3")
    assert len(heard.taken()) == 3


def test_empty_pages_without_an_end_are_such_pages() -> None:
    heard = Heard(Normaliser(HOST))
    asked(heard, "", ["IS1"], "Page=1")
    asked(heard, "Page=1", [], "Page=2")
    with pytest.raises(TargetFailed, match="does not end"):
        asked(heard, "Page=2", [], "Page=3")


def test_a_list_may_be_read_again_and_may_end_as_it_began() -> None:
    heard = Heard(Normaliser(HOST))
    for _ in range(3):
        asked(heard, "PageSize=1", ["IS1"], "Page=1")
        asked(heard, "PageSize=1", ["IS1"], "Page=1")
        asked(heard, "Page=1", ["IS2"], "Page=2")
        asked(heard, "Page=2", ["IS1"], None)


def test_a_server_whose_lists_never_end_is_found_out_in_a_few_requests() -> None:
    (scenario,) = [one for one in plays.scenarios() if one.name == "null-in-list"]
    sent: list[Request] = []
    heard = Heard(Normaliser(HOST), lambda request, _: sent.append(request))
    with mutant_named("next_is_never_null").applied():
        steps = list(plays.played(scenario, plays.in_process(scenario, heard.watch)))
    assert any("does not end" in step.reason for step in steps)
    assert len(sent) < 100
