"""Sync on the wire: what a session's tests do not show."""

from __future__ import annotations

from datetime import timedelta

from reachability_mock.wire import sync_frames, twilsock
from reachability_mock.wire.sync import Item
from tests.wire.playbook import START, map_of

SID = map_of("alice")


def test_a_moment_is_spelled_with_milliseconds() -> None:
    moment = START + timedelta(microseconds=7_999)
    assert sync_frames.stamp(moment) == "2026-03-02T09:00:00.007Z"


def test_a_removed_map_is_told_live() -> None:
    frame = twilsock.read(sync_frames.removed(SID, 9, START))
    assert frame.header["message_type"] == "com.twilio.rtd.cds.map"
    body = frame.json()
    assert isinstance(body, dict)
    assert body["event_type"] == "map_removed"
    assert (body["event"]["map_sid"], body["event"]["id"]) == (SID, 9)


def test_a_change_is_the_same_bytes_for_everybody() -> None:
    item = Item("reachability", {"online": True, "notifiable": None}, 8, START, START)
    live = sync_frames.changed(SID, item, live=True)
    assert live == sync_frames.changed(SID, item, live=True)
    assert twilsock.read(live).json() == {
        "event_type": "map_item_updated",
        "event": {
            "id": 8,
            "map_sid": SID,
            "map_revision": "8",
            "item_key": "reachability",
            "item_url": f"/v3/Maps/{SID}/Items/reachability",
            "item_revision": "8",
            "item_data": {"online": True, "notifiable": None},
            "date_created": "2026-03-02T09:00:00.000Z",
            "date_expires": None,
        },
        "event_protocol_version": 4,
        "strictly_ordered": False,
    }


def test_replays_and_live_changes_come_by_different_doors() -> None:
    item = Item("attributes", {"value": "{}"}, 8, START, START)
    replayed = twilsock.read(sync_frames.changed(SID, item, live=False))
    assert replayed.header["message_type"] == "twilio.sync.event"
