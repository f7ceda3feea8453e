"""Trouble for client SDKs by the control plane: what arrives at the hub, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reachability_mock.realtime.faults import Faults
from reachability_mock.realtime.hub import Hub
from tests.http.asking import Asker


@pytest.fixture
def hub(asker: Asker) -> Iterator[Hub]:
    """A hub without any socket, as a server would have it."""
    hub = Hub(asker.site.world, asker.site.keyring)
    asker.site.realtime = Faults(hub)
    yield hub
    hub.stop()


@pytest.mark.parametrize(
    ("call", "body", "answer"),
    [
        ("refuse-init", {"times": 2, "status": 429, "error_code": 20429}, {"times": 2}),
        ("refuse-init", None, {"times": 1}),
        ("drop", None, {"sockets": 0}),
        ("drop", {"identity": "alice", "service": "default"}, {"sockets": 0}),
        ("offload", {"reconnect_min_ms": 50}, {"sockets": 0}),
        ("expire", {"identity": "alice"}, {"sockets": 0}),
        ("delay-pushes", {"seconds": 0.5}, {"seconds": 0.5}),
    ],
)
@pytest.mark.usefixtures("hub")
def test_each_call_says_what_is_in_force_or_how_many_it_met(
    asker: Asker, call: str, body: object, answer: object
) -> None:
    reply = asker.mock("POST", f"realtime/{call}", body)
    assert (reply.status, reply.json) == (200, answer)


def test_a_refusal_waits_for_whoever_comes(asker: Asker, hub: Hub) -> None:
    body = {"times": 2, "status": 500, "error_code": 20500, "description": "Later"}
    asker.mock("POST", "realtime/refuse-init", body)
    assert [(one.status, one.description) for one in hub.refusals] == [(500, "Later")] * 2


def test_clear_and_reset_end_all_trouble(asker: Asker, hub: Hub) -> None:
    for end in ("realtime/clear", "reset"):
        asker.mock("POST", "realtime/refuse-init")
        asker.mock("POST", "realtime/delay-pushes", {"seconds": 1})
        assert hub.refusals
        assert hub.push_delay_seconds == 1
        assert asker.mock("POST", end).status == 204
        assert not hub.refusals
        assert hub.push_delay_seconds == 0


@pytest.mark.usefixtures("hub")
def test_the_journal_shows_the_trouble_and_who_asked_for_it(asker: Asker) -> None:
    asker.mock("POST", "realtime/drop", {"identity": "alice"})
    (fault,) = asker.journal("?kind=fault")
    (asked,) = asker.journal("?kind=request")
    assert fault["data"] == {"said": "drop", "sockets": 0}
    assert (fault["user"], fault["cause"]) == ("alice", asked["n"])


@pytest.mark.usefixtures("hub")
def test_without_sockets_the_list_is_empty(asker: Asker) -> None:
    assert asker.mock("GET", "realtime/sockets").json == {"sockets": []}


@pytest.mark.parametrize(
    ("call", "body", "wrong"),
    [
        ("refuse-init", {"times": -1}, "times"),
        ("refuse-init", {"times": True}, "times"),
        ("refuse-init", {"status": 200}, "status"),
        ("refuse-init", {"error_code": "x"}, "error_code"),
        ("refuse-init", {"description": ""}, "description"),
        ("drop", {"identity": 7}, "identity"),
        ("drop", {"user": "alice"}, "user"),
        ("offload", {"reconnect_min_ms": 0.5}, "reconnect_min_ms"),
        ("expire", [], "object"),
        ("delay-pushes", {}, "seconds"),
        ("delay-pushes", {"seconds": 61}, "seconds"),
        ("clear", {"now": True}, "now"),
    ],
)
@pytest.mark.usefixtures("hub")
def test_what_makes_no_sense_is_a_400(asker: Asker, call: str, body: object, wrong: str) -> None:
    reply = asker.mock("POST", f"realtime/{call}", body)
    assert reply.status == 400
    assert wrong in reply.error["message"]
    assert not asker.journal("?kind=fault")


@pytest.mark.usefixtures("hub")
def test_a_service_nobody_knows_is_a_404(asker: Asker) -> None:
    assert asker.mock("POST", "realtime/drop", {"service": "nope"}).error["code"] == (
        "unknown_service"
    )


@pytest.mark.parametrize("call", ["drop", "clear", "refuse-init", "offload", "expire"])
def test_where_nobody_listens_it_says_so(asker: Asker, call: str) -> None:
    reply = asker.mock("POST", f"realtime/{call}")
    assert reply.status == 404
    assert reply.error["code"] == "no_sockets"
    assert asker.mock("GET", "realtime/sockets").status == 404
