"""Loss and return in the real SDK: nothing is missed, and nothing flips in vain."""

from __future__ import annotations

from itertools import count

from reachability_mock.clock import true_monotonic
from reachability_mock.wire.sync import map_sid
from tests.node_realtime.conftest import SERVICE, Service
from tests.node_realtime.sdk import PATIENCE, QUICK, Json, Sdk

ONLINE = "reachabilityOnline"
_NUMBERS = count(1)


def connect(sdk: Sdk, service: Service, identity: str) -> None:
    """Connect a client that is called as its user is, and wait until it says so."""
    token = service.token(identity)
    sdk.do("connect", identity, token=token, uri=service.uri, options=QUICK)
    sdk.event("connectionStateChanged", client=identity, to="connected")
    until_subscribed(service, identity, identity)


def watch(sdk: Sdk, service: Service, watcher: str, watched: str) -> None:
    """Watch a user until its state is known and the subscription stands."""
    sdk.do("watch", watcher, user=watched)
    until_subscribed(service, watcher, watched)


def until_subscribed(service: Service, watcher: str, *watched: str) -> None:
    """Wait until the newest connection of a user has subscribed to the maps of others."""
    wanted = {map_sid(SERVICE, identity) for identity in watched}
    patience = true_monotonic() + PATIENCE
    while not wanted <= subscriptions(service, watcher):
        assert true_monotonic() < patience, f"{watcher} did not subscribe to {watched}"
        service.rest("GET", "/Configuration")  # gives the server its turn


def subscriptions(service: Service, watcher: str) -> set[str]:
    """The maps that the newest connection of a user has subscribed to."""
    devices = [one["device"] for one in service.faults.sockets() if one["identity"] == watcher]
    noted = [one.as_json()["data"] for one in service.world.journal.since(kind="socket")]
    return {
        str(one["object"])  # type: ignore[index] # JSON
        for one in noted
        if one["said"] == "subscribed" and one["device"] == devices[-1]  # type: ignore[index] # JSON
    }


def news(sdk: Sdk, service: Service, client: str, identity: str) -> list[Json]:
    """What a client says up to a change of `identity` that is made now: nothing is under way."""
    name = f"{identity} {next(_NUMBERS)}"
    service.rest("POST", f"/Users/{identity}", FriendlyName=name)
    told: list[Json] = []
    while not any(one["user"]["friendlyName"] == name for one in about(told, client, identity)):
        told += sdk.events_until("userUpdated", client)
    return told


def about(events: list[Json], client: str, identity: str) -> list[Json]:
    """The updates of a user that a client was told."""
    mine = [one for one in events if one["event"] == "userUpdated" and one["client"] == client]
    return [one for one in mine if one["user"]["identity"] == identity]


def reasons(events: list[Json], client: str, identity: str) -> list[str]:
    """Why a user was said to have changed, in order."""
    return [why for one in about(events, client, identity) for why in one["reasons"]]


def test_a_cut_connection_comes_back_and_nothing_flips(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "bob")
    connect(sdk, service, "alice")
    watch(sdk, service, "alice", "bob")
    news(sdk, service, "alice", "bob")
    news(sdk, service, "alice", "alice")
    assert service.faults.drop("alice") == 1
    back = sdk.events_until("connectionStateChanged", "alice", to="connecting")
    back += sdk.events_until("connectionStateChanged", "alice", to="connected")
    until_subscribed(service, "alice", "alice", "bob")
    back += news(sdk, service, "alice", "bob")
    back += news(sdk, service, "alice", "alice")
    assert reasons(back, "alice", "bob") == ["friendlyName"]
    assert reasons(back, "alice", "alice") == ["friendlyName"]


def test_who_was_away_sees_what_it_missed(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "bob")
    connect(sdk, service, "alice")
    watch(sdk, service, "alice", "bob")
    service.faults.refuse_init(500, 20500, "Later", times=3)
    service.faults.drop("alice")
    sdk.event("connectionStateChanged", client="alice", to="connecting")
    sdk.do("shutdown", "bob")
    sdk.event("connectionStateChanged", client="alice", to="connected")
    left = sdk.event("updated", client="alice", reasons=[ONLINE])
    assert left["user"]["isOnline"] is False


def test_lost_after_hides_a_short_absence(sdk: Sdk, service: Service) -> None:
    service.world.settings.update({"lost_after": "60s"})
    connect(sdk, service, "bob")
    connect(sdk, service, "alice")
    watch(sdk, service, "alice", "bob")
    news(sdk, service, "alice", "bob")
    service.faults.drop("bob")
    sdk.event("connectionStateChanged", client="bob", to="connecting")
    assert service.rest("GET", "/Users/bob")["is_online"] is True
    sdk.event("connectionStateChanged", client="bob", to="connected")
    until_subscribed(service, "bob", "bob")
    service.world.advance(61)
    assert service.rest("GET", "/Users/bob")["is_online"] is True
    told = news(sdk, service, "alice", "bob")
    assert reasons(told, "alice", "bob") == ["friendlyName"]


def test_an_offloaded_client_comes_again(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "alice")
    assert service.faults.offload(50) == 1
    sdk.event("connectionStateChanged", client="alice", to="disconnecting")
    sdk.event("connectionStateChanged", client="alice", to="connected")
    assert service.rest("GET", "/Users/alice")["is_online"] is True


def test_a_restarted_server_is_found_again_and_its_news_are_believed(
    sdk: Sdk, service: Service
) -> None:
    connect(sdk, service, "bob")
    connect(sdk, service, "alice")
    watch(sdk, service, "alice", "bob")
    service.stop()
    for client in ("alice", "bob"):
        sdk.event("connectionStateChanged", client=client, to="connecting")
    again = Service(service.server.port)
    try:
        again.enable()
        for client in ("alice", "bob"):
            sdk.event("connectionStateChanged", client=client, to="connected")
        until_subscribed(again, "alice", "bob")
        news(sdk, again, "alice", "bob")
        sdk.do("shutdown", "bob")
        left = sdk.event("updated", client="alice", reasons=[ONLINE])
        assert left["user"]["isOnline"] is False
        sdk.shut_down_all()
    finally:
        again.stop()
