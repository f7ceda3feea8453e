"""The control plane's sockets: who is connected with a client SDK, and trouble for them."""

from __future__ import annotations

import math

from flask import Blueprint, Response

from reachability_mock.http.call import answer, no_content, the_call
from reachability_mock.http.control_call import (
    Impossible,
    Json,
    bad_request,
    check_query,
    json_body,
    text_of,
    the_service,
)
from reachability_mock.http.site import Realtime

blueprint = Blueprint("control_realtime", __name__, url_prefix="/_mock/realtime")
_WHOM = ("identity", "service")
_STATUSES = (300, 599)
"""The statuses that a refusal may have: a 1xx or 2xx would be none."""
_ERROR_CODES = (1, 99_999)
_MOST_TIMES = 1000
_LONGEST_DELAY_SECONDS = 60.0
_LONGEST_WAIT_MS = 600_000


@blueprint.get("/sockets")
def sockets() -> Response:
    """Every open socket, the oldest first."""
    check_query()
    return answer({"sockets": _realtime().sockets()})


@blueprint.post("/refuse-init")
def refuse_init() -> Response:
    """Refuse the next attempts to connect; 0 times ends it."""
    check_query()
    body = json_body(["times", "status", "error_code", "description"])
    times = _realtime().refuse_init(
        _whole(body, "status", 403, *_STATUSES),
        _whole(body, "error_code", 20101, *_ERROR_CODES),
        text_of(body, "description", "Refused for a test"),
        times=_whole(body, "times", 1, 0, _MOST_TIMES),
        cause=_cause(),
    )
    return answer({"times": times})


@blueprint.post("/drop")
def drop() -> Response:
    """Let sockets fall, as if a cable was cut."""
    check_query("account")
    identity, service_sid = _whom(json_body(_WHOM))
    count = _realtime().drop(identity, service_sid=service_sid, cause=_cause())
    return answer({"sockets": count})


@blueprint.post("/offload")
def offload() -> Response:
    """Ask clients to come again."""
    check_query("account")
    body = json_body([*_WHOM, "reconnect_min_ms"])
    wait_ms = _whole(body, "reconnect_min_ms", 1000, 0, _LONGEST_WAIT_MS)
    identity, service_sid = _whom(body)
    count = _realtime().offload(wait_ms, identity, service_sid=service_sid, cause=_cause())
    return answer({"sockets": count})


@blueprint.post("/expire")
def expire() -> Response:
    """Let tokens expire now."""
    check_query("account")
    identity, service_sid = _whom(json_body(_WHOM))
    count = _realtime().expire(identity, service_sid=service_sid, cause=_cause())
    return answer({"sockets": count})


@blueprint.post("/delay-pushes")
def delay_pushes() -> Response:
    """Hold back what is pushed; 0 seconds ends it."""
    check_query()
    seconds = json_body(["seconds"]).get("seconds")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        seconds = math.nan
    if not 0 <= seconds <= _LONGEST_DELAY_SECONDS:
        raise bad_request(f"seconds: a number from 0 to {_LONGEST_DELAY_SECONDS:.0f} is needed")
    return answer({"seconds": _realtime().delay_pushes(seconds, cause=_cause())})


@blueprint.post("/clear")
def clear() -> Response:
    """No refusals and no delays any more."""
    check_query()
    json_body(())
    _realtime().clear(cause=_cause())
    return no_content()


def _realtime() -> Realtime:
    found = the_call().site.realtime
    if found is None:
        raise Impossible(404, "no_sockets", "nobody listens for client SDKs here: start a server")
    return found


def _cause() -> int:
    return the_call().entry.n


def _whom(body: Json) -> tuple[str | None, str | None]:
    """Whose sockets: an identity, the SID of a service, or None for all."""
    identity = text_of(body, "identity") if "identity" in body else None
    service_sid = the_service(text_of(body, "service")).sid if "service" in body else None
    the_call().entry.user = identity
    return identity, service_sid


def _whole(body: Json, key: str, default: int, least: int, most: int) -> int:
    value = body.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise bad_request(f"{key}: a whole number from {least} to {most} is needed")
    return value
