"""Notifications: which pushes a service sends, and how they read.  None is ever sent from here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reachability_mock.core import errors
from reachability_mock.core.changes import Changes
from reachability_mock.core.facts import NotificationsConfigured, PushEdit
from reachability_mock.core.model import Notifications, Policy, Push
from reachability_mock.core.records import Records, the_service
from reachability_mock.core.services import updated


def configured(
    records: Records, fact: NotificationsConfigured, at: datetime, policy: Policy
) -> Changes:
    """The changes of an update of a service's notifications; only what was sent changes.

    Raises:
        Refused: a template or the name of a sound that is too long.
    """
    service = the_service(records, fact.service_sid)
    after = replace(service, notifications=_edited(service.notifications, fact, policy))
    return updated(service, after, at, policy)


def _edited(before: Notifications, fact: NotificationsConfigured, policy: Policy) -> Notifications:
    with_media = _push(before.with_media or Push(), fact.with_media, policy)
    return Notifications(
        log_enabled=before.log_enabled if fact.log_enabled is None else fact.log_enabled,
        new_message=_push(before.new_message, fact.new_message, policy),
        added_to_conversation=_push(
            before.added_to_conversation, fact.added_to_conversation, policy
        ),
        removed_from_conversation=_push(
            before.removed_from_conversation, fact.removed_from_conversation, policy
        ),
        badge_count_enabled=(
            before.badge_count_enabled
            if fact.badge_count_enabled is None
            else fact.badge_count_enabled
        ),
        with_media=before.with_media if fact.with_media == PushEdit() else with_media,
    )


def _push(before: Push, edit: PushEdit, policy: Policy) -> Push:
    """The push as edited, if its texts are short enough."""
    if len(edit.template or "") > policy.template_limit:
        raise errors.template_too_long()
    if len(edit.sound or "") > policy.sound_limit:
        raise errors.sound_too_long()
    return Push(
        before.enabled if edit.enabled is None else edit.enabled,
        before.template if edit.template is None else edit.template,
        before.sound if edit.sound is None else edit.sound,
    )
