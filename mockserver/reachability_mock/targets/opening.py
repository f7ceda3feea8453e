"""Making a service ready for a scenario by REST, the same way on every target."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from reachability_mock.scenario.target import Opening, Reply, Request, TargetFailed

Send = Callable[[Request], Reply]
_CREATED, _OK = 201, 200
_MOST_PAGES = 1000


def created(send: Send, opening: Opening, friendly_name: str) -> str:
    """The SID of a new service.

    Raises:
        TargetFailed: it could not be created.
    """
    form = (("FriendlyName", friendly_name),)
    reply = send(Request("POST", "/v1/Services", form=form, account=opening.account))
    return _sid_in(reply, "sid", _CREATED, f"the service {opening.name}")


def default_service(send: Send, account: str) -> str:
    """The SID of the account's default service, its indicator off.

    Raises:
        TargetFailed: the account does not say.
    """
    reply = send(Request("GET", "/v1/Configuration", account=account))
    sid = _sid_in(reply, "default_chat_service_sid", _OK, "the default service")
    switched_off(send, sid, account)
    return sid


def switched_off(send: Send, sid: str, account: str) -> None:
    """Let a scenario begin as a service does: with the indicator off (R1)."""
    path = f"/v1/Services/{sid}/Configuration"
    form = (("ReachabilityEnabled", "false"),)
    reply = send(Request("POST", path, form=form, account=account))
    _sid_in(reply, "chat_service_sid", _OK, f"the configuration of {sid}")


def replaced(send: Send, opening: Opening) -> str:
    """The SID of a new service in the place of any of its name; what is in those goes with them.

    Raises:
        TargetFailed: it could not be created.
    """
    for sid in _called(send, opening):
        send(Request("DELETE", f"/v1/Services/{sid}", account=opening.account))
    return created(send, opening, opening.friendly_name)


def _called(send: Send, opening: Opening) -> list[str]:
    path, query = "/v1/Services", "PageSize=100"
    found: list[str] = []
    for _ in range(_MOST_PAGES):
        body = send(Request("GET", path, query, account=opening.account)).body
        if not isinstance(body, dict):
            break
        services = [one for one in body.get("services", ()) if isinstance(one, dict)]
        called = (one for one in services if one.get("friendly_name") == opening.friendly_name)
        found += [str(one.get("sid")) for one in called]
        following = (body.get("meta") or {}).get("next_page_url")
        if not following:
            break
        path, query = urlsplit(following).path, urlsplit(following).query
    return found


def _sid_in(reply: Reply, key: str, status: int, what: str) -> str:
    value = reply.body.get(key) if isinstance(reply.body, dict) else None
    if reply.status != status or not isinstance(value, str):
        said = reply.body.get("message") if isinstance(reply.body, dict) else reply.body
        raise TargetFailed(f"{what}: {reply.status} {said}")
    return value
