"""The frame codec: what is written is read again, and nothing else is a frame."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reachability_mock.wire import twilsock
from reachability_mock.wire.twilsock import Frame, Malformed, uri_of

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), inner)
    ),
    max_leaves=12,
)


def raw(header: object, payload: bytes = b"") -> bytes:
    """A frame with any header, whatever it says."""
    head = json.dumps(header).encode()
    return b"TWILSOCK V3.0 %d\r\n%b\r\n%b" % (len(head), head, payload)


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("http://127.0.0.1:4010", "ws://127.0.0.1:4010/v3/wsconnect"),
        ("https://fake.test/", "wss://fake.test/v3/wsconnect"),
    ],
)
def test_the_socket_is_beside_the_rest_api(url: str, uri: str) -> None:
    assert uri_of(url) == uri


def test_a_frame_looks_as_the_sdk_writes_it() -> None:
    data = twilsock.write("notification", "n1", {"a": "é"}, message_type="t")
    head, _, rest = data.partition(b"\r\n")
    header, _, payload = rest.rpartition(b"\r\n")
    assert head == b"TWILSOCK V3.0 %d" % len(header)
    assert json.loads(header) == {
        "method": "notification",
        "id": "n1",
        "message_type": "t",
        "payload_size": len(payload),
        "payload_type": "application/json",
    }


def test_a_frame_without_payload_still_has_its_last_line_break() -> None:
    data = twilsock.write("close", "n1")
    assert data.endswith(b'"payload_size":0}\r\n')
    assert twilsock.read(data).json() is None


@given(st.text(min_size=1, max_size=20), _JSON)
def test_what_is_written_is_read_again(method: str, payload: object) -> None:
    try:
        method.encode()
    except UnicodeEncodeError:
        return
    frame = twilsock.read(twilsock.write(method, "1", payload))
    assert (frame.method, frame.id, frame.json()) == (method, "1", payload)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_malformed(data: bytes) -> None:
    for attempt in (data, b"TWILSOCK V3.0 " + data, raw({}, data)):
        with suppress(Malformed):  # and nothing else
            assert isinstance(twilsock.read(attempt), Frame)


@given(st.data())
def test_a_truncated_or_altered_frame_is_a_frame_or_malformed(data: st.DataObject) -> None:
    good = twilsock.write("message", "m1", {"a": [1, "é"]}, http_request={"path": "/"})
    at = data.draw(st.integers(0, len(good) - 1))
    changed = (
        good[:at] + data.draw(st.binary(max_size=3)) + good[at + data.draw(st.integers(0, 3)) :]
    )
    for attempt in (good[:at], changed):
        with suppress(Malformed):  # and nothing else
            twilsock.read(attempt).json()


@pytest.mark.parametrize(
    ("header", "payload", "why"),
    [
        ({"id": "1", "payload_size": 0}, b"", "no method"),
        ({"method": "", "id": "1", "payload_size": 0}, b"", "no method"),
        ({"method": "init", "id": 7, "payload_size": 0}, b"", "no id"),
        ({"method": "init", "id": "x" * 257, "payload_size": 0}, b"", "no id"),
        ({"method": "init", "id": "1"}, b"", "payload_size"),
        ({"method": "init", "id": "1", "payload_size": True}, b"1", "payload_size"),
        ({"method": "init", "id": "1", "payload_size": "0"}, b"", "payload_size"),
        ({"method": "init", "id": "1", "payload_size": 3}, b"ab", "payload_size"),
        ({"method": "\ud800", "id": "1", "payload_size": 0}, b"", "not JSON"),
        ({"method": "i", "id": "1", "n": float("nan"), "payload_size": 0}, b"", "not JSON"),
    ],
)
def test_a_header_says_what_it_must(header: object, payload: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        twilsock.read(raw(header, payload))


def test_a_header_deeper_than_anyone_can_read_is_malformed() -> None:
    deep = b"[" * 100_000
    with pytest.raises(Malformed, match="not JSON"):
        twilsock.read(b"TWILSOCK V3.0 %d\r\n%b\r\n" % (len(deep), deep))


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_a_payload_may_say_that_it_is_json(kind: str) -> None:
    assert Frame("m", "1", {"payload_type": kind}, b"[1]").json() == [1]


@pytest.mark.parametrize("kind", ["text/plain", 7])
def test_a_payload_that_says_it_is_something_else_is_not_read(kind: object) -> None:
    with pytest.raises(Malformed, match="the payload is not JSON"):
        Frame("m", "1", {"payload_type": kind}, b"[1]").json()


@pytest.mark.parametrize("payload", [b"{", b"\xff", b'"\\ud800"', b"Infinity"])
def test_a_payload_that_is_no_json_is_malformed(payload: bytes) -> None:
    with pytest.raises(Malformed, match="the payload is not JSON"):
        Frame("m", "1", {}, payload).json()
