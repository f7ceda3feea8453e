"""Roles: what each type may allow, who keeps one from going, and what is told of them."""

from __future__ import annotations

import pytest

from reachability_mock.core.errors import Refused
from reachability_mock.core.events import RoleAdded, RoleRemoved, RoleUpdated
from reachability_mock.core.facts import (
    Fact,
    RoleCreated,
    RoleDeleted,
    RoleEdited,
    UserCreated,
    UserDeleted,
)
from reachability_mock.core.model import Policy, Role, RoleType
from reachability_mock.core.roles import BORN_WITH, PERMISSIONS
from tests.core.stage import Stage, sid

OWN = sid("RL", 1)


def create(stage: Stage, kind: RoleType = RoleType.SERVICE, *permissions: str) -> Role:
    names = permissions or ("addParticipant",)
    subject = stage.happen(RoleCreated(stage.service_sid, OWN, "own", kind, names)).subject
    assert isinstance(subject, Role)
    return subject


def refusal(stage: Stage, fact: Fact) -> tuple[int, int]:
    before = dict(stage.records.roles)
    with pytest.raises(Refused) as caught:
        stage.happen(fact)
    assert stage.records.roles == before
    return caught.value.problem.status, caught.value.problem.code


def test_roles_from_birth_allow_what_their_type_may() -> None:
    for _, kind, permissions in BORN_WITH:
        assert PERMISSIONS[kind].issuperset(permissions)


def test_the_types_share_most_permissions_and_own_some() -> None:
    service, conversation = PERMISSIONS[RoleType.SERVICE], PERMISSIONS[RoleType.CONVERSATION]
    assert service - conversation == {"createConversation", "joinConversation"}
    assert conversation - service == {
        *("sendMessage", "sendMediaMessage", "deleteOwnMessage", "leaveConversation")
    }
    assert len(service & conversation) == 16


@pytest.mark.parametrize("kind", RoleType)
def test_each_permission_of_a_type_is_taken_and_none_of_the_other(
    stage: Stage, kind: RoleType
) -> None:
    other = next(one for one in RoleType if one is not kind)
    create(stage, kind)
    for name in PERMISSIONS[kind] | PERMISSIONS[other]:
        fact = RoleEdited(stage.service_sid, OWN, (name,))
        if name in PERMISSIONS[kind]:
            assert stage.happen(fact).subject == stage.records.roles[OWN]
            assert stage.records.roles[OWN].permissions == (name,)
        else:
            assert refusal(stage, fact) == (400, 50104)


def test_an_edit_that_changes_nothing_is_no_event_and_leaves_the_date(stage: Stage) -> None:
    role = create(stage, RoleType.SERVICE, "addParticipant", "removeParticipant")
    stage.advance(5)
    same = ("addParticipant", "removeParticipant", "addParticipant")
    stage.happen(RoleEdited(stage.service_sid, OWN, same))
    assert stage.records.roles[OWN] == role
    stage.happen(RoleEdited(stage.service_sid, OWN, same[1:]))
    assert stage.records.roles[OWN].date_updated == stage.now
    stage.happen(RoleDeleted(stage.service_sid, OWN))
    assert [type(event) for _, event in stage.events] == [RoleAdded, RoleUpdated, RoleRemoved]


def test_a_role_stays_while_a_user_has_it(stage: Stage) -> None:
    create(stage)
    alice = stage.sid("US")
    stage.happen(UserCreated(stage.service_sid, alice, "alice", role_sid=OWN))
    assert refusal(stage, RoleDeleted(stage.service_sid, OWN)) == (409, 20409)
    stage.happen(UserDeleted(stage.service_sid, alice))
    stage.happen(RoleDeleted(stage.service_sid, OWN))
    assert OWN not in stage.records.roles


def test_a_default_role_stays_unless_the_policy_lets_it_go() -> None:
    for policy in (Policy(), Policy(used_role_deletable=True)):
        stage = Stage(policy)
        service = stage.service
        for role in (
            service.default_chat_service_role_sid,
            service.default_conversation_role_sid,
            service.default_conversation_creator_role_sid,
        ):
            fact = RoleDeleted(service.sid, role)
            if policy.used_role_deletable:
                stage.happen(fact)
                assert role not in stage.records.roles
            else:
                assert refusal(stage, fact) == (409, 20409)


@pytest.mark.parametrize("service", [None, sid("IS", 9)])
def test_a_role_that_is_gone_meanwhile_is_not_found(stage: Stage, service: str | None) -> None:
    """Deleted, or its service was, between a request's look and its fact."""
    where = service or stage.service_sid
    assert refusal(stage, RoleEdited(where, OWN, ("addParticipant",))) == (404, 20404)
    assert refusal(stage, RoleDeleted(where, OWN)) == (404, 20404)
