"""Alarms: in order, by system time, and not for ever."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from reachability_mock.clock import system_now
from reachability_mock.realtime import alarms
from reachability_mock.realtime.alarms import Alarms


def in_seconds(seconds: float) -> datetime:
    return system_now() + timedelta(seconds=seconds)


def test_what_is_due_comes_in_order_and_once() -> None:
    one = Alarms(lambda: None)
    for seconds, device in ((-1, "b"), (-2, "a"), (100, "c")):
        one.set(in_seconds(seconds), device)
    assert one.due() == ["a", "b"]
    assert one.due() == []


def test_alarms_of_those_who_are_gone_are_forgotten_once_they_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alarms, "FEWEST", 2)
    one = Alarms(lambda: None)
    for device in ("a", "b", "c"):
        one.set(in_seconds(-1), device)
    one.prune({"b"})
    assert one.due() == ["b"]


def test_a_few_may_stay() -> None:
    one = Alarms(lambda: None)
    one.set(in_seconds(-1), "a")
    one.prune(())
    assert one.due() == ["a"]


@pytest.mark.asyncio
async def test_somebody_looks_when_the_next_one_is_due() -> None:
    looked = asyncio.Event()
    one = Alarms(looked.set)
    one.start(asyncio.get_running_loop())
    one.set(in_seconds(0), "a")
    async with asyncio.timeout(5):
        await looked.wait()
    one.stop()
    assert one.due() == []
