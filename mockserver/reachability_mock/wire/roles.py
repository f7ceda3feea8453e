"""Roles as forms and as JSON."""

from __future__ import annotations

from reachability_mock.core import errors
from reachability_mock.core.facts import RoleCreated, RoleEdited
from reachability_mock.core.model import Policy, Role, RoleType
from reachability_mock.wire.params import Form
from reachability_mock.wire.resources import Json, Place, date


def created(form: Form, service_sid: str, sid: str, policy: Policy) -> RoleCreated:
    """The fact behind ``POST …/Roles``.

    Raises:
        Refused: a Type that is none, in any letter case (50105).
    """
    return RoleCreated(
        service_sid,
        sid,
        form.get("FriendlyName") or "",
        _type(form.get("Type"), policy),
        tuple(form.getlist("Permission")),
    )


def edited(form: Form, service_sid: str, sid: str) -> RoleEdited:
    """The fact behind ``POST …/Roles/{Sid}``: permissions are all that can change."""
    return RoleEdited(service_sid, sid, tuple(form.getlist("Permission")))


def shown(noun: Role, place: Place) -> Json:
    """One role."""
    return {
        "sid": noun.sid,
        "account_sid": place.account_sid,
        "chat_service_sid": noun.service_sid,
        "friendly_name": noun.friendly_name,
        "type": noun.type.value,
        "permissions": list(noun.permissions),
        "date_created": date(noun.date_created),
        "date_updated": date(noun.date_updated),
        "url": f"{place.base}/Roles/{noun.sid}",
    }


def _type(text: str | None, policy: Policy) -> RoleType:
    if text is None and policy.generic_role_codes:
        raise errors.bad_value("Type", "")
    try:
        return RoleType((text or "").lower())
    except ValueError:
        raise errors.role_type() from None
