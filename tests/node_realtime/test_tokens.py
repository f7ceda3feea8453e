"""Tokens in the real SDK: refused, about to expire, expired, updated."""

from __future__ import annotations

import pytest

from reachability_mock.clock import system_now
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.wire.token import Signer, make
from tests.node_realtime.conftest import ACCOUNT, SERVICE, Service
from tests.node_realtime.sdk import QUICK, Sdk, SdkError

FORGED = Signer(sids.DEFAULT_KEY, "1" * 32, ACCOUNT)
STRANGER = Signer("SK" + "5" * 32, DEFAULT_SECRET, ACCOUNT)
GOOD = Signer(sids.DEFAULT_KEY, DEFAULT_SECRET, ACCOUNT)


@pytest.mark.parametrize(
    ("signer", "service_sid", "status", "code", "why"),
    [
        (FORGED, SERVICE, 401, 20107, "signed with another secret"),
        (STRANGER, SERVICE, 401, 20103, "not a known API key"),
        (GOOD, "IS" + "5" * 32, 403, 20106, "the account has no service"),
    ],
)
def test_a_bad_token_is_denied_and_the_server_says_why(  # noqa: PLR0913, PLR0917 - a row of the table
    sdk: Sdk,
    service: Service,
    signer: Signer,
    service_sid: str,
    status: int,
    code: int,
    why: str,
) -> None:
    token = make(signer, "alice", service_sid, system_now())
    with pytest.raises(SdkError) as caught:
        sdk.do("connect", "alice", token=token, uri=service.uri)
    assert (caught.value.status, caught.value.code) == (status, code)
    sdk.event("connectionStateChanged", to="denied")
    assert any(why in hint for hint in service.hints)


def test_an_expired_token_is_denied_and_says_so(sdk: Sdk, service: Service) -> None:
    token = service.token("alice", ttl=-60)
    with pytest.raises(SdkError) as caught:
        sdk.do("connect", "alice", token=token, uri=service.uri)
    assert caught.value.code == 20104
    sdk.event("tokenExpired", client="alice")


def test_a_token_runs_out_and_a_new_one_brings_the_client_back(sdk: Sdk, service: Service) -> None:
    token = service.token("alice", ttl=2)
    sdk.do("connect", "alice", token=token, uri=service.uri, options=QUICK)
    sdk.event("tokenAboutToExpire", client="alice")
    sdk.event("tokenExpired", client="alice")
    sdk.event("connectionStateChanged", to="disconnected")
    assert service.rest("GET", "/Users/alice")["is_online"] is False
    sdk.do("token", "alice", token=service.token("alice"))
    sdk.event("connectionStateChanged", to="connected")
    assert service.rest("GET", "/Users/alice")["is_online"] is True


def test_a_token_updated_in_time_keeps_the_connection(sdk: Sdk, service: Service) -> None:
    token = service.token("alice", ttl=2)
    sdk.do("connect", "alice", token=token, uri=service.uri)
    before = service.connections("alice")
    sdk.event("tokenAboutToExpire", client="alice")
    sdk.do("token", "alice", token=service.token("alice"))
    assert sdk.do("state", "alice")["connectionState"] == "connected"
    assert service.connections("alice") == before


def test_a_bad_update_is_denied_and_a_good_one_mends_it(sdk: Sdk, service: Service) -> None:
    sdk.do("connect", "alice", token=service.token("alice"), uri=service.uri, options=QUICK)
    with pytest.raises(SdkError) as caught:
        sdk.do("token", "alice", token=service.token("bob"))
    assert caught.value.status == 403
    sdk.event("connectionStateChanged", to="denied")
    assert any("but this connection is of 'alice'" in hint for hint in service.hints)
    another = service.token("alice", ttl=3000)  # to the same one the SDK would say nothing
    sdk.do("token", "alice", token=another)
    sdk.event("connectionStateChanged", to="connected")
    assert service.rest("GET", "/Users/alice")["is_online"] is True


def test_a_token_can_expire_for_a_test(sdk: Sdk, service: Service) -> None:
    sdk.do("connect", "alice", token=service.token("alice"), uri=service.uri)
    assert service.faults.expire() == 1
    sdk.event("tokenExpired", client="alice")
