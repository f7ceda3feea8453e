"""The live run with Twilio's own SDK: where it may connect, and what is skipped for want of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reachability_contracts.live.ledger import Ledger
from reachability_contracts.live.run import LIVE, LiveOptions, plan
from reachability_contracts.live.session import Guarded
from reachability_contracts.live.target import NO_DRIVER, LiveTarget
from reachability_contracts.stages import Credentials
from reachability_mock.scenario.target import Lacking, Need, Person
from reachability_mock.targets.sdk import SdkClients

KEY = ("SK" + "5" * 32, "a-secret-that-nobody-knows")
STAND_IN = "https://conversations.stand-in.test:4010"


def target(folder: Path, base: str, *, with_key: bool = True) -> LiveTarget:
    ledger = Ledger(folder / "ledger.jsonl")
    session = Guarded(base, ledger, 10)
    return LiveTarget(base, ("AC" + "5" * 32, "x"), session, ledger, key=KEY if with_key else None)


def test_without_a_key_nobody_comes_online(tmp_path: Path) -> None:
    assert target(tmp_path, LIVE, with_key=False).lacks(Need.PRESENCE) == NO_DRIVER


@pytest.mark.parametrize("why_not", [None, "node is not on PATH"])
def test_with_a_key_the_sdk_says_whether_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why_not: str | None
) -> None:
    monkeypatch.setattr(SdkClients, "why_not", lambda _: why_not)
    assert target(tmp_path, LIVE).lacks(Need.PRESENCE) == why_not


def test_a_stand_in_does_not_send_the_sdk_to_twilio(tmp_path: Path) -> None:
    uri = target(tmp_path, STAND_IN)._uri()
    assert uri is not None
    assert uri.startswith("wss://conversations.stand-in.test:4010/")
    assert target(tmp_path, LIVE)._uri() is None


def test_who_is_not_connected_cannot_register(tmp_path: Path) -> None:
    alice = Person("alice", "IS" + "1" * 32)
    with pytest.raises(Lacking, match="alice is not"):
        target(tmp_path, STAND_IN).register_push(alice, "fcm", "x")


def test_the_plan_says_who_will_come_online(tmp_path: Path) -> None:
    known = Credentials("AC" + "5" * 32, "x")
    ledger = tmp_path / "ledger.jsonl"
    assert "presence: nobody comes online" in plan(LiveOptions(known, ledger=ledger))
    said = plan(LiveOptions(known, ledger=ledger, key=Credentials(*KEY)))
    assert any(line.startswith("presence: Twilio's own SDK") for line in said)
    assert not any(KEY[1] in line for line in said)
