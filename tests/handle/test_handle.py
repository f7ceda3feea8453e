"""The handle: every verb, and what its mistakes are answered with."""

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any, assert_type

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException

import reachability_mock
from reachability_mock import ReachabilityMock
from reachability_mock.clock import system_now
from reachability_mock.core import sids
from reachability_mock.core.errors import Refused
from reachability_mock.core.facts import UserDeleted
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.lookup import NoSuch
from reachability_mock.settings import BadSetting
from reachability_mock.userview import Why
from reachability_mock.wire.token import Trust, read

FIXED = "IS" + "0123456789abcdef" * 2


def online(mock: ReachabilityMock, identity: str = "alice") -> bool | None:
    """What the SDK shows."""
    shown: bool | None = mock.client().conversations.v1.users(identity).fetch().is_online
    return shown


def test_the_readmes_story(mock: ReachabilityMock) -> None:
    mock.enable()
    mock.connect("alice")
    assert online(mock) is True
    assert [one.is_online for one in mock.client().conversations.v1.users.list()] == [None]
    mock.disconnect("alice")
    assert online(mock) is False


def test_disabled_nothing_is_known(mock: ReachabilityMock) -> None:
    mock.connect("alice")
    assert online(mock) is None
    mock.enable()
    assert online(mock) is True
    mock.disable()
    assert online(mock) is None


def test_two_devices_are_one_presence(mock: ReachabilityMock) -> None:
    mock.enable()
    mock.connect("alice", "tab")
    mock.connect("alice", "phone")
    assert mock.users["alice"].devices == ("tab", "phone")
    mock.disconnect("alice", "tab")
    assert online(mock) is True
    mock.disconnect("alice", "phone")
    assert online(mock) is False


def test_to_disconnect_a_device_that_is_not_open_while_another_is_must_be_a_slip(
    mock: ReachabilityMock,
) -> None:
    mock.connect("alice", "phone")
    with pytest.raises(NoSuch, match="alice is not connected with 'default', but: phone"):
        mock.disconnect("alice")
    with pytest.raises(NoSuch, match="but: phone"):
        mock.lose("alice", "tablet")


def test_to_disconnect_twice_changes_nothing(mock: ReachabilityMock) -> None:
    mock.enable()
    mock.connect("alice")
    mock.disconnect("alice")
    mock.disconnect("alice")
    assert online(mock) is False


def test_to_disconnect_somebody_unknown_names_the_near_one(mock: ReachabilityMock) -> None:
    mock.connect("alice")
    with pytest.raises(NoSuch, match=r"no user 'alise' in .*; did you mean 'alice'\?"):
        mock.disconnect("alise")


def test_a_lost_connection_counts_until_lost_after(mock: ReachabilityMock) -> None:
    mock.settings.update({"lost_after": "30s"})
    mock.enable()
    mock.connect("alice")
    mock.lose("alice")
    assert online(mock) is True
    mock.clock.advance(29)
    assert mock.users["alice"].is_online is True
    mock.clock.advance(1)
    assert mock.users["alice"].is_online is False


def test_push_makes_notifiable_and_no_more(mock: ReachabilityMock) -> None:
    mock.enable()
    first = mock.register_push("alice")
    second = mock.register_push("alice", "apn", "token")
    assert mock.register_push("alice", "apn", "token") == second != first
    assert (mock.users["alice"].is_online, mock.users["alice"].is_notifiable) == (None, True)
    mock.unregister_push(first)
    assert mock.users["alice"].is_notifiable is True
    mock.unregister_push(second)
    assert mock.users["alice"].is_notifiable is False
    with pytest.raises(NoSuch, match="no push binding BS"):
        mock.unregister_push(second)


def test_push_of_no_known_kind_is_refused_with_the_choices(mock: ReachabilityMock) -> None:
    with pytest.raises(ValueError, match="one of apn, gcm, fcm, twilsock, not 'sms'"):
        mock.register_push("alice", "sms")


