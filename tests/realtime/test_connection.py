"""The queue of one open socket, bounded in frames and in bytes."""

from __future__ import annotations

import pytest

from reachability_mock.realtime.connection import LARGEST_QUEUE, LONGEST_QUEUE, Connection
from reachability_mock.wire.session_words import Close
from tests.wire.playbook import Playbook


@pytest.fixture
def connection() -> Connection:
    return Connection(1, Playbook().session)


@pytest.mark.asyncio
async def test_what_was_queued_comes_in_order(connection: Connection) -> None:
    for frame in (b"one", b"two"):
        assert connection.put(frame)
    assert [await connection.next(), await connection.next()] == [b"one", b"two"]


def test_so_many_frames_may_wait_and_not_one_more(connection: Connection) -> None:
    assert all(connection.put(b"x") for _ in range(LONGEST_QUEUE))
    assert not connection.put(b"x")
    assert (connection.closed, connection.waiting) == (True, 0)


@pytest.mark.asyncio
async def test_so_many_bytes_may_wait_and_what_was_read_does_not_count(
    connection: Connection,
) -> None:
    half = b"x" * (LARGEST_QUEUE // 2)
    for _ in range(5):
        assert connection.put(half)
        await connection.next()
    assert connection.put(half)
    assert connection.put(half)
    assert not connection.put(b"x")
    assert (connection.closed, connection.waiting) == (True, 0)


def test_after_a_close_nothing_is_queued(connection: Connection) -> None:
    assert connection.put(Close(1000, "bye"))
    assert connection.put(b"x")
    assert connection.waiting == 1
