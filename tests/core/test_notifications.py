"""Notifications: a service's, changed by what was sent and by nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reachability_mock.core.errors import Refused
from reachability_mock.core.events import ServiceUpdated
from reachability_mock.core.facts import NotificationsConfigured, PushEdit
from reachability_mock.core.model import Notifications, Policy, Push
from tests.core.stage import Stage, sid


def test_a_service_is_born_with_none(stage: Stage) -> None:
    assert stage.service.notifications == Notifications()
    assert stage.service.notifications.with_media is None


def test_an_update_is_an_event_of_the_service_that_switches_nothing(stage: Stage) -> None:
    stage.switch(on=True)
    stage.connect()
    stage.events.clear()
    before = stage.service
    stage.advance(5)
    stage.happen(
        NotificationsConfigured(stage.service_sid, added_to_conversation=PushEdit(enabled=True))
    )
    assert stage.service == replace(
        before,
        notifications=Notifications(added_to_conversation=Push(enabled=True)),
        date_updated=stage.now,
    )
    [(_, event)] = stage.events
    assert event == ServiceUpdated(stage.service, switched=False)
    assert stage.shown() == (True, None)


def test_an_update_that_changes_nothing_is_no_event(stage: Stage) -> None:
    before = stage.service
    stage.advance(5)
    stage.happen(NotificationsConfigured(stage.service_sid))
    stage.happen(NotificationsConfigured(stage.service_sid, log_enabled=False))
    assert stage.service == before
    assert stage.events == []


def test_media_are_set_once_somebody_says_so(stage: Stage) -> None:
    for edit in (PushEdit(enabled=False), PushEdit(template="x"), PushEdit()):
        stage.happen(NotificationsConfigured(stage.service_sid, with_media=edit))
    assert stage.service.notifications.with_media == Push(template="x")


@pytest.mark.parametrize(
    ("edit", "code"),
    [(PushEdit(template="😀" * 11), 50058), (PushEdit(sound="😀" * 11), 50059)],
)
def test_texts_have_limits_in_characters(edit: PushEdit, code: int) -> None:
    stage = Stage(Policy(template_limit=10, sound_limit=10))
    with pytest.raises(Refused) as caught:
        stage.happen(NotificationsConfigured(stage.service_sid, removed_from_conversation=edit))
    assert caught.value.problem.code == code
    short = PushEdit(template="😀" * 10, sound="😀" * 10)
    stage.happen(NotificationsConfigured(stage.service_sid, new_message=short))
    assert stage.service.notifications.new_message.sound == "😀" * 10


def test_a_service_that_is_gone_has_none(stage: Stage) -> None:
    with pytest.raises(Refused) as caught:
        stage.happen(NotificationsConfigured(sid("IS", 9)))
    assert caught.value.problem.status == 404
