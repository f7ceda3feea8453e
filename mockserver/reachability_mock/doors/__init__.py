"""Doors: how an application's own HTTP client arrives at the fake without leaving the process.

While at least one site is open, a few functions of other libraries are patched, each by a module
of this package that is imported only once that library is.  What is patched is put back when the
last site closes; what was patched over by somebody else meanwhile finds no open site and steps
aside.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock

from reachability_mock.doors.hosts import RealHostRefused
from reachability_mock.doors.patching import Patches
from reachability_mock.http.site import Site

__all__ = ["DOORS", "Open", "RealHostRefused", "now_open", "open_doors"]

DOORS = {
    "socket": "guard",
    "urllib3.connectionpool": "requests_door",
    "responses": "responses_door",
    "twilio.http.http_client": "sdk",
    "twilio.http.async_http_client": "aiohttp_door",
    "aiohttp.client": "aiohttp_guard",
}
"""Which module of this package patches which library, once that is imported."""


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """An open site, and the hosts of Twilio's that may be reached all the same."""

    site: Site
    allow_hosts: frozenset[str]


_open: list[Open] = []
_lock = RLock()
_patches = Patches(f"{__name__}.{{}}", DOORS)


def now_open() -> Open | None:
    """The site that requests go to: the one opened last, if any is open."""
    return _open[-1] if _open else None


@contextmanager
def open_doors(site: Site, allow_hosts: frozenset[str] = frozenset()) -> Iterator[None]:
    """Send this process's requests for Twilio's Conversations to `site`."""
    opened = Open(site, frozenset(host.lower() for host in allow_hosts))
    with _lock:
        if not _open:
            _patches.apply(sys.modules)
        _open.append(opened)
    try:
        yield
    finally:
        with _lock:
            _open.remove(opened)
            if not _open:
                _patches.undo()
