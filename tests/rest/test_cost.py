"""No operation costs more with 100,000 users stored than with 100: calls are counted, not time."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import FrameType

import pytest

from reachability_mock.core.changes import Changes
from reachability_mock.core.model import Binding, BindingType
from reachability_mock.core.paging import Cursor, Way
from reachability_mock.core.presence import new_user
from reachability_mock.wire.params import write_token
from tests.core.stage import sid
from tests.rest.api import START, Api, Reply

FEW, MANY = 100, 100_000
SLACK = 12
"""Calls: a tree that splits, a dict that grows."""
PRESENT = 5
REFUSED = {"refuse", "fetch nobody", "keep a role in use", "keep everybody's role"}


def calls(deed: Callable[[], object]) -> int:
    """How many calls of Python functions, and steps of generators, `deed` takes."""
    count = 0

    def profile(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

    gc.disable()
    sys.setprofile(profile)
    try:
        deed()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


def crowd(number: int) -> tuple[Api, str]:
    """A service with so many users and bindings, five of them present; not the default one."""
    api = Api()
    service_sid = api.new_service("crowd")
    service = api.world.store.service(service_sid)
    assert service is not None
    users = [new_user(service, f"u{n}", sid("US", n), START) for n in range(number)]
    bindings = [
        # a socket's binding counts for nobody's presence
        Binding(
            sid("BS", n), service_sid, one.sid, one.identity, BindingType.TWILSOCK, "e", None, (),
            START, START,
        )
        for n, one in enumerate(users)
    ]  # fmt: skip
    api.world.store.commit(Changes(puts=(*users, *bindings)))
    for n in range(PRESENT):
        api.connect(f"u{n}", service=service_sid)
        api.register(f"u{n}", service=service_sid)
    return api, service_sid


def deeds(api: Api, service: str) -> dict[str, Callable[[], object]]:
    """Every operation, once; those that end something come last."""
    scope = api.scope(service)
    users, bindings = f"{scope}/Users", f"{scope}/Bindings"
    second = api.get(f"{users}?PageSize=5")["meta"]["next_page_url"]
    end = write_token(Cursor(Way.BACK, 10**9), f"{service}/users")
    last = api.get(f"{users}?PageSize=5&PageToken={end}")["meta"]
    roles, configuration = f"{scope}/Roles", f"{scope}/Configuration"
    role = {"FriendlyName": "own", "Type": "service", "Permission": "editOwnUserInfo"}
    own = api.post(roles, role)["sid"]
    everybodys = api.get(configuration)["default_chat_service_role_sid"]
    credential = f"/v1/Credentials/{api.post('/v1/Credentials', {'Type': 'fcm'})['sid']}"
    return {
        "create": lambda: api.post(users, {"Identity": "new"}),
        "refuse": lambda: api.post(users, {"Identity": "new"}),
        "fetch by SID": lambda: api.get(f"{users}/{sid('US', 50)}"),
        "fetch by identity": lambda: api.get(f"{users}/u50"),
        "fetch nobody": lambda: api.get(f"{users}/nobody"),
        "update": lambda: api.post(f"{users}/u50", {"FriendlyName": "x"}),
        "first page": lambda: api.get(f"{users}?PageSize=5"),
        "second page": lambda: api.follow(second),
        "last page": lambda: api.follow(last["url"]),
        "page before the last": lambda: api.follow(last["previous_page_url"]),
        "bindings": lambda: api.get(f"{bindings}?PageSize=5"),
        "bindings of a type": lambda: api.get(f"{bindings}?BindingType=twilsock&PageSize=5"),
        "bindings of types": lambda: api.get(
            f"{bindings}?BindingType=fcm&BindingType=twilsock&PageSize=5"
        ),
        "bindings of nobody's type": lambda: api.get(f"{bindings}?BindingType=apn"),
        "bindings of a user": lambda: api.get(f"{bindings}?Identity=u50"),
        "fetch a binding": lambda: api.get(f"{bindings}/{sid('BS', 50)}"),
        "delete a binding": lambda: api.delete(f"{bindings}/{sid('BS', 50)}"),
        "connect": lambda: api.connect("u60", service=service),
        "connect a stranger": lambda: api.connect("stranger", service=service),
        "register": lambda: api.register("u60", service=service),
        "lose": lambda: api.lose("u60", service=service),
        "disconnect": lambda: api.disconnect("stranger", service=service),
        "enable": lambda: api.switch(on=True, service=service),
        "disable": lambda: api.switch(on=False, service=service),
        "enable again": lambda: api.switch(on=True, service=service),
        "time passes": lambda: api.world.advance(60),
        "delete a user": lambda: api.delete(f"{users}/u70"),
        "delete a present user": lambda: api.delete(f"{users}/u0"),
        "services": lambda: api.get("/v1/Services"),
        "roles": lambda: api.get(f"{roles}?PageSize=2"),
        "create a role": lambda: api.post(roles, role),
        "fetch a role": lambda: api.get(f"{roles}/{own}"),
        "update a role": lambda: api.post(f"{roles}/{own}", {"Permission": "addParticipant"}),
        "give a role": lambda: api.post(f"{users}/u50", {"RoleSid": own}),
        "keep a role in use": lambda: api.delete(f"{roles}/{own}"),
        "keep everybody's role": lambda: api.delete(f"{roles}/{everybodys}"),
        "take a role away": lambda: api.post(f"{users}/u50", {"RoleSid": everybodys}),
        "delete a role": lambda: api.delete(f"{roles}/{own}"),
        "fetch notifications": lambda: api.get(f"{configuration}/Notifications"),
        "update notifications": lambda: api.post(
            f"{configuration}/Notifications", {"LogEnabled": "true"}
        ),
        "fetch webhooks": lambda: api.get(f"{configuration}/Webhooks"),
        "update webhooks": lambda: api.post(f"{configuration}/Webhooks", {"Method": "GET"}),
        "fetch the account's webhooks": lambda: api.get("/v1/Configuration/Webhooks"),
        "update the account's webhooks": lambda: api.post(
            "/v1/Configuration/Webhooks", {"Method": "GET"}
        ),
        "credentials": lambda: api.get("/v1/Credentials"),
        "create a credential": lambda: api.post("/v1/Credentials", {"Type": "apn"}),
        "fetch a credential": lambda: api.get(credential),
        "update a credential": lambda: api.post(credential, {"Sandbox": "true"}),
        "delete a credential": lambda: api.delete(credential),
        "delete the service": lambda: api.delete(scope),
    }


@pytest.fixture(scope="module")
def counted() -> dict[str, tuple[int, int]]:
    """Return each operation's calls among few users and among many."""
    for name, deed in deeds(*crowd(FEW)).items():  # what is built once is built uncounted
        reply = deed()
        refused = isinstance(reply, Reply) and reply.status >= 400
        assert refused == (name in REFUSED), name
    few, many = (
        {name: calls(deed) for name, deed in deeds(*crowd(number)).items()}
        for number in (FEW, MANY)
    )
    return {name: (few[name], many[name]) for name in few}


def test_no_operation_costs_more_among_many(counted: dict[str, tuple[int, int]]) -> None:
    dearer = {name: pair for name, pair in counted.items() if pair[1] > pair[0] + SLACK}
    assert dearer == {}


def test_the_count_would_notice_a_walk() -> None:
    api, service = crowd(FEW)
    shelf = api.world.store.users_of(service)
    assert calls(lambda: list(shelf.after(-1))) > FEW
