"""Where a request through the proxy may go."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from reachability_mock.doors.hosts import Whose, is_allowed, whose

_SOCKETS = re.compile(r"tsock(\.[a-z0-9-]+){0,2}\.twilio\.com")
_AUTHORITY = re.compile(
    r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<name>[^\s:/@\[\]]+)):(?P<port>\d{1,5})"
)
_LARGEST_PORT = 65535


class Way(Enum):
    """What becomes of a request for a host."""

    HERE = "here"
    """The fake answers."""
    THERE = "there"
    """The real host answers."""
    NOT_TWILIO = "not twilio"
    """Refused: another host of Twilio's, to which nothing may go out by accident."""
    NOT_OTHERS = "not others"
    """Refused: this proxy was told to pass nothing on."""


@dataclass(slots=True)
class Routes:
    """Which hosts are the fake's, and which others may be reached."""

    others: bool = True
    """Whether hosts that are none of Twilio's may be reached."""
    allowed: frozenset[str] = frozenset()
    """Hosts of Twilio's that may be reached nevertheless."""
    hint: Callable[[str], None] = field(default=lambda _: None)
    """Where a sentence about a refusal goes."""
    inside: int = 0
    """The port of this machine at which the fake speaks TLS; the server sets it."""

    def way(self, host: str) -> Way:
        """What becomes of a request for `host`."""
        if is_ours(host):
            return Way.HERE
        if whose(host) is Whose.REFUSED:
            return Way.THERE if is_allowed(host, self.allowed) else Way.NOT_TWILIO
        return Way.THERE if self.others else Way.NOT_OTHERS


def is_ours(host: str) -> bool:
    """Whether the fake answers for `host`: Conversations, or the client SDKs' socket."""
    return whose(host) is Whose.OURS or bool(_SOCKETS.fullmatch(host.lower().rstrip(".")))


def host_and_port(authority: str) -> tuple[str, int] | None:
    """``name:443`` or ``[::1]:443`` taken apart; None if it is neither."""
    match = _AUTHORITY.fullmatch(authority)
    if match is None or not 0 < int(match["port"]) <= _LARGEST_PORT:
        return None
    return match["six"] or match["name"], int(match["port"])


def is_possible(host: str) -> bool:
    """Whether anything can be called `host`; looking up what cannot is an error of the caller's.

    Other than ASCII is not: a lookup would fold it, and a name that was none of Twilio's into one.
    """
    try:
        return host.isascii() and bool(host.encode("idna"))
    except UnicodeError:  # a label that is empty, or longer than 63
        return False
