"""What one `fetch()` of the twilio SDK costs by each way into the fake, and by a stub."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from time import perf_counter, process_time

import requests
import responses
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from benchmarks.figures import Series, median_ratio
from reachability_mock import fake
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET

ACCOUNT = sids.DEFAULT_ACCOUNT
URL = "https://conversations.twilio.com/v1/Users/alice"
WARM_UP = 10
Fetch = Callable[[], object]
Way = Callable[[], AbstractContextManager[Fetch]]

STUB = "a hand-written stub, SDK"
DOOR_1 = "door 1: the SDK's HTTP client"
DOOR_2 = "door 2, in @responses.activate"
AIMS = {DOOR_1: 0.30, DOOR_2: 1.45}
"""CPU time as a multiple of the stub's, at most."""


class PlainHttpClient(TwilioHttpClient):  # type: ignore[misc] # the SDK has no types
    """The SDK's client as its makers wrote it: door 1 patches the parent class, not this one."""

    request = TwilioHttpClient.request


def _client(http: TwilioHttpClient | None = None) -> Client:
    return Client(ACCOUNT, DEFAULT_SECRET, http_client=http or TwilioHttpClient())


def _fetch(client: Client) -> Fetch:
    user = client.conversations.v1.users("alice")
    return lambda: _checked(user.fetch().is_online)


def _checked(is_online: object) -> None:
    if is_online is not True:
        raise AssertionError(f"alice ought to be online, not {is_online!r}")


def _user() -> dict[str, object]:
    """What the stub answers: the very words of the fake."""
    with fake(account=ACCOUNT) as mock:
        mock.enable()
        mock.connect("alice")
        body: dict[str, object] = requests.get(
            URL, auth=(ACCOUNT, DEFAULT_SECRET), timeout=5
        ).json()
        return body


@contextmanager
def stub() -> Iterator[Fetch]:
    """What people write by hand today: one static answer, registered with `responses`."""
    body = json.dumps(_user())
    with responses.RequestsMock() as rsps:
        rsps.add("GET", URL, body=body, content_type="application/json;charset=utf-8")
        yield _fetch(_client())


@contextmanager
def door_1() -> Iterator[Fetch]:
    """The SDK under the fixture, as a test's application uses it."""
    with _online_alice():
        yield _fetch(_client())


@contextmanager
def door_2() -> Iterator[Fetch]:
    """An HTTP client that ends in requests, under the fixture."""
    with _online_alice():
        yield _fetch(_client(PlainHttpClient()))


@contextmanager
def door_2_behind_responses() -> Iterator[Fetch]:
    """The same in a test that is under ``@responses.activate`` for reasons of its own."""
    with _online_alice(), responses.RequestsMock():
        yield _fetch(_client(PlainHttpClient()))


@contextmanager
def door_2_without_sdk() -> Iterator[Fetch]:
    """An application that calls requests itself, without a session."""
    with _online_alice():

        def get() -> None:
            answer = requests.get(URL, auth=(ACCOUNT, DEFAULT_SECRET), timeout=5)
            _checked(answer.json()["is_online"])

        yield get


@contextmanager
def the_socket() -> Iterator[Fetch]:
    """The socket in a thread of this process, as the fixture opens it."""
    with _online_alice() as url:
        client = _client(PlainHttpClient())
        client.conversations.base_url = url()
        yield _fetch(client)


@contextmanager
def _online_alice() -> Iterator[Callable[[], str]]:
    with fake(account=ACCOUNT) as mock:
        mock.enable()
        mock.connect("alice")
        yield lambda: mock.url


WAYS: dict[str, Way] = {
    STUB: stub,
    DOOR_1: door_1,
    DOOR_2: door_2_behind_responses,
    "door 2, nothing stubbed": door_2,
    "door 2, requests.get() itself": door_2_without_sdk,
    "the socket, SDK": the_socket,
}


@dataclass(frozen=True)
class Cost:
    """A way's microseconds per fetch: of the clock, and of all threads' CPU."""

    wall: Series
    cpu: Series


def measure(rounds: int, fetches: int) -> dict[str, Cost]:
    """Each way once a round, in turns, so that a noisy neighbour is everybody's.

    Many short rounds say more than few long ones: neighbours in time had the same neighbours.
    """
    _ = [_timed_way(way, 1) for way in WAYS.values()]  # what is imported only when used
    costs = {name: Cost(Series(name), Series(name)) for name in WAYS}
    for _ in range(rounds):
        for name, way in WAYS.items():
            wall, cpu = _timed_way(way, fetches)
            costs[name].wall.add(wall)
            costs[name].cpu.add(cpu)
    return costs


def share_of_stub(costs: dict[str, Cost], name: str) -> float:
    """A way's CPU time as a share of the stub's."""
    return median_ratio(costs[name].cpu, costs[STUB].cpu)


def _timed_way(way: Way, fetches: int) -> tuple[float, float]:
    with way() as fetch:
        for _ in range(WARM_UP):
            fetch()
        wall, cpu = perf_counter(), process_time()
        for _ in range(fetches):
            fetch()
        scale = 1e6 / fetches
        return (perf_counter() - wall) * scale, (process_time() - cpu) * scale
