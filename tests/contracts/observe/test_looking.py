"""Looking at a copy of what passes."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest

from reachability_contracts.observe.looking import (
    LARGEST,
    NOT_LOOKED_AT,
    Copy,
    form_of,
    is_worth_a_look,
    json_of,
)

BODY = json.dumps({"is_online": True}).encode()


def copied(data: bytes, *, wanted: bool = True) -> Copy:
    copy = Copy(wanted)
    for start in range(0, len(data), 7):
        copy.add(data[start : start + 7])
    return copy


def raw_deflate(data: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(data) + packing.flush()


@pytest.mark.parametrize(
    ("packing", "data"),
    [
        ("", BODY),
        ("identity", BODY),
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("GZip", gzip.compress(BODY, mtime=0)),
        ("deflate", zlib.compress(BODY)),
        ("deflate", raw_deflate(BODY)),
    ],
)
def test_a_body_is_unpacked(packing: str, data: bytes) -> None:
    headers = {"content-encoding": packing} if packing else {}
    assert json_of(copied(data), headers) == {"is_online": True}


@pytest.mark.parametrize(
    ("packing", "data"),
    [
        ("br", BODY),
        ("gzip", BODY),
        ("gzip", gzip.compress(BODY, mtime=0)[:-9]),
        ("gzip", gzip.compress(b" " * 20 * LARGEST + BODY, mtime=0)),
        ("identity", b"no JSON"),
        ("identity", b""),
        ("identity", b"[" * 100_000),
        ("identity", b"\xff\xfe\xfd"),
    ],
)
def test_what_cannot_be_read_is_nothing(packing: str, data: bytes) -> None:
    assert json_of(copied(data), {"content-encoding": packing}) is None


def test_what_is_too_large_is_not_held() -> None:
    copy = Copy(wanted=True)
    for _ in range(3):
        copy.add(b" " * LARGEST)
    assert not copy.data
    assert json_of(copy, {}) is None


def test_what_nobody_wants_is_not_held() -> None:
    assert not copied(BODY, wanted=False).data


def test_of_a_form_two_parameters_are_kept_and_nothing_else() -> None:
    sent = b"Identity=eve%40ex.com&ReachabilityEnabled=true&FriendlyName=&Attributes=x"
    assert form_of(copied(sent), {}) == {"ReachabilityEnabled": "true", "FriendlyName": ""}


def test_a_form_that_cannot_be_read_may_have_switched() -> None:
    assert form_of(copied(b"x" * (LARGEST + 1)), {}) == NOT_LOOKED_AT
    assert form_of(copied(b"{}"), {"content-type": "application/json"}) == NOT_LOOKED_AT
    assert form_of(copied(b"x"), {"content-encoding": "br"}) == NOT_LOOKED_AT


@pytest.mark.parametrize(
    ("path", "worth"),
    [
        ("/v1/Users", True),
        ("/v1/Services/IS1/Users/eve", True),
        ("/v1/Services/IS1/Configuration", True),
        ("/v1/Services", True),
        ("/v1/Conversations/CH1/Messages", False),
        ("/v2/Users", False),
        ("/", False),
    ],
)
def test_only_paths_that_teach_something_are_looked_at(path: str, *, worth: bool) -> None:
    assert is_worth_a_look(path) is worth
