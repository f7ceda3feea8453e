"""Sync on the wire: roots, items, subscription replies and the events that are pushed.

Shapes as the SDK reads them; the SID is the name that matters, a revision is the event id's text.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reachability_mock.wire import twilsock
from reachability_mock.wire.sync import Item, SyncMap, name_of

Json = dict[str, Any]
REPLAYED = "twilio.sync.event"
"""The message type of what comes in strict order: subscription replies, and replays."""
LIVE = "com.twilio.rtd.cds.map"
"""The message type of a change that just happened."""
PROTOCOL_VERSION = 4
MAP = "map"


def stamp(moment: datetime) -> str:
    """A moment as Sync spells it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def root(found: SyncMap, origin: str, items: list[Item] | None) -> Json:
    """A map itself, with its `items` if they were asked for."""
    url = f"{origin}/v3/Maps/{found.sid}"
    shown: Json = {
        "sid": found.sid,
        "unique_name": name_of(found.sid),
        "url": url,
        "links": {"items": f"{url}/Items"},
        "revision": str(found.last_event_id),
        "last_event_id": found.last_event_id,
        "date_created": stamp(found.created),
        "date_updated": stamp(found.updated),
        "date_expires": None,
    }
    return shown if items is None else {**shown, "items": [item(found, one) for one in items]}


def item(found: SyncMap, one: Item) -> Json:
    """One item of a map."""
    return {
        "key": one.key,
        "url": f"/v3/Maps/{found.sid}/Items/{one.key}",
        "data": one.data,
        "revision": str(one.event_id),
        "last_event_id": one.event_id,
        "date_created": stamp(one.created),
        "date_updated": stamp(one.updated),
        "date_expires": None,
        "map_sid": found.sid,
    }


def items(found: SyncMap, shown: list[Item]) -> Json:
    """The one page of items that a map has."""
    return {
        "items": [item(found, one) for one in shown],
        "meta": {"previous_token": None, "next_token": None},
    }


def poked() -> Json:
    """The answer to a request for subscriptions.

    A `ttl_in_s` above 0 would keep a Node process alive for so long after `shutdown()`.
    """
    return {"max_batch_size": 100, "estimated_delivery_in_ms": 2000, "ttl_in_s": -1}


def changed(sid: str, one: Item, *, live: bool) -> bytes:
    """The frame that tells of an item's new value; the same bytes for everybody."""
    event = {
        "id": one.event_id,
        "map_sid": sid,
        "map_revision": str(one.event_id),
        "item_key": one.key,
        "item_url": f"/v3/Maps/{sid}/Items/{one.key}",
        "item_revision": str(one.event_id),
        "item_data": one.data,
        "date_created": stamp(one.updated),
        "date_expires": None,
    }
    kind = LIVE if live else REPLAYED
    return _event(f"{sid}.{one.event_id}", kind, "map_item_updated", event, in_order=not live)


def removed(sid: str, event_id: int, at: datetime) -> bytes:
    """The frame that tells that a map is gone."""
    event = {"id": event_id, "map_sid": sid, "date_created": stamp(at)}
    return _event(f"{sid}.removed", LIVE, "map_removed", event, in_order=False)


def established(sid: str, last_event_id: int, correlation_id: object) -> bytes:
    """The subscription stands, and everything missed has been sent."""
    event = {
        "object_sid": sid,
        "object_type": MAP,
        "replay_status": "completed",
        "last_event_id": last_event_id,
    }
    return _subscription("established", sid, event, correlation_id)


def canceled(sid: str, correlation_id: object) -> bytes:
    """The subscription has ended."""
    event = {"object_sid": sid, "object_type": MAP}
    return _subscription("canceled", sid, event, correlation_id)


def failed(sid: str, object_type: object, correlation_id: object) -> bytes:
    """There is no such object, or not any more."""
    error = {"status": 404, "code": 54100, "message": "The object was not found"}
    event = {"object_sid": sid, "object_type": object_type, "error": error}
    return _subscription("failed", sid, event, correlation_id)


def _subscription(outcome: str, sid: str, event: Json, correlation_id: object) -> bytes:
    body = {
        "event_type": f"subscription_{outcome}",
        "correlation_id": correlation_id,
        "event_protocol_version": PROTOCOL_VERSION,
        "event": event,
    }
    id_ = f"{sid}.{outcome}.{correlation_id}"
    return twilsock.write("notification", id_, body, message_type=REPLAYED)


def _event(id_: str, message_type: str, event_type: str, event: Json, *, in_order: bool) -> bytes:
    body = {
        "event_type": event_type,
        "event": event,
        "event_protocol_version": PROTOCOL_VERSION,
        "strictly_ordered": in_order,
    }
    return twilsock.write("notification", id_, body, message_type=message_type)
