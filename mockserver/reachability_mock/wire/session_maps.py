"""Sync inside the socket: maps, their items, and subscriptions to what changes in them."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from reachability_mock.core import errors
from reachability_mock.wire import sync, sync_frames
from reachability_mock.wire.session_asking import Answer, Asked, Asking, Request, bad_body
from reachability_mock.wire.session_words import Effect, Log, Send, Unwatch, Watch
from reachability_mock.wire.sync import Item, SyncMap
from reachability_mock.wire.twilsock import LONGEST_NAME

Json = dict[str, Any]
MOST_SUBSCRIPTIONS = 100
"""Objects in one request for subscriptions: what the answer tells the SDK."""
_LARGEST_NUMBER = 2**53
"""What JavaScript counts to."""


def get_map(asking: Asking, request: Request, name: str) -> Asked[Answer]:
    """A map's root, with its items if the request says so."""
    yield from ()
    found = _the_map(asking, request, name)
    items = _visible(asking, found, None) if request.params.get("Include") == "items" else None
    return Answer(200, sync_frames.root(found, asking.origin, items))


def get_items(asking: Asking, request: Request, name: str) -> Asked[Answer]:
    """A map's items, or the one that the request names."""
    yield from ()
    found = _the_map(asking, request, name)
    wanted = request.params.get("Key")
    key = unquote(wanted) if isinstance(wanted, str) else None
    items = [one for one in _visible(asking, found, None) if key in {None, one.key}]
    return Answer(200, sync_frames.items(found, items))


def subscribe(asking: Asking, request: Request) -> Asked[Answer]:
    """Begin or end the pushing of changes, object by object."""
    yield from ()
    action, wanted = request.fields.get("action"), request.fields.get("requests")
    if action not in ("establish", "cancel") or not isinstance(wanted, list):
        raise bad_body("action is establish or cancel, requests is a list")
    if len(wanted) > MOST_SUBSCRIPTIONS:
        raise bad_body(f"there are {len(wanted)} requests, the most is {MOST_SUBSCRIPTIONS}")
    number = request.fields.get("correlation_id")
    if not isinstance(number, int | float | None) or abs(number or 0) > _LARGEST_NUMBER:
        raise bad_body("correlation_id is a number")
    after: list[Effect] = []
    one_by_one = _establish if action == "establish" else _cancel
    for one in wanted:
        if isinstance(one, dict) and _is_name(one.get("object_sid")):
            after += one_by_one(asking, one, number)
    return Answer(200, sync_frames.poked(), tuple(after))


def _establish(asking: Asking, one: Json, correlation_id: object) -> list[Effect]:
    """What was missed, at most one event an item, and then that the subscription stands.

    Of a deleted user that is how it was seen last, and then that its map is gone.  To a user nobody
    knows there is no answer: a client that was here before a restart may be back before the user
    it watches, and the SDK asks again after a while.
    """
    sid: str = one["object_sid"]
    kind, last = one.get("object_type"), one.get("last_event_id")
    known = last if isinstance(last, int) else None
    if kind != sync_frames.MAP or _is_gone(asking, sid):
        failed = sync_frames.failed(sid, kind if _is_name(kind) else None, correlation_id)
        seen = _last_seen(asking, sid, known)
        return [*seen, Send(failed), Log("subscription failed", {"object": sid})]
    found = _find_map(asking, sid)
    if found is None:
        return [Log("subscription waits: nobody has that map (yet)", {"object": sid})]
    missed = _visible(asking, found, known)
    return [
        Watch(sid),
        Log("subscribed", {"object": sid, "replayed": [item.key for item in missed]}),
        *(Send(sync_frames.changed(sid, item, live=False)) for item in missed),
        Send(sync_frames.established(sid, found.last_event_id, correlation_id)),
    ]


def _cancel(_asking: Asking, one: Json, correlation_id: object) -> list[Effect]:
    sid: str = one["object_sid"]
    return [
        Unwatch(sid),
        Log("unsubscribed", {"object": sid}),
        Send(sync_frames.canceled(sid, correlation_id)),
    ]


def _is_name(value: object) -> bool:
    """Whether it may be repeated in an answer, a hundred times over."""
    return isinstance(value, str) and len(value) <= LONGEST_NAME


def _is_gone(asking: Asking, sid: str) -> bool:
    return asking.around.board.is_gone(asking.claims.service_sid, sid)


def _last_seen(asking: Asking, sid: str, event_id: int | None) -> list[Effect]:
    """What a client that was away when a user was deleted has missed of it."""
    last = asking.around.board.last_seen(asking.claims.service_sid, sid)
    if last is None or not asking.service.reachability_enabled:
        return []
    is_new = event_id is None or last.event_id > event_id
    return [Send(sync_frames.changed(sid, last, live=False))] if is_new else []


def _the_map(asking: Asking, request: Request, name: str) -> SyncMap:
    found = _find_map(asking, sync.sid_of(name))
    if found is None:
        raise errors.not_found(request.path)
    return found


def _find_map(asking: Asking, sid: str) -> SyncMap | None:
    """A user's map, made now if need be, or the empty one of one's own conversations."""
    service_sid, me = asking.claims.service_sid, asking.claims.identity
    if sid == sync.conversations_sid(service_sid, me):
        return SyncMap(sid, asking.now, asking.now)
    identity = asking.around.board.owner(service_sid, sid)
    user = asking.find_user(identity) if identity is not None else None
    return asking.open_map(user) if user is not None else None


def _visible(asking: Asking, found: SyncMap, event_id: int | None) -> list[Item]:
    """A map's items newer than `event_id`; while the indicator is off its item is not shown."""
    on = asking.service.reachability_enabled
    return [one for one in found.after(event_id) if on or one.key != sync.REACHABILITY]
