"""Answers as a right server gives them: one for every operation and status that has a body."""

from typing import Final

from tests.openapi.document import Node

ACCOUNT: Final = "AC" + "0a" * 16
SERVICE: Final = "IS" + "1b" * 16
USER: Final = "US" + "2c" * 16
ROLE: Final = "RL" + "3d" * 16
BINDING: Final = "BS" + "4e" * 16
CREDENTIAL: Final = "CR" + "5f" * 16
MESSAGING: Final = "MG" + "6a" * 16

BASE: Final = "http://127.0.0.1:4010/v1"
AT_SERVICE: Final = f"{BASE}/Services/{SERVICE}"


def service() -> Node:
    """Return a service."""
    return {
        "sid": SERVICE,
        "account_sid": ACCOUNT,
        "friendly_name": "Help desk",
        "date_created": "2026-01-05T09:00:00Z",
        "date_updated": "2026-01-05T09:00:00Z",
        "url": AT_SERVICE,
        "links": {
            "conversations": f"{AT_SERVICE}/Conversations",
            "users": f"{AT_SERVICE}/Users",
            "roles": f"{AT_SERVICE}/Roles",
            "bindings": f"{AT_SERVICE}/Bindings",
            "configuration": f"{AT_SERVICE}/Configuration",
            "participant_conversations": f"{AT_SERVICE}/ParticipantConversations",
            "conversation_with_participants": f"{AT_SERVICE}/ConversationWithParticipants",
        },
    }


def service_configuration() -> Node:
    """Return the configuration of a service whose indicator is on."""
    return {
        "chat_service_sid": SERVICE,
        "default_conversation_creator_role_sid": ROLE,
        "default_conversation_role_sid": ROLE,
        "default_chat_service_role_sid": ROLE,
        "reachability_enabled": True,
        "url": f"{AT_SERVICE}/Configuration",
        "links": {
            "notifications": f"{AT_SERVICE}/Configuration/Notifications",
            "webhooks": f"{AT_SERVICE}/Configuration/Webhooks",
        },
    }


def user(under: str, *, online: bool | None = None, notifiable: bool | None = None) -> Node:
    """Return a user as seen `under` a service's URL or the base URL."""
    return {
        "sid": USER,
        "account_sid": ACCOUNT,
        "chat_service_sid": SERVICE,
        "role_sid": ROLE,
        "identity": "dana",
        "friendly_name": None,
        "attributes": '{"team": "blue"}',
        "is_online": online,
        "is_notifiable": notifiable,
        "date_created": "2026-01-05T09:00:00Z",
        "date_updated": "2026-01-05T09:00:07Z",
        "url": f"{under}/Users/{USER}",
        "links": {"user_conversations": f"{under}/Users/{USER}/Conversations"},
    }


def binding() -> Node:
    """Return a binding."""
    return {
        "sid": BINDING,
        "account_sid": ACCOUNT,
        "chat_service_sid": SERVICE,
        "date_created": "2026-01-05T09:00:00Z",
        "date_updated": "2026-01-05T09:00:00Z",
        "endpoint": "danas-phone",
        "identity": "dana",
        "binding_type": "fcm",
        "credential_sid": CREDENTIAL,
        "message_types": ["new_message", "added_to_conversation"],
        "url": f"{AT_SERVICE}/Bindings/{BINDING}",
    }


def configuration() -> Node:
    """Return an account's configuration."""
    return {
        "account_sid": ACCOUNT,
        "default_chat_service_sid": SERVICE,
        "default_messaging_service_sid": MESSAGING,
        "default_inactive_timer": "PT5M",
        "default_closed_timer": "P1D",
        "url": f"{BASE}/Configuration",
        "links": {
            "service": f"{AT_SERVICE}/Configuration",
            "webhooks": f"{BASE}/Configuration/Webhooks",
        },
    }


def notifications() -> Node:
    """Return a service's notifications, everything set."""
    return {
        "account_sid": ACCOUNT,
        "chat_service_sid": SERVICE,
        "log_enabled": False,
        "added_to_conversation": {"enabled": True, "template": "Come in", "sound": "ring"},
        "new_message": {
            "enabled": True,
            "template": "${PARTICIPANT}: ${MESSAGE}",
            "sound": "ring",
            "badge_count_enabled": True,
            "with_media": {"enabled": False, "template": "${MEDIA_COUNT} files"},
        },
        "removed_from_conversation": {"enabled": False, "template": "Bye", "sound": "ring"},
        "url": f"{AT_SERVICE}/Configuration/Notifications",
    }


def service_webhooks() -> Node:
    """Return a service's webhooks."""
    return {
        "account_sid": ACCOUNT,
        "chat_service_sid": SERVICE,
        "pre_webhook_url": "https://example.com/pre",
        "post_webhook_url": "http://user:word@hooks_1:9000/post?a=%20#rc=2",
        "method": "POST",
        "filters": ["onUserAdded", "onUserUpdated"],
        "url": f"{AT_SERVICE}/Configuration/Webhooks",
    }


def configuration_webhooks() -> Node:
    """Return an account's webhooks."""
    return {
        "account_sid": ACCOUNT,
        "pre_webhook_url": "https://example.com/pre",
        "post_webhook_url": "https://[::1]/post",
        "method": "GET",
        "filters": ["onMessageAdded"],
        "target": "webhook",
        "url": f"{BASE}/Configuration/Webhooks",
    }


def role(under: str) -> Node:
    """Return a role as seen `under` a service's URL or the base URL."""
    return {
        "sid": ROLE,
        "account_sid": ACCOUNT,
        "chat_service_sid": SERVICE,
        "friendly_name": "moderator",
        "type": "conversation",
        "permissions": ["sendMessage", "deleteAnyMessage"],
        "date_created": "2026-01-05T09:00:00Z",
        "date_updated": "2026-01-05T09:00:07Z",
        "url": f"{under}/Roles/{ROLE}",
    }


