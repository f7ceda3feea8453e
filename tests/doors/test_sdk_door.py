"""Door 1: the SDK's own client, synchronous and not."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock as std_mock
from urllib.parse import urlsplit

import aiohttp
import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from yarl import URL

import reachability_mock
from reachability_mock import ReachabilityMock
from reachability_mock.doors import aiohttp_door, sdk
from reachability_mock.doors.hosts import RealHostRefused
from reachability_mock.http.wsgi import Target

ODD = [
    "alice@ex.com",
    "a b",
    "é",
    "a+b",
    "a/b",
    "a?b",
    "a#b",
    "..",
    ".",
    "a%2Fb",
    "a%zz",
    "",
    "~",
    "x/../y",
]


def as_target(url: str) -> Target:
    parts = urlsplit(url)
    return Target(parts.scheme, parts.netloc, parts.path or "/", parts.query)


@pytest.mark.parametrize("identity", ODD)
def test_a_url_is_spelled_as_requests_would_send_it(identity: str) -> None:
    url = f"https://conversations.twilio.com/v1/Users/{identity}"
    sent = requests.Request("GET", url, params={"PageSize": 2}).prepare().url
    assert sdk.spelled(url, {"PageSize": 2}) == as_target(str(sent))


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
    st.dictionaries(st.text(max_size=4), st.text(max_size=4) | st.integers(), max_size=2),
)
def test_any_url_is_spelled_as_requests_would_send_it(
    identity: str, params: dict[str, object]
) -> None:
    url = f"https://conversations.twilio.com/v1/Users/{identity}"
    sent = requests.Request("GET", url, params=params).prepare().url
    assert sdk.spelled(url, params) == as_target(str(sent))


@given(
    st.dictionaries(
        st.text(max_size=4),
        st.text(max_size=4) | st.integers() | st.booleans() | st.lists(st.text(max_size=3)),
        max_size=3,
    )
)
def test_any_form_is_written_as_requests_would_write_it(data: dict[str, Any]) -> None:
    sent = requests.Request("POST", "http://h/", data=data).prepare().body
    expected = (sent or "").encode() if not isinstance(sent, bytes) else sent
    assert sdk.body_of(data, {"Content-Type": "application/x-www-form-urlencoded"}) == expected


def test_a_json_body_is_json() -> None:
    assert sdk.body_of({"a": 1}, {"Content-Type": "application/json"}) == b'{"a": 1}'


@pytest.mark.parametrize(
    ("identity", "finds"),
    [("a b", "a b"), ("é", "é"), ("a+b", "a+b"), ("a%2Fb", "a/b"), ("a?b", "a"), ("a#b", "a")],
)
def test_the_sdks_quirks_with_identities_show(
    mock: ReachabilityMock, identity: str, finds: str
) -> None:
    mock.connect(finds)
    users = mock.client().conversations.v1.services(mock.service().sid).users
    assert users(identity).fetch().identity == finds


def test_a_slash_in_an_identity_takes_another_route(mock: ReachabilityMock) -> None:
    mock.connect("a/b")
    users = mock.client().conversations.v1.services(mock.service().sid).users
    with pytest.raises(TwilioRestException, match="/Users/a/b was not found"):
        users("a/b").fetch()


def test_two_dots_as_an_identity_fetch_the_service(mock: ReachabilityMock) -> None:
    service = mock.service().sid
    assert mock.client().conversations.v1.services(service).users("..").fetch().sid == service


def test_a_plain_call_never_gets_as_far_as_requests(mock: ReachabilityMock) -> None:
    with std_mock.patch.object(requests.Session, "send", side_effect=AssertionError):
        assert mock.client().conversations.v1.users("alice").fetch().is_online is True


def test_lists_page_to_the_end(mock: ReachabilityMock) -> None:
    for number in range(7):
        mock.connect(f"user-{number}")
    users = mock.client().conversations.v1.users.list(page_size=3)
    assert [user.identity for user in users] == ["alice", *(f"user-{n}" for n in range(7))]
    assert {user.is_online for user in users} == {None}
    mock.requests.assert_made("GET", "/v1/Users", query={"PageToken": ...}, times=2)


def test_create_update_and_delete(mock: ReachabilityMock) -> None:
    users = mock.client().conversations.v1.users
    bob = users.create(identity="bob", friendly_name="Bob & Söhne")
    assert (bob.is_online, bob.friendly_name) == (None, "Bob & Söhne")
    assert users("bob").update(attributes='{"a": "=&"}').attributes == '{"a": "=&"}'
    assert users("bob").delete() is True
    with pytest.raises(TwilioRestException) as refused:
        users("bob").fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_a_client_without_arguments_works(mock: ReachabilityMock) -> None:
    assert Client().conversations.v1.users("alice").fetch().account_sid == mock.account_sid


def test_an_edge_and_a_region_lead_here_too(mock: ReachabilityMock) -> None:
    client = Client("AC" + "2" * 32, "x", edge="sydney", region="au1")
    user = client.conversations.v1.users("alice").fetch()
    assert user.url.startswith("https://conversations.sydney.au1.twilio.com/v1/Users/")
    assert user.account_sid == "AC" + "2" * 32
    assert mock.requests[-1].status == 200


def test_a_client_pointed_elsewhere_goes_there(mock: ReachabilityMock) -> None:
    client = mock.client()
    client.conversations.base_url = "http://localhost:1"
    sent = std_mock.Mock(side_effect=requests.ConnectionError)
    with (
        std_mock.patch.object(requests.Session, "send", sent),
        pytest.raises(requests.ConnectionError),
    ):
        client.conversations.v1.users("alice").fetch()
    assert sent.call_args.args[0].url == "http://localhost:1/v1/Users/alice"


def test_a_timeout_of_nothing_is_refused_as_by_the_sdk(mock: ReachabilityMock) -> None:
    client = mock.client()
    with pytest.raises(ValueError, match="0"):
        client.request("GET", "https://conversations.twilio.com/v1/Users", timeout=0)


def test_hooks_of_the_apps_client_are_called(mock: ReachabilityMock) -> None:
    seen: list[int] = []
    hook = {"response": [lambda response, **_: seen.append(response.status_code)]}
    client = Client("AC" + "3" * 32, "x", http_client=TwilioHttpClient(request_hooks=hook))
    assert client.conversations.v1.users("alice").fetch().is_online is True
    assert seen == [200]
    assert len(mock.requests) == 1


def test_the_sdks_log_is_written(mock: ReachabilityMock, caplog: pytest.LogCaptureFixture) -> None:
    client = mock.client()
    with caplog.at_level(logging.INFO, logger="twilio.http_client"):
        client.conversations.v1.users("alice").fetch()
    assert "GET Request: https://conversations.twilio.com/v1/Users/alice" in caplog.text
    assert "Response Status Code: 200" in caplog.text
    assert "Basic " not in caplog.text


def test_eight_threads_create_the_same_user_once(mock: ReachabilityMock) -> None:
    def create(_: int) -> int:
        try:
            mock.client().conversations.v1.users.create(identity="bob")
        except TwilioRestException as refused:
            return int(refused.status)
        return 201

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(create, range(8))) == [201, *[409] * 7]


def test_of_two_fakes_the_inner_one_answers(mock: ReachabilityMock) -> None:
    with reachability_mock.fake() as inner:
        inner.connect("bob")
        inner.client().conversations.v1.users("bob").fetch()
    assert len(mock.requests) == 0
    with pytest.raises(TwilioRestException):
        mock.client().conversations.v1.users("bob").fetch()


# --- asynchronously ------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8))
def test_an_asynchronous_url_is_spelled_as_aiohttp_would_send_it(identity: str) -> None:
    url = f"https://conversations.twilio.com/v1/Users/{identity}"
    sent = URL(url).extend_query({"PageSize": 2})
    target = aiohttp_door.spelled(url, {"PageSize": 2})
    assert f"{target.raw_path}?{target.query}" == sent.raw_path_qs


def test_the_asynchronous_client_arrives(mock: ReachabilityMock) -> None:
    async def work() -> tuple[Any, list[Any], Any]:
        users = mock.async_client().conversations.v1.users
        await users.create_async(identity="bob")
        return (
            await users("alice").fetch_async(),
            await users.list_async(page_size=1),
            await asyncio.gather(*(users("bob").fetch_async() for _ in range(3))),
        )

    alice, everybody, bobs = asyncio.run(work())
    assert alice.is_online is True
    assert [(one.identity, one.is_online) for one in everybody] == [("alice", None), ("bob", None)]
    assert [bob.identity for bob in bobs] == ["bob"] * 3


def test_an_asynchronous_client_of_the_apps_own_arrives(mock: ReachabilityMock) -> None:
    async def work() -> Any:
        async with AsyncTwilioHttpClient() as http:
            client = Client("AC" + "4" * 32, "x", http_client=http)
            return await client.conversations.v1.users("alice").fetch_async()

    assert asyncio.run(work()).is_online is True
    assert mock.requests[-1].path == "/v1/Users/alice"


def test_asynchronous_errors_are_the_sdks(mock: ReachabilityMock) -> None:
    with pytest.raises(TwilioRestException, match="was not found"):
        asyncio.run(mock.async_client().conversations.v1.users("nobody").fetch_async())


@pytest.mark.usefixtures("mock")
@pytest.mark.parametrize("host", ["conversations", "api"])
def test_aiohttp_by_itself_is_refused_with_a_way_out(host: str) -> None:
    async def work() -> None:
        async with aiohttp.ClientSession() as session:
            await session.get(f"https://{host}.twilio.com/v1/Users/alice")

    with pytest.raises(RealHostRefused, match=f"{host}.twilio.com is not reached"):
        asyncio.run(work())


def test_aiohttp_may_go_elsewhere(wire: list[str]) -> None:
    async def work() -> None:
        async with aiohttp.ClientSession() as session:
            await session.get("http://example.org/")

    with reachability_mock.fake(), pytest.raises((aiohttp.ClientError, AssertionError)):
        asyncio.run(work())
    assert wire[0] == "example.org"


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK's own
def test_an_asynchronous_sms_is_refused(mock: ReachabilityMock) -> None:
    async def work() -> None:
        async with AsyncTwilioHttpClient() as http:
            client = Client(mock.account_sid, "x", http_client=http)
            await client.messages.create_async(to="+15005550006", from_="+15005550001", body="x")

    with pytest.raises(RealHostRefused, match=r"api\.twilio\.com"):
        asyncio.run(work())


# --- coming and going ----------------------------------------------------------------------------


@pytest.fixture
def originals() -> dict[str, object]:
    return {"sync": TwilioHttpClient.request, "async": AsyncTwilioHttpClient.request}


def test_everything_is_put_back(originals: dict[str, object]) -> None:
    with reachability_mock.fake():
        assert TwilioHttpClient.request is not originals["sync"]
        assert AsyncTwilioHttpClient.request is not originals["async"]
    assert TwilioHttpClient.request is originals["sync"]
    assert AsyncTwilioHttpClient.request is originals["async"]


def test_a_patch_made_over_ours_is_left_alone_and_steps_aside(wire: list[str]) -> None:
    original = TwilioHttpClient.request
    with reachability_mock.fake() as mock:
        client = mock.client()
        beneath = TwilioHttpClient.request

        def theirs(self: Any, *args: Any, **kwargs: Any) -> Any:
            return beneath(self, *args, **kwargs)

        TwilioHttpClient.request = theirs
    try:
        with pytest.raises(AssertionError):
            client.conversations.v1.users("alice").fetch()
        assert wire[0] == "conversations.twilio.com"
    finally:
        TwilioHttpClient.request = original
