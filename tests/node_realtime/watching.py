"""Clients that watch others: with nothing under way, what they say next is of what comes next."""

from __future__ import annotations

from itertools import count

from reachability_mock.clock import true_monotonic
from reachability_mock.wire.sync import map_sid
from tests.node_realtime.conftest import SERVICE, Service
from tests.node_realtime.sdk import PATIENCE, QUICK, Json, Sdk

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
