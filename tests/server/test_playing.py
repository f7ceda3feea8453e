"""Scenarios on a server: whose clock they live by."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from reachability_mock.clock import ManualClock, SystemClock
from reachability_mock.http.site import Site
from reachability_mock.playing import Player, WorldTime
from reachability_mock.scenario.loader import loads
from reachability_mock.server import build_site
from reachability_mock.world import World

SECONDS = 10
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
STORY = """
name: comes and goes
given: {users: {alice: {}}}
timeline:
  - enable: {}
  - {at: 1h, connect: {user: alice}}
  - {at: 2h, disconnect: {user: alice}}
"""


class Told:
    """What was said of the end of a run, once something was."""

    def __init__(self) -> None:
        self.text = ""
        self.said = Event()

    def __call__(self, text: str) -> None:
        self.text = text
        self.said.set()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def site(told: Told) -> Site:
    """One whose clock stands, as with `serve --paused`."""
    site = build_site(clock=ManualClock(START), hint=lambda _: None)
    site.say = told
    site.scenarios = Player(site)
    return site


def waits_for(happened: Event) -> None:
    assert happened.wait(SECONDS)


def events(site: Site) -> dict[str, Event]:
    """One event for each kind that the world publishes, set when it does."""
    seen = {name: Event() for name in ("ConnectionOpened", "ConnectionClosed", "ServiceUpdated")}

    def hear(published: object) -> None:
        name = type(getattr(published, "event", None)).__name__
        if name in seen:
            seen[name].set()

    site.world.bus.subscribe(hear)
    return seen


def test_where_time_stands_a_story_goes_on_when_somebody_advances_it(site: Site) -> None:
    seen = events(site)
    assert site.scenarios is not None
    site.scenarios.start("story", STORY, site.keyring.default_account)
    waits_for(seen["ServiceUpdated"])
    assert site.world.clock.now() == START
    site.world.advance(3600)
    waits_for(seen["ConnectionOpened"])
    assert not seen["ConnectionClosed"].is_set()
    assert site.world.clock.now() == START + timedelta(hours=1)
    site.world.advance(7200)
    waits_for(seen["ConnectionClosed"])


def test_a_stopped_story_ends_though_time_stands(site: Site, told: Told) -> None:
    seen = events(site)
    assert site.scenarios is not None
    site.scenarios.start("story", STORY, site.keyring.default_account)
    waits_for(seen["ServiceUpdated"])
    site.scenarios.stop()
    waits_for(told.said)
    assert "stopped" in told.text
    assert site.world.clock.now() == START


def test_where_time_flows_a_wait_is_real_and_an_advance_ends_it() -> None:
    world = World(clock=SystemClock(START))
    until = WorldTime(world, lambda: False)
    hour = START + timedelta(hours=1)
    assert until(hour, 0.01) is False
    assert world.clock.now() < hour
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(until, hour, 2 * SECONDS)
        world.advance(3600)
        assert waiting.result(SECONDS) is False


def test_a_wait_says_that_it_was_stopped() -> None:
    until = WorldTime(World(clock=ManualClock(START)), lambda: True)
    assert until(START + timedelta(hours=1), 3600) is True


def test_a_run_that_cannot_begin_is_none(site: Site) -> None:
    player = Player(site, speed=0)
    with pytest.raises(ValueError, match="not above 0"):
        player.play(loads(STORY, "story"), site.keyring.default_account)
    assert player.ids() == []
