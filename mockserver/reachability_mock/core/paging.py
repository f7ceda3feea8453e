"""Keyset paging: a page begins after (or ends before) a creation number, never at an offset.

Creation numbers only grow, so a walk neither repeats nor skips what was there all along, whoever
comes and goes meanwhile, and the cost of a page does not depend on how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import islice
from typing import Generic, NamedTuple, Protocol, TypeVar

DEFAULT_SIZE = 50
LARGEST_SIZE = 1000

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Way(Enum):
    """Which way a walk goes."""

    FORWARD = "after"
    BACK = "before"


class Cursor(NamedTuple):
    """Where a page begins: on the other side of `number`."""

    way: Way
    number: int


START = Cursor(Way.FORWARD, -1)


class PageRequest(NamedTuple):
    """What a list was asked for: how many, from where, and the page number to show."""

    size: int = DEFAULT_SIZE
    number: int = 0
    cursor: Cursor = START


class Page(NamedTuple, Generic[T]):
    """A page: its items, and the cursors of its neighbours (None where there is none)."""

    items: tuple[T, ...]
    request: PageRequest
    previous: Cursor | None
    next: Cursor | None


class Numbered(Protocol[T_co]):
    """A collection in creation order that can be walked from any number, both ways."""

    def after(self, number: int) -> Iterable[tuple[int, T_co]]:
        """Items with a higher creation number, oldest first."""

    def before(self, number: int) -> Iterable[tuple[int, T_co]]:
        """Items with a lower creation number, newest first."""


def page_of(items: Numbered[T], request: PageRequest) -> Page[T]:
    """The page of `items` that `request` asks for; reads at most its size and two items more."""
    cursor, size = request.cursor, request.size
    if cursor.way is Way.FORWARD:
        found = list(islice(items.after(cursor.number), size + 1))
        shown, more = found[:size], len(found) > size
        first = shown[0][0] if shown else cursor.number + 1
        earlier = any(True for _ in islice(items.before(first), 1))
        return _page(shown, request, earlier=earlier, later=more)
    found = list(islice(items.before(cursor.number), size + 1))
    shown = found[:size][::-1]
    last = shown[-1][0] if shown else cursor.number - 1
    later = any(True for _ in islice(items.after(last), 1))
    return _page(shown, request, earlier=len(found) > size, later=later)


def _page(
    shown: Sequence[tuple[int, T]], request: PageRequest, *, earlier: bool, later: bool
) -> Page[T]:
    """Cursors are made of the numbers shown; an empty page points back to where it stood."""
    here = request.cursor.number
    first, last = (shown[0][0], shown[-1][0]) if shown else (here + 1, here - 1)
    return Page(
        tuple(item for _, item in shown),
        request,
        Cursor(Way.BACK, first) if earlier else None,
        Cursor(Way.FORWARD, last) if later else None,
    )
