"""Lists to their end, by Twilio's Python SDK."""

from __future__ import annotations

import pytest

from reachability_mock.core.facts import Connected
from reachability_mock.core.sids import default_service_sid
from reachability_mock.server import Server
from tests.clients.control import Control
from tests.clients.sdk import ACCOUNT, Sdk

IDENTITIES = [f"user-{number:03}" for number in range(120)]


@pytest.fixture
def crowd(sdk: Sdk, server: Server) -> Sdk:
    """The SDK at a service with 120 users, put there by the short way."""
    world = server.site.world
    for identity in IDENTITIES:
        world.submit(Connected(default_service_sid(ACCOUNT), identity, "tab", world.new_sid("US")))
    return sdk


def test_a_list_goes_on_to_the_last_page(crowd: Sdk, control: Control) -> None:
    assert [one.identity for one in crowd(crowd.v1.users.list)] == IDENTITIES
    assert _pages(control) == 3


def test_a_small_page_size_makes_more_pages(crowd: Sdk, control: Control) -> None:
    assert [one.identity for one in crowd(crowd.v1.users.list, page_size=25)] == IDENTITIES
    assert _pages(control) == 5


@pytest.mark.parametrize(("limit", "pages"), [(1, 1), (50, 1), (70, 2), (119, 3), (500, 3)])
def test_a_limit_ends_the_list(crowd: Sdk, control: Control, limit: int, pages: int) -> None:
    listed = crowd(crowd.v1.users.list, limit=limit)

    assert [one.identity for one in listed] == IDENTITIES[:limit]
    assert _pages(control) == pages


def test_a_stream_yields_all_users(crowd: Sdk) -> None:
    streamed = crowd.stream(crowd.v1.users.stream, page_size=50)

    assert [one.identity for one in streamed] == IDENTITIES


def test_pages_lead_to_their_neighbours_on_the_same_server(crowd: Sdk, server: Server) -> None:
    first = crowd(crowd.v1.users.page, page_size=50)
    second = crowd(first.next_page)
    third = crowd(second.next_page)

    assert [len(list(page)) for page in (first, second, third)] == [50, 50, 20]
    assert third.next_page_url is None
    assert second.next_page_url.startswith(f"{server.url}/v1/Users?")
    again = crowd(crowd.v1.users.get_page, second.previous_page_url)
    assert [one.identity for one in again] == IDENTITIES[:50]


def test_a_list_through_the_service_stays_on_its_path(crowd: Sdk, control: Control) -> None:
    sid = crowd(crowd.v1.configuration().fetch).default_chat_service_sid

    listed = crowd(crowd.v1.services(sid).users.list)

    assert [one.identity for one in listed] == IDENTITIES
    paths = {path for _, path, _ in control.answered() if path.endswith("/Users")}
    assert paths == {f"/v1/Services/{sid}/Users"}


def test_users_made_and_deleted_between_pages_move_nobody(crowd: Sdk, control: Control) -> None:
    first = crowd(crowd.v1.users.page, page_size=50)
    for identity in IDENTITIES[:10]:
        crowd(crowd.v1.users(identity).delete)
    control.connect("latecomer")
    second = crowd(first.next_page)
    third = crowd(second.next_page)

    rest = [one.identity for page in (second, third) for one in page]
    assert rest == [*IDENTITIES[50:], "latecomer"]


def test_bindings_and_services_are_paged_too(sdk: Sdk, control: Control) -> None:
    sid = sdk(sdk.v1.configuration().fetch).default_chat_service_sid
    bound = [control.register_push(f"user-{number}") for number in range(7)]
    made = [sdk(sdk.v1.services.create, friendly_name=f"S{n}").sid for n in range(3)]

    bindings = sdk(sdk.v1.services(sid).bindings.list, page_size=2)
    assert [one.sid for one in bindings] == bound
    filtered = sdk(sdk.v1.services(sid).bindings.list, page_size=1, identity=["user-1", "user-5"])
    assert [one.identity for one in filtered] == ["user-1", "user-5"]
    assert [one.sid for one in sdk(sdk.v1.services.list, page_size=2)] == [sid, *made]


def _pages(control: Control) -> int:
    """How many pages of users were fetched."""
    return sum(path == "/v1/Users" for _, path, _ in control.answered())