def credential() -> Node:
    """Return a push credential."""
    return {
        "sid": CREDENTIAL,
        "account_sid": ACCOUNT,
        "friendly_name": "Android prod",
        "type": "fcm",
        "sandbox": "False",
        "date_created": "2026-01-05T09:00:00Z",
        "date_updated": "2026-01-05T09:00:00Z",
        "url": f"{BASE}/Credentials/{CREDENTIAL}",
    }


def page(key: str, url: str, *items: Node) -> Node:
    """Return the middle page of a list, one that has neighbours on both sides."""
    return {
        "meta": {
            "page": 1,
            "page_size": 50,
            "first_page_url": f"{url}?PageSize=50&Page=0",
            "previous_page_url": f"{url}?PageSize=50&Page=0&PageToken=PAeyJuIjowfQ",
            "url": f"{url}?PageSize=50&Page=1&PageToken=PTeyJuIjo1MH0",
            "next_page_url": f"{url}?PageSize=50&Page=2&PageToken=PTeyJuIjoxMDB9",
            "key": key,
        },
        key: list(items),
    }


def error(status: int, code: int) -> Node:
    """Return a refusal."""
    return {
        "code": code,
        "message": "No.",
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }


ANSWERS: Final[dict[tuple[str, str], Node]] = {
    ("listServices", "200"): page("services", f"{BASE}/Services", service()),
    ("createService", "201"): service(),
    ("fetchService", "200"): service(),
    ("fetchServiceConfiguration", "200"): service_configuration(),
    ("updateServiceConfiguration", "200"): service_configuration(),
    ("listServiceUsers", "200"): page("users", f"{AT_SERVICE}/Users", user(AT_SERVICE)),
    ("createServiceUser", "201"): user(AT_SERVICE),
    ("fetchServiceUser", "200"): user(AT_SERVICE, online=True),
    ("updateServiceUser", "200"): user(AT_SERVICE, online=False, notifiable=True),
    ("listUsers", "200"): page("users", f"{BASE}/Users", user(BASE)),
    ("createUser", "201"): user(BASE),
    ("fetchUser", "200"): user(BASE, online=False, notifiable=False),
    ("updateUser", "200"): user(BASE, notifiable=True),
    ("listServiceBindings", "200"): page("bindings", f"{AT_SERVICE}/Bindings", binding()),
    ("fetchServiceBinding", "200"): binding(),
    ("fetchConfiguration", "200"): configuration(),
    ("updateConfiguration", "200"): configuration(),
    ("fetchServiceNotifications", "200"): notifications(),
    ("updateServiceNotifications", "200"): notifications(),
    ("fetchServiceWebhooks", "200"): service_webhooks(),
    ("updateServiceWebhooks", "200"): service_webhooks(),
    ("fetchConfigurationWebhooks", "200"): configuration_webhooks(),
    ("updateConfigurationWebhooks", "200"): configuration_webhooks(),
    ("listServiceRoles", "200"): page("roles", f"{AT_SERVICE}/Roles", role(AT_SERVICE)),
    ("createServiceRole", "201"): role(AT_SERVICE),
    ("fetchServiceRole", "200"): role(AT_SERVICE),
    ("updateServiceRole", "200"): role(AT_SERVICE),
    ("listRoles", "200"): page("roles", f"{BASE}/Roles", role(BASE)),
    ("createRole", "201"): role(BASE),
    ("fetchRole", "200"): role(BASE),
    ("updateRole", "200"): role(BASE),
    ("listCredentials", "200"): page("credentials", f"{BASE}/Credentials", credential()),
    ("createCredential", "201"): credential(),
    ("fetchCredential", "200"): credential(),
    ("updateCredential", "200"): credential(),
}
"""Every answer of 2xx that has a body."""

MAY_BE_ABSENT: Final = {"template", "sound", "badge_count_enabled", "with_media"}
"""Keys of notifications, which are there once somebody has set them."""

REFUSALS: Final[dict[str, tuple[int, set[int]]]] = {
    "Unauthorized": (401, {20003}),
    "NotFound": (404, {20404}),
    "MethodNotAllowed": (405, {20004}),
    "UserExists": (409, {50201}),
    "ServiceInUse": (409, {20409}),
    "RoleInUse": (409, {20409}),
    "ContentTooLarge": (413, {20413}),
    "BadPage": (400, {20001, 20007, 21481}),
    "BadBindingQuery": (400, {20001, 20007, 21481, 50209}),
    "BadService": (400, {20001, 50000, 50003}),
    "BadServiceConfiguration": (400, {20001, 50100}),
    "BadNewUser": (
        400,
        {20001, 50003, 50100, 50203, 50204, 50206, 50207, 50303, 50304},
    ),
    "BadUserUpdate": (400, {20001, 50003, 50100, 50303, 50304}),
    "BadServiceNotifications": (400, {20001, 50058, 50059}),
    "BadServiceWebhooks": (400, {20001, 50054, 50055, 50077, 50078}),
    "BadConfigurationWebhooks": (400, {20001, 50054, 50055, 50077, 50078}),
    "BadRole": (400, {20001, 50000, 50003, 50104, 50105}),
    "BadRoleUpdate": (400, {20001, 50104}),
    "BadCredential": (400, {20001, 50003}),
    "BadConfiguration": (400, {20001, 50050, 50341, 50375, 50376, 50379, 50380}),
}
"""Every shared refusal: its status and the codes that it may have."""
