"""Roles: the four that every service is born with, what a role may allow, and their lives."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reachability_mock.core import errors, sids
from reachability_mock.core.changes import Changes
from reachability_mock.core.events import RoleAdded, RoleRemoved, RoleUpdated
from reachability_mock.core.facts import RoleCreated, RoleDeleted, RoleEdited
from reachability_mock.core.model import Policy, Role, RoleType, Service
from reachability_mock.core.records import Records, the_service

FRIENDLY_NAME_LIMIT = 64
_BOTH = (
    *("addParticipant", "removeParticipant", "deleteConversation"),
    *("editConversationName", "editConversationAttributes", "editAnyUserInfo", "editOwnUserInfo"),
    *("editAnyMessage", "editAnyMessageAttributes", "deleteAnyMessage"),
    *("editOwnMessage", "editOwnMessageAttributes"),
    # not in Twilio's list of permissions, but seen to be taken by the live service
    *("addNonChatParticipant", "editNotificationLevel"),
    *("editAnyParticipantAttributes", "editOwnParticipantAttributes"),
)
PERMISSIONS: dict[RoleType, frozenset[str]] = {
    RoleType.SERVICE: frozenset((*_BOTH, "createConversation", "joinConversation")),
    RoleType.CONVERSATION: frozenset(
        (*_BOTH, "sendMessage", "sendMediaMessage", "deleteOwnMessage", "leaveConversation")
    ),
}
"""What a role of each type may allow (https://www.twilio.com/docs/conversations/api/role-resource)."""

_OWN_MESSAGES = ("sendMessage", "sendMediaMessage", "leaveConversation", "editOwnMessage")
_ADMIN = ("addParticipant", "removeParticipant", "deleteConversation", "editConversationName")
BORN_WITH: tuple[tuple[str, RoleType, tuple[str, ...]], ...] = (
    ("service user", RoleType.SERVICE, ("joinConversation", "editOwnUserInfo")),
    ("service admin", RoleType.SERVICE, (*_ADMIN, "createConversation", "editAnyUserInfo")),
    ("channel user", RoleType.CONVERSATION, (*_OWN_MESSAGES, "deleteOwnMessage")),
    ("channel admin", RoleType.CONVERSATION, (*_OWN_MESSAGES, *_ADMIN, "deleteAnyMessage")),
)
"""Name, type and permissions of a new service's roles (the Chat-era names live on)."""


def born_roles(service_sid: str, at: datetime) -> tuple[Role, ...]:
    """The roles of a new service, their SIDs derived from the service's."""
    return tuple(
        Role(sids.derived("RL", service_sid, name), service_sid, name, kind, permissions, at, at)
        for name, kind, permissions in BORN_WITH
    )


def checked_role(
    records: Records, service_sid: str, sid: str, kind: RoleType, policy: Policy
) -> str:
    """`sid` itself, if it is a role of that type in that service.

    Raises:
        Refused: 50100, with a status that is an unknown (`missing_role_status`).
    """
    role = records.role(service_sid, sid)
    if role is None or role.type is not kind:
        raise errors.role_not_found(policy.missing_role_status)
    return sid


def created(records: Records, fact: RoleCreated, at: datetime, policy: Policy) -> Changes:
    """The changes that create a role.

    Raises:
        Refused: no name or one over 64 characters; permissions that will not do.
    """
    service = the_service(records, fact.service_sid)
    if not fact.friendly_name:
        raise errors.friendly_name_missing()
    if len(fact.friendly_name) > FRIENDLY_NAME_LIMIT:
        raise errors.friendly_name_too_long()
    permissions = _checked(fact.permissions, fact.type, policy)
    role = Role(fact.sid, service.sid, fact.friendly_name, fact.type, permissions, at, at)
    return Changes(role, (role,), events=(RoleAdded(service, role),))


def edited(records: Records, fact: RoleEdited, at: datetime, policy: Policy) -> Changes:
    """The changes that give a role other permissions in place of all it had.

    Raises:
        Refused: the role is gone, or permissions that will not do.
    """
    service = the_service(records, fact.service_sid)
    before = _the_role(records, service, fact.role_sid)
    permissions = _checked(fact.permissions, before.type, policy)
    if permissions == before.permissions:
        return Changes(before)
    role = replace(before, permissions=permissions, date_updated=at)
    return Changes(role, (role,), events=(RoleUpdated(service, role),))


def deleted(records: Records, fact: RoleDeleted, policy: Policy) -> Changes:
    """The changes that delete a role.

    Raises:
        Refused: the role is gone, or it is in use and `delete_role_in_use` does not allow it.
    """
    service = the_service(records, fact.service_sid)
    role = _the_role(records, service, fact.role_sid)
    if not policy.used_role_deletable and _is_used(records, service, role):
        raise errors.conflict("Role is in use")
    return Changes(role, drops=(role,), events=(RoleRemoved(service, role),))


def _is_used(records: Records, service: Service, role: Role) -> bool:
    """Whether it is a default of its service's, or some user's."""
    defaults = (
        service.default_conversation_creator_role_sid,
        service.default_conversation_role_sid,
        service.default_chat_service_role_sid,
    )
    return role.sid in defaults or records.has_users(role)


def _the_role(records: Records, service: Service, sid: str) -> Role:
    role = records.role(service.sid, sid)
    if role is None:
        raise errors.not_found(f"/Services/{service.sid}/Roles/{sid}")
    return role


def _checked(names: tuple[str, ...], kind: RoleType, policy: Policy) -> tuple[str, ...]:
    """Each permission once, in the order sent, if roles of that type know them all."""
    if not names and policy.generic_role_codes:
        raise errors.bad_value("Permission", "")
    if not names or not PERMISSIONS[kind].issuperset(names):
        raise errors.permission_not_found()
    return tuple(dict.fromkeys(names))
