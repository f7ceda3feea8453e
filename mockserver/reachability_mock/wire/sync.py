"""Sync maps: what an SDK may know of a user, as three items that grow new event ids.

A client drops an event whose id is not above the last one it saw.  So the SIDs follow from service
and identity, and the ids begin with the wall clock's milliseconds and only grow: both outlive a
restart of the server.  What reachability shows is the core's business (`seen`); here it is an item.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reachability_mock.core import sids
from reachability_mock.core.model import Policy, Service, User
from reachability_mock.core.reachability import Action, seen

Json = dict[str, Any]
FRIENDLY_NAME, ATTRIBUTES, REACHABILITY = "friendlyName", "attributes", "reachability"
_NAME_MARK = "user."
LARGEST_GRAVEYARD = 10_000
"""How many deleted users a service remembers, for clients who were away when it happened."""


def map_sid(service_sid: str, identity: str) -> str:
    """The SID of a user's map, the same in every process."""
    return sids.derived("MP", service_sid, identity, "user")


def conversations_sid(service_sid: str, identity: str) -> str:
    """The SID of the map of a user's conversations, which is always empty here."""
    return sids.derived("MP", service_sid, identity, "conversations")


def name_of(sid: str) -> str:
    """A map's unique name."""
    return _NAME_MARK + sid[2:]


def sid_of(name: str) -> str:
    """The SID of the map with that unique name, or SID."""
    return "MP" + name.removeprefix(_NAME_MARK) if name.startswith(_NAME_MARK) else name


def user_items(service: Service, user: User, policy: Policy) -> Json:
    """A user's properties as items; reachability only while the indicator is on."""
    items: Json = {
        FRIENDLY_NAME: {"value": user.friendly_name},
        ATTRIBUTES: {"value": user.attributes},
    }
    if service.reachability_enabled:
        shown = seen(service, user, Action.FETCH, policy)
        items[REACHABILITY] = {"online": shown.is_online, "notifiable": shown.is_notifiable}
    return items


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its newest value, and the event that made it so."""

    key: str
    data: Json
    event_id: int
    created: datetime
    updated: datetime


@dataclass(slots=True)
class SyncMap:
    """One map and its items."""

    sid: str
    created: datetime
    updated: datetime
    last_event_id: int = 0
    items: dict[str, Item] = field(default_factory=dict)

    def after(self, event_id: int | None) -> list[Item]:
        """The items that are newer than `event_id`, oldest first; None asks for all."""
        newer = (one for one in self.items.values() if event_id is None or one.event_id > event_id)
        return sorted(newer, key=lambda one: one.event_id)

    def differs(self, key: str, data: Json) -> bool:
        """Whether the item `key` is anything but `data`."""
        return key not in self.items or self.items[key].data != data

    def put(self, key: str, data: Json, event_id: int, at: datetime) -> Item:
        """Give the item `key` a new value."""
        known = self.items.get(key)
        item = Item(key, data, event_id, known.created if known else at, at)
        self.items[key] = item
        self.last_event_id, self.updated = event_id, at
        return item


@dataclass(slots=True)
class _Shelf:
    """The maps of one service."""

    owners: dict[str, str] = field(default_factory=dict)
    """Map SID → identity, for every user, since a SID cannot be read backwards."""
    maps: dict[str, SyncMap] = field(default_factory=dict)
    gone: dict[str, Item | None] = field(default_factory=dict)
    """SIDs of the maps of deleted users, the oldest first, and how each was seen last."""


class Board:
    """The maps that somebody has looked at, and whose map each SID is, service by service.

    No operation walks all users: maps are made at the first look, and the index grows by a user.
    """

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._shelves: dict[str, _Shelf] = {}
        self._last_id = 0

    def learn(self, user: User) -> None:
        """A user is there: its map's SID can be asked for."""
        shelf = self._shelves.setdefault(user.service_sid, _Shelf())
        sid = map_sid(user.service_sid, user.identity)
        shelf.owners[sid] = user.identity
        shelf.gone.pop(sid, None)

    def forget(self, user: User, at: datetime) -> tuple[str, int]:
        """A user is gone; returns the SID its map had, and the id of the event that it is."""
        shelf = self._shelves.setdefault(user.service_sid, _Shelf())
        sid = map_sid(user.service_sid, user.identity)
        shelf.owners.pop(sid, None)
        known = shelf.maps.pop(sid, None)
        shelf.gone[sid] = known.items.get(REACHABILITY) if known else None
        if len(shelf.gone) > LARGEST_GRAVEYARD:
            del shelf.gone[next(iter(shelf.gone))]
        return sid, self._next_id(at)

    def forget_service(self, service_sid: str) -> None:
        """A service is gone, with everybody in it."""
        self._shelves.pop(service_sid, None)

    def owner(self, service_sid: str, sid: str) -> str | None:
        """The identity whose map `sid` is, if it is of that service."""
        shelf = self._shelves.get(service_sid)
        return shelf.owners.get(sid) if shelf else None

    def is_gone(self, service_sid: str, sid: str) -> bool:
        """Whether it was the map of a user who was deleted."""
        shelf = self._shelves.get(service_sid)
        return shelf is not None and sid in shelf.gone

    def last_seen(self, service_sid: str, sid: str) -> Item | None:
        """How a deleted user's reachability was seen last, if anybody looked."""
        shelf = self._shelves.get(service_sid)
        return shelf.gone.get(sid) if shelf else None

    def open(self, service: Service, user: User, policy: Policy, at: datetime) -> SyncMap:
        """The map of `user`, made now if nobody has looked before."""
        self.learn(user)
        maps = self._shelves[service.sid].maps
        sid = map_sid(service.sid, user.identity)
        if sid not in maps:
            maps[sid] = SyncMap(sid, at, at)
            self._put(maps[sid], user_items(service, user, policy), at)
        return maps[sid]

    def refresh(
        self, service: Service, user: User, policy: Policy, at: datetime, *, again: bool = False
    ) -> list[Item]:
        """The items of `user`'s map that look different now; none if nobody ever looked.

        While the indicator is off its item stays as it is.  `again` repeats the item even so: the
        indicator was switched on, and who came while it was off has no value yet.
        """
        shelf = self._shelves.get(service.sid)
        known = shelf.maps.get(map_sid(service.sid, user.identity)) if shelf else None
        if known is None:
            return []
        fresh = {
            key: data
            for key, data in user_items(service, user, policy).items()
            if known.differs(key, data) or (again and key == REACHABILITY)
        }
        return self._put(known, fresh, at)

    def looked_at(self, service_sid: str) -> list[str]:
        """The identities in a service whose maps somebody has looked at."""
        shelf = self._shelves.get(service_sid)
        return [shelf.owners[sid] for sid in shelf.maps] if shelf else []

    def _put(self, known: SyncMap, items: Json, at: datetime) -> list[Item]:
        return [known.put(key, data, self._next_id(at), at) for key, data in items.items()]

    def _next_id(self, at: datetime) -> int:
        self._last_id = max(self._last_id + 1, int(at.timestamp() * 1000))
        return self._last_id
