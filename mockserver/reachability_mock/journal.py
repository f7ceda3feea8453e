"""The journal: the last few thousand things that happened, each with what caused it.

Entries are cheap to write (a reference to a value) and turned into JSON only when somebody reads.
No credential ever gets here: requests are journalled without their headers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from itertools import count
from threading import Lock

LIMIT = 10_000
"""How many entries are kept, at most."""
HEAVIEST = 32 * 1024 * 1024
"""How much of what was sent is kept, in bytes; older entries fall out for it."""
KINDS = ("request", "answer", "fact", "event", "delivery", "socket", "fault")


@dataclass(slots=True)
class Entry:
    """One thing that happened: number, moment, kind, whose it was, its cause and its data.

    Whoever adds a request learns only while answering whose it is, and fills that in then.
    """

    n: int
    at: datetime
    kind: str
    account: str | None
    service: str | None
    user: str | None
    cause: int | None
    data: object
    weight: int = 0

    def as_json(self) -> dict[str, object]:
        """The entry as the control plane shows it."""
        return {
            "n": self.n,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "account": self.account,
            "service": self.service,
            "user": self.user,
            "cause": self.cause,
            "data": jsonable(self.data),
        }


class Journal:
    """A bounded list of entries; the oldest fall out."""

    def __init__(self, limit: int = LIMIT) -> None:
        """Keep the newest `limit` entries."""
        self._entries: deque[Entry] = deque(maxlen=limit)
        self._numbers = count(1)
        self._lock = Lock()
        self._weight = 0

    def __iter__(self) -> Iterator[Entry]:
        """The entries, oldest first."""
        return iter(tuple(self._entries))

    def add(  # noqa: PLR0913 - an entry has that many sides, all but three optional
        self,
        kind: str,
        at: datetime,
        data: object,
        *,
        account: str | None = None,
        service: str | None = None,
        user: str | None = None,
        cause: int | None = None,
    ) -> int:
        """Note that something happened; returns the entry's number."""
        return self.note(kind, at, data, account, service, user, cause).n

    def note(  # noqa: PLR0913, PLR0917 - likewise
        self,
        kind: str,
        at: datetime,
        data: object,
        account: str | None = None,
        service: str | None = None,
        user: str | None = None,
        cause: int | None = None,
    ) -> Entry:
        """Note that something happened; returns the entry itself."""
        with self._lock:  # so that the entries stand in the order of their numbers
            n = next(self._numbers)
            entry = Entry(n, at, kind, account, service, user, cause, data)
            if self._weight and len(self._entries) == self._entries.maxlen:
                self._drop()
            self._entries.append(entry)
        return entry

    def weigh(self, entry: Entry, size: int) -> None:
        """Say that what was sent and is kept in `entry`, the newest, takes `size` bytes or so."""
        with self._lock:
            entry.weight += size
            self._weight += size
            while self._weight > HEAVIEST and len(self._entries) > 1:
                self._drop()

    def _drop(self) -> None:
        self._weight -= self._entries.popleft().weight

    def since(self, n: int = 0, *, kind: str | None = None, user: str | None = None) -> list[Entry]:
        """Entries after number `n`, of one `kind` and about one `user` (identity) if asked."""
        return [
            entry
            for entry in self
            if entry.n > n and kind in {None, entry.kind} and user in {None, entry.user}
        ]

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        with self._lock:
            self._entries.clear()
            self._weight = 0


def jsonable(value: object) -> object:
    """`value` as JSON knows it: a record becomes a mapping that begins with its type's name."""
    if is_dataclass(value) and not isinstance(value, type):
        inner = {one.name: jsonable(getattr(value, one.name)) for one in fields(value)}
        return {"type": type(value).__name__, **inner}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): jsonable(one) for key, one in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [jsonable(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
