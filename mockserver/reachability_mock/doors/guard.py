"""The last wall: no name of Twilio's is resolved while the fake is active.

Clients that come through no door (httpx, http.client, a hand-made socket) all ask for an address
first.  What does not: uvloop's own resolver, and a client that talks through a proxy.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import wraps
from typing import Any

from reachability_mock.doors import now_open
from reachability_mock.doors.hosts import Whose, is_allowed, refusal, whose
from reachability_mock.doors.patching import Patch


def refuse_real_hosts(host: str) -> None:
    """Nothing, unless `host` is one of Twilio's that may not be reached now.

    Raises:
        RealHostRefused: it is.
    """
    kind = whose(host)
    if kind is Whose.OTHERS:
        return
    opened = now_open()
    if opened is None or (kind is Whose.REFUSED and is_allowed(host, opened.allow_hosts)):
        return
    raise refusal(host)


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def getaddrinfo(host: object, *args: Any, **kwargs: Any) -> Any:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if isinstance(name, str):
            refuse_real_hosts(name)
        return original(host, *args, **kwargs)

    return getaddrinfo


PATCHES = (Patch(socket, "getaddrinfo", _guarded),)