def test_an_identity_the_service_refuses_is_refused_here_too(mock: ReachabilityMock) -> None:
    with pytest.raises(Refused, match="400/50203 Identity reserved"):
        mock.connect("system")


def test_why_names_the_rules(mock: ReachabilityMock) -> None:
    mock.connect("alice")
    mock.enable()
    why = mock.why("alice")
    assert_type(why, Why)
    assert (why.is_online.value, why.is_online.rule) == (True, "R5")
    assert (why.is_notifiable.value, why.is_notifiable.rule) == (None, "R7")
    assert why.as_json()["is_online"] == {
        "value": True,
        "rule": "R5",
        "because": "connected with default",
    }
    assert str(why).startswith("alice: is_online=True (R5: connected with default), ")


def test_a_service_of_the_apps_settings_has_exactly_that_sid(mock: ReachabilityMock) -> None:
    made = mock.service(FIXED)
    assert (made.sid, made.reachability_enabled) == (FIXED, False)
    mock.enable(FIXED)
    mock.connect("alice", service=FIXED)
    fetched = mock.client().conversations.v1.services(FIXED).users("alice").fetch()
    assert fetched.is_online is True
    assert mock.service(FIXED).users["alice"].is_online is True
    assert "alice" not in mock.users


def test_a_service_is_made_once_by_name_and_then_found(mock: ReachabilityMock) -> None:
    support = mock.service("support")
    assert support.sid == mock.service("support").sid == mock.service(support.sid).sid
    assert support.friendly_name == "support"
    mock.enable("support")
    assert mock.service("support").reachability_enabled
    assert repr(support) == f"<service 'support' {support.sid}, reachability enabled>"
    assert not mock.service().reachability_enabled


def test_a_verb_does_not_make_services_but_names_the_near_one(mock: ReachabilityMock) -> None:
    mock.service("support")
    with pytest.raises(NoSuch, match=r"no service 'suport'; did you mean 'support'\?"):
        mock.enable("suport")
    with pytest.raises(NoSuch, match=f"no service '{FIXED}'; there are: default, "):
        mock.connect("alice", service=FIXED)


def test_a_name_that_two_services_have_is_not_enough(mock: ReachabilityMock) -> None:
    services = mock.client().conversations.v1.services
    services.create(friendly_name="twin")
    services.create(friendly_name="twin")
    with pytest.raises(NoSuch, match="2 services are called 'twin': name one by its SID"):
        mock.enable("twin")


def test_the_default_service_is_the_documented_one(mock: ReachabilityMock) -> None:
    assert mock.service().sid == sids.default_service_sid(mock.account_sid)


def test_whatever_credentials_the_app_has_it_sees_this_world(mock: ReachabilityMock) -> None:
    mock.connect("alice")
    for username in ("AC" + "7" * 32, "SK" + "7" * 32):
        users = mock.client(username, "whatever").conversations.v1.users
        assert users("alice").fetch().identity == "alice"


def test_separate_accounts_are_separate_worlds() -> None:
    other = "AC" + "5" * 32
    with reachability_mock.fake(accounts="separate") as mock:
        mock.connect("alice")
        mock.connect("bob", account=other)
        mock.enable(account=other)
        users = mock.client(other).conversations.v1.users
        assert users("bob").fetch().is_online is True
        with pytest.raises(TwilioRestException):
            users("alice").fetch()
        assert mock.why("bob", account=other).is_online.rule == "R5"
        assert mock.service(account=other).sid == sids.default_service_sid(other)


def test_where_all_share_one_world_an_account_is_that_one(mock: ReachabilityMock) -> None:
    other = "AC" + "1" * 32
    mock.enable(account=other)
    mock.connect("alice", account=other)
    binding = mock.register_push("alice", account=other)
    assert mock.client(other).conversations.v1.users("alice").fetch().is_online is True
    assert online(mock) is True
    assert mock.why("alice", account=other).is_notifiable.rule == "R7"
    mock.unregister_push(binding, account=other)
    assert mock.users["alice"].is_notifiable is False


