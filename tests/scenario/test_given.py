"""What a scenario begins with."""

from __future__ import annotations

from textwrap import dedent

import pytest

from reachability_mock.scenario.given import ConnectionGiven, Given
from reachability_mock.scenario.loader import loads
from tests.scenario.acting import complaints


def given(text: str) -> Given:
    return loads(
        "name: x\ngiven:\n" + "\n".join(f"  {line}" for line in dedent(text).split("\n"))
    ).given


def said(text: str) -> list[str]:
    lines = "\n".join(f"  {line}" for line in dedent(text).strip().split("\n"))
    return [one.partition(": ")[2] for one in complaints(f"name: x\ngiven:\n{lines}")]


def test_where_there_is_one_account_it_need_not_be_named() -> None:
    short = given("services: {support: {reachability: true}}\nusers: {bob: {service: support}}")
    long = given(
        "accounts: {default: {services: {support: {reachability: true}},"
        " users: {bob: {service: support}}}}"
    )
    assert short == long
    assert [one.name for one in short.services] == ["default", "support"]


def test_a_name_is_the_identity_unless_it_says_otherwise() -> None:
    users = given('users: {alice: , bob: {identity: "bob@ex.com"}}').users
    assert [(one.name, one.identity, one.service) for one in users] == [
        ("alice", "alice", "default"),
        ("bob", "bob@ex.com", "default"),
    ]


@pytest.mark.parametrize(
    "text", ["users: {count: 3, prefix: u}", "users: {everybody: {count: 3, prefix: u}}"]
)
def test_many_users_come_at_once(text: str) -> None:
    assert [one.identity for one in given(text).users] == ["u1", "u2", "u3"]


def test_a_crowd_may_stand_beside_others() -> None:
    users = given("users: {all: {count: 2, prefix: u}, alice: {absent: true}}").users
    assert [(one.name, one.absent) for one in users] == [
        ("u1", False),
        ("u2", False),
        ("alice", True),
    ]


def test_a_user_may_be_called_count() -> None:
    assert [one.name for one in given("users: {count: {}}").users] == ["count"]


def test_attributes_are_a_text_or_what_it_says() -> None:
    text = """users: {a: {attributes: {x: [1]}}, b: {attributes: '{"x": 1}'}}"""
    assert [one.attributes for one in given(text).users] == ['{"x": [1]}', '{"x": 1}']


def test_a_second_account_has_users_and_services_of_its_own() -> None:
    found = given("""
        accounts:
          default: {users: {alice: {}}}
          other:
            sid: AC11111111111111111111111111111111
            services: {there: {}}
            users: {eve: {service: there}}
    """)
    assert [(one.name, one.sid) for one in found.accounts] == [
        ("default", None),
        ("other", "AC" + "1" * 32),
    ]
    assert [(one.name, one.account) for one in found.users] == [
        ("alice", "default"),
        ("eve", "other"),
    ]


def test_connections_and_bindings_belong_to_users() -> None:
    found = given("""
        users: {alice: {}}
        connections: [{user: alice}]
        bindings: [{user: alice, type: apn, name: iphone, address: abc}]
    """)
    assert found.connections == (ConnectionGiven("alice", "default"),)
    assert [(one.type, one.name, one.address) for one in found.bindings] == [
        ("apn", "iphone", "abc")
    ]


A_NAME = "a name has letters, digits and _ @ . + - (an identity may have any: `identity:`)"
WRONG = {
    "users: {alice: {service: suport}}": 'no service "suport": there is default',
    "users: {alice: {identity: system}}": "Identity reserved",
    "users: {system: {}}": "Identity reserved",
    "users: {alice: {identity: ''}}": "Identity not provided",
    "users: [alice]": "this is a list, where a mapping should be",
    "users: {alice: 7}": "this is a number (7), where a mapping should be",
    "users: {count: 0, prefix: u}": "0 is not between 1 and 10000",
    "users: {count: 2}": '"prefix" is missing',
    "users: {u1: {}, all: {count: 2, prefix: u}}": 'there is a user "u1" already',
    "users: {default: {}}": '"default" is a service; ${default} would be either',
    "users: {a b: {}}": f'"a b": {A_NAME}',
    "services: {s: {reachability: yes}}": "this is a text (yes), where true or false should be",
    "services: {support: {sid: IS1}}": '"IS1" is not IS and 32 hex digits',
    "services: {s: {reachabilty: true}}": '"reachabilty": did you mean "reachability"?',
    "connections: [{user: alice}]": 'no user "alice": there is none',
    "users: {a: {}}\nbindings: [{user: a, type: pigeon}]": (
        '"pigeon": there is apn, fcm, gcm, twilsock'
    ),
    "users: {a: {}}\nbindings: [{user: a, name: a}]": '"a" names something else already',
    "accounts: {}\nusers: {}": '"users" belongs under an account, since there are accounts',
    "accounts: {a: {services: {default: {}}}}": "call the default service of a otherwise",
    "accounts: {default: {services: {s: }}, a: {services: {s: }}}": (
        'there is a service "s" already'
    ),
    "accounts: {default: {}, a: {users: {eve: {}}}}": (
        'the service "default" is of the account "default"'
    ),
    "user: {}": '"user": did you mean "users"?',
}


@pytest.mark.parametrize(("text", "complaint"), WRONG.items())
def test_what_cannot_be_is_said(text: str, complaint: str) -> None:
    assert said(text) == [complaint]


def test_a_note_is_for_the_reader() -> None:
    assert given("note: by hand\nusers: {alice: }") == given("users: {alice: }")
    assert said("note: [1]") == ["this is a list, where a text should be"]
    assert said("note: x\naccounts: {}") == []


def test_a_report_sums_it_up() -> None:
    found = given("users: {alice: {}, bob: {absent: true}}\nconnections: [{user: alice}]")
    assert str(found) == "1 service, 1 user, 1 connection"
