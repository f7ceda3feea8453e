"""Loss and return in the real SDK: nothing is missed, and nothing flips in vain."""

from __future__ import annotations

from tests.node_realtime.conftest import Service
from tests.node_realtime.sdk import Sdk
from tests.node_realtime.watching import connect, news, reasons, until_subscribed, watch

ONLINE = "reachabilityOnline"


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


def test_who_was_away_sees_that_a_user_was_deleted(sdk: Sdk, service: Service) -> None:
    connect(sdk, service, "bob")
    connect(sdk, service, "alice")
    watch(sdk, service, "alice", "bob")
    service.faults.refuse_init(500, 20500, "Later", times=3)
    service.faults.drop("alice")
    sdk.event("connectionStateChanged", client="alice", to="connecting")
    service.rest("DELETE", "/Users/bob")
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
