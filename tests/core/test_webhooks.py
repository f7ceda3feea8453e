"""Webhooks as configured: which URLs and filters there may be, on both levels."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reachability_mock.core.errors import Refused
from reachability_mock.core.events import AccountUpdated, ServiceUpdated
from reachability_mock.core.facts import AccountWebhooksConfigured, WebhooksConfigured, WebhooksEdit
from reachability_mock.core.model import Policy, WebhookMethod, Webhooks
from reachability_mock.core.webhooks import CHAT_EVENTS, EVENTS
from tests.core.stage import ACCOUNT, Stage, sid
from tests.openapi.document import accepts, component

URL = "https://example.com/hook"


def configure(stage: Stage, edit: WebhooksEdit) -> Webhooks:
    stage.happen(WebhooksConfigured(stage.service_sid, edit))
    stage.happen(AccountWebhooksConfigured(ACCOUNT, edit))
    return stage.service.webhooks


def code_of(stage: Stage, edit: WebhooksEdit) -> int:
    with pytest.raises(Refused) as caught:
        configure(stage, edit)
    assert caught.value.problem.status == 400
    return caught.value.problem.code


def test_there_are_the_events_that_there_are() -> None:
    assert len(EVENTS) == len(set(EVENTS)) == 23
    assert "onUserUpdated" in EVENTS
    assert not {"onUserAdd", "onUserRemoved"} & {*EVENTS, *CHAT_EVENTS}


def test_an_update_is_an_event_on_its_level_and_the_same_one_is_none(stage: Stage) -> None:
    for _ in range(2):
        configure(stage, WebhooksEdit(post_url=URL, filters=("onUserUpdated",)))
    told = [event for _, event in stage.events]
    assert told == [
        ServiceUpdated(stage.service, switched=False),
        AccountUpdated(stage.records.accounts[ACCOUNT]),
    ]


def test_the_event_of_a_change_carries_where_its_webhook_goes(stage: Stage) -> None:
    """Whoever delivers webhooks need not ask what was configured at that moment."""
    configure(stage, WebhooksEdit(post_url=URL))
    stage.switch(on=True)
    stage.connect()
    services = [getattr(event, "service", None) for _, event in stage.events[-3:]]
    assert {one.webhooks.post_url for one in services if one} == {URL}


@pytest.mark.parametrize("filled", [False, True])
def test_a_url_brings_a_method_only_if_the_policy_says_so(*, filled: bool) -> None:
    stage = Stage(Policy(webhook_method_filled=filled))
    assert configure(stage, WebhooksEdit(filters=("onUserAdded",))).method is None
    assert configure(stage, WebhooksEdit(pre_url=URL)).method is (
        WebhookMethod.POST if filled else None
    )
    assert configure(stage, WebhooksEdit(method=WebhookMethod.GET)).method is WebhookMethod.GET
    assert configure(stage, WebhooksEdit(post_url=URL)).method is WebhookMethod.GET


def test_one_bad_value_changes_none_and_the_first_of_them_is_named(stage: Stage) -> None:
    bad = WebhooksEdit("x", "x", WebhookMethod.GET, ("onUserAdded", "onNothing"))
    assert code_of(stage, bad) == 50077
    assert code_of(stage, WebhooksEdit(URL, "x", filters=("onNothing",))) == 50078
    assert code_of(stage, WebhooksEdit(URL, URL, filters=("onNothing",))) == 50054
    assert stage.service.webhooks == Webhooks()


def test_an_account_or_service_that_is_gone_has_none(stage: Stage) -> None:
    for fact in (WebhooksConfigured(sid("IS", 9)), AccountWebhooksConfigured(sid("AC", 9))):
        with pytest.raises(Refused) as caught:
            stage.happen(fact)
        assert caught.value.problem.status == 404


ADDRESSES = st.one_of(
    st.lists(st.sampled_from(["", "", "0", "abcd", "1.2.3.4", "12345", "1.2.3"]), max_size=10)
    .map(":".join)
    .filter(bool),
    st.ip_addresses(v=6).map(str),
)
ALMOST = st.text(st.sampled_from("htps:/?#[]@!%2Fab.-_:9 é\n"), max_size=12)


@settings(max_examples=1000, deadline=None, derandomize=True, database=None)
@given(
    st.one_of(
        ALMOST,
        ALMOST.map("http://{}".format),
        ALMOST.map("https://a.b{}".format),
        st.text(st.sampled_from("0123456:7"), max_size=7).map("hTTp://a:{}".format),
        ADDRESSES.map("http://[{}]/".format),
    )
)
def test_the_fake_and_its_contract_agree_on_what_a_url_is(url: str) -> None:
    stage = Stage()
    try:
        configure(stage, WebhooksEdit(post_url=url))
        taken = True
    except Refused:
        taken = False
    assert taken == accepts(component("WebhookUrlSent"), url)
