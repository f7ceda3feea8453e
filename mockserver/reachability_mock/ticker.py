"""What makes timers happen while a server runs, and wakes its event loop from other threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from reachability_mock.world import World

_LONGEST_NAP = 60.0


async def tick(world: World) -> None:
    """Let timers happen when they come due, also while nobody looks."""
    loop = asyncio.get_running_loop()
    woken = asyncio.Event()
    stop = world.watch_timers(lambda: soon(loop, woken.set))
    try:
        while True:
            woken.clear()
            try:
                async with asyncio.timeout(_until_due(world)):
                    await woken.wait()
            except TimeoutError:
                world.run_due()
    finally:
        stop()


def _until_due(world: World) -> float | None:
    """Seconds until something is due, at most a minute, since a clock may jump; None for never."""
    due = world.next_due
    if due is None:
        return None
    return min(max((due - world.clock.now()).total_seconds(), 0.0), _LONGEST_NAP)


def soon(loop: asyncio.AbstractEventLoop, call: Callable[[], object]) -> None:
    """Have `loop` make the call, if it still runs: safe in any thread and in a signal handler."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
