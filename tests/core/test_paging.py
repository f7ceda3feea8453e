"""Keyset paging over numbers: a walk misses nobody, repeats nobody and reads little."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from reachability_mock.core.paging import START, Cursor, Page, PageRequest, Way, page_of


class Numbers:
    """Some numbers in order; counts how many were read."""

    def __init__(self, numbers: set[int]) -> None:
        """Hold `numbers`, each its own item."""
        self.numbers = numbers
        self.read = 0

    def after(self, number: int) -> Iterator[tuple[int, int]]:
        for one in sorted(self.numbers):
            if one > number:
                self.read += 1
                yield one, one

    def before(self, number: int) -> Iterator[tuple[int, int]]:
        for one in sorted(self.numbers, reverse=True):
            if one < number:
                self.read += 1
                yield one, one


def page(numbers: set[int], size: int, cursor: Cursor = START) -> Page[int]:
    return page_of(Numbers(numbers), PageRequest(size, 0, cursor))


def walk(numbers: set[int], size: int, cursor: Cursor | None, way: str) -> list[tuple[int, ...]]:
    pages = []
    while cursor is not None:
        found = page(numbers, size, cursor)
        pages.append(found.items)
        assert len(pages) < 100, "round in circles"
        cursor = found.next if way == "next" else found.previous
    return pages


def test_an_empty_list_is_one_empty_page() -> None:
    found = page(set(), 2)
    assert (found.items, found.previous, found.next) == ((), None, None)


def test_a_full_page_that_is_all_has_no_neighbours() -> None:
    found = page({1, 2}, 2)
    assert (found.items, found.previous, found.next) == ((1, 2), None, None)


def test_a_page_points_both_ways() -> None:
    found = page({1, 2, 3, 4, 5}, 2, Cursor(Way.FORWARD, 2))
    assert found.items == (3, 4)
    assert found.previous == Cursor(Way.BACK, 3)
    assert found.next == Cursor(Way.FORWARD, 4)


def test_a_page_backwards_is_in_order_too() -> None:
    found = page({1, 2, 3, 4, 5}, 2, Cursor(Way.BACK, 5))
    assert found.items == (3, 4)
    assert found.previous == Cursor(Way.BACK, 3)
    assert found.next == Cursor(Way.FORWARD, 4)


def test_a_page_whose_place_is_empty_still_points_to_what_is_left() -> None:
    behind = page({1, 2}, 2, Cursor(Way.FORWARD, 9))
    assert (behind.items, behind.next) == ((), None)
    assert behind.previous is not None
    assert page({1, 2}, 2, behind.previous).items == (1, 2)
    ahead = page({5, 6}, 2, Cursor(Way.BACK, 3))
    assert (ahead.items, ahead.previous) == ((), None)
    assert ahead.next is not None
    assert page({5, 6}, 2, ahead.next).items == (5, 6)


def test_the_last_one_shown_may_be_deleted_meanwhile() -> None:
    first = page({1, 2, 3, 4}, 2)
    assert first.next is not None
    assert page({1, 3, 4}, 2, first.next).items == (3, 4)


SETS = st.sets(st.integers(0, 40))
SIZES = st.integers(1, 7)
QUICK = settings(max_examples=100, deadline=None, derandomize=True, database=None)


@QUICK
@given(SETS, SIZES)
def test_a_walk_forward_shows_each_once(numbers: set[int], size: int) -> None:
    pages = walk(numbers, size, START, "next")
    assert [one for items in pages for one in items] == sorted(numbers)
    assert all(len(items) == size for items in pages[:-1])


@QUICK
@given(SETS, SIZES)
def test_a_walk_back_shows_each_once(numbers: set[int], size: int) -> None:
    pages = walk(numbers, size, Cursor(Way.BACK, 99), "previous")
    assert [one for items in reversed(pages) for one in items] == sorted(numbers)


@QUICK
@given(SETS, SETS, SETS, SIZES)
def test_who_was_there_all_along_is_shown_once_whoever_comes_and_goes(
    numbers: set[int], born: set[int], died: set[int], size: int
) -> None:
    stayed = numbers - died
    shown: list[int] = []
    cursor: Cursor | None = START
    while cursor is not None:
        found = page(numbers, size, cursor)
        shown += found.items
        cursor = found.next
        numbers = (numbers - died) | {number + 100 for number in born}
    assert [one for one in shown if one in stayed] == sorted(stayed)
    assert len(set(shown)) == len(shown)


@QUICK
@given(SETS, SIZES, st.sampled_from(Way), st.integers(-1, 41))
def test_a_page_reads_at_most_two_more_than_its_size(
    numbers: set[int], size: int, way: Way, at: int
) -> None:
    items = Numbers(numbers)
    page_of(items, PageRequest(size, 0, Cursor(way, at)))
    assert items.read <= size + 2


@QUICK
@given(SETS, SIZES, st.sampled_from(Way), st.integers(-1, 41))
def test_a_neighbour_is_named_exactly_if_there_is_one(
    numbers: set[int], size: int, way: Way, at: int
) -> None:
    found = page(numbers, size, Cursor(way, at))
    for neighbour in (found.previous, found.next):
        if neighbour is not None:
            assert page(numbers, size, neighbour).items
    seen = found.items
    outside = numbers - set(seen)
    if seen:
        assert (found.previous is not None) == any(one < seen[0] for one in outside)
        assert (found.next is not None) == any(one > seen[-1] for one in outside)
