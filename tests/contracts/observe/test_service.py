"""The proxy before the fake, as an app's own SDK sees it, and before the stand-in with its TLS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from twilio.rest import Client

from reachability_contracts.observe.watching import Watching
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.server import Server, build_site
from tests.contracts.observe.test_proxy import placed
from tests.contracts.standin import ACCOUNT, TOKEN, StandIn, no_fault


@pytest.fixture
def place(arranged: StandIn) -> Iterator[StandIn]:
    arranged.asked.clear()
    yield arranged
    arranged.fault = no_fault


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def before(place: StandIn, stack: ExitStack, ca: Path | None) -> tuple[Watching, str]:
    watching, port = placed(stack, place.url, ca)
    return watching, f"http://127.0.0.1:{port}"


def test_an_app_works_as_before_and_its_sdk_needs_one_line(stack: ExitStack) -> None:
    server = stack.enter_context(Server(build_site()))
    watching, port = placed(stack, server.url)
    client = Client(sids.DEFAULT_ACCOUNT, DEFAULT_SECRET)
    stack.callback(client.http_client.session.close)
    client.conversations.base_url = f"http://127.0.0.1:{port}"
    services = client.conversations.v1.services
    service = services(str(services.create("app").sid))
    service.users.create(identity="eve@ex.com", friendly_name="Ä")
    switched = service.configuration().update(reachability_enabled=True)
    assert switched.reachability_enabled is True
    assert service.users("eve@ex.com").fetch().friendly_name == "Ä"
    assert [user.identity for user in service.users.list()] == ["eve@ex.com"]
    assert service.users("eve@ex.com").delete() is True
    assert service.delete() is True
    tally = watching.tally
    assert (tally.gets, tally.writes, tally.disagreed) == (2, 5, {})
    assert tally.agreed["R9"] == 2


def test_bytes_through_tls_are_those_without_the_proxy(place: StandIn, stack: ExitStack) -> None:
    _, url = before(place, stack, place.ca)
    path = "/v1/Services?PageSize=2"
    straight = requests.get(
        place.url + path, auth=(ACCOUNT, TOKEN), verify=str(place.ca), timeout=10
    )
    passed = requests.get(url + path, auth=(ACCOUNT, TOKEN), timeout=10)
    assert passed.content == straight.content
    assert place.url in passed.text
    assert _lasting(passed) == _lasting(straight)


def _lasting(answer: requests.Response) -> dict[str, str]:
    """The headers that are the same for every request."""
    own = {"date", "server", "connection"}
    named = {name.lower(): value for name, value in answer.headers.items()}
    return {
        name: value
        for name, value in named.items()
        if name not in own and not name.startswith("twilio-request")
    }


def test_a_service_that_nobody_vouches_for_is_sent_nothing(
    place: StandIn, stack: ExitStack
) -> None:
    _, url = before(place, stack, None)
    answer = requests.get(f"{url}/v1/Users", auth=(ACCOUNT, TOKEN), timeout=10)
    assert answer.status_code == 502
    assert "CERTIFICATE_VERIFY_FAILED" in answer.json()["message"]
    assert place.asked == []


@pytest.mark.parametrize("fault", ["cut", "cut-after"])
def test_a_write_that_is_cut_is_not_sent_again(
    place: StandIn, stack: ExitStack, fault: str
) -> None:
    _, url = before(place, stack, place.ca)
    place.fault = lambda *_: fault
    data = {"Identity": "eve"}
    answer = requests.post(f"{url}/v1/Users", data=data, auth=(ACCOUNT, TOKEN), timeout=10)
    assert answer.status_code == 502
    assert place.asked == [("POST", "/v1/Users")]


@pytest.mark.parametrize("status", ["429", "500", "503"])
def test_what_an_sdk_would_try_again_is_left_to_the_sdk(
    place: StandIn, stack: ExitStack, status: str
) -> None:
    _, url = before(place, stack, place.ca)
    place.fault = lambda *_: status
    for method in ("GET", "POST"):
        answer = requests.request(method, f"{url}/v1/Users", auth=(ACCOUNT, TOKEN), timeout=10)
        assert str(answer.status_code) == status
    assert len(place.asked) == 2
