"""Loss and return in the real SDK: nothing is missed, and nothing flips in vain."""

from __future__ import annotations

from tests.node_realtime.conftest import Service
from tests.node_realtime.sdk import QUICK, Json, Sdk

ONLINE = "reachabilityOnline"


def connect(sdk: Sdk, service: Service, identity: str) -> None:
    """Connect a client that is called as its user is, and wait until it says so."""
    token = service.token(identity)
    sdk.do("connect", identity, token=token, uri=service.uri, options=QUICK)
    sdk.event("connectionStateChanged", client=identity, to="connected")


def watch(sdk: Sdk, service: Service, watcher: str, watched: str) -> None:
    """Watch a user until its state is known and the subscription stands."""
    sdk.do("watch", watcher, user=watched)
    until_subscribed(service, watched, watcher)


def until_subscribed(service: Service, watched: str, *watchers: str) -> None:
    """Wait until the hub pushes a user's changes to a client (a probe in the journal tells)."""
    number = 0
    while True:
        number += 1
        service.rest("POST", f"/Users/{watched}", FriendlyName=f"{watched} {number}")
        pushes = service.world.journal.since(kind="socket", user=watched)
        found = [one.as_json()["data"] for one in pushes]
        if found and int(found[-1].get("to", 0)) >= len(watchers):  # type: ignore[attr-defined] # JSON
            return


def reasons(events: list[Json], client: str, identity: str) -> list[str]:
    """Why a user was said to have changed, in order."""
    mine = [one for one in events if one["event"] == "userUpdated" and one["client"] == client]
    return [why for one in mine if one["user"]["identity"] == identity for why in one["reasons"]]


def test_a_cut_connection_comes_back_and_nothing_flips(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "bob")
    connect(sdk, service, "alice")
    watch(sdk, service, "alice", "bob")
    sdk.events()
    assert service.faults.drop("alice") == 1
    sdk.event("connectionStateChanged", client="alice", to="connecting")
    sdk.event("connectionStateChanged", client="alice", to="connected")
    watch(sdk, service, "alice", "bob")
    seen = reasons(sdk.events(), "alice", "bob")
    assert ONLINE not in seen
    assert ONLINE not in reasons(sdk.events(), "alice", "alice")


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
    sdk.events()
    service.faults.drop("bob")
    sdk.event("connectionStateChanged", client="bob", to="connecting")
    assert service.rest("GET", "/Users/bob")["is_online"] is True
    sdk.event("connectionStateChanged", client="bob", to="connected")
    service.world.advance(61)
    assert service.rest("GET", "/Users/bob")["is_online"] is True
    assert ONLINE not in reasons(sdk.events(), "alice", "bob")


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
        until_subscribed(again, "bob", "alice", "bob")
        sdk.events()
        sdk.do("shutdown", "bob")
        left = sdk.event("updated", client="alice", reasons=[ONLINE])
        assert left["user"]["isOnline"] is False
        sdk.shut_down_all()
    finally:
        again.stop()
