"""Services: born off, switched in one place, forgotten and remembered (R1 to R3, R11, R12)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reachability_mock.core.errors import Refused
from reachability_mock.core.events import ServiceAdded, ServiceRemoved, ServiceUpdated, UserUpdated
from reachability_mock.core.facts import ServiceConfigured, ServiceCreated, ServiceDeleted
from reachability_mock.core.model import Policy, RoleType, Service
from reachability_mock.core.reachability import Action
from tests.core.stage import ACCOUNT, Stage, sid

NEW = sid("IS", 1)


def create(stage: Stage, name: str = "support", sid_: str = NEW) -> Service:
    subject = stage.happen(ServiceCreated(ACCOUNT, sid_, name)).subject
    assert isinstance(subject, Service)
    return subject


def refusal(stage: Stage, fact: ServiceCreated | ServiceConfigured | ServiceDeleted) -> int:
    with pytest.raises(Refused) as caught:
        stage.happen(fact)
    return caught.value.problem.code


def test_a_service_is_born_with_the_indicator_off(stage: Stage) -> None:
    service = create(stage)
    assert not service.reachability_enabled
    assert service.date_created == service.date_updated == stage.now
    assert [type(event) for _, event in stage.events] == [ServiceAdded]


def test_a_service_is_born_with_four_roles_and_its_defaults_among_them(stage: Stage) -> None:
    service = create(stage)
    roles = {role.sid: role for role in stage.records.roles.values() if role.service_sid == NEW}
    assert [role.friendly_name for role in roles.values()] == [
        "service user",
        "service admin",
        "channel user",
        "channel admin",
    ]
    assert roles[service.default_chat_service_role_sid].type is RoleType.SERVICE
    assert roles[service.default_conversation_role_sid].type is RoleType.CONVERSATION
    assert roles[service.default_conversation_creator_role_sid].type is RoleType.CONVERSATION


def test_the_roles_of_two_services_are_not_the_same(stage: Stage) -> None:
    create(stage)
    assert len(stage.records.roles) == 8


@pytest.mark.parametrize(("name", "code"), [("", 50000), ("x" * 257, 50003), ("é" * 257, 50003)])
def test_a_name_is_needed_and_has_a_limit(stage: Stage, name: str, code: int) -> None:
    assert refusal(stage, ServiceCreated(ACCOUNT, NEW, name)) == code


def test_a_name_may_have_256_characters(stage: Stage) -> None:
    assert create(stage, "😀" * 256).friendly_name == "😀" * 256


def test_a_sid_that_is_taken_makes_no_second_service(stage: Stage) -> None:
    stage.switch(on=True)
    assert refusal(stage, ServiceCreated(ACCOUNT, stage.service_sid, "again")) == 20409
    assert stage.service.reachability_enabled


def test_switching_on_counts_what_is_connected_or_registered_at_that_moment(stage: Stage) -> None:
    stage.connect(identity="alice")
    stage.register(identity="bob")
    stage.connect(identity="carol")
    stage.disconnect(identity="carol")
    stage.events.clear()
    stage.switch(on=True)
    shown = [stage.shown(name) for name in ("alice", "bob", "carol")]
    assert shown == [(True, None), (None, True), (None, None)]
    assert [type(event) for _, event in stage.events] == [ServiceUpdated, UserUpdated, UserUpdated]


def test_switching_off_is_one_event_of_the_service_and_none_of_its_users(stage: Stage) -> None:
    stage.switch(on=True)
    stage.connect()
    stage.events.clear()
    stage.switch(on=False)
    [(_, event)] = stage.events
    assert isinstance(event, ServiceUpdated)
    assert event.switched
    assert stage.shown() == (None, None)


def test_on_again_is_null_until_next_true(stage: Stage) -> None:
    stage.switch(on=True)
    stage.connect()
    binding = stage.register()
    stage.switch(on=False)
    stage.disconnect()
    stage.unregister(binding)
    stage.switch(on=True)
    assert stage.shown() == (None, None)
    stage.connect()
    stage.register()
    assert stage.shown() == (True, True)


def test_a_setting_lets_the_state_survive_as_false() -> None:
    stage = Stage(Policy(state_survives_disable=True))
    stage.switch(on=True)
    stage.connect(identity="alice")
    stage.connect(identity="bob")
    stage.connect(identity="carol")
    stage.switch(on=False)
    stage.disconnect(identity="alice")
    stage.connect(identity="dora")
    stage.disconnect(identity="dora")
    stage.switch(on=True)
    names = ("alice", "bob", "carol", "dora")
    assert [stage.shown(name)[0] for name in names] == [False, True, True, None]


def test_switching_to_what_it_is_already_is_silent(stage: Stage) -> None:
    stage.switch(on=False)
    assert stage.events == []
    stage.switch(on=True)
    epoch = stage.service.epoch
    stage.events.clear()
    stage.switch(on=True)
    assert stage.events == []
    assert stage.service.epoch == epoch


def test_an_update_without_the_switch_leaves_it_alone(stage: Stage) -> None:
    stage.switch(on=True)
    stage.events.clear()
    admin = next(r for r in stage.records.roles.values() if r.friendly_name == "service admin")
    stage.happen(
        ServiceConfigured(stage.service_sid, None, default_chat_service_role_sid=admin.sid)
    )
    assert stage.service.reachability_enabled
    assert stage.service.default_chat_service_role_sid == admin.sid
    [(_, event)] = stage.events
    assert isinstance(event, ServiceUpdated)
    assert not event.switched


def test_an_update_moves_date_updated_and_an_empty_one_does_not(stage: Stage) -> None:
    stage.advance(5)
    stage.happen(ServiceConfigured(stage.service_sid))
    assert stage.service.date_updated < stage.now
    stage.switch(on=True)
    assert stage.service.date_updated == stage.now


def test_a_default_role_cannot_be_cleared(stage: Stage) -> None:
    fact = ServiceConfigured(stage.service_sid, default_conversation_role_sid="")
    assert refusal(stage, fact) == 50100


def test_each_default_role_must_be_there_and_of_its_type(stage: Stage) -> None:
    service = stage.service
    for_service, missing = service.default_chat_service_role_sid, sid("RL", 404)
    for_conversations = service.default_conversation_role_sid
    on = ServiceConfigured(service.sid, reachability_enabled=True)
    for wrong in (for_service, missing):
        assert refusal(stage, replace(on, default_conversation_creator_role_sid=wrong)) == 50100
        assert refusal(stage, replace(on, default_conversation_role_sid=wrong)) == 50100
    for wrong in (for_conversations, missing):
        assert refusal(stage, replace(on, default_chat_service_role_sid=wrong)) == 50100
    assert stage.service == service


def test_a_role_of_another_service_will_not_do(stage: Stage) -> None:
    theirs = create(stage).default_chat_service_role_sid
    fact = ServiceConfigured(stage.service_sid, default_chat_service_role_sid=theirs)
    assert refusal(stage, fact) == 50100


def test_the_scope_is_the_service(stage: Stage) -> None:
    create(stage)
    stage.happen(ServiceConfigured(NEW, reachability_enabled=True))
    stage.connect()
    assert stage.shown() == (None, None)
    assert stage.records.user_by_identity(NEW, "alice") is None


def test_a_deleted_service_is_gone_with_all_in_it(stage: Stage) -> None:
    create(stage)
    stage.happen(ServiceDeleted(NEW))
    assert stage.records.service(NEW) is None
    assert isinstance(stage.events[-1][1], ServiceRemoved)
    assert refusal(stage, ServiceDeleted(NEW)) == 20404


def test_the_default_service_stays_unless_a_setting_says_otherwise(stage: Stage) -> None:
    assert refusal(stage, ServiceDeleted(stage.service_sid)) == 20409
    stage.policy = Policy(default_service_deletable=True)
    stage.happen(ServiceDeleted(stage.service_sid))
    assert stage.records.service(stage.service_sid) is None


def test_a_service_of_an_account_that_is_not_open_can_be_deleted(stage: Stage) -> None:
    stage.happen(ServiceCreated(sid("AC", 1), NEW, "stray"))
    stage.happen(ServiceDeleted(NEW))
    assert stage.records.service(NEW) is None


def test_nothing_can_be_configured_in_a_service_that_is_gone(stage: Stage) -> None:
    assert refusal(stage, ServiceConfigured(NEW, reachability_enabled=True)) == 20404


def test_a_list_of_a_service_that_is_on_shows_nothing(stage: Stage) -> None:
    stage.switch(on=True)
    stage.connect()
    stage.register()
    assert stage.shown(action=Action.READ) == (None, None)
