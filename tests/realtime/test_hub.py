"""The hub: changes in the world reach those who look, and nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from reachability_mock.clock import system_now
from reachability_mock.core.facts import (
    Connected,
    ConnectionLost,
    Disconnected,
    PushRegistered,
    ServiceConfigured,
    ServiceCreated,
    ServiceDeleted,
    UserCreated,
    UserDeleted,
    UserEdited,
)
from reachability_mock.core.model import BindingType
from reachability_mock.realtime.faults import Faults
from reachability_mock.realtime.view import View
from tests.realtime.sockets import Fake
from tests.wire.playbook import ACCOUNT, SERVICE, frame, init, map_of, token_of

pytestmark = pytest.mark.asyncio
OTHER = "IS" + "b" * 32


@pytest.fixture
def fake() -> Iterator[Fake]:
    fake = Fake()
    fake.world.submit(UserCreated(SERVICE, "US" + "b" * 32, "bob"))
    yield fake
    fake.hub.stop()


def connect(fake: Fake, identity: str = "bob") -> None:
    fake.world.submit(Connected(SERVICE, identity, "tab", fake.world.new_sid("US")))


def disconnect(fake: Fake, identity: str = "bob") -> None:
    fake.world.submit(Disconnected(SERVICE, identity, "tab"))


def switch(fake: Fake, *, on: bool) -> None:
    fake.world.submit(ServiceConfigured(SERVICE, reachability_enabled=on))


# --- pushes --------------------------------------------------------------------------------------


async def test_who_watches_sees_somebody_come_and_go(fake: Fake) -> None:
    async with fake.client("alice") as alice:
        replayed = await alice.watch("bob")
        assert replayed[-1]["item_data"] == {"online": None, "notifiable": None}
        connect(fake)
        first = (await alice.next_event())["event"]
        disconnect(fake)
        second = (await alice.next_event())["event"]
    assert first["item_data"] == {"online": True, "notifiable": None}
    assert second["item_data"] == {"online": False, "notifiable": None}
    assert second["id"] > first["id"]


async def test_who_does_not_watch_sees_nothing(fake: Fake) -> None:
    async with fake.client("alice") as alice, fake.client("carol") as carol:
        await alice.watch("bob")
        await carol.ask("GET", f"/v3/Maps/{map_of('bob')}")
        connect(fake)
        await alice.next_event()
        assert carol.has_nothing


async def test_one_change_of_both_is_one_event(fake: Fake) -> None:
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        fact = PushRegistered(SERVICE, "bob", "BS1", "US1", BindingType.FCM, "pixel")
        switch(fake, on=False)
        fake.world.submit(fact)
        connect(fake)
        assert alice.has_nothing
        switch(fake, on=True)
        event = (await alice.next_event())["event"]
        assert event["item_data"] == {"online": True, "notifiable": True}


async def test_edits_from_anywhere_are_seen(fake: Fake) -> None:
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        fake.world.submit(UserEdited(SERVICE, "US" + "b" * 32, friendly_name="B"))
        assert (await alice.next_event())["event"]["item_data"] == {"value": "B"}
        fake.world.submit(UserEdited(SERVICE, "US" + "b" * 32, attributes='{"a":1}'))
        event = (await alice.next_event())["event"]
        assert (event["item_key"], event["item_data"]) == ("attributes", {"value": '{"a":1}'})


async def test_a_change_from_another_thread_arrives(fake: Fake) -> None:
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        await asyncio.to_thread(connect, fake)
        assert (await alice.next_event())["event"]["item_data"]["online"] is True


async def test_while_the_indicator_is_off_nothing_is_pushed(fake: Fake) -> None:
    connect(fake)
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        switch(fake, on=False)
        disconnect(fake)
        connect(fake)
        assert alice.has_nothing


async def test_switched_on_again_it_is_told_to_everybody_at_once(fake: Fake) -> None:
    switch(fake, on=False)
    connect(fake)
    async with fake.client("alice") as alice, fake.client("carol") as carol:
        await alice.watch("bob")
        await carol.watch("bob")
        switch(fake, on=True)
        for watcher in (alice, carol):
            assert (await watcher.next_event())["event"]["item_data"]["online"] is True


async def test_who_left_while_it_was_off_is_unknown_to_those_who_saw_it_online(fake: Fake) -> None:
    connect(fake)
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        switch(fake, on=False)
        disconnect(fake)
        switch(fake, on=True)
        event = (await alice.next_event())["event"]
        assert event["item_data"] == {"online": None, "notifiable": None}


async def test_a_delayed_change_is_pushed_when_it_shows(fake: Fake) -> None:
    fake.world.settings.update({"offline_delay": "60s"})
    connect(fake)
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        disconnect(fake)
        assert alice.has_nothing
        fake.world.advance(60)
        assert (await alice.next_event())["event"]["item_data"]["online"] is False


async def test_unsubscribed_means_nothing_more(fake: Fake) -> None:
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        wanted = {"object_sid": map_of("bob"), "object_type": "map"}
        body = {"action": "cancel", "correlation_id": 2, "requests": [wanted]}
        await alice.ask("POST", "/v4/Subscriptions", body)
        assert (await alice.next_event())["event_type"] == "subscription_canceled"
        connect(fake)
        assert alice.has_nothing
    assert fake.hub._watchers == {}


async def test_services_are_worlds_apart(fake: Fake) -> None:
    fake.world.submit(ServiceCreated(ACCOUNT, OTHER, "other"))
    async with fake.client("alice", service_sid=OTHER) as alice:
        error = await alice.ask("GET", f"/v3/Maps/{map_of('bob')}")
        assert error["code"] == 20404


# --- deletions -----------------------------------------------------------------------------------


async def test_deleting_a_user_closes_its_sockets_and_tells_who_watches(fake: Fake) -> None:
    async with fake.client("alice") as alice, fake.client("bob") as bob:
        await alice.watch("bob")
        fake.world.submit(UserDeleted(SERVICE, fake.user("bob").sid))
        told = await bob.next_frame()
        assert (told.method, told.header["status"]["code"]) == ("close", 401)
        assert (await alice.next_event())["event_type"] == "map_item_updated"
        assert (await alice.next_event())["event_type"] == "map_removed"
        assert fake.world.store.user_by_identity(SERVICE, "bob") is None
        assert fake.is_connected("alice")


async def test_a_deleted_user_is_seen_to_go(fake: Fake) -> None:
    fake.world.submit(PushRegistered(SERVICE, "bob", "BS1", "US1", BindingType.FCM, "pixel"))
    connect(fake)
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        fake.world.submit(UserDeleted(SERVICE, fake.user("bob").sid))
        last, removed = await alice.next_event(), await alice.next_event()
    assert last["event"]["item_data"] == {"online": False, "notifiable": False}
    assert removed["event_type"] == "map_removed"
    assert removed["event"]["id"] > last["event"]["id"]


async def test_of_a_deleted_user_nothing_becomes_known_that_was_not(fake: Fake) -> None:
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        fake.world.submit(UserDeleted(SERVICE, fake.user("bob").sid))
        assert (await alice.next_event())["event_type"] == "map_removed"


async def test_while_the_indicator_is_off_a_deleted_user_is_not_seen_to_go(fake: Fake) -> None:
    connect(fake)
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        switch(fake, on=False)
        fake.world.submit(UserDeleted(SERVICE, fake.user("bob").sid))
        assert (await alice.next_event())["event_type"] == "map_removed"


async def test_a_client_that_stays_though_asked_to_go_is_closed(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reachability_mock.wire.session.CLOSING_SECONDS", 0.0)
    async with fake.client("bob") as bob:
        fake.world.submit(UserDeleted(SERVICE, fake.user("bob").sid))
        await bob.next_frame()
        assert await bob.close() == (1000, "goodbye")


async def test_deleting_a_service_closes_the_sockets_in_it(fake: Fake) -> None:
    fake.world.submit(ServiceCreated(ACCOUNT, OTHER, "other"))
    async with fake.client("alice", service_sid=OTHER) as alice, fake.client("bob"):
        fake.world.submit(ServiceDeleted(OTHER))
        assert (await alice.next_frame()).header["status"]["code"] == 401
        assert fake.is_connected("bob")


def device_of(fake: Fake, identity: str) -> str:
    """What the only connection of a user is called."""
    (connection,) = fake.user(identity).connections
    return connection.device


async def test_closing_a_connection_in_the_world_closes_its_socket(fake: Fake) -> None:
    async with fake.client("bob") as bob:
        fake.world.submit(Disconnected(SERVICE, "bob", device_of(fake, "bob")))
        assert await bob.close() == (1012, "closed from outside")


async def test_losing_a_connection_in_the_world_closes_its_socket(fake: Fake) -> None:
    async with fake.client("bob") as bob:
        fake.world.submit(ConnectionLost(SERVICE, "bob", device_of(fake, "bob")))
        assert await bob.close() == (1012, "closed from outside")


async def test_another_users_device_of_the_same_name_is_another_device(fake: Fake) -> None:
    async with fake.client("bob") as bob:
        device = device_of(fake, "bob")
        fake.world.submit(Connected(SERVICE, "zoe", device, "US" + "e" * 32))
        fake.world.submit(Disconnected(SERVICE, "zoe", device))
        assert bob.has_nothing
        assert fake.is_connected("bob")


async def test_a_reset_closes_every_socket_and_begins_anew(fake: Fake) -> None:
    async with fake.client("alice") as alice:
        fake.world.reset()
        fake.hub.look()
        assert await alice.close() == (1012, "closed from outside")
    fake.world.open_account(ACCOUNT)
    async with fake.client("alice") as alice:
        assert fake.is_connected("alice")
        assert (await alice.ask("GET", f"/v3/Maps/{map_of('alice')}"))["sid"] == map_of("alice")


async def test_users_from_before_the_hub_are_known(fake: Fake) -> None:
    view = View(fake.world, fake.hub._view._keyring)
    assert view.board.owner(SERVICE, map_of("bob")) == "bob"


# --- time ----------------------------------------------------------------------------------------


async def test_a_token_expires_by_system_time_even_if_it_is_frozen(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fake.client("alice") as alice:
        fake.world.advance(10_000)
        fake.hub.look()
        assert alice.has_nothing
        later = system_now() + timedelta(seconds=3500)
        for module in ("hub", "alarms"):
            monkeypatch.setattr(f"reachability_mock.realtime.{module}.system_now", lambda: later)
        fake.hub.look()
        assert (await alice.next_frame()).header["client_update_type"] == "token_about_to_expire"
        end = later + timedelta(seconds=200)
        for module in ("hub", "alarms"):
            monkeypatch.setattr(f"reachability_mock.realtime.{module}.system_now", lambda: end)
        fake.hub.look()
        assert (await alice.next_frame()).header["status"]["code"] == 410
        assert not fake.is_connected("alice")


async def test_a_token_expires_by_itself(fake: Fake) -> None:
    async with fake.client("alice", ttl=2) as alice:
        while (said := await alice.next_frame()).method == "client_update":
            pass  # the warning, unless a busy machine leaves no time for one
        assert (said.method, said.header["status"]["code"]) == ("close", 410)


# --- the journal ---------------------------------------------------------------------------------


async def test_the_journal_tells_the_story_of_a_socket(fake: Fake) -> None:
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        connect(fake)
        await alice.next_event()
        alice.say(frame("close"))
        await alice.close()
    assert fake.said() == [
        "opened",
        "token accepted for 'alice'",
        "subscribed",
        "pushed reachability",
    ]
    entries = {entry.n: entry for entry in fake.world.journal}
    push = fake.world.journal.since(kind="socket")[-1]
    assert push.cause is not None
    assert push.user == "bob"
    assert entries[push.cause].kind == "event"
    connected = fake.world.journal.since(kind="fact", user="alice")[0]
    assert connected.cause is not None
    assert entries[connected.cause].kind == "socket"


async def test_no_token_gets_into_the_journal_or_the_log(fake: Fake) -> None:
    token = token_of("alice")
    async with fake.socket() as alice:
        alice.say(frame("init", token=token + "x"))
        assert (await alice.next_frame()).header["status"]["code"] == 401
    everything = "".join(str(entry.as_json()) for entry in fake.world.journal)
    assert token[:20] not in everything + "".join(fake.hints)
    assert any("token refused on init: 20107" in hint for hint in fake.hints)


# --- faults --------------------------------------------------------------------------------------


async def test_an_init_can_be_refused_so_many_times(fake: Fake) -> None:
    assert Faults(fake.hub).refuse_init(429, 20429, "Too many requests", times=2) == 2
    async with fake.socket() as alice:
        for code in (429, 429, 401):
            alice.say(init())
            assert (await alice.next_frame()).header["status"]["code"] == code


async def test_sockets_can_be_dropped_without_a_word(fake: Fake) -> None:
    async with fake.client("alice") as alice, fake.client("bob") as bob:
        assert Faults(fake.hub).drop("alice") == 1
        await alice.until_served()
        assert alice.has_nothing
        assert not fake.is_connected("alice")
        assert bob.has_nothing
        assert Faults(fake.hub).drop() == 1
        await bob.until_served()


async def test_clients_can_be_asked_to_come_again(fake: Fake) -> None:
    async with fake.client("alice") as alice:
        assert Faults(fake.hub).offload(1500) == 1
        told = await alice.next_frame()
        assert told.header["status"]["code"] == 308
        assert told.json() == {"backoff_policy": {"reconnect_min_ms": 1500}}


async def test_tokens_can_expire_now(fake: Fake) -> None:
    async with fake.client("alice") as alice, fake.client("bob") as bob:
        assert Faults(fake.hub).expire("alice") == 1
        assert (await alice.next_frame()).header["status"]["code"] == 410
        assert bob.has_nothing


async def test_pushes_can_be_held_back_and_keep_their_order(fake: Fake) -> None:
    faults = Faults(fake.hub)
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        faults.delay_pushes(0.01)
        connect(fake)
        disconnect(fake)
        assert alice.has_nothing
        seen = [(await alice.next_event())["event"]["item_data"]["online"] for _ in range(2)]
        assert seen == [True, False]
        faults.clear()
        assert fake.hub.push_delay_seconds == 0


async def test_a_hub_without_a_loop_has_nobody_to_tell(fake: Fake) -> None:
    fake.hub._call(lambda: pytest.fail("there is no loop"))
    fake.hub._later(1, lambda: pytest.fail("there is no loop"))
    assert Faults(fake.hub).drop() == 0


async def test_a_dropped_socket_is_a_loss_at_once(fake: Fake) -> None:
    async with fake.client("alice"):
        Faults(fake.hub).drop("alice")
        assert not fake.is_connected("alice")
        assert "lost" in fake.said()


async def test_faults_can_be_for_one_service(fake: Fake) -> None:
    async with fake.client("alice"):
        assert Faults(fake.hub).drop(service_sid=OTHER) == 0
        assert Faults(fake.hub).expire("alice", service_sid=OTHER) == 0
        assert Faults(fake.hub).drop("alice", service_sid=SERVICE) == 1


async def test_the_journal_tells_faults_and_their_cause(fake: Fake) -> None:
    Faults(fake.hub).delay_pushes(100, cause=7)
    (fault,) = fake.world.journal.since(kind="fault")
    assert (fault.data, fault.cause) == ({"said": "delay_pushes", "seconds": 60.0}, 7)


async def test_a_reset_ends_all_faults(fake: Fake) -> None:
    faults = Faults(fake.hub)
    faults.refuse_init()
    faults.delay_pushes(1)
    fake.world.reset()
    faults.look()
    assert not fake.hub.refusals
    assert fake.hub.push_delay_seconds == 0


# --- looking at it -------------------------------------------------------------------------------


async def test_every_socket_is_listed_as_far_as_it_has_come(fake: Fake) -> None:
    async with fake.client("alice") as alice, fake.socket():
        await alice.watch("bob")
        known, fresh = Faults(fake.hub).sockets()
    assert (known["identity"], known["service"], known["account"]) == ("alice", SERVICE, ACCOUNT)
    assert (known["stage"], known["watches"], known["waiting"]) == ("ready", 1, 0)
    assert str(known["device"]).startswith("sdk-")
    assert (fresh["stage"], fresh["identity"], fresh["token_expires"]) == ("fresh", None, None)


async def test_more_sockets_than_are_written_at_once_are_all_told(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reachability_mock.realtime.hub.AT_ONCE", 1)
    async with fake.client("alice") as alice, fake.client("carol") as carol:
        for one in (alice, carol):
            await one.watch("bob")
        connect(fake)
        for one in (alice, carol):
            assert (await one.next_event())["event"]["item_data"]["online"] is True


async def test_the_end_of_a_user_is_in_the_journal(fake: Fake) -> None:
    async with fake.client("alice") as alice:
        await alice.watch("bob")
        fake.world.submit(UserDeleted(SERVICE, fake.user("bob").sid))
        assert (await alice.next_event())["event_type"] == "map_removed"
    assert "pushed the end of a user" in fake.said()
