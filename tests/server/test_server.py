"""The embedded server: starts, serves and stops, also while time is frozen."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
from freezegun import freeze_time
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from reachability_mock.bus import Published
from reachability_mock.clock import SystemClock, true_monotonic
from reachability_mock.core.events import Reason, UserUpdated
from reachability_mock.core.facts import Connected, ServiceConfigured
from reachability_mock.front import WEBSOCKET_PATH
from reachability_mock.server import (
    CannotListen,
    Server,
    SteadyLoop,
    _Uvicorn,
    build_site,
    listen,
    new_loop,
)
from reachability_mock.settings import Settings
from reachability_mock.wire.twilsock import LARGEST_FRAME, uri_of
from tests.front.wire import AUTH, wire
from tests.http.asking import ACCOUNT, basic

LOOPS = pytest.mark.parametrize("loop_factory", [SteadyLoop, new_loop])
LoopFactory = Callable[[], asyncio.AbstractEventLoop]
PROMPTLY = 5.0


def health(server: Server) -> int:
    return requests.get(f"{server.url}/_mock/health", timeout=PROMPTLY).status_code


# --- frozen time ---------------------------------------------------------------------------------


@LOOPS
def test_it_starts_serves_and_stops_while_time_is_frozen(loop_factory: LoopFactory) -> None:
    began = true_monotonic()
    with freeze_time("2026-01-05T09:00:00Z"):
        with Server(loop_factory=loop_factory) as server:
            form = {"Identity": "alice"}
            made = requests.post(
                f"{server.url}/v1/Users", form, headers=basic(), timeout=PROMPTLY
            ).json()
        with pytest.raises(requests.ConnectionError):
            health(server)
    assert made["date_created"] == "2026-01-05T09:00:00Z"
    assert true_monotonic() - began < PROMPTLY


@LOOPS
def test_time_may_freeze_and_thaw_while_it_runs(loop_factory: LoopFactory) -> None:
    with Server(loop_factory=loop_factory) as server:
        assert health(server) == 200
        with freeze_time("2020-01-01", tick=True) as frozen:
            assert health(server) == 200
            frozen.move_to("2040-01-01")
            assert health(server) == 200
        assert health(server) == 200


@LOOPS
def test_a_frozen_clock_moved_forward_lets_due_things_happen_at_the_next_look(
    loop_factory: LoopFactory,
) -> None:
    site = build_site(settings=Settings({"online_delay": "30s"}))
    service = site.world.store.account(ACCOUNT).default_service_sid  # type: ignore[union-attr] # it is open
    with (
        freeze_time("2026-01-05T09:00:00Z") as frozen,
        Server(site, loop_factory=loop_factory) as server,
    ):
        site.world.submit(ServiceConfigured(service, reachability_enabled=True))
        site.world.submit(Connected(service, "alice", "phone", site.world.new_sid("US")))
        url = f"{server.url}/v1/Users/alice"
        assert requests.get(url, headers=basic(), timeout=PROMPTLY).json()["is_online"] is None
        frozen.tick(timedelta(seconds=30))
        assert requests.get(url, headers=basic(), timeout=PROMPTLY).json()["is_online"] is True


def test_the_steady_loop_lives_by_true_time() -> None:
    loop = SteadyLoop()
    try:
        with freeze_time("2026-01-05"):
            first, end = loop.time(), true_monotonic() + PROMPTLY
            while loop.time() == first and true_monotonic() < end:
                pass
            assert first < loop.time() < first + PROMPTLY
    finally:
        loop.close()


# --- timers --------------------------------------------------------------------------------------


@LOOPS
def test_a_delayed_change_is_published_while_nobody_looks(loop_factory: LoopFactory) -> None:
    site = build_site(settings=Settings({"online_delay": "20ms"}), clock=SystemClock())
    world = site.world
    service = world.store.account(ACCOUNT).default_service_sid  # type: ignore[union-attr] # it is open
    world.submit(ServiceConfigured(service, reachability_enabled=True))
    shown = threading.Event()

    def hear(published: Published) -> None:
        if isinstance(published.event, UserUpdated) and Reason.ONLINE in published.event.reasons:
            shown.set()

    world.bus.subscribe(hear)
    with Server(site, loop_factory=loop_factory):
        world.submit(Connected(service, "alice", "phone", world.new_sid("US")))
        assert shown.wait(PROMPTLY)


def test_a_timer_far_off_is_due_at_once_when_the_clock_is_advanced() -> None:
    site = build_site(settings=Settings({"online_delay": "1h"}))
    world = site.world
    service = world.store.account(ACCOUNT).default_service_sid  # type: ignore[union-attr] # it is open
    world.submit(ServiceConfigured(service, reachability_enabled=True))
    with Server(site) as server:
        world.submit(Connected(service, "alice", "phone", world.new_sid("US")))
        advance = f"{server.url}/_mock/clock/advance"
        requests.post(advance, json={"seconds": 3600}, timeout=PROMPTLY)
        assert world.next_due is None


def test_a_world_outlives_its_server_and_its_timers_wake_nobody() -> None:
    site = build_site(settings=Settings({"online_delay": "1h"}))
    with Server(site):
        pass
    service = site.world.store.account(ACCOUNT).default_service_sid  # type: ignore[union-attr] # it is open
    site.world.submit(ServiceConfigured(service, reachability_enabled=True))
    site.world.submit(Connected(service, "alice", "phone", site.world.new_sid("US")))
    assert site.world.next_due is not None
    with Server(site) as again:
        assert health(again) == 200


# --- starting and stopping -----------------------------------------------------------------------


def test_two_servers_at_once_are_two_worlds() -> None:
    with Server() as one, Server() as two:
        assert one.port != two.port
        form = {"Identity": "alice"}
        requests.post(f"{one.url}/v1/Users", form, headers=basic(), timeout=PROMPTLY)
        there = requests.get(f"{one.url}/v1/Users/alice", headers=basic(), timeout=PROMPTLY)
        not_there = requests.get(f"{two.url}/v1/Users/alice", headers=basic(), timeout=PROMPTLY)
    assert (there.status_code, not_there.status_code) == (200, 404)


def test_two_servers_may_share_one_site() -> None:
    site = build_site()
    with Server(site) as one, Server(site) as two:
        form = {"Identity": "alice"}
        requests.post(f"{one.url}/v1/Users", form, headers=basic(), timeout=PROMPTLY)
        found = requests.get(f"{two.url}/v1/Users/alice", headers=basic(), timeout=PROMPTLY)
    assert found.status_code == 200


def test_a_port_in_use_is_one_clear_line() -> None:
    with (
        Server() as first,
        pytest.raises(CannotListen, match=f"port {first.port} .* in use") as said,
    ):
        Server(port=first.port).start()
    assert "\n" not in str(said.value)


def test_an_address_of_elsewhere_is_one_clear_line() -> None:
    for host in ("203.0.113.1", "no-such-host.invalid"):
        with pytest.raises(CannotListen, match=host):
            listen(host, 0)


def test_the_port_is_free_again_after_a_stop() -> None:
    with Server() as first:
        assert health(first) == 200
    with Server(port=first.port) as second:
        assert health(second) == 200


def test_a_server_can_be_started_again() -> None:
    server = Server()
    for _ in range(2):
        with server:
            assert health(server) == 200


def test_stopping_waits_for_no_idle_or_unfinished_connection() -> None:
    server = Server()
    server.start()
    with wire(server.port) as idle, wire(server.port) as half, wire(server.port) as silent:
        assert idle.ask(b"GET /v1/Users").status == 200
        half.send(b"POST /v1/Users HTTP/1.1\r\nHost: x\r\n", AUTH, b"Content-Length: 9\r\n\r\nabc")
        began = true_monotonic()
        server.stop()
        assert true_monotonic() - began < PROMPTLY / 2
        assert idle.is_closed()
        assert half.is_closed()
        assert silent.is_closed()


def test_stopping_twice_or_before_the_start_is_nothing() -> None:
    server = Server()
    server.stop()
    server.start()
    server.stop()
    server.stop()


def test_a_loop_that_cannot_be_made_is_told_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> asyncio.AbstractEventLoop:
        raise ZeroDivisionError

    server = Server(loop_factory=broken)
    with pytest.raises(ZeroDivisionError):
        server.start()
    server.stop()
    assert not caplog.records


@pytest.fixture
def mortal(monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server that was started, and then died."""

    async def die(running: _Uvicorn) -> None:
        await running._stopping.wait()
        raise ZeroDivisionError

    monkeypatch.setattr(_Uvicorn, "main_loop", die)
    server = Server()
    server.start()
    server.ask_to_stop()
    return server


