"""The Python stand-in beside the real SDK: the same acts, and the same updates."""

from __future__ import annotations

from collections.abc import Callable

from reachability_mock.core.facts import (
    Connected,
    Disconnected,
    Fact,
    PushRegistered,
    PushUnregistered,
    ServiceConfigured,
    UserDeleted,
    UserEdited,
)
from reachability_mock.core.model import BindingType
from reachability_mock.sdk_client import SdkClient, Updated
from tests.node_realtime.conftest import SERVICE, Service
from tests.node_realtime.sdk import Json, Sdk
from tests.node_realtime.watching import connect, news, watch

Act = Callable[[Service], Fact]
WATCHED = ("bob", "carol")


def came(identity: str) -> Act:
    """A user comes; it is born if nobody knows it."""
    return lambda on: Connected(SERVICE, identity, "tab", on.world.new_sid("US"))


def left(identity: str) -> Act:
    return lambda _: Disconnected(SERVICE, identity, "tab")


def registered(identity: str) -> Act:
    return lambda _: PushRegistered(SERVICE, identity, "BS1", "US1", BindingType.FCM, "pixel")


def edited(identity: str, name: str, attributes: str) -> Act:
    return lambda on: UserEdited(SERVICE, on.user(identity).sid, name, attributes)


def deleted(identity: str) -> Act:
    return lambda on: UserDeleted(SERVICE, on.user(identity).sid)


def switched(*, on: bool) -> Act:
    return lambda _: ServiceConfigured(SERVICE, reachability_enabled=on)


DAY: tuple[Act, ...] = (
    left("bob"),
    came("bob"),
    edited("bob", "Bob", "[1]"),
    registered("bob"),
    switched(on=False),
    edited("carol", "Carol", "{}"),
    left("carol"),
    lambda _: PushUnregistered(SERVICE, "BS1"),
    switched(on=True),
    came("carol"),
    switched(on=False),
    registered("carol"),
    switched(on=True),
    deleted("bob"),
    came("bob"),
    left("bob"),
    left("carol"),
)


def stand_in(service: Service, identity: str, *watched: str) -> SdkClient:
    """The stand-in for one more device of `identity`."""
    record = service.world.store.service(SERVICE)
    assert record is not None
    client = SdkClient(service.world, record, identity, "stand-in")
    for one in watched:
        client.get_user(one)
    return client


def both(sdk: Sdk, service: Service, identity: str, *watched: str) -> SdkClient:
    """The real SDK and the stand-in as the same user, with nothing under way; the stand-in."""
    connect(sdk, service, identity)
    for one in watched:
        watch(sdk, service, identity, one)
    client = stand_in(service, identity, *watched)
    news(sdk, service, identity, identity)
    client.updates.clear()
    return client


def told(events: list[Json]) -> list[Updated]:
    """What the real SDK said, in the stand-in's words."""
    return [
        Updated(
            one["user"]["identity"],
            tuple(one["reasons"]),
            one["user"]["isOnline"],
            one["user"]["isNotifiable"],
        )
        for one in events
        if one["event"] == "userUpdated"
    ]


def play(service: Service, *acts: Act) -> None:
    for act in acts:
        service.world.submit(act(service))


def test_both_are_told_the_same(sdk: Sdk, service: Service) -> None:
    play(service, *map(came, WATCHED))
    client = both(sdk, service, "alice", *WATCHED)
    play(service, *DAY)
    assert told(news(sdk, service, "alice", "alice")) == client.updates
    assert {one.identity for one in client.updates} == {"alice", *WATCHED}


def test_both_are_told_the_same_if_the_indicator_was_off_when_they_came(
    sdk: Sdk, service: Service
) -> None:
    play(service, switched(on=False), *map(came, WATCHED))
    client = both(sdk, service, "alice", "bob")
    play(service, switched(on=True))
    watch(sdk, service, "alice", "carol")
    client.get_user("carol")
    play(service, registered("carol"), left("bob"))
    seen = [one for one in told(news(sdk, service, "alice", "alice")) if not is_first_look(one)]
    assert seen == client.updates
    assert (
        Updated(
            "carol",
            ("reachabilityOnline", "reachabilityNotifiable"),
            is_online=True,
            is_notifiable=True,
        )
        in seen
    )


def is_first_look(one: Updated) -> bool:
    """The real SDK's first look at a user is an update to it, the stand-in's is none."""
    return one.identity == "carol" and "attributes" in one.reasons


def test_both_see_themselves_go_when_their_user_is_deleted(sdk: Sdk, service: Service) -> None:
    client = both(sdk, service, "alice")
    play(service, deleted("alice"))
    events = sdk.events_until("connectionStateChanged", "alice", to="disconnected")
    assert told(events) == client.updates
    assert [one.is_online for one in client.updates] == [False]
