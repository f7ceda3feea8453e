"""Start-up and users: what an SDK asks before anything else, and whom it looks at."""

from __future__ import annotations

from typing import Any

from reachability_mock.core import errors
from reachability_mock.core.errors import Refused
from reachability_mock.core.facts import UNSET, Unset, UserEdited
from reachability_mock.wire import sync
from reachability_mock.wire.session_asking import Answer, Asked, Asking, Request, bad_body
from reachability_mock.wire.session_words import Submit

Json = dict[str, Any]


def get_configuration(asking: Asking, _request: Request) -> Asked[Answer]:
    """Who the client is and where everything is: what it asks for first."""
    yield from ()
    identity, base = asking.claims.identity, f"{asking.origin}/Client/v2"
    service_sid = asking.claims.service_sid
    body = {
        "identity": identity,
        "links": {
            "my_conversations": f"{base}/MyConversations",
            "conversations": f"{base}/Conversations",
            "users": f"{base}/Users",
            "current_user": f"{base}/Users/Me",
            "typing": f"{base}/Typing",
            "media_service": f"{base}/Media",
            "media_set_service": f"{base}/MediaSet",
            "messages_receipts": f"{base}/Conversations/%s/Messages/%s/Receipts",
        },
        "sync_objects": {
            "my_user_info": sync.name_of(sync.map_sid(service_sid, identity)),
            "my_conversations": sync.name_of(sync.conversations_sid(service_sid, identity)),
        },
        "options": {
            "reachability_enabled": asking.service.reachability_enabled,
            "user_infos_to_subscribe": 100,
            "http_cache_interval": "PT5S",
            "consumption_report_interval": "PT5S",
            "media_attachments_count_limit": 10,
            "media_attachment_size_limit_in_mb": 150,
            "media_attachments_total_size_limit_in_mb": 150,
            "email_histories_allowed_mime_types": [],
            "email_bodies_allowed_mime_types": [],
        },
    }
    return Answer(200, body)


def list_my_conversations(_asking: Asking, _request: Request) -> Asked[Answer]:
    """None: conversations are not faked, and the SDK starts all the same."""
    yield from ()
    return Answer(200, {"conversations": [], "meta": {"next_token": None}})


def get_user(asking: Asking, request: Request, identity: str) -> Asked[Answer]:
    """Where a user's properties are."""
    yield from ()
    if asking.find_user(identity) is None:
        raise errors.not_found(request.path)
    service_sid = asking.claims.service_sid
    name = sync.name_of(sync.map_sid(service_sid, identity))
    body = {"identity": identity, "sync_objects": {"user_info_map": name}}
    return Answer(200, body)


def edit_user(asking: Asking, request: Request, identity: str) -> Asked[Answer]:
    """A user's own properties change; everybody, the editor too, learns it through Sync."""
    user = asking.find_user(identity)
    if user is None:
        raise errors.not_found(request.path)
    _check_permission(asking, identity)
    name, attributes = request.fields.get("friendly_name", UNSET), _attributes(request.fields)
    if not isinstance(name, str | Unset | None):
        raise bad_body("friendly_name is not a text")
    yield Submit(UserEdited(asking.service.sid, user.sid, name, attributes))
    return Answer(200, {})


def _attributes(fields: Json) -> str | Unset:
    value = fields.get("attributes", UNSET)
    if not isinstance(value, str | Unset):
        raise errors.attributes_not_json()
    return value


def _check_permission(asking: Asking, identity: str) -> None:
    """Roles decide who may edit whom: oneself by editOwnUserInfo, others by editAnyUserInfo."""
    me = asking.find_user(asking.claims.identity)
    role = asking.around.records.role(asking.claims.service_sid, me.role_sid) if me else None
    own = ("editOwnUserInfo",) if identity == asking.claims.identity else ()
    wanted = {*own, "editAnyUserInfo"}
    if role is None or not wanted & set(role.permissions):
        needed = " or ".join(sorted(wanted))
        hint = f"{asking.claims.identity!r} may not edit {identity!r}: its role lacks {needed}"
        raise Refused(errors.Problem(403, 54007, "Access forbidden for identity", hint=hint))
