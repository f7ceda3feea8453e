"""Time: freezegun is followed, dates and due timers both."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from freezegun import freeze_time

import reachability_mock
from reachability_mock import ReachabilityMock

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_dates_are_frozen(mock: ReachabilityMock) -> None:
    with freeze_time(NINE) as frozen:
        users = mock.client().conversations.v1.users
        users.create(identity="alice")
        frozen.tick(90)
        updated = users("alice").update(friendly_name="Alice")
    assert updated.date_created == NINE
    assert updated.date_updated == NINE + timedelta(seconds=90)


def test_a_tick_lets_a_timer_come_due_at_the_next_look(mock: ReachabilityMock) -> None:
    with freeze_time(NINE) as frozen:
        mock.settings.update({"offline_delay": "30s"})
        mock.enable()
        mock.connect("alice")
        mock.disconnect("alice")
        frozen.tick(29)
        assert mock.users["alice"].is_online is True
        frozen.tick(1)
        assert mock.users["alice"].is_online is False
        assert mock.client().conversations.v1.users("alice").fetch().is_online is False


def test_a_move_lets_it_happen_at_its_own_time_whoever_looks_first(mock: ReachabilityMock) -> None:
    with freeze_time(NINE) as frozen:
        mock.settings.update({"offline_delay": "30s"})
        mock.enable()
        mock.connect("alice")
        watcher = mock.sdk_client("bob")
        watcher.get_user("alice")
        mock.disconnect("alice")
        frozen.move_to(NINE + timedelta(hours=1))
        assert mock.why("alice").is_online.rule == "R6"
        assert len(watcher.updates) == 1
        events = [one for one in mock.world.journal.since(kind="event") if one.user == "alice"]
        assert events[-1].at == NINE + timedelta(seconds=30)


@freeze_time("2026-01-05 09:00:00", tick=True)
def test_a_fake_begun_in_frozen_time_lives_in_it() -> None:
    with reachability_mock.fake() as mock:
        assert mock.clock.now() - NINE < timedelta(minutes=1)
        assert mock.clock.advance(3600) - NINE >= timedelta(hours=1)


def test_an_advance_is_kept_when_time_is_frozen(mock: ReachabilityMock) -> None:
    mock.clock.advance(60)
    with freeze_time(NINE):
        assert mock.clock.now() == NINE + timedelta(seconds=60)


@pytest.mark.parametrize("identity", ["alice"])
def test_back_in_time_nothing_happens(mock: ReachabilityMock, identity: str) -> None:
    with freeze_time(NINE) as frozen:
        mock.settings.update({"offline_delay": "30s"})
        mock.enable()
        mock.connect(identity)
        mock.disconnect(identity)
        frozen.move_to(NINE - timedelta(days=1))
        assert mock.users[identity].is_online is True


def test_the_socket_starts_serves_and_stops_inside_frozen_time() -> None:
    with freeze_time(NINE) as frozen, reachability_mock.fake() as mock:
        mock.enable()
        mock.connect("alice")
        users = f"{mock.url}/v1/Users/alice"
        auth = (mock.account_sid, "any")
        assert requests.get(users, auth=auth, timeout=5).json()["date_created"] == (
            "2026-01-05T09:00:00Z"
        )
        mock.settings.update({"offline_delay": "30s"})
        mock.disconnect("alice")
        frozen.tick(30)
        assert requests.get(users, auth=auth, timeout=5).json()["is_online"] is False
