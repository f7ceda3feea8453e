"""The listener: what becomes of a socket, seen from its other end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from reachability_mock.clock import system_now
from reachability_mock.realtime import listener
from tests.realtime.sockets import Fake, Socket
from tests.wire.playbook import SERVICE, frame, init, map_of

pytestmark = pytest.mark.asyncio


@pytest.fixture
def fake() -> Iterator[Fake]:
    fake = Fake()
    yield fake
    fake.hub.stop()


async def test_an_initialised_socket_is_a_connection_with_a_name_of_its_own(fake: Fake) -> None:
    async with fake.client("alice"), fake.client("alice"):
        first, second = (one.device for one in fake.user("alice").connections)
        assert first != second
        assert first.startswith("sdk-")
    assert not fake.is_connected("alice")


@pytest.mark.parametrize("code", [1000, 1001, 1005])
async def test_a_closing_client_is_gone_at_once(fake: Fake, code: int) -> None:
    fake.world.settings.update({"lost_after": "30s"})
    async with fake.client("alice") as alice:
        alice.hang_up(code=code, reason="")
        await alice.until_served()
        assert not fake.is_connected("alice")


@pytest.mark.parametrize("how", [{"code": 1005}, {"code": 1006, "reason": ""}, {"code": 1012}])
async def test_a_vanished_client_counts_for_lost_after(fake: Fake, how: dict[str, Any]) -> None:
    fake.world.settings.update({"lost_after": "30s"})
    async with fake.client("alice") as alice:
        alice.hang_up(**how)
        await alice.until_served()
        assert fake.is_connected("alice")
        fake.world.advance(30)
        assert not fake.is_connected("alice")


async def test_a_client_that_comes_back_in_time_was_never_away(fake: Fake) -> None:
    fake.world.settings.update({"lost_after": "30s"})
    async with fake.client("bob") as bob:
        async with fake.client("alice"):
            await bob.watch("alice")
        async with fake.client("alice"):
            fake.world.advance(60)
            assert fake.is_connected("alice")
            assert bob.has_nothing


async def test_goodbye_is_answered_by_closing(fake: Fake) -> None:
    async with fake.client("alice") as alice:
        alice.say(frame("close"))
        assert await alice.close() == (1000, "goodbye")
        assert not fake.is_connected("alice")


async def test_a_text_message_ends_its_own_connection_and_no_other(fake: Fake) -> None:
    async with fake.client("alice") as alice, fake.client("bob") as bob:
        alice.say("hello")
        assert await alice.close() == (1003, "frames are binary, this was text")
        assert not fake.is_connected("alice")
        assert (await bob.ask("GET", "/Client/v2/Configuration"))["identity"] == "bob"


async def test_without_an_init_in_time_the_socket_closes(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "INIT_SECONDS", 0.0)
    async with fake.socket() as silent:
        assert await silent.close() == (1008, "no init came")


async def test_a_failure_of_ours_ends_one_connection_and_is_logged(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    async with fake.client("bob") as bob:
        async with fake.socket() as alice:
            with monkeypatch.context() as patch:
                patch.setattr("reachability_mock.wire.session.Session.feed", broken)
                alice.say(init())
                assert await alice.close() == (1011, "the server failed on this connection")
                await alice.until_served()
        assert await bob.ask("GET", "/Client/v2/Configuration")
    assert "ZeroDivisionError" in caplog.text


async def test_a_reason_is_cut_to_what_a_close_frame_can_hold(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reachability_mock.wire.session.UNSUPPORTED", 1003)
    monkeypatch.setattr(listener, "LONGEST_REASON", 10)
    async with fake.socket() as socket:
        socket.say("hello")
        assert await socket.close() == (1003, "frames are")


async def test_writing_to_a_client_that_has_gone_is_no_error(fake: Fake) -> None:
    async with fake.client("alice") as alice:
        alice.broken = True
        alice.say(frame("dance"))
        await alice.until_served()
        assert not fake.is_connected("alice")


async def test_a_server_that_stops_loses_its_sockets(fake: Fake) -> None:
    alice = Socket()
    serving = asyncio.create_task(alice.serve(fake.listener, {}))
    await alice.next_message()
    alice.say(init(now=system_now()))
    await alice.next_frame()
    assert fake.is_connected("alice")
    serving.cancel()
    await serving  # nobody is told of an exception
    assert not fake.is_connected("alice")


@pytest.mark.parametrize(
    ("scope", "origin"),
    [
        ({}, "http://127.0.0.1:4010"),
        ({"scheme": "wss"}, "https://127.0.0.1:4010"),
        ({"headers": [(b"host", b"example.org")]}, "http://example.org"),
        ({"headers": [(b"host", b"[::1]:80")]}, "http://[::1]:80"),
        ({"headers": [(b"host", b"a b")]}, "http://127.0.0.1:4010"),
        ({"headers": [], "server": None}, "http://127.0.0.1:80"),
    ],
)
async def test_links_lead_to_where_the_client_came(
    fake: Fake, scope: dict[str, Any], origin: str
) -> None:
    async with fake.socket(**scope) as alice:
        alice.say(init(now=system_now()))
        await alice.next_frame()
        links = (await alice.ask("GET", "/Client/v2/Configuration"))["links"]
        assert links["users"] == f"{origin}/Client/v2/Users"


async def test_a_slow_reader_is_let_go_and_nobody_waits_for_it(fake: Fake) -> None:
    async with fake.client("bob") as bob, fake.client("alice") as slow:
        await slow.watch("bob")
        slow.reading.clear()
        for number in range(1100):
            await bob.ask("POST", "/Client/v2/Users/bob", {"friendly_name": f"B{number}"})
        await slow.until_served()
        assert not fake.is_connected("alice")
        assert any("it reads too slowly" in hint for hint in fake.hints)
        assert fake.user("bob").friendly_name == "B1099"
        slow.reading.set()
    assert map_of("bob") not in fake.hub._watchers
    assert fake.world.store.service(SERVICE) is not None
