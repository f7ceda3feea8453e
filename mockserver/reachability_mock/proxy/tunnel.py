"""Bytes from one socket to another, no faster than the other one takes them."""

from __future__ import annotations

import asyncio
from typing import Any, cast


class Leg(asyncio.Protocol):
    """One side of a tunnel: whatever comes in here goes out at `other`."""

    def __init__(self, connections: set[Any], other: asyncio.Transport) -> None:
        """`connections` are what the server closes when it stops."""
        self.connections = connections
        self.other = other
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class
        self.connections.add(self)

    def data_received(self, data: bytes) -> None:
        """Hand it over."""
        self.other.write(data)

    def pause_writing(self) -> None:
        """This side takes no more for now, so the other is not read."""
        self.other.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        self.other.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """When one side ends, so does the other, once it has got everything."""
        self.connections.discard(self)
        self.other.close()

    def shutdown(self) -> None:
        """The server stops."""
        if self.transport is not None:
            self.transport.close()
