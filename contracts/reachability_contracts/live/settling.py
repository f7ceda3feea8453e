"""What a live run settles: a probe for each entry of the unknowns register.

A probe looks at what the service does in a service of this run's own, and says which of the
register's choices that is.  What REST cannot ask, or what would not be ours to try, says why.
"""

from __future__ import annotations

from collections.abc import Callable

from reachability_contracts.results import Settled
from reachability_mock.scenario.target import Need, Person, Reply, Request, TargetFailed
from reachability_mock.settings import REGISTER
from reachability_mock.targets.http import HttpTarget

_OK, _BAD = 200, 400
_NEEDS_A_CLIENT = "needs a client SDK: give --presence-cmd"
_NOBODY = "RL" + "0" * 32


class NotAsked(Exception):  # noqa: N818 - why a question was not asked, no error
    """Why a probe was not tried."""


Probe = Callable[[HttpTarget, str], str]


def settle(target: HttpTarget, service: str) -> list[Settled]:
    """Ask everything that can be asked, in the service `service` of this run's own."""
    return [_asked(one.id, str(one.default).lower(), target, service) for one in REGISTER]


def _asked(name: str, default: str, target: HttpTarget, service: str) -> Settled:
    probe = PROBES.get(name, _because("no probe yet"))
    try:
        return Settled(name, default, probe(target, service), is_settled=True)
    except NotAsked as reason:
        return Settled(name, default, str(reason), is_settled=False)
    except TargetFailed as failed:
        return Settled(name, default, f"failed: {failed}", is_settled=False)


# --- probes --------------------------------------------------------------------------------------


def _post(target: HttpTarget, path: str, **form: str) -> Reply:
    return target.rest(Request("POST", path, form=tuple(form.items())))


def _get(target: HttpTarget, path: str, query: str = "") -> Reply:
    return target.rest(Request("GET", path, query))


def _user(target: HttpTarget, service: str, identity: str, **form: str) -> str:
    reply = _post(target, f"/v1/Services/{service}/Users", Identity=identity, **form)
    sid = reply.body.get("sid") if isinstance(reply.body, dict) else None
    if not isinstance(sid, str):
        raise NotAsked(f"creating a user was answered {reply.status}")
    return f"/v1/Services/{service}/Users/{sid}"


def _value(reply: Reply, key: str) -> object:
    return reply.body.get(key) if isinstance(reply.body, dict) else None


def _missing_role_status(target: HttpTarget, service: str) -> str:
    path = f"/v1/Services/{service}/Users"
    return str(_post(target, path, Identity="role-probe", RoleSid=_NOBODY).status)


def _cleared_friendly_name(target: HttpTarget, service: str) -> str:
    user = _user(target, service, "name-probe", FriendlyName="N")
    value = _value(_post(target, user, FriendlyName=""), "friendly_name")
    if value not in {"", None}:
        return f"neither: {value!r}"
    return "null" if value is None else "empty"


def _unnamed_user(target: HttpTarget, service: str) -> str:
    user = _user(target, service, "unnamed-probe")
    value = _value(_get(target, user), "friendly_name")
    if value not in {"", None}:
        return f"neither: {value!r}"
    return "null" if value is None else "empty"


def _attributes_whitespace(target: HttpTarget, service: str) -> str:
    sent = '{ "a" : 1 }'
    user = _user(target, service, "space-probe", Attributes=sent)
    value = _value(_get(target, user), "attributes")
    return {sent: "as_sent", '{"a":1}': "compacted"}.get(str(value), f"neither: {value!r}")


def _attributes_limit(target: HttpTarget, service: str) -> str:
    user = _user(target, service, "limit-probe")
    for size in (16384, 4096):
        text = '"' + "x" * (size - 2) + '"'
        if _post(target, user, Attributes=text).status == _OK:
            more = _post(target, user, Attributes='"' + "x" * (size - 1) + '"').status
            return str(size) if more != _OK else f"more than {size}"
    return "less than 4096"


