"""Forms and queries become facts and page requests, or are refused."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from reachability_mock.core.errors import Refused
from reachability_mock.core.facts import (
    UNSET,
    AccountConfigured,
    ServiceConfigured,
    ServiceCreated,
    UserCreated,
    UserEdited,
)
from reachability_mock.core.model import BindingType, Policy
from reachability_mock.core.paging import START, Cursor, PageRequest, Way
from reachability_mock.wire import params

IS, US = "IS" + "1" * 32, "US" + "1" * 32


def form(*pairs: tuple[str, str], **sent: str) -> MultiDict[str, str]:
    return MultiDict([*pairs, *sent.items()])


def asked(policy: Policy | None = None, largest: int = 50, **query: str) -> PageRequest:
    return params.page_request(form(**query), "list", largest, policy or Policy())


def code_of(policy: Policy | None = None, **query: str) -> int:
    with pytest.raises(Refused) as caught:
        asked(policy, 50, **query)
    assert caught.value.problem.status == 400
    return caught.value.problem.code


# --- forms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["true", "True", "TRUE", "tRuE"])
def test_true_is_true_in_any_letter_case(text: str) -> None:
    assert params.boolean("X", text) is True


@pytest.mark.parametrize("text", ["false", "False", "FALSE"])
def test_false_is_false_in_any_letter_case(text: str) -> None:
    assert params.boolean("X", text) is False


def test_what_was_not_sent_is_neither() -> None:
    assert params.boolean("X", None) is None


@pytest.mark.parametrize(
    "text", ["", "1", "0", "yes", "on", "null", " true", "true ", "tru", "\uff54rue"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        params.boolean("ReachabilityEnabled", text)
    problem = caught.value.problem
    assert (problem.status, problem.code) == (400, 20001)
    assert problem.message == f"Invalid value for ReachabilityEnabled: {text!r}"


def test_a_service_is_asked_for_by_name() -> None:
    assert params.service_created(form(FriendlyName="x"), "AC1", IS) == ServiceCreated(
        "AC1", IS, "x"
    )
    assert params.service_created(form(), "AC1", IS) == ServiceCreated("AC1", IS, "")


def test_a_service_is_configured_by_what_was_sent() -> None:
    assert params.service_configured(form(), IS) == ServiceConfigured(IS)
    sent = form(
        ReachabilityEnabled="True",
        DefaultConversationCreatorRoleSid="a",
        DefaultConversationRoleSid="b",
        DefaultChatServiceRoleSid="c",
    )
    expected = ServiceConfigured(IS, True, "a", "b", "c")  # noqa: FBT003 - the order is the test
    assert params.service_configured(sent, IS) == expected


def test_an_account_is_configured_by_what_was_sent() -> None:
    assert params.account_configured(form(), "AC1") == AccountConfigured("AC1")
    sent = form(
        DefaultChatServiceSid="a",
        DefaultMessagingServiceSid="b",
        DefaultInactiveTimer="c",
        DefaultClosedTimer="d",
        ReachabilityEnabled="true",
    )
    assert params.account_configured(sent, "AC1") == AccountConfigured("AC1", "a", "b", "c", "d")


def test_a_user_is_asked_for_with_what_was_sent() -> None:
    assert params.user_created(form(), IS, US) == UserCreated(IS, US, "")
    sent = form(Identity="a", FriendlyName="b", Attributes="c", RoleSid="d", IsOnline="true")
    assert params.user_created(sent, IS, US) == UserCreated(IS, US, "a", "b", "c", "d")


def test_an_edit_tells_empty_from_not_sent() -> None:
    assert params.user_edited(form(), IS, US) == UserEdited(IS, US, UNSET, UNSET, UNSET)
    sent = form(FriendlyName="", Attributes="", RoleSid="", Identity="x", IsNotifiable="true")
    assert params.user_edited(sent, IS, US) == UserEdited(IS, US, "", "", "")


def test_parameters_are_spelled_in_pascal_case() -> None:
    assert params.user_created(form(identity="a", friendlyname="b"), IS, US).identity == ""


def test_a_parameter_sent_twice_counts_once() -> None:
    sent = form(("Identity", "first"), ("Identity", "second"))
    assert params.user_created(sent, IS, US).identity == "first"


def test_binding_types_come_in_any_letter_case_and_number() -> None:
    sent = form(("BindingType", "FCM"), ("BindingType", "apn"))
    assert params.binding_types(sent) == (BindingType.FCM, BindingType.APN)
    assert params.binding_types(form()) == ()
    with pytest.raises(Refused, match="400/50209"):
        params.binding_types(form(BindingType="sms"))


# --- pages ---------------------------------------------------------------------------------------


def test_a_list_without_parameters_begins_at_the_start() -> None:
    assert asked() == PageRequest(50, 0, START)
    assert asked(largest=20).size == 20


@pytest.mark.parametrize(
    ("text", "size"), [("1", 1), ("49", 49), ("50", 50), ("51", 50), ("1000", 50), ("007", 7)]
)
def test_a_page_size_up_to_1000_is_clamped_to_the_lists_largest(text: str, size: int) -> None:
    assert asked(PageSize=text).size == size


@pytest.mark.parametrize(
    "text", ["0", "00", "-1", "+1", "", "ten", "5.0", "1e2", " 5", "٣", "1" * 11]
)
def test_a_page_size_that_is_no_positive_number_is_refused(text: str) -> None:
    assert code_of(PageSize=text) == 20007


@pytest.mark.parametrize("text", ["1001", "9999999999"])
def test_a_page_size_over_1000_is_refused(text: str) -> None:
    assert code_of(PageSize=text) == 20007


def test_a_setting_refuses_what_is_over_the_lists_largest() -> None:
    strict = Policy(refuse_large_pages=True)
    assert asked(strict, PageSize="50").size == 50
    assert code_of(strict, PageSize="51") == 20007


def test_a_page_number_alone_is_the_clients_own_bookkeeping() -> None:
    assert asked(Page="3") == PageRequest(50, 0, START)
    assert asked(Page="0") == PageRequest(50, 0, START)


def test_a_setting_refuses_a_page_number_without_a_token() -> None:
    strict = Policy(refuse_page_without_token=True)
    assert code_of(strict, Page="3") == 21481
    assert asked(strict, Page="0").number == 0
    token = params.write_token(Cursor(Way.FORWARD, 5), "list")
    assert asked(strict, Page="3", PageToken=token).number == 3


@pytest.mark.parametrize("text", ["", "-1", "x", "1.0", "2147483648", "1" * 20])
def test_a_page_that_is_no_number_is_refused(text: str) -> None:
    assert code_of(Page=text) == 20001


def test_the_token_decides_and_the_number_is_shown() -> None:
    token = params.write_token(Cursor(Way.BACK, 7), "list")
    assert asked(PageToken=token, Page="2", PageSize="3") == PageRequest(3, 2, Cursor(Way.BACK, 7))
    assert asked(PageToken=token).number == 0


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(Way), st.integers(0, 2**63 - 1), st.text(max_size=40))
def test_a_token_is_read_as_it_was_written(way: Way, number: int, place: str) -> None:
    token = params.write_token(Cursor(way, number), place)
    assert token.isascii()
    assert params.read_token(token, place) == Cursor(way, number)


def test_a_token_looks_like_twilios() -> None:
    assert params.write_token(Cursor(Way.FORWARD, 1), "x").startswith("PTeyJ")
    assert params.write_token(Cursor(Way.BACK, 1), "x").startswith("PBeyJ")


def token_of(content: object) -> str:
    return "PT" + base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


BAD_TOKENS = [
    "",
    "x",
    "P",
    "PT",
    "PB",
    "PA" + token_of({"n": 1, "l": "list"})[2:],
    "PT!!!!",
    "PTé",
    "PT" + "A" * 3,
    "PT" + base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    "PT" + base64.urlsafe_b64encode(b"[" * 5000).decode(),
    "PT" + base64.urlsafe_b64encode(b'{"n":' + b"1" * 5000 + b',"l":"list"}').decode(),
    token_of(None),
    token_of(7),
    token_of([]),
    token_of({}),
    token_of({"n": 1}),
    token_of({"n": 1, "l": "another"}),
    token_of({"n": -1, "l": "list"}),
    token_of({"n": 2**63, "l": "list"}),
    token_of({"n": 1.0, "l": "list"}),
    token_of({"n": True, "l": "list"}),
    token_of({"n": "1", "l": "list"}),
    token_of({"n": None, "l": "list"}),
]


@pytest.mark.parametrize("token", BAD_TOKENS, ids=lambda token: token[:20] or "empty")
def test_a_token_that_is_not_ours_or_of_this_list_is_refused(token: str) -> None:
    assert code_of(PageToken=token) == 21481


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=60) | st.text("PTB0eyJ=-_", max_size=40))
def test_garbage_is_no_token(token: str) -> None:
    with pytest.raises(Refused, match="400/21481"):
        params.read_token(token, "list")
