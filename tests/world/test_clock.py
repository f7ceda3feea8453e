"""Clocks: one that flows, one that stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from freezegun import freeze_time

from reachability_mock.clock import ManualClock, SystemClock, system_now, true_monotonic

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NINETY = timedelta(seconds=90)


def test_a_manual_clock_stands_until_it_is_advanced() -> None:
    clock = ManualClock(START)
    assert clock.now() == clock.now() == START
    assert clock.advance(NINETY) == clock.now() == START + NINETY


def test_the_system_clock_follows_freezegun() -> None:
    clock = SystemClock()
    with freeze_time(START) as frozen:
        assert clock.now() == system_now() == START
        frozen.tick(NINETY)
        assert clock.now() == system_now() == START + NINETY


def test_the_system_clock_can_be_moved_and_tokens_do_not_notice() -> None:
    with freeze_time(START):
        clock = SystemClock()
        assert clock.advance(NINETY) == clock.now() == START + NINETY
        assert system_now() == START


def test_the_system_clock_can_begin_elsewhere_and_flow_from_there() -> None:
    with freeze_time("2030-01-01") as frozen:
        clock = SystemClock(START)
        frozen.tick(NINETY)
        assert clock.now() == START + NINETY


def test_a_clock_can_be_put_back_to_where_it_would_be_had_nobody_moved_it() -> None:
    standing = ManualClock(START)
    standing.advance(NINETY)
    standing.restart()
    assert standing.now() == START
    with freeze_time("2030-01-01") as frozen:
        flowing = SystemClock(START)
        flowing.advance(NINETY)
        frozen.tick(NINETY)
        flowing.restart()
        assert flowing.now() == START + NINETY


def test_every_time_is_utc() -> None:
    assert SystemClock().now().utcoffset() == system_now().utcoffset() == timedelta(0)


def test_steady_time_is_not_frozen() -> None:
    with freeze_time(START):
        first = true_monotonic()
        assert any(true_monotonic() > first for _ in range(1_000_000))
