"""Cassettes and exchanges for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from reachability_contracts.evidence.cassette import Cassette, Header, Taped, hash_of, taped
from reachability_contracts.evidence.normalise import Normaliser
from reachability_contracts.evidence.replay import replayed
from reachability_contracts.plays import scenarios
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Exchange
from reachability_mock.scenario.model import Scenario

TODAY = date(2026, 11, 23)
LIVE = Header("live", date(2026, 11, 20), "conversations.twilio.com", "a client")


def scenario_named(name: str) -> Scenario:
    return next(one for one in scenarios() if one.name == name)


def exchange(body: object = None, **more: Any) -> Exchange:
    values: dict[str, Any] = {
        "who": "the fake",
        "method": "GET",
        "path": "/v1/Services/<IS:1>/Users",
        "form": (),
        "status": 200,
        "body": body,
        **more,
    }
    return Exchange(**values)


def a_step(index: int, *exchanges: Exchange, verdict: str = "passed", **more: Any) -> Taped:
    values: dict[str, Any] = {"reason": None, "differences": (), **more}
    return Taped(index, "a step", verdict, exchanges=exchanges, **values)


def of_the_fake(name: str, header: Header = LIVE, **lacked: str) -> Cassette:
    """What the fake itself would have said, under a header of anybody's."""
    scenario = scenario_named(name)
    steps = replayed(scenario, lacked, Redactor())
    clean = Normaliser("").text
    return Cassette(
        header, name, hash_of(scenario), lacked, tuple(taped(step, clean) for step in steps)
    )