def test_whoever_waits_for_a_server_that_dies_is_told(
    mortal: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ZeroDivisionError):
        mortal.wait()
    mortal.stop()
    assert not caplog.records


def test_where_nobody_waits_the_log_says_at_the_end_that_it_had_died(
    mortal: Server, caplog: pytest.LogCaptureFixture
) -> None:
    mortal.stop()
    assert "the server had stopped before its end" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_server_that_died_can_be_started_again(
    mortal: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    mortal.stop()
    monkeypatch.undo()
    with mortal:
        assert health(mortal) == 200


def ended(server: Server) -> bool:
    """Whether its thread ends in good time."""
    assert server._thread is not None
    server._thread.join(PROMPTLY)
    return not server._thread.is_alive()


def test_a_loop_that_is_made_too_late_serves_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reachability_mock.server._START_SECONDS", 0.01)
    go_on = threading.Event()

    def late() -> asyncio.AbstractEventLoop:
        assert go_on.wait(PROMPTLY)
        return new_loop()

    server = Server(loop_factory=late)
    with pytest.raises(CannotListen, match="no answer on port"):
        server.start()
    listen("127.0.0.1", server.port).close()
    go_on.set()
    assert ended(server)
    with pytest.raises(requests.ConnectionError):
        health(server)


def test_a_start_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("reachability_mock.server._START_SECONDS", 0.2)
    monkeypatch.setattr(_Uvicorn, "startup", hang)
    server = Server()
    with pytest.raises(CannotListen, match="no answer on port"):
        server.start()
    assert ended(server)
    listen("127.0.0.1", server.port).close()


def test_ipv6_addresses_have_brackets_in_the_url() -> None:
    try:
        listen("::1", 0).close()
    except CannotListen:
        pytest.skip("no IPv6 here")
    with Server(host="::1") as server:
        assert server.url == f"http://[::1]:{server.port}"
        assert health(server) == 200


def test_the_bound_host_may_drive_the_control_plane() -> None:
    name = socket.gethostbyname("localhost")
    with Server(host="0.0.0.0") as server:  # noqa: S104 - for the length of a request
        asked = f"http://{name}:{server.port}/_mock/health"
        reply = requests.get(asked, headers={"Host": "0.0.0.0"}, timeout=PROMPTLY)  # noqa: S104 - a name here
        assert reply.status_code == 200
        assert server.url == f"http://127.0.0.1:{server.port}"


def test_requests_from_many_threads_are_all_answered() -> None:
    with Server() as server:
        made: list[int] = []

        def make(n: int) -> None:
            form = {"Identity": f"user{n}"}
            reply = requests.post(f"{server.url}/v1/Users", form, headers=basic(), timeout=PROMPTLY)
            made.append(reply.status_code)

        threads = [threading.Thread(target=make, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        listed = requests.get(f"{server.url}/v1/Users", headers=basic(), timeout=PROMPTLY).json()
    assert made == [201] * 8
    assert len(listed["users"]) == 8


# --- the SDKs' WebSocket -------------------------------------------------------------------------


def test_the_sdks_websocket_is_on_the_same_port_and_ends_with_the_server() -> None:
    server = Server()
    server.start()
    url = f"{server.url.replace('http', 'ws', 1)}{WEBSOCKET_PATH}"
    with connect(url, open_timeout=PROMPTLY) as socket:
        assert socket.protocol.extensions == []
        began = true_monotonic()
        server.stop()
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=PROMPTLY)
    assert true_monotonic() - began < PROMPTLY / 2


def test_stopping_says_nothing_of_those_who_are_still_connected(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("reachability_mock.server._GRACE_SECONDS", 0)
    server = Server()
    server.start()
    with connect(uri_of(server.url), open_timeout=PROMPTLY) as socket:
        server.stop()
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=PROMPTLY)
    assert not caplog.records


def test_faults_are_at_hand_while_somebody_listens() -> None:
    site = build_site()
    with Server(site) as server:
        assert site.realtime is not None
        assert site.listen is not None
        assert site.listen() == server.url
    gone: list[object] = [site.realtime, site.listen]
    assert gone == [None, None]


def test_a_frame_larger_than_any_is_not_gathered() -> None:
    """Its head is enough: with more, unread, the reset of a socket might lose the answer."""
    head = struct.pack("!BBQI", 0x82, 0xFF, 2 * LARGEST_FRAME, 0)  # binary, masked, 64-bit length
    with Server() as server, connect(uri_of(server.url), open_timeout=PROMPTLY) as socket:
        socket.socket.sendall(head)
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=PROMPTLY)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


def test_a_text_that_is_no_text_is_refused_without_a_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Server() as server, connect(uri_of(server.url), open_timeout=PROMPTLY) as socket:
        socket.send(b"\xff\xfe", text=True)
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=PROMPTLY)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1003
    assert not [one for one in caplog.records if one.exc_info]


def test_a_stopped_servers_hub_listens_to_the_world_no_longer() -> None:
    site = build_site()
    before = list(site.world.bus._listeners)
    with Server(site):
        assert len(site.world.bus._listeners) == len(before) + 1
    assert site.world.bus._listeners == before
