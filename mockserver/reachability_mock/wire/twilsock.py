r"""Twilsock frames: one binary WebSocket message is one frame, and this is its codec.

    TWILSOCK V3.0 <H>\r\n<header, H bytes of JSON>\r\n<payload, header.payload_size bytes>

Bytes in, a `Frame` or `Malformed` out; nothing else can come out, whatever the bytes are.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

Json = dict[str, Any]

PATH = "/v3/wsconnect"
"""Where the client SDKs' WebSocket lives."""
LARGEST_FRAME = 1024 * 1024
"""Bytes of the largest frame that is read: as much as a REST body may have."""
LONGEST_NAME = 256
"""Characters of the longest method or id: the SDK's own have fewer than 40."""
_PREFIX = re.compile(rb"TWILSOCK V3\.0 ([0-9]{1,7})\r\n")
_END = b"\r\n"


def uri_of(url: str) -> str:
    """The WebSocket's URI at a server's http or https `url`: the one option that the SDK needs."""
    return f"ws{url.removeprefix('http').rstrip('/')}{PATH}"


class Malformed(ValueError):  # noqa: N818 - it says what the frame is, as `Refused` does of a request
    """Bytes that are no frame; the message says why, and ends up as a close reason."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of either side: what it wants, its id, the whole header and the raw payload."""

    method: str
    id: str
    header: Json = field(default_factory=dict)
    payload: bytes = b""

    @property
    def has_json(self) -> bool:
        """Whether the payload is JSON: said so, or not said at all."""
        kind = self.header.get("payload_type")
        return kind is None or (isinstance(kind, str) and kind.startswith("application/json"))

    def json(self) -> object:
        """The payload as JSON; an empty one is None.

        Raises:
            Malformed: it is not JSON, or says that it is something else.
        """
        if not self.payload:
            return None
        if not self.has_json:
            raise Malformed("the payload is not JSON")
        return read_json(self.payload, "the payload")


def read(data: bytes) -> Frame:
    """The frame that `data` is.

    Raises:
        Malformed: it is none.
    """
    prefix = _PREFIX.match(data[:32])
    if prefix is None:
        raise Malformed("a frame begins with TWILSOCK V3.0 and its header's size")
    start, end = prefix.end(), prefix.end() + int(prefix[1])
    if data[end : end + 2] != _END:
        raise Malformed("the header does not end where its size says")
    header = read_json(data[start:end], "the header")
    if not isinstance(header, dict):
        raise Malformed("the header is not a JSON object")
    payload = data[end + 2 :]
    size = header.get("payload_size")
    if isinstance(size, bool) or not isinstance(size, int) or size != len(payload):
        raise Malformed("payload_size is not the payload's size")
    return Frame(_name(header, "method"), _name(header, "id"), header, payload)


def write(method: str, id_: str, payload: object = None, **fields: object) -> bytes:
    """The bytes of a frame; a `payload` of None is none at all."""
    body = b"" if payload is None else json.dumps(payload, separators=(",", ":")).encode()
    header = {"method": method, "id": id_, **fields, "payload_size": len(body)}
    if body:
        header["payload_type"] = "application/json"
    head = json.dumps(header, separators=(",", ":")).encode()
    return b"TWILSOCK V3.0 %d\r\n%b\r\n%b" % (len(head), head, body)


def read_json(data: bytes, what: str) -> object:
    """`data` as JSON that can be written again as UTF-8.

    Raises:
        Malformed: it cannot; `what` it was is named.
    """
    try:
        value: object = json.loads(data.decode(), parse_constant=_no_constant)
        if b"\\u" in data:
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair fails here
    except (ValueError, RecursionError):
        raise Malformed(f"{what} is not JSON") from None
    return value


def _name(header: Json, key: str) -> str:
    value = header.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
        raise Malformed(f"the header has no {key}")
    return value


def _no_constant(name: str) -> NoReturn:
    """JSON has no NaN and no Infinity, whatever Python's reader says."""
    raise ValueError(name)
