"""An expectation is met by what it says and by nothing that merely looks like it."""

from __future__ import annotations

import pytest

from reachability_mock.scenario.compare import differences, mentions, not_null
from reachability_mock.scenario.runner import StepResult
from tests.scenario.acting import played, verdicts


def wrong(expected: object, got: object) -> list[str]:
    return [one.where for one in differences(expected, got, "body")]


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (None, False),
        (False, None),
        (True, "true"),
        (True, 1),
        (0, False),
        ("", None),
        (None, {}),
        ([], {}),
        ([1], [1, 2]),
        ([1, 2], [2, 1]),
        ({"a": None}, {}),
        ({"a": 1}, None),
    ],
)
def test_null_is_not_false_and_nothing_is_something_else(expected: object, got: object) -> None:
    assert wrong(expected, got)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ({}, {"a": 1}),
        ({"a": {"b": None}}, {"a": {"b": None, "c": 1}}),
        ([{"a": 1}], [{"a": 1, "b": 2}]),
        (1, 1.0),
    ],
)
def test_a_mapping_matches_as_a_subset(expected: object, got: object) -> None:
    assert wrong(expected, got) == []


def test_a_difference_says_where() -> None:
    assert wrong({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"b": 3}]}) == ["body.a[1].b"]


def test_presence_is_found_in_a_body_however_deep() -> None:
    assert mentions({"users": [{"is_online": None}]})
    assert not mentions({"users": [{"identity": "is_online"}]})
    assert not_null({"users": [{"is_online": None, "is_notifiable": False}]})
    assert not not_null({"users": [{"is_online": None}]})


BASE = """\
name: x
given:
  services: {default: {reachability: true}, other: {reachability: true}}
  users:
    alice: {friendly_name: Alice, attributes: {a: 1}}
    bob: {}
    carol: {service: other}
    nobody: {absent: true}
  connections: [{user: bob}, {user: carol}]
timeline:
"""


def last(*items: str) -> StepResult:
    return played(BASE + "".join(f"  - {item}\n" for item in items))[-1]


@pytest.mark.parametrize(
    "what",
    [
        "fetch: {user: alice, is_online: null, friendly_name: Alice}",
        "fetch: {user: alice, attributes: '{\"a\": 1}', sid: '${alice}', role_sid: '${role}'}",
        "fetch: {user: alice, attributes: {a: 1}}",
        "fetch: {user: alice, path: default, identity: alice, chat_service_sid: '${default}'}",
        "list: {count: 2, users: [alice, bob], without: [carol]}",
        "list: {page_size: 1, users: [alice, bob]}",
        "list: {service: other, including: [carol]}",
        "not_found: {user: nobody}",
        "not_found: {user: carol-who, service: other}",
        "configuration: {reachability_enabled: true, chat_service_sid: '${default}'}",
        "bindings: {user: alice, count: 0, types: []}",
        "no_event: {observer: bob, user: alice}",
    ],
)
def test_what_is_so_is_met(what: str) -> None:
    role = 'rest: {request: "GET /v1/Services/${default}/Users/alice", save: {role: role_sid}}'
    assert last(role, f"expect: {{{what}}}").verdict.value == "passed"


@pytest.mark.parametrize(
    ("what", "where"),
    [
        ("fetch: {user: alice, is_online: false}", "alice.is_online"),
        ("fetch: {user: alice, friendly_name: null}", "alice.friendly_name"),
        ("fetch: {user: alice, attributes: {a: 2}}", "alice.attributes.a"),
        ("fetch: {user: nobody}", "nobody"),
        ("list: {count: 3}", "how many"),
        ("list: {users: [bob, alice]}", "who is in the list"),
        ("list: {including: [carol]}", "carol"),
        ("list: {without: [bob]}", "bob"),
        ("list: {every: {is_online: true}}", "alice in the list.is_online"),
        ("not_found: {user: alice}", "alice"),
        (
            "configuration: {reachability_enabled: false}",
            "configuration of default.reachability_enabled",
        ),
        ("bindings: {user: alice, types: [fcm]}", "the bindings of alice"),
        ("bindings: {user: alice, count: 1}", "how many bindings alice has"),
        ("event: {observer: bob, user: alice}", "what bob is told of alice"),
    ],
)
def test_what_is_not_so_is_a_difference(what: str, where: str) -> None:
    result = last(f"expect: {{{what}}}")
    assert result.verdict.value == "failed"
    assert result.differences[0].where == where


def test_a_wrong_fetch_is_explained_by_its_rules() -> None:
    note = last("expect: {fetch: {user: alice, is_online: false}}").note
    assert note is not None
    assert note.startswith("is_online: null by R4, not online since reachability was enabled")


# --- events --------------------------------------------------------------------------------------

ONLINE = "expect: {event: {observer: bob, user: alice, reasons: reachabilityOnline}}"
QUIET = "expect: {no_event: {observer: bob, user: alice}}"


def test_an_event_is_expected_once() -> None:
    assert last("connect: {user: alice}", ONLINE).verdict.value == "passed"
    assert last("connect: {user: alice}", ONLINE, ONLINE).verdict.value == "failed"
    assert last("connect: {user: alice}", ONLINE, QUIET).verdict.value == "passed"


def test_an_unexpected_event_is_said() -> None:
    [difference] = last("connect: {user: alice}", QUIET).differences
    assert difference == ("what bob is told of alice", "nothing", ["reachabilityOnline"])


def test_reasons_are_all_of_them() -> None:
    result = last(
        "connect: {user: alice}",
        "expect: {event: {observer: bob, user: alice, reasons: [reachabilityOnline, attributes]}}",
    )
    assert result.differences[0].got == [["reachabilityOnline"]]


def test_an_observer_who_is_not_connected_sees_nothing_and_the_report_says_why() -> None:
    result = last(
        "connect: {user: bob, device: phone}",
        "expect: {event: {observer: alice, user: bob}}",
    )
    assert result.verdict.value == "failed"
    assert result.note == "alice has not been connected, so nothing could tell it"


def test_what_happened_before_the_observer_came_is_not_seen() -> None:
    results = played(
        BASE + "  - connect: {user: alice}\n"
        "  - disconnect: {user: bob}\n"
        "  - disconnect: {user: alice}\n"
        "  - connect: {user: bob}\n"
        "  - expect: {no_event: {observer: bob, user: alice, reasons: [friendlyName]}}\n"
        "  - connect: {user: alice}\n"
        f"  - {ONLINE}\n  - {ONLINE}\n  - {QUIET}\n"
    )
    # The first connect was seen, the disconnect was not, the second connect was.
    assert verdicts(results[5:]) == ["passed", "passed", "passed", "passed", "passed"]


def test_another_service_sees_nothing() -> None:
    result = last("connect: {user: alice}", "expect: {event: {observer: carol, user: alice}}")
    assert result.note == (
        "carol and alice are in different services: neither sees the other (R12)"
    )
    assert (
        last(
            "connect: {user: alice}", "expect: {no_event: {observer: carol, user: alice}}"
        ).verdict.value
        == "passed"
    )


def test_an_observer_sees_itself() -> None:
    result = last(
        "update_user: {user: bob, friendly_name: Bob}",
        "expect: {event: {observer: bob, user: bob, reasons: friendlyName}}",
    )
    assert result.verdict.value == "passed"


def test_the_set_up_is_no_news() -> None:
    assert last("expect: {no_event: {observer: bob, user: bob}}").verdict.value == "passed"
