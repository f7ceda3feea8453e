"""Users created, edited and deleted; what their attributes and names may be."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reachability_mock.core.errors import Refused
from reachability_mock.core.events import (
    BindingRemoved,
    ConnectionClosed,
    UserAdded,
    UserRemoved,
    UserUpdated,
)
from reachability_mock.core.facts import UserCreated, UserDeleted, UserEdited
from reachability_mock.core.model import BindingType, Policy, User
from reachability_mock.core.users import checked_attributes
from tests.core.stage import Stage, sid

US = sid("US", 1)
NOWHERE = sid("IS", 404)


def create(stage: Stage, identity: str = "alice", user_sid: str = US, **sent: str) -> User:
    subject = stage.happen(UserCreated(stage.service_sid, user_sid, identity, **sent)).subject
    assert isinstance(subject, User)
    return subject


def edit(stage: Stage, **sent: str) -> User:
    subject = stage.happen(UserEdited(stage.service_sid, US, **sent)).subject
    assert isinstance(subject, User)
    return subject


def code_of(stage: Stage, fact: UserCreated | UserEdited | UserDeleted) -> int:
    with pytest.raises(Refused) as caught:
        stage.happen(fact)
    return caught.value.problem.code


def test_a_user_is_born_with_defaults(stage: Stage) -> None:
    user = create(stage)
    assert (user.friendly_name, user.attributes) == (None, "{}")
    assert user.role_sid == stage.service.default_chat_service_role_sid
    assert user.date_created == user.date_updated == stage.now
    assert [type(event) for _, event in stage.events] == [UserAdded]


def test_a_user_is_born_as_it_was_asked_for(stage: Stage) -> None:
    admin = next(r for r in stage.records.roles.values() if r.friendly_name == "service admin")
    user = create(stage, friendly_name="Alice", attributes='{"a": 1}', role_sid=admin.sid)
    assert (user.friendly_name, user.attributes) == ("Alice", '{"a": 1}')
    assert user.role_sid == admin.sid


def test_an_identity_is_taken_once(stage: Stage) -> None:
    create(stage)
    fact = UserCreated(stage.service_sid, sid("US", 2), "alice")
    assert code_of(stage, fact) == 50201
    assert create(stage, "Alice", sid("US", 3)).identity == "Alice", "case matters"


def test_an_identity_is_free_again_after_a_delete(stage: Stage) -> None:
    create(stage)
    stage.happen(UserDeleted(stage.service_sid, US))
    assert create(stage, user_sid=sid("US", 2)).sid == sid("US", 2)


def test_an_edit_changes_only_what_was_sent(stage: Stage) -> None:
    create(stage, friendly_name="A", attributes="[]")
    stage.advance(5)
    stage.events.clear()
    user = edit(stage, attributes="[1]")
    assert (user.friendly_name, user.attributes) == ("A", "[1]")
    assert user.date_updated == stage.now
    assert stage.reasons() == [("attributes",)]


def test_an_edit_says_why_the_user_looks_different(stage: Stage) -> None:
    create(stage)
    stage.events.clear()
    admin = next(r for r in stage.records.roles.values() if r.friendly_name == "service admin")
    edit(stage, friendly_name="B", role_sid=admin.sid)
    assert stage.reasons() == [("friendlyName", "roleSid")]


def test_an_empty_edit_and_one_of_the_same_values_change_nothing(stage: Stage) -> None:
    before = create(stage, friendly_name="A")
    stage.advance(5)
    stage.events.clear()
    assert edit(stage) == before
    assert edit(stage, friendly_name="A") == before
    assert stage.events == []


@pytest.mark.parametrize("kept", ["", None])
def test_a_name_sent_empty_is_cleared_as_the_setting_says(kept: str | None) -> None:
    stage = Stage(Policy(cleared_friendly_name=kept))
    create(stage, friendly_name="A")
    assert edit(stage, friendly_name="").friendly_name == kept


def test_a_name_has_a_limit(stage: Stage) -> None:
    create(stage, friendly_name="é" * 256)
    assert code_of(stage, UserEdited(stage.service_sid, US, "é" * 257)) == 50003


def test_a_role_must_be_one_of_the_service(stage: Stage) -> None:
    create(stage)
    of_conversations = stage.service.default_conversation_role_sid
    for role_sid in (of_conversations, sid("RL", 404), ""):
        assert code_of(stage, UserEdited(stage.service_sid, US, role_sid=role_sid)) == 50100


@pytest.mark.parametrize("status", [400, 404])
def test_a_missing_role_has_the_status_of_the_setting(status: int) -> None:
    stage = Stage(Policy(missing_role_status=status))
    with pytest.raises(Refused) as caught:
        create(stage, role_sid=sid("RL", 404))
    assert caught.value.problem.status == status


def test_deleting_closes_connections_and_ends_bindings(stage: Stage) -> None:
    stage.connect("phone")
    stage.connect("tab")
    stage.register()
    stage.register("socket", kind=BindingType.TWILSOCK)
    kept = stage.register(identity="bob")
    stage.events.clear()
    stage.happen(UserDeleted(stage.service_sid, stage.user().sid))
    assert list(stage.records.bindings) == [kept]
    assert [type(event) for _, event in stage.events] == [
        ConnectionClosed,
        ConnectionClosed,
        BindingRemoved,
        BindingRemoved,
        UserRemoved,
    ]


def test_who_is_deleted_and_comes_back_is_somebody_new(stage: Stage) -> None:
    stage.switch(on=True)
    stage.connect()
    stage.disconnect()
    stage.happen(UserDeleted(stage.service_sid, stage.user().sid))
    create(stage)
    assert stage.shown() == (None, None)


def test_who_is_gone_can_be_neither_edited_nor_deleted(stage: Stage) -> None:
    assert code_of(stage, UserEdited(stage.service_sid, US)) == 20404
    assert code_of(stage, UserDeleted(stage.service_sid, US)) == 20404


def test_nobody_lives_in_a_service_that_is_gone(stage: Stage) -> None:
    assert code_of(stage, UserCreated(NOWHERE, US, "alice")) == 20404
    assert code_of(stage, UserEdited(NOWHERE, US)) == 20404
    assert code_of(stage, UserDeleted(NOWHERE, US)) == 20404


def test_an_edit_of_an_online_user_says_nothing_of_presence(stage: Stage) -> None:
    stage.switch(on=True)
    stage.connect()
    stage.events.clear()
    stage.happen(UserEdited(stage.service_sid, stage.user().sid, "A"))
    [(_, event)] = stage.events
    assert isinstance(event, UserUpdated)
    assert [reason.value for reason in event.reasons] == ["friendlyName"]


GOOD = ["{}", "[]", "null", "1", '"é"', ' { "a" : [ 1.0, 1e400 ] }\n', '{"a":1,"a":2}', '"\\ud800"']
BAD = ["", " ", "{", "{'a': 1}", "NaN", "[Infinity]", "-Infinity", "[" * 4000, "{}x", "\ufeff{}"]


@pytest.mark.parametrize("text", GOOD)
def test_attributes_that_are_json_are_kept_as_sent(text: str) -> None:
    assert checked_attributes(text, Policy()) == text


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize("compacted", [False, True])
def test_attributes_that_are_not_json_are_refused(text: str, *, compacted: bool) -> None:
    with pytest.raises(Refused, match="50304"):
        checked_attributes(text, Policy(attributes_compacted=compacted))


def test_attributes_are_measured_in_bytes() -> None:
    checked_attributes('"' + "x" * 4094 + '"', Policy())
    checked_attributes('"' + "é" * 2047 + '"', Policy())
    for text in ('"' + "x" * 4095 + '"', '"' + "é" * 2048 + '"'):
        with pytest.raises(Refused, match="50303"):
            checked_attributes(text, Policy())


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ('{ "a" : 1 }', '{"a":1}'),
        ('[ "a b\\" c" , 1e400,\n\t1.50 ]', '["a b\\" c",1e400,1.50]'),
        ('  "  "\r\n', '"  "'),
    ],
)
def test_compacting_takes_the_white_space_and_nothing_else(sent: str, kept: str) -> None:
    assert checked_attributes(sent, Policy(attributes_compacted=True)) == kept


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(value=JSON, indent=st.sampled_from([None, 1, "\t"]), escaped=st.booleans())
def test_compacting_means_the_same(
    value: object, indent: str | int | None, *, escaped: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=escaped)
    policy = Policy(attributes_compacted=True, attributes_limit=10**6)
    compacted = checked_attributes(text, policy)
    assert compacted == json.dumps(value, separators=(",", ":"), ensure_ascii=escaped)