def _large_page_size(target: HttpTarget, service: str) -> str:
    reply = _get(target, f"/v1/Services/{service}/Users", "PageSize=51")
    if reply.status == _BAD:
        return "refuse"
    meta = _value(reply, "meta")
    size = meta.get("page_size") if isinstance(meta, dict) else None
    return "clamp" if size == 50 else f"neither: {size}"  # noqa: PLR2004 - the maximum itself


def _page_without_token(target: HttpTarget, service: str) -> str:
    status = _get(target, f"/v1/Services/{service}/Users", "Page=3").status
    return {_OK: "ignore", _BAD: "refuse"}.get(status, f"neither: {status}")


def _malformed_page(target: HttpTarget, service: str) -> str:
    path = f"/v1/Services/{service}/Users"
    found = {_get(target, path, f"Page={text}").status for text in ("abc", "-1")}
    return "ignore" if found == {_OK} else "refuse" if found == {_BAD} else f"neither: {found}"


def _head_requests(target: HttpTarget, service: str) -> str:
    status = target.rest(Request("HEAD", f"/v1/Services/{service}")).status
    return {_OK: "as_get", 405: "refuse"}.get(status, f"neither: {status}")


def _not_found_path(target: HttpTarget, service: str) -> str:
    path = f"/v1/Services/{service}/Users/nobody-at-all"
    message = str(_value(_get(target, path), "message"))
    if path in message:
        return "full"
    return "short" if path.removeprefix("/v1") in message else f"neither: {message}"


def _update_response(target: HttpTarget, service: str) -> str:
    person = _online(target, service, "update-probe")
    value = _value(_post(target, _path(person), FriendlyName="U"), "is_online")
    target.disconnect(person, "probe")
    return "fetch" if value is True else "null" if value is None else f"neither: {value!r}"


def _presence_bumps(target: HttpTarget, service: str) -> str:
    _user(target, service, "date-probe")
    person = Person("date-probe", service)
    before = _value(_get(target, _path(person)), "date_updated")
    _online(target, service, "date-probe")
    after = _value(_get(target, _path(person)), "date_updated")
    target.disconnect(person, "probe")
    return str(after != before).lower()


def _after_reenable(target: HttpTarget, service: str) -> str:
    person = _online(target, service, "reenable-probe")
    target.disconnect(person, "probe")
    for on in ("false", "true"):
        _post(target, f"/v1/Services/{service}/Configuration", ReachabilityEnabled=on)
    value = _value(_get(target, _path(person)), "is_online")
    if value is not None and value is not False:
        return f"neither: {value!r}"
    return "forget" if value is None else "remember"


def _online(target: HttpTarget, service: str, identity: str) -> Person:
    if target.lacks(Need.PRESENCE):
        raise NotAsked(_NEEDS_A_CLIENT)
    _post(target, f"/v1/Services/{service}/Configuration", ReachabilityEnabled="true")
    person = Person(identity, service)
    target.connect(person, "probe")
    return person


def _path(person: Person) -> str:
    return f"/v1/Services/{person.service_sid}/Users/{person.identity}"


def _because(reason: str) -> Probe:
    def refused(_target: HttpTarget, _service: str) -> str:
        raise NotAsked(reason)

    return refused


_BY_THE_CLOCK = "takes minutes with a real client: see its probe in `reachability-mock unknowns`"
PROBES: dict[str, Probe] = {
    "online_delay": _because(_BY_THE_CLOCK),
    "offline_delay": _because(_BY_THE_CLOCK),
    "lost_after": _because(_BY_THE_CLOCK),
    "update_response": _update_response,
    "after_reenable": _after_reenable,
    "presence_bumps_date_updated": _presence_bumps,
    "delete_default_service": _because("not ours to delete: try it in a throw-away subaccount"),
    "missing_role_status": _missing_role_status,
    "cleared_friendly_name": _cleared_friendly_name,
    "unnamed_user": _unnamed_user,
    "attributes_whitespace": _attributes_whitespace,
    "attributes_limit": _attributes_limit,
    "large_page_size": _large_page_size,
    "page_without_token": _page_without_token,
    "malformed_page": _malformed_page,
    "head_requests": _head_requests,
    "not_found_path": _not_found_path,
}