@pytest.mark.parametrize("accounts", ["shared", "separate"])
def test_an_account_is_a_sid(accounts: str) -> None:
    with (
        reachability_mock.fake(accounts=accounts) as mock,
        pytest.raises(NoSuch, match="'nope' is not AC and 32 hex digits"),
    ):
        mock.enable(account="nope")


@pytest.mark.parametrize("name", ["IS123", "ISABCDEF0123456789abcdef0123456789", "IS" + "z" * 32])
def test_what_is_nearly_a_sid_is_no_name(mock: ReachabilityMock, name: str) -> None:
    with pytest.raises(NoSuch, match="it looks like a SID"):
        mock.service(name)
    assert mock.service("ISland").friendly_name == "ISland"


@pytest.mark.parametrize("seconds", [-1, float("nan"), 1e12, "x", True, None])
def test_time_only_goes_forward(mock: ReachabilityMock, seconds: Any) -> None:
    with pytest.raises(ValueError, match="a number from 0 to 1000000000 is needed"):
        mock.clock.advance(seconds)


def test_a_device_has_a_name_and_an_identity_is_a_text(mock: ReachabilityMock) -> None:
    not_a_text: Any = 5
    with pytest.raises(ValueError, match="1 to 256 characters"):
        mock.connect("alice", "")
    with pytest.raises(TypeError, match="identity: a text is needed, not 5"):
        mock.connect(not_a_text)
    with pytest.raises(TypeError, match="identity"):
        mock.register_push(not_a_text)
    with pytest.raises(TypeError, match="device"):
        mock.connect("alice", not_a_text)
    assert len(mock.users) == 0


