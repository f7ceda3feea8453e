"""One open socket as the hub sees it: a session, and a bounded queue of what shall be sent."""

from __future__ import annotations

import asyncio
from collections import deque

from reachability_mock.wire.session import Session
from reachability_mock.wire.session_words import Close

LONGEST_QUEUE = 1000
"""Frames that may wait for a slow reader: an SDK reads in time, whoever does not is let go."""
LARGEST_QUEUE = 16 * 1024 * 1024
"""Bytes that they may be, together."""


class Connection:
    """A session and its queue; touched under the world's lock, emptied on the event loop."""

    def __init__(self, number: int, session: Session) -> None:
        """Begin with an empty queue; `number` is the journal's, of its opening."""
        self.session = session
        self.cause = number
        """The newest entry of the journal about it: what caused the fact that follows."""
        self.closed = False
        """Nothing more is queued: the last thing in the queue closes it, or it was dropped."""
        self._queue: deque[bytes | Close] = deque()
        self._size = 0
        self._filled = asyncio.Event()
        self._dropped = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many frames the reader has not taken yet."""
        return len(self._queue)

    def put(self, item: bytes | Close) -> bool:
        """Queue something to send; False if the queue is full, and so everything in it in vain."""
        if self.closed:
            return True
        self.closed = isinstance(item, Close)
        self._size += _size(item)
        if len(self._queue) >= LONGEST_QUEUE or self._size > LARGEST_QUEUE:
            self.closed = True
            self._queue.clear()
            self._size = 0
            return False
        self._queue.append(item)
        return True

    def wake(self) -> None:
        """Let the writer look: on the event loop."""
        self._filled.set()

    def drop(self) -> None:
        """Let the socket fall without a word: on the event loop."""
        self.closed = True
        self._dropped.set()

    async def dropped(self) -> None:
        """Return when the socket shall fall."""
        await self._dropped.wait()

    async def next(self) -> bytes | Close:
        """What is to be sent next, once there is something."""
        while not self._queue:
            self._filled.clear()
            await self._filled.wait()
        item = self._queue.popleft()
        self._size -= _size(item)
        return item


def _size(item: bytes | Close) -> int:
    return len(item) if isinstance(item, bytes) else 0
