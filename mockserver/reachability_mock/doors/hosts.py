"""Which hosts are the fake's, which are Twilio's other ones, and which are nobody's business."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum
from functools import lru_cache

_OURS = re.compile(r"conversations(\.[a-z0-9-]+){0,2}\.twilio\.com")
_TWILIO = re.compile(r"(.+\.)?twilio\.com")


class Whose(Enum):
    """Whose a host is, and so what becomes of a request for it."""

    OURS = "ours"
    """``conversations[.edge][.region].twilio.com``: answered by the fake."""
    REFUSED = "refused"
    """Any other host of Twilio's: a forgotten SMS must not go out."""
    OTHERS = "others"
    """Everybody else's: none of our business."""


class RealHostRefused(ConnectionError):  # noqa: N818 - says what happened to whom
    """A connection to a real host of Twilio's was about to be made while the fake is active."""


@lru_cache(maxsize=256)
def whose(host: str) -> Whose:
    """Whose `host` (a name, perhaps with a port) is."""
    name = host.lower().rpartition("@")[2].partition(":")[0].rstrip(".")
    if _OURS.fullmatch(name):
        return Whose.OURS
    return Whose.REFUSED if _TWILIO.fullmatch(name) else Whose.OTHERS


def is_allowed(host: str, allowed: Collection[str]) -> bool:
    """Whether the settings let a request for Twilio's `host` out."""
    return bool(allowed) and host.lower().partition(":")[0].rstrip(".") in allowed


def refusal(host: str) -> RealHostRefused:
    """The error for a host that is not to be reached."""
    if whose(host) is Whose.OURS:
        way_out = (
            "this HTTP client does not come through a door of the fake: use the twilio SDK or "
            "requests, or send it to the socket of the fixture reachability_mock_server"
        )
    else:
        way_out = (
            "the fake answers for Conversations only: stub this call, or let it out with "
            f"`reachability_mock_allow_hosts = {host}`"
        )
    return RealHostRefused(f"{host} is not reached while reachability_mock is active; {way_out}")