def test_why_a_request_was_refused_is_logged(
    mock: ReachabilityMock, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(TwilioException):
        mock.client("ACtest").conversations.v1.users.list()
    assert "a username is AC or SK and 32 hex digits" in caplog.text
    with pytest.raises(TwilioException):
        mock.client().conversations.v1.services("ISabc").users.list()
    assert "did you mean the default service" in caplog.text


def test_a_service_of_another_account_is_not_made_again() -> None:
    with reachability_mock.fake(accounts="separate") as mock:
        mock.service(FIXED, account="AC" + "5" * 32)
        with pytest.raises(NoSuch, match=FIXED):
            mock.service(FIXED)


def test_settings_are_checked(mock: ReachabilityMock) -> None:
    with pytest.raises(BadSetting, match=r"did you mean 'offline_delay'\?"):
        mock.settings.update({"ofline_delay": "1s"})


def test_reset_forgets_everything(mock: ReachabilityMock) -> None:
    mock.settings.update({"offline_delay": "1m"})
    mock.service("support")
    bob = mock.sdk_client("bob")
    online_before = len(mock.users)
    mock.reset()
    assert online_before == 1
    assert len(mock.users) == len(mock.requests) == 0
    assert mock.settings["offline_delay"] == "0s"
    mock.connect("bob")
    mock.enable()
    assert bob.updates == []
    with pytest.raises(NoSuch):
        mock.enable("support")


def test_settle_lets_happen_what_is_due(mock: ReachabilityMock) -> None:
    mock.settings.update({"offline_delay": "10s"})
    mock.enable()
    mock.connect("alice")
    watcher = mock.sdk_client("bob")
    watcher.get_user("alice")
    mock.disconnect("alice")
    mock.settle()
    assert watcher.updates == []
    mock.clock.advance(10)
    mock.settle()
    assert [one.is_online for one in watcher.updates] == [False]


def test_an_unknown_verb_suggests_the_near_one(mock: ReachabilityMock) -> None:
    with pytest.raises(AttributeError, match=r"no 'conect'; did you mean 'connect'\?"):
        getattr(mock, "conect")  # noqa: B009 - as a test would write it, past the type checker
    with pytest.raises(AttributeError, match=r"has no 'xyz'$"):
        getattr(mock, "xyz")  # noqa: B009 - likewise


def test_its_repr_says_whose_it_is(mock: ReachabilityMock) -> None:
    assert repr(mock) == f"<reachability_mock {mock.account_sid}, 1 service(s)>"


def test_the_socket_and_the_doors_share_one_world(mock: ReachabilityMock) -> None:
    mock.enable()
    mock.connect("alice")
    url = mock.url
    assert url == mock.listen() == mock.url
    auth = (mock.account_sid, "any")
    through_socket = requests.get(f"{url}/v1/Users/alice", auth=auth, timeout=5).json()
    assert through_socket["is_online"] is True
    assert through_socket["url"].startswith(f"{url}/v1/Users/US")
    client = mock.client()
    client.conversations.base_url = url
    client.conversations.v1.users.create(identity="bob")
    assert [*mock.users] == ["alice", "bob"]
    assert online(mock) is True


def test_a_user_view_is_live_and_says_why(mock: ReachabilityMock) -> None:
    mock.connect("alice")
    alice = mock.users["alice"]
    assert_type(alice.is_online, bool | None)
    assert re.fullmatch(r"US[0-9a-f]{32}", alice.sid)
    assert alice.is_online is None
    assert repr(alice).startswith("<alice: is_online=None (R1: ")
    mock.enable()
    assert alice.is_online is True
    assert repr(mock.users) == "<users ['alice']>"
    assert mock.users.get("nobody") is None
    assert 1 not in mock.users
    mock.client().conversations.v1.users("alice").delete()
    with pytest.raises(NoSuch, match="there is none yet"):
        _ = alice.is_online


def test_a_failing_assertion_about_a_user_shows_the_rule(mock: ReachabilityMock) -> None:
    mock.enable()
    mock.register_push("alice")
    with pytest.raises(AssertionError, match="R4"):
        assert mock.users["alice"].is_online is True


def test_unknown_users_are_listed_if_none_is_near(mock: ReachabilityMock) -> None:
    for number in range(12):
        mock.connect(f"user-{number}")
    with pytest.raises(NoSuch, match=r"there are: user-0, .*user-9, … \(12 in all\)"):
        mock.why("zoe")


def test_a_token_opens_the_service_for_the_identity(mock: ReachabilityMock) -> None:
    mock.service(FIXED)
    text = mock.token("alice", service=FIXED, ttl=60)
    claims = read(text, Trust({sids.DEFAULT_KEY: (DEFAULT_SECRET, mock.account_sid)}), system_now())
    assert (claims.identity, claims.service_sid, claims.account_sid) == (
        "alice",
        FIXED,
        mock.account_sid,
    )
    assert timedelta(0) < claims.expires - system_now() <= timedelta(seconds=60)


def test_a_scenario_needs_a_name(mock: ReachabilityMock) -> None:
    with pytest.raises(ValueError, match="a scenario needs a name"):
        mock.play("")


def test_playing_sets_the_stage_and_is_not_counted_as_the_apps_doing(
    mock: ReachabilityMock,
) -> None:
    online_before = len(mock.requests)
    mock.play("two-devices")
    assert online_before == len(mock.requests) == 0
    assert mock.service().reachability_enabled
    online(mock, next(iter(mock.users)))
    assert len(mock.requests) == 1


@pytest.fixture
def _restless() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_restless")
def test_what_is_looked_at_is_one_moment_whatever_other_threads_do(mock: ReachabilityMock) -> None:
    together, written = Barrier(2), Event()
    service = mock.service().sid
    for number in range(500):
        mock.connect(f"u{number}")
    sids_of = [mock.users[f"u{number}"].sid for number in range(500)]

    def write() -> None:
        together.wait()
        try:
            for number, sid in enumerate(sids_of):
                mock.world.submit(UserDeleted(service, sid))
                mock.connect(f"v{number}")
        finally:
            written.set()

    def look() -> None:
        together.wait()
        while not written.is_set():
            assert 499 <= len(list(mock.users)) <= 500
            with pytest.raises(NoSuch):
                mock.users["nobody"]

    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(write), pool.submit(look)]:
            job.result()
