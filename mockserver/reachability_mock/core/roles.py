"""Roles: the four that every service is born with, and looking one up."""

from __future__ import annotations

from datetime import datetime

from reachability_mock.core import errors, sids
from reachability_mock.core.model import Policy, Role, RoleType
from reachability_mock.core.records import Records

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
