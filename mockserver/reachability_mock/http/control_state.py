"""``GET /_mock/state``: the world as a scenario's ``given``, to be pasted into a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, Response, request

from reachability_mock.core import sids
from reachability_mock.core.accounts import new_account
from reachability_mock.core.model import Account, Service, User
from reachability_mock.core.roles import BORN_WITH
from reachability_mock.core.services import new_service
from reachability_mock.http.call import answer, the_call
from reachability_mock.http.control_call import Json, check_query, the_account
from reachability_mock.lookup import DEFAULT
from reachability_mock.store import Store

blueprint = Blueprint("control_state", __name__, url_prefix="/_mock")
_WORD = re.compile(r"[A-Za-z0-9_@+-][A-Za-z0-9_@.+-]*")


@blueprint.get("/state")
def state() -> Response:
    """Every account, or the one asked for; a `note` names what a scenario cannot begin with."""
    check_query("account")
    call = the_call()
    store = call.store
    accounts = [the_account()] if request.args.get("account") else list(store.accounts())
    names = _Names()
    default = call.site.keyring.default_account
    given: Json = {
        "accounts": {
            DEFAULT if one.sid == default else one.sid: _account(one, store, names, default)
            for one in accounts
        }
    }
    left_out = [what for one in accounts for what in _left_out(one, store)]
    return answer({**given, "note": f"left out: {'; '.join(left_out)}"} if left_out else given)


class _Names:
    """Names for a file: each once, and made of the characters that a name may have."""

    def __init__(self) -> None:
        self._taken = {DEFAULT}

    def free(self, wish: str, kind: str) -> str:
        name = wish if _WORD.fullmatch(wish) and wish not in self._taken else ""
        number = 1
        while not name:
            tried = f"{kind}-{number}"
            name = tried if tried not in self._taken else ""
            number += 1
        self._taken.add(name)
        return name


def _account(account: Account, store: Store, names: _Names, default: str) -> Json:
    services = [one for _, one in store.services_of(account.sid).after(-1)]
    called: dict[str, str] = {}
    for one in services:
        ours = account.sid == default and one.sid == account.default_service_sid
        called[one.sid] = DEFAULT if ours else names.free(one.friendly_name, "service")
    users = [
        (service, user, names.free(user.identity, "user"))
        for service in services
        for _, user in store.users_of(service.sid).after(-1)
    ]
    given: Json = {} if account.sid == default else {"sid": account.sid}
    given["services"] = {
        called[one.sid]: _service(one, called[one.sid], account) for one in services
    }
    given["users"] = {
        name: _user(user, service, called[service.sid], name, store)
        for service, user, name in users
    }
    given["connections"] = [
        {"user": name, "device": one.device} for _, user, name in users for one in user.connections
    ]
    given["bindings"] = [
        binding for _, user, name in users for binding in _bindings(user, name, store)
    ]
    return given


def _service(service: Service, name: str, account: Account) -> Json:
    given: Json = {"reachability": service.reachability_enabled}
    is_born = service.sid == sids.default_service_sid(account.sid)
    if name != DEFAULT or not is_born:
        given["sid"] = service.sid
        if service.friendly_name != name:
            given["friendly_name"] = service.friendly_name
    if name != DEFAULT and service.sid == account.default_service_sid and not is_born:
        given["default"] = True
    return given


def _user(user: User, service: Service, service_name: str, name: str, store: Store) -> Json:
    given: Json = {}
    if user.identity != name:
        given["identity"] = user.identity
    if service_name != DEFAULT:
        given["service"] = service_name
    role = store.role(service.sid, user.role_sid)
    if role is not None and role.sid in _others_born(service):
        given["role"] = role.friendly_name
    if user.friendly_name is not None:
        given["friendly_name"] = user.friendly_name
    if user.attributes != "{}":
        given["attributes"] = user.attributes
    return given


def _others_born(service: Service) -> set[str]:
    """The roles that every service is born with, without the one that its users get then."""
    return {sids.derived("RL", service.sid, name) for name, _, _ in BORN_WITH[1:]}


def _bindings(user: User, name: str, store: Store) -> Iterator[Json]:
    for one in store.bindings_of(user):
        yield {"user": name, "type": one.type.value, "address": one.endpoint}


def _left_out(account: Account, store: Store) -> Iterator[str]:
    """What there is of an account and is in no `given`: how it and its services are configured."""
    if account != new_account(account.sid, account.default_service_sid):
        yield f"configuration of {account.sid}"
    if any(store.credentials_of(account.sid).after(-1)):
        yield f"credentials of {account.sid}"
    for _, service in store.services_of(account.sid).after(-1):
        if not _is_as_born(service, store):
            yield f"roles, notifications and webhooks of {service.sid}"


def _is_as_born(service: Service, store: Store) -> bool:
    """Whether nobody has changed anything of a service but its indicator and its users."""
    at = service.date_created
    same = replace(service, date_updated=at, reachability_enabled=False, epoch=0, enabled_at=None)
    there = (same, *(role for _, role in store.roles_of(service.sid).after(-1)))
    return there == new_service(service.account_sid, service.sid, service.friendly_name, at).puts
