"""uvicorn's WebSocket, but for text: no SDK ever sends any, so nobody looks at what it says."""

from __future__ import annotations

from dataclasses import replace

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame


class WebSocket(WebSocketsSansIOProtocol):
    """One socket; a text message comes out empty, to be refused by its kind.

    uvicorn would decode it, and print a traceback if it is not UTF-8.
    """

    def handle_text(self, event: Frame) -> None:
        """A text message begins."""
        super().handle_text(replace(event, data=b""))

    def handle_cont(self, event: Frame) -> None:
        """A message goes on: a text just as empty, anything else as it is."""
        is_text = self.curr_msg_data_type == "text"
        super().handle_cont(replace(event, data=b"") if is_text else event)
