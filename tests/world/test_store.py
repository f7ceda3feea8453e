"""The store: by SID, by identity, in creation order, and nothing left behind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reachability_mock.core.changes import Changes
from reachability_mock.core.model import (
    Account,
    Binding,
    BindingType,
    Connection,
    Credential,
    CredentialType,
    Service,
    User,
)
from reachability_mock.core.paging import Numbered
from reachability_mock.core.presence import new_user
from reachability_mock.core.services import new_service
from reachability_mock.store import MemoryStore, Shelf
from tests.core.stage import ACCOUNT, START, sid

IS = sid("IS", 1)
APN, FCM, GCM, SOCKET = (
    BindingType.APN,
    BindingType.FCM,
    BindingType.GCM,
    BindingType.TWILSOCK,
)


@pytest.fixture
def store() -> MemoryStore:
    """Return a store with one account and one service."""
    store = MemoryStore()
    store.commit(Changes(puts=(Account(ACCOUNT, IS, None),)))
    store.commit(new_service(ACCOUNT, IS, "one", START))
    return store


def the_service(store: MemoryStore) -> Service:
    service = store.service(IS)
    assert service is not None
    return service


def user(store: MemoryStore, number: int, identity: str | None = None) -> User:
    """Put a user and return it."""
    one = new_user(the_service(store), identity or f"u{number}", sid("US", number), START)
    store.commit(Changes(puts=(one,)))
    return one


def binding(store: MemoryStore, number: int, of: User, kind: BindingType = FCM) -> Binding:
    """Put a binding and return it."""
    one = Binding(
        sid("BS", number), IS, of.sid, of.identity, kind, f"e{number}", None, (), START, START
    )
    store.commit(Changes(puts=(one,)))
    return one


def all_of(items: Numbered[User] | Numbered[Binding] | Numbered[Service]) -> list[str]:
    forward = [one.sid for _, one in items.after(-1)]
    back = [one.sid for _, one in items.before(10**9)]
    assert forward == back[::-1]
    return forward


def test_a_shelf_keeps_creation_order_when_a_record_is_replaced(store: MemoryStore) -> None:
    first, second = user(store, 1), user(store, 2)
    store.commit(Changes(puts=(replace(first, friendly_name="x"),)))
    assert all_of(store.users_of(IS)) == [first.sid, second.sid]
    found = store.user(IS, first.sid)
    assert found is not None
    assert found.friendly_name == "x"


def test_a_number_is_not_used_again() -> None:
    shelf: Shelf[User] = Shelf()
    service = new_service(ACCOUNT, IS, "one", START).subject
    assert isinstance(service, Service)
    one, two = (new_user(service, name, sid("US", n), START) for n, name in enumerate("ab"))
    shelf.put(one)
    shelf.drop(one.sid)
    shelf.drop(one.sid)
    shelf.put(two)
    shelf.put(one)
    assert [number for number, _ in shelf.after(-1)] == [1, 2]
    assert list(shelf) == [two, one]
    assert len(shelf) == 2
    assert shelf.number_of(one.sid) == 2
    assert shelf.at(1) == two


def test_a_walk_begins_on_the_other_side_of_a_number(store: MemoryStore) -> None:
    sids = [user(store, number).sid for number in range(4)]
    assert [one.sid for _, one in store.users_of(IS).after(1)] == sids[2:]
    assert [one.sid for _, one in store.users_of(IS).before(2)] == [sids[1], sids[0]]


def test_a_user_is_found_by_sid_and_by_identity(store: MemoryStore) -> None:
    alice = user(store, 1, "alice")
    assert store.user(IS, alice.sid) == alice
    assert store.user_by_identity(IS, "alice") == alice
    assert store.user_by_identity(IS, "Alice") is None
    store.commit(Changes(drops=(alice,)))
    assert store.user_by_identity(IS, "alice") is store.user(IS, alice.sid) is None


def test_who_has_a_role_is_counted_and_a_replaced_user_once(store: MemoryStore) -> None:
    default, admin, *_ = (role for _, role in store.roles_of(IS).after(-1))
    assert not store.has_users(default)
    alice, bob = user(store, 1, "alice"), user(store, 2, "bob")
    store.commit(Changes(puts=(replace(alice, friendly_name="A"),)))
    store.commit(Changes(drops=(bob, bob)))
    assert store.has_users(default)
    store.commit(Changes(puts=(replace(alice, role_sid=admin.sid),)))
    assert (store.has_users(default), store.has_users(admin)) == (False, True)
    store.commit(Changes(drops=(alice,)))
    assert store._rooms[IS].users_of_role == {}
    assert not store.has_users(replace(admin, service_sid=sid("IS", 9)))


def test_credentials_are_kept_by_account(store: MemoryStore) -> None:
    own, other = (
        Credential(
            sid("CR", n),
            account,
            None,
            CredentialType.APN,
            sandbox=False,
            date_created=START,
            date_updated=START,
        )
        for n, account in enumerate((ACCOUNT, sid("AC", 9)))
    )
    assert list(store.credentials_of(ACCOUNT).after(-1)) == []
    store.commit(Changes(puts=(own, other, replace(own, sandbox=True))))
    assert list(store.credentials_of(ACCOUNT).after(-1)) == [(0, replace(own, sandbox=True))]
    assert store.credential(ACCOUNT, other.sid) is store.credential(sid("AC", 8), own.sid) is None
    store.commit(Changes(drops=(own,)))
    assert store.credential(ACCOUNT, own.sid) is None
    assert store.credential(other.account_sid, other.sid) == other


def test_a_name_that_has_a_new_owner_is_not_lost_with_the_old_one(store: MemoryStore) -> None:
    old = user(store, 1, "alice")
    new = user(store, 2, "alice")
    store.commit(Changes(drops=(old,)))
    assert store.user_by_identity(IS, "alice") == new


def test_those_present_are_those_connected_registered_or_awaited(store: MemoryStore) -> None:
    one, two, three, _ = (user(store, number) for number in range(4))
    there = (
        replace(one, connections=(Connection("phone"),)),
        replace(two, push_bindings=frozenset({"BS1"})),
        replace(three, online_due=START),
    )
    store.commit(Changes(puts=there))
    assert store.present_users(IS) == there
    store.commit(Changes(puts=(one,), drops=(there[1],)))
    assert store.present_users(IS) == (there[2],)


def test_bindings_are_found_by_their_user(store: MemoryStore) -> None:
    alice, bob = user(store, 1), user(store, 2)
    first, _, third = binding(store, 1, alice), binding(store, 2, bob), binding(store, 3, alice)
    assert store.bindings_of(alice) == (first, third)
    store.commit(Changes(drops=(first, third)))
    assert store.bindings_of(alice) == ()
    assert store.binding(IS, first.sid) is None


def test_bindings_are_filtered_by_identity_and_type(store: MemoryStore) -> None:
    alice, bob = user(store, 1, "alice"), user(store, 2, "bob")
    kinds = [(alice, APN), (bob, FCM), (alice, FCM), (bob, SOCKET), (alice, GCM)]
    made = [binding(store, n, of, kind).sid for n, (of, kind) in enumerate(kinds)]

    def found(identities: list[str], types: list[BindingType]) -> list[int]:
        return [made.index(one) for one in all_of(store.bindings_in(IS, identities, types))]

    assert found([], []) == [0, 1, 2, 3, 4]
    assert found(["alice"], []) == [0, 2, 4]
    assert found(["bob", "alice", "bob"], []) == [0, 1, 2, 3, 4]
    assert found(["nobody"], []) == []
    assert found([], [FCM]) == [1, 2]
    assert found([], [SOCKET, APN, SOCKET]) == [0, 3]
    assert found(["alice"], [FCM, GCM]) == [2, 4]
    assert found(["bob"], [APN]) == []
    store.commit(Changes(drops=tuple(store.bindings_of(alice))))
    assert found([], [APN, FCM]) == [1]


def test_a_service_goes_with_all_in_it(store: MemoryStore) -> None:
    binding(store, 1, user(store, 1))
    service = the_service(store)
    assert len(list(store.roles_of(IS).after(-1))) == 4
    store.commit(Changes(drops=(service,)))
    assert store.service(IS) is None
    assert store.user(IS, sid("US", 1)) is None
    assert store.user_by_identity(IS, "u1") is None
    assert store.role(IS, service.default_chat_service_role_sid) is None
    assert store.binding(IS, sid("BS", 1)) is None
    assert store.present_users(IS) == ()
    assert all_of(store.services_of(ACCOUNT)) == all_of(store.users_of(IS)) == []
    assert list(store.roles_of(IS).after(-1)) == []
    assert all_of(store.bindings_in(IS, [], [])) == []


def test_what_belongs_to_nobody_is_not_there(store: MemoryStore) -> None:
    assert all_of(store.services_of("AC?")) == []
    assert store.account("AC?") is None
    stranger = replace(user(store, 1), service_sid="IS?")
    assert store.bindings_of(stranger) == ()


def test_accounts_and_roles_can_be_dropped_too(store: MemoryStore) -> None:
    [account] = store.accounts()
    role = store.role(IS, the_service(store).default_chat_service_role_sid)
    assert role is not None
    store.commit(Changes(drops=(account, role)))
    assert list(store.accounts()) == []
    assert store.role(IS, role.sid) is None


def test_services_of_two_accounts_are_kept_apart(store: MemoryStore) -> None:
    store.commit(new_service("AC2", sid("IS", 2), "two", START))
    assert all_of(store.services_of(ACCOUNT)) == [IS]
    assert all_of(store.services_of("AC2")) == [sid("IS", 2)]


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.sampled_from(BindingType))))
def test_indexes_agree_with_a_walk(steps: list[tuple[bool, int, BindingType]]) -> None:
    store = MemoryStore()
    store.commit(new_service(ACCOUNT, IS, "one", START))
    people = [user(store, number) for number in range(3)]
    kept: dict[str, Binding] = {}
    for put, number, kind in steps:
        known = kept.pop(sid("BS", number), None)
        if known is not None:
            store.commit(Changes(drops=(known,)))
        if put:
            one = binding(store, number, people[number % 3], kind)
            kept[one.sid] = one
    for kind in BindingType:
        walked = [one.sid for one in kept.values() if one.type is kind]
        assert all_of(store.bindings_in(IS, [], [kind])) == walked
    for person in people:
        assert [had.sid for had in store.bindings_of(person)] == [
            had.sid for had in kept.values() if had.user_sid == person.sid
        ]
