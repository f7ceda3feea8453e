"""The world: one writer, timers in order, everything journalled, and threads that may meet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from reachability_mock.bus import Published
from reachability_mock.clock import ManualClock
from reachability_mock.core import sids
from reachability_mock.core.errors import Refused
from reachability_mock.core.events import UserAdded, UserUpdated
from reachability_mock.core.facts import (
    AccountConfigured,
    Connected,
    ConnectionLost,
    Disconnected,
    Fact,
    PushRegistered,
    PushUnregistered,
    ServiceConfigured,
    ServiceCreated,
    ServiceDeleted,
    UserCreated,
    UserDeleted,
)
from reachability_mock.core.model import BindingType
from reachability_mock.core.paging import PageRequest, page_of
from reachability_mock.settings import Settings
from reachability_mock.world import World
from tests.core.stage import ACCOUNT, START, sid

IS = sids.default_service_sid(ACCOUNT)
US, BS, OTHER = sid("US", 1), sid("BS", 1), sid("IS", 2)
ON = ServiceConfigured(IS, reachability_enabled=True)
CONNECTED, GONE = Connected(IS, "alice", "phone", US), Disconnected(IS, "alice", "phone")
LOST = ConnectionLost(IS, "alice", "phone")


def world_with(**settings: object) -> World:
    """A world with one open account and the indicator on."""
    world = World(clock=ManualClock(START), settings=Settings(settings), seed=1)
    world.open_account(ACCOUNT)
    world.submit(ON)
    return world


def told(world: World) -> list[Published]:
    """What the bus will publish from now on."""
    heard: list[Published] = []
    world.bus.subscribe(heard.append)
    return heard


def test_an_account_is_opened_once() -> None:
    world = World(clock=ManualClock(START))
    heard = told(world)
    world.open_account(ACCOUNT)
    first = list(heard)
    world.open_account(ACCOUNT)
    assert heard == first
    assert world.store.service(IS) is not None


def test_the_same_seed_makes_the_same_sids() -> None:
    def made(seed: int | None) -> list[str]:
        world = World(seed=seed)
        return [world.new_sid("US") for _ in range(3)]

    assert made(1) == made(1)
    assert made(1) != made(2)
    assert made(None) != made(None)
    assert all(sids.is_sid("US", one) for one in made(3))


def test_a_world_has_the_systems_clock_unless_told_otherwise() -> None:
    assert World().clock.now().tzinfo is not None


def test_events_are_published_in_order_and_stored_before() -> None:
    world = world_with()
    seen: list[bool] = []
    world.bus.subscribe(lambda _: seen.append(world.store.user(IS, US) is not None))
    heard = told(world)
    world.submit(CONNECTED)
    assert isinstance(heard[0].event, UserAdded)
    assert isinstance(heard[-1].event, UserUpdated)
    numbers = [one.n for one in heard]
    assert numbers == sorted(numbers)
    assert seen == [True] * len(heard)


def test_a_refused_fact_is_neither_stored_nor_told_nor_journalled() -> None:
    world = world_with()
    heard = told(world)
    before = [entry.n for entry in world.journal]
    with pytest.raises(Refused):
        world.submit(UserCreated(IS, US, ""))
    assert heard == []
    assert [entry.n for entry in world.journal] == before
    assert world.store.user(IS, US) is None


def test_timers_run_in_order_each_at_its_own_time() -> None:
    world = world_with(lost_after="10s", offline_delay="5s")
    world.submit(CONNECTED)
    world.submit(Connected(IS, "bob", "phone", sid("US", 2)))
    world.submit(LOST)
    world.submit(Disconnected(IS, "bob", "phone"))
    heard = told(world)
    world.advance(3600)
    seconds = [(one.at - START).total_seconds() for one in heard]
    assert seconds == [5, 10, 15]
    assert world.clock.now() == START + timedelta(hours=1)


def test_what_has_come_due_happens_before_the_next_fact() -> None:
    clock = ManualClock(START)
    world = World(clock=clock, settings=Settings({"offline_delay": "5s"}))
    world.open_account(ACCOUNT)
    for fact in (ON, CONNECTED, GONE):
        world.submit(fact)
    heard = told(world)
    clock.advance(timedelta(seconds=60))
    assert heard == [], "nothing runs by itself"
    world.submit(CONNECTED)
    assert [(one.at - START).total_seconds() for one in heard] == [5, 60, 60]


def test_the_next_timer_can_be_asked_for() -> None:
    world = world_with(offline_delay="5s")
    assert world.next_due is None
    world.submit(CONNECTED)
    world.submit(GONE)
    assert world.next_due == START + timedelta(seconds=5)
    world.advance(5)
    assert world.next_due is None


def test_a_ticker_is_woken_when_timers_change_until_it_stops() -> None:
    world = world_with(offline_delay="5s")
    woken: list[str] = []
    stop = world.watch_timers(lambda: woken.append("!"))
    world.submit(CONNECTED)
    assert woken == []
    world.submit(GONE)
    assert woken == ["!"]
    world.advance(5)
    assert woken == ["!", "!"]
    stop()
    stop()
    world.advance(5)
    assert woken == ["!", "!"]


def test_a_ticker_that_fails_loses_no_event() -> None:
    world = world_with(offline_delay="5s", lost_after="5s")
    world.submit(CONNECTED)
    heard = told(world)

    def fail() -> None:
        raise RuntimeError("the loop is closed")

    world.watch_timers(fail)
    with pytest.raises(RuntimeError):
        world.submit(GONE)
    assert [type(one.event).__name__ for one in heard] == ["ConnectionClosed"]


def test_a_reset_forgets_everything_but_who_listens() -> None:
    world = world_with(offline_delay="5s")
    world.settings.update({"offline_delay": "9s"})
    heard = told(world)
    world.submit(CONNECTED)
    world.submit(GONE)
    world.reset()
    assert world.store.account(ACCOUNT) is None
    assert world.next_due is None
    assert list(world.journal) == []
    assert world.settings["offline_delay"] == "5s"
    heard.clear()
    world.open_account(ACCOUNT)
    assert heard


def entries(world: World, n: int) -> list[tuple[str, str, object, object, object]]:
    return [
        (one.kind, type(one.data).__name__, one.account, one.service, one.user)
        for one in world.journal.since(n)
    ]


def test_the_journal_knows_whose_everything_is() -> None:
    world = world_with()
    cases: dict[Fact, list[str]] = {
        CONNECTED: ["Connected", "UserAdded", "ConnectionOpened", "UserUpdated"],
        PushRegistered(IS, "alice", BS, US, BindingType.FCM, "x"): [
            "PushRegistered",
            "BindingAdded",
            "UserUpdated",
        ],
        PushUnregistered(IS, BS): ["PushUnregistered", "BindingRemoved", "UserUpdated"],
        LOST: ["ConnectionLost", "ConnectionClosed", "UserUpdated"],
        UserDeleted(IS, US): ["UserDeleted", "UserRemoved"],
    }
    for fact, names in cases.items():
        n = world.journal.add("request", START, None)
        world.submit(fact, cause=n)
        kinds = ["fact"] + ["event"] * (len(names) - 1)
        assert entries(world, n) == [
            (kind, name, ACCOUNT, IS, "alice") for kind, name in zip(kinds, names, strict=True)
        ]
        fact_entry, *events = world.journal.since(n)
        assert fact_entry.cause == n
        assert {event.cause for event in events} <= {fact_entry.n}


def test_the_journal_knows_whose_a_service_and_an_account_are() -> None:
    world = world_with()
    for fact in (ServiceCreated(ACCOUNT, OTHER, "x"), ServiceDeleted(OTHER)):
        n = world.journal.add("request", START, None)
        world.submit(fact)
        assert {entry[2] for entry in entries(world, n)} == {ACCOUNT}
        assert entries(world, n)[1][3] == OTHER
    n = world.journal.add("request", START, None)
    world.submit(AccountConfigured(ACCOUNT, default_inactive_timer="PT5M"))
    assert [entry[2:] for entry in entries(world, n)] == [(ACCOUNT, None, None)] * 2


def test_a_switch_is_journalled_with_each_user_it_touched() -> None:
    world = world_with()
    world.submit(CONNECTED)
    world.submit(ServiceConfigured(IS, reachability_enabled=False))
    n = world.journal.add("request", START, None)
    world.submit(ON)
    assert [(entry[1], entry[4]) for entry in entries(world, n)] == [
        ("ServiceConfigured", None),
        ("ServiceUpdated", None),
        ("UserUpdated", "alice"),
    ]


def test_threads_that_create_one_identity_make_one_user() -> None:
    world = world_with()
    together = Barrier(8)

    def create(number: int) -> int:
        together.wait()
        try:
            world.submit(UserCreated(IS, sid("US", number), "alice"))
        except Refused as refused:
            return refused.problem.code
        return 201

    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(create, range(8)))
    assert codes == [201] + [50201] * 7
    assert len(list(world.store.users_of(IS).after(-1))) == 1


def test_threads_that_first_connect_one_identity_make_one_user_with_all_devices() -> None:
    world = world_with()
    together = Barrier(8)

    def connect(number: int) -> None:
        together.wait()
        world.submit(Connected(IS, "alice", f"device {number}", sid("US", number)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(connect, range(8)))
    [(_, user)] = world.store.users_of(IS).after(-1)
    assert len(user.connections) == 8


def test_a_walk_under_the_lock_meets_no_writer() -> None:
    world = world_with()
    together = Barrier(2)

    def write() -> None:
        together.wait()
        for number in range(300):
            world.submit(UserCreated(IS, sid("US", number), f"u{number}"))
            world.submit(UserDeleted(IS, sid("US", number)))

    def walk() -> None:
        together.wait()
        for _ in range(300):
            with world.lock:
                page_of(world.store.users_of(IS), PageRequest())

    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(write), pool.submit(walk)]:
            job.result()
