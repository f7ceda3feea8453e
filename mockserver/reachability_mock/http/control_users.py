"""The control plane's services and users: the switch, connections, registrations, and why."""

from __future__ import annotations

from flask import Blueprint, Response, request

from reachability_mock.core.facts import (
    Connected,
    ConnectionLost,
    Disconnected,
    PushRegistered,
    PushUnregistered,
    ServiceConfigured,
)
from reachability_mock.core.model import BindingType
from reachability_mock.core.why import why
from reachability_mock.http.call import answer, no_content, the_call
from reachability_mock.http.control_call import (
    Impossible,
    bad_request,
    check_query,
    json_body,
    not_found,
    submit,
    text_of,
    the_service,
    the_user,
)
from reachability_mock.lookup import DEFAULT

blueprint = Blueprint("control_users", __name__, url_prefix="/_mock/services/<segment:name>")
_USER = "/users/<segment:identity>"


@blueprint.post("/enable", defaults={"on": True})
@blueprint.post("/disable", defaults={"on": False})
def switch(name: str, *, on: bool) -> Response:
    """Switch the indicator of a service on or off (R2)."""
    check_query("account")
    json_body(())
    service = the_service(name)
    submit(ServiceConfigured(service.sid, reachability_enabled=on))
    return answer({"sid": service.sid, "reachability_enabled": on})


@blueprint.post(f"{_USER}/connections")
def connect(name: str, identity: str) -> Response:
    """Connect a device; an identity unknown to the service becomes a user (R5)."""
    check_query("account")
    device = text_of(json_body(["device"]), "device", DEFAULT)
    service, call = the_service(name), the_call()
    before = call.store.user_by_identity(service.sid, identity)
    again = before is not None and before.connection(device) is not None
    submit(Connected(service.sid, identity, device, call.world.new_sid("US")))
    return answer({"identity": identity, "device": device}, 200 if again else 201)


@blueprint.delete(f"{_USER}/connections/<segment:device>")
def disconnect(name: str, identity: str, device: str) -> Response:
    """Close a connection; with ``?lost=true`` as if the network had gone."""
    check_query("account", "lost")
    lost = _flag("lost")
    service = the_service(name)
    before = the_user(service, identity)
    fact = ConnectionLost if lost else Disconnected
    submit(fact(service.sid, before.identity, device))  # the core knows what a stranger may do
    if before.connection(device) is None:
        raise not_found("connection", device, (one.device for one in before.connections))
    return no_content()


@blueprint.post(f"{_USER}/bindings")
def register_push(name: str, identity: str) -> Response:
    """Register a device for push (R7); the same address again is the same registration.

    A twilsock binding is none for push, and can be made here all the same to see that.
    """
    check_query("account")
    body = json_body(["type", "address"])
    kind = _type(text_of(body, "type", "fcm"))
    service, call = the_service(name), the_call()
    sid = call.world.new_sid("BS")
    address = text_of(body, "address", sid)
    new_user = call.world.new_sid("US")
    binding = submit(PushRegistered(service.sid, identity, sid, new_user, kind, address))
    known = binding.sid if binding else sid
    return answer({"sid": known}, 201 if known == sid else 200)


@blueprint.delete(f"{_USER}/bindings/<segment:sid>")
def unregister_push(name: str, identity: str, sid: str) -> Response:
    """End a registration."""
    check_query("account")
    service, call = the_service(name), the_call()
    user = the_user(service, identity)
    binding = call.store.binding(service.sid, sid)
    if binding is None or binding.user_sid != user.sid:
        raise not_found("binding", sid, (one.sid for one in call.store.bindings_of(user)))
    submit(PushUnregistered(service.sid, sid))
    return no_content()


@blueprint.get(f"{_USER}/why")
def explain(name: str, identity: str) -> Response:
    """Which rule made each value that a fetch of the user shows now."""
    check_query("account")
    service = the_service(name)
    reasons = why(service, the_user(service, identity), the_call().policy)
    return answer({axis: reason.as_json() for axis, reason in reasons.items()})


def _type(word: str) -> BindingType:
    choices = [one.value for one in BindingType]
    if word not in choices:
        raise bad_request(f"type: {word!r} is no type of binding", choices)
    return BindingType(word)


def _flag(name: str) -> bool:
    value = request.args.get(name, "false")
    if value not in {"true", "false"}:
        raise Impossible(400, "bad_request", f"{name}: {value!r} is neither", ["true", "false"])
    return value == "true"
