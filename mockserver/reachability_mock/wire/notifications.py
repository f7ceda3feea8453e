"""A service's notifications as a form and as JSON."""

from __future__ import annotations

from reachability_mock.core.facts import NotificationsConfigured, PushEdit
from reachability_mock.core.model import Policy, Push, Service
from reachability_mock.wire.params import Form, boolean
from reachability_mock.wire.resources import Json, Place


def configured(form: Form, service_sid: str) -> NotificationsConfigured:
    """The fact behind ``POST …/Configuration/Notifications``.

    Raises:
        Refused: a switch that is neither true nor false.
    """
    return NotificationsConfigured(
        service_sid,
        _switch(form, "LogEnabled"),
        _push(form, "NewMessage"),
        _push(form, "AddedToConversation"),
        _push(form, "RemovedFromConversation"),
        _switch(form, "NewMessage.BadgeCountEnabled"),
        # a Sound is not among the parameters of this one
        PushEdit(
            _switch(form, "NewMessage.WithMedia.Enabled"), form.get("NewMessage.WithMedia.Template")
        ),
    )


def shown(noun: Service, place: Place, policy: Policy) -> Json:
    """The notifications of one service; what nobody has set is not there at all."""
    settings = noun.notifications
    new_message = {
        **_block(settings.new_message),
        "badge_count_enabled": settings.badge_count_enabled,
        "with_media": settings.with_media and _with_media(settings.with_media, policy),
    }
    return {
        "account_sid": place.account_sid,
        "chat_service_sid": noun.sid,
        "log_enabled": settings.log_enabled,
        "added_to_conversation": _set(_block(settings.added_to_conversation), policy),
        "new_message": _set(new_message, policy),
        "removed_from_conversation": _set(_block(settings.removed_from_conversation), policy),
        "url": f"{place.root}/Services/{noun.sid}/Configuration/Notifications",
    }


def _switch(form: Form, name: str) -> bool | None:
    return boolean(name, form.get(name))


def _push(form: Form, name: str) -> PushEdit:
    return PushEdit(
        _switch(form, f"{name}.Enabled"), form.get(f"{name}.Template"), form.get(f"{name}.Sound")
    )


def _block(push: Push) -> Json:
    return {"enabled": push.enabled, "template": push.template, "sound": push.sound}


def _with_media(push: Push, policy: Policy) -> Json:
    return _set({"enabled": push.enabled, "template": push.template}, policy)


def _set(block: Json, policy: Policy) -> Json:
    """The keys that have a value; all of them if any has one and the setting says so."""
    said = {key: value for key, value in block.items() if value is not None}
    return block if policy.whole_notifications and said != {"enabled": False} else said
