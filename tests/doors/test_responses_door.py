"""Door 2 under every way in which a test may use `responses`; `mock` watches the wire."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import requests
import responses
from requests.adapters import HTTPAdapter
from responses.registries import OrderedRegistry
from twilio.base.exceptions import TwilioRestException
from urllib3 import PoolManager, ProxyManager, Retry
from urllib3.util import make_headers

import reachability_mock
from reachability_mock import ReachabilityMock
from tests.doors.conftest import LeftTheMachine

ROOT = "https://conversations.twilio.com/v1"
ALICE = f"{ROOT}/Users/alice"
AUTH = ("AC" + "1" * 32, "any")
OTHER = "https://example.org/hook"


def plain() -> bool | None:
    """Whether alice is online, asked with requests."""
    answer = requests.get(ALICE, auth=AUTH, timeout=5)
    answer.raise_for_status()
    online: bool | None = answer.json()["is_online"]
    return online


def sdk(mock: ReachabilityMock) -> bool | None:
    """The same asked with the SDK."""
    online: bool | None = mock.client().conversations.v1.users("alice").fetch().is_online
    return online


def test_without_the_fake_the_wire_would_tell(wire: list[str]) -> None:
    with pytest.raises(LeftTheMachine):
        plain()
    assert wire == ["conversations.twilio.com", "('203.0.113.1', 443)"]


def test_with_no_stubs_at_all(mock: ReachabilityMock) -> None:
    assert plain() is True
    assert sdk(mock) is True


@pytest.mark.parametrize("strict", [False, True])
def test_inside_activate(mock: ReachabilityMock, strict: bool) -> None:  # noqa: FBT001 - a parameter
    @responses.activate(assert_all_requests_are_fired=strict)
    def activated() -> None:
        responses.post(OTHER, json={"ok": True})
        assert plain() is True
        assert sdk(mock) is True
        assert requests.post(OTHER, timeout=5).json() == {"ok": True}

    activated()


def test_inside_activate_a_stub_that_was_not_fired_is_still_missed(mock: ReachabilityMock) -> None:
    @responses.activate(assert_all_requests_are_fired=True)
    def activated() -> None:
        responses.post(OTHER)
        assert sdk(mock) is plain() is True

    with pytest.raises(AssertionError, match=r"example\.org"):
        activated()


def test_inside_a_requests_mock_of_ones_own(mock: ReachabilityMock) -> None:
    with responses.RequestsMock() as rsps:
        rsps.get(OTHER, json=[])
        assert plain() is True
        assert sdk(mock) is True
        assert requests.get(OTHER, timeout=5).json() == []


@pytest.mark.parametrize("prefix", ["https://", "https://conversations.twilio.com"])
def test_a_passthru_leads_to_the_fake_and_not_outside(mock: ReachabilityMock, prefix: str) -> None:
    with responses.RequestsMock() as rsps:
        rsps.add_passthru(prefix)
        assert plain() is True
        assert sdk(mock) is True


def test_a_stub_that_passes_through_leads_to_the_fake_and_counts_as_fired(
    mock: ReachabilityMock,
) -> None:
    with responses.RequestsMock(assert_all_requests_are_fired=True) as rsps:
        rsps.add(responses.PassthroughResponse(responses.GET, ALICE))
        assert plain() is True
        assert sdk(mock) is True


def test_after_activate_is_over(mock: ReachabilityMock) -> None:
    responses.activate(lambda: None)()
    assert plain() is True
    assert sdk(mock) is True


def test_nested_mocks(mock: ReachabilityMock) -> None:
    with responses.RequestsMock(), responses.RequestsMock() as inner:
        inner.add_passthru("https://")
        assert plain() is True
        assert sdk(mock) is True


def test_a_mock_that_was_started_before_the_fake_and_ends_within(wire: list[str]) -> None:
    early = responses.RequestsMock()
    early.start()
    with reachability_mock.fake() as mock:
        mock.connect("alice")
        mock.enable()
        assert plain() is sdk(mock) is True
        early.stop()
        assert plain() is sdk(mock) is True
    assert wire == []


def test_started_and_stopped_by_hand(mock: ReachabilityMock) -> None:
    responses.start()
    try:
        assert plain() is sdk(mock) is True
    finally:
        responses.stop()
        responses.reset()


def test_a_mock_whose_class_does_things_its_own_way_takes_the_fake_by_install(
    mock: ReachabilityMock,
) -> None:
    class Stubborn(responses.RequestsMock):
        def _find_match(self, request: Any) -> Any:
            return self._registry.find(request)

    with Stubborn() as rsps:
        rsps.get(OTHER, json=[])
        mock.install(rsps)
        assert plain() is True
        assert requests.delete(ALICE, auth=AUTH, timeout=5).status_code == 204
        assert requests.get(OTHER, timeout=5).json() == []


def test_a_stub_of_ones_own_for_the_real_host_wins_every_time(mock: ReachabilityMock) -> None:
    with responses.RequestsMock() as rsps:
        rsps.get(ALICE, status=503, json={"code": 20503, "message": "Service unavailable"})
        mock.install(rsps)
        for _ in range(3):
            assert requests.get(ALICE, auth=AUTH, timeout=5).status_code == 503
            with pytest.raises(TwilioRestException, match="Service unavailable"):
                sdk(mock)
        assert requests.get(f"{ROOT}/Users", auth=AUTH, timeout=5).status_code == 200
    assert plain() is sdk(mock) is True


def test_a_pattern_of_ones_own_wins_too(mock: ReachabilityMock) -> None:
    with responses.RequestsMock() as rsps:
        rsps.get(re.compile(r".*/Users/.*"), json={"is_online": False})
        assert plain() is sdk(mock) is False
        assert len(mock.client().conversations.v1.users.list()) == 1


def test_an_ordered_registry_keeps_its_order(mock: ReachabilityMock) -> None:
    with responses.RequestsMock(registry=OrderedRegistry) as rsps:
        rsps.get(OTHER, json=1)
        rsps.get(OTHER, json=2)
        assert requests.get(OTHER, timeout=5).json() == 1
        assert plain() is sdk(mock) is True
        assert requests.get(OTHER, timeout=5).json() == 2


def test_a_stubless_host_is_refused_by_responses_as_ever(mock: ReachabilityMock) -> None:
    with (
        responses.RequestsMock(),
        pytest.raises(requests.ConnectionError, match="doesn't match any registered mock"),
    ):
        requests.get(OTHER, timeout=5)
    assert sdk(mock) is True


# --- other hosts of Twilio's ---------------------------------------------------------------------


def send_an_sms(mock: ReachabilityMock) -> Any:
    return mock.client().messages.create(to="+15005550006", from_="+15005550001", body="hello")


def test_a_forgotten_sms_is_refused(mock: ReachabilityMock) -> None:
    with pytest.raises(requests.ConnectionError, match=r"api\.twilio\.com is not reached"):
        send_an_sms(mock)


def test_a_forgotten_sms_is_refused_also_behind_a_passthru(mock: ReachabilityMock) -> None:
    with responses.RequestsMock() as rsps:
        rsps.add_passthru("https://")
        with pytest.raises(requests.ConnectionError, match="reachability_mock_allow_hosts"):
            send_an_sms(mock)


def test_a_stubbed_sms_is_answered_by_its_stub(mock: ReachabilityMock) -> None:
    with responses.RequestsMock() as rsps:
        rsps.post(
            f"https://api.twilio.com/2010-04-01/Accounts/{mock.account_sid}/Messages.json",
            json={"sid": "SM1"},
            status=201,
        )
        assert send_an_sms(mock).sid == "SM1"


def test_a_host_that_the_settings_allow_is_let_out(wire: list[str]) -> None:
    with (
        reachability_mock.fake(allow_hosts=["Lookups.twilio.com"]),
        pytest.raises(LeftTheMachine),
    ):
        requests.get("https://lookups.twilio.com/v2", timeout=5)
    assert wire[0] == "lookups.twilio.com"


def test_conversations_itself_cannot_be_allowed(wire: list[str]) -> None:
    with reachability_mock.fake(allow_hosts=["conversations.twilio.com"]) as mock:
        mock.connect("alice")
        mock.enable()
        assert plain() is True
    assert wire == []


def test_hosts_that_are_not_twilios_are_none_of_our_business(wire: list[str]) -> None:
    with reachability_mock.fake(), pytest.raises(LeftTheMachine):
        requests.get("https://twilio.com.example.org/", timeout=5)
    assert wire[0] == "twilio.com.example.org"


# --- whatever uses urllib3 -----------------------------------------------------------------------


def by_session() -> int:
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=2))
    return session.get(ALICE, auth=AUTH, timeout=5).status_code


def by_prepared_request() -> int:
    prepared = requests.Request("GET", ALICE, auth=AUTH).prepare()
    return requests.Session().send(prepared).status_code


def by_proxy() -> int:
    proxies = {"https": "http://proxy.example.org:3128", "http": "http://proxy.example.org:3128"}
    return requests.get(ALICE, auth=AUTH, proxies=proxies, timeout=5).status_code


def by_plain_http_through_a_proxy() -> int:
    proxies = {"http": "http://proxy.example.org:3128"}
    url = ALICE.replace("https", "http")
    return requests.get(url, auth=AUTH, proxies=proxies, timeout=5).status_code


def by_urllib3() -> int:
    headers = make_headers(basic_auth=":".join(AUTH))
    return PoolManager().request("GET", ALICE, headers=headers).status


def by_urllib3_through_a_proxy() -> int:
    headers = make_headers(basic_auth=":".join(AUTH))
    return ProxyManager("http://proxy.example.org").request("GET", ALICE, headers=headers).status


@pytest.mark.parametrize(
    "way",
    [
        by_session,
        by_prepared_request,
        by_proxy,
        by_plain_http_through_a_proxy,
        by_urllib3,
        by_urllib3_through_a_proxy,
    ],
)
def test_every_way_of_sending(mock: ReachabilityMock, way: Callable[[], int]) -> None:
    assert way() == 200
    mock.requests.assert_made("GET", "/v1/Users/alice", status=200)


@pytest.mark.parametrize(
    "body",
    [
        b"Identity=bob",
        "Identity=bob",
        {"Identity": "bob"},
        iter([b"Identity=", b"bob"]),
        BytesIO(b"Identity=bob"),
    ],
    ids=["bytes", "text", "form", "chunks", "file"],
)
def test_every_kind_of_body(mock: ReachabilityMock, body: Any) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    sent = requests.post(f"{ROOT}/Users", data=body, headers=headers, auth=AUTH, timeout=5)
    assert sent.status_code == 201
    mock.requests.assert_made("POST", "/v1/Users", form={"Identity": "bob"})


@pytest.mark.usefixtures("mock")
def test_a_body_of_no_known_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="a request body cannot be int"):
        PoolManager().request("POST", f"{ROOT}/Users", body=1)  # type: ignore[arg-type] # on purpose


def test_a_retry_that_asks_for_it_asks_again(mock: ReachabilityMock) -> None:
    session = requests.Session()
    retry = Retry(2, status_forcelist=[404], backoff_factor=0)
    session.mount("https://", HTTPAdapter(max_retries=retry))
    with pytest.raises(requests.exceptions.RetryError):
        session.get(f"{ROOT}/Users/nobody", auth=AUTH, timeout=5)
    mock.requests.assert_made("GET", "/v1/Users/nobody", times=3)


def test_a_retry_that_would_rather_have_the_answer_gets_it(mock: ReachabilityMock) -> None:
    session = requests.Session()
    retry = Retry(1, status_forcelist=[404], backoff_factor=0, raise_on_status=False)
    session.mount("https://", HTTPAdapter(max_retries=retry))
    assert session.get(f"{ROOT}/Users/nobody", auth=AUTH, timeout=5).status_code == 404
    mock.requests.assert_made("GET", "/v1/Users/nobody", times=2)


def test_urls_in_answers_are_those_of_the_real_host(mock: ReachabilityMock) -> None:
    answer = requests.get(
        "https://conversations.sydney.au1.twilio.com/v1/Users/alice", auth=AUTH, timeout=5
    )
    assert answer.json()["url"].startswith(
        "https://conversations.sydney.au1.twilio.com/v1/Users/US"
    )
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.elapsed is not None
    assert mock.requests[-1].path == "/v1/Users/alice"
