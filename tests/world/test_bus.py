"""The bus: everybody hears everything, in order, whatever the others do."""

from __future__ import annotations

import logging

import pytest

from reachability_mock.bus import Bus, Published
from reachability_mock.core.events import AccountUpdated
from reachability_mock.core.model import Account
from tests.core.stage import START

EVENT = Published(1, START, AccountUpdated(Account("AC1", "IS1", None)))


def test_a_listener_hears_until_it_stops() -> None:
    bus, heard = Bus(), list[Published]()
    stop = bus.subscribe(heard.append)
    bus.publish(EVENT)
    stop()
    bus.publish(EVENT)
    stop()
    assert heard == [EVENT]


def test_listeners_hear_in_the_order_they_came() -> None:
    bus, order = Bus(), list[str]()
    bus.subscribe(lambda _: order.append("first"))
    bus.subscribe(lambda _: order.append("second"))
    bus.publish(EVENT)
    assert order == ["first", "second"]


def test_one_that_fails_keeps_nothing_from_the_others(caplog: pytest.LogCaptureFixture) -> None:
    bus, heard = Bus(), list[Published]()

    def fail(_: Published) -> None:
        raise RuntimeError("mine alone")

    bus.subscribe(fail)
    bus.subscribe(heard.append)
    with caplog.at_level(logging.ERROR):
        bus.publish(EVENT)
    assert heard == [EVENT]
    assert "a listener failed on event 1" in caplog.text
    assert "mine alone" in caplog.text


def test_one_may_stop_while_it_listens() -> None:
    bus, heard = Bus(), list[Published]()

    def once(published: Published) -> None:
        heard.append(published)
        stop()

    stop = bus.subscribe(once)
    bus.publish(EVENT)
    bus.publish(EVENT)
    assert heard == [EVENT]
