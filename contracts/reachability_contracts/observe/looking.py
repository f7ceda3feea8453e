"""Looking at bytes that pass: a decoded copy of a body, within limits."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from reachability_contracts.observe.switching import SWITCH
from reachability_contracts.observe.watching import FORM_NAMES

LARGEST = 1024 * 1024
"""Bytes of a body that are looked at; what is longer passes all the same."""
_LARGEST_UNPACKED = 8 * LARGEST
_ANY_FORMAT = 32 + zlib.MAX_WBITS
_PACKED = frozenset(("gzip", "x-gzip", "deflate"))
_WORTH_A_LOOK = re.compile(
    r"/v1/(?:.*/)?(?:Users|Roles|Bindings|Services|Credentials|Configuration)(?:/[^/]*)?"
)
NOT_LOOKED_AT = {SWITCH: "?"}
"""Stands for a form that nobody read: it may have switched the indicator."""


@dataclass(slots=True)
class Copy:
    """A copy of a body that passes, as long as it is not too large."""

    wanted: bool
    data: bytearray = field(default_factory=bytearray)
    is_whole: bool = True

    def add(self, data: bytes) -> None:
        """Some more of it has passed."""
        if not self.wanted or not self.is_whole:
            return
        if len(self.data) + len(data) > LARGEST:
            self.is_whole = False
            self.data.clear()
        else:
            self.data += data


def is_worth_a_look(path: str) -> bool:
    """Whether anything is learned from the answers of this path."""
    return _WORTH_A_LOOK.fullmatch(path) is not None


def query_of(text: str) -> dict[str, str]:
    """The parameters of a query, the last of each name."""
    return dict(parse_qsl(text, keep_blank_values=True))


def form_of(copy: Copy, headers: Mapping[str, str]) -> Mapping[str, str]:
    """The two parameters of a form that mean something here; none other is looked at."""
    data = _unpacked(copy, headers)
    if data is None or "json" in headers.get("content-type", ""):
        return NOT_LOOKED_AT
    sent = parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: value for name, value in sent if name in FORM_NAMES}


def json_of(copy: Copy, headers: Mapping[str, str]) -> object:
    """What a body says; None if it is no JSON or was not looked at."""
    data = _unpacked(copy, headers)
    if not data:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def lower(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by their names in lower case."""
    return {name.lower(): value for name, value in headers}


def _unpacked(copy: Copy, headers: Mapping[str, str]) -> bytes | None:
    """The bytes behind a Content-Encoding; None if that, or their number, is too much."""
    if not copy.wanted or not copy.is_whole:
        return None
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing == "identity":
        return bytes(copy.data)
    if packing not in _PACKED:
        return None
    return _inflated(bytes(copy.data))


def _inflated(data: bytes) -> bytes | None:
    for window in (_ANY_FORMAT, -zlib.MAX_WBITS):  # some servers send deflate without its header
        unpacking = zlib.decompressobj(window)
        try:
            found = unpacking.decompress(data, _LARGEST_UNPACKED)
        except zlib.error:
            continue
        return found if unpacking.eof else None
    return None
