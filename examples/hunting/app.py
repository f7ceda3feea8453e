"""An app with two bugs, which its ordinary tests do not find."""

from __future__ import annotations

from twilio.rest import Client


def should_mail(identity: str) -> bool:
    """Mail those who are offline.  The bug: null is not "offline" but "nobody knows"."""
    user = Client().conversations.v1.users(identity).fetch()
    return not user.is_online


def rename(identity: str, name: str) -> str:
    """Rename somebody and say who is there.  The bug: an update may answer with nulls."""
    user = Client().conversations.v1.users(identity).update(friendly_name=name)
    return f"{user.friendly_name} ({'here' if user.is_online else 'away'})"
