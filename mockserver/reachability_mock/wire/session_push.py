"""Push registrations inside the socket: bindings that come and go."""

from __future__ import annotations

from collections.abc import Callable

from reachability_mock.core import errors
from reachability_mock.core.facts import MESSAGE_TYPES, PushRegistered, PushUnregistered
from reachability_mock.core.model import Binding, BindingType
from reachability_mock.wire.session_asking import Answer, Asked, Asking, Request, bad_body
from reachability_mock.wire.session_words import Log, Submit

LONGEST_ENDPOINT = 4096
_TYPE_MARK = "twilio.conversations."


def register_push(asking: Asking, request: Request) -> Asked[Answer]:
    """A device can be reached by push."""
    type_ = _push_type(request.fields.get("channel_type"))
    data = request.fields.get("data")
    endpoint = _endpoint(data.get("registration_id") if isinstance(data, dict) else None)
    credential_sid = asking.claims.push_credential_sid
    if credential_sid is None:
        said = "a push registration, but the token's chat grant has no push_credential_sid"
        yield Log(f"{said}: the live service would push nothing", warns=True)
    new_sid = asking.around.new_sid
    fact = PushRegistered(
        asking.service.sid,
        asking.claims.identity,
        new_sid("BS"),
        new_sid("US"),
        type_,
        endpoint,
        credential_sid,
        _message_types(request.fields.get("message_types")),
    )
    binding = yield Submit(fact)
    assert isinstance(binding, Binding)  # noqa: S101 - what a registration is about
    return Answer(201, {"id": binding.sid})


def unregister_push(asking: Asking, _request: Request, sid: str) -> Asked[Answer]:
    """One registration ends; one that is not there has ended already."""
    return (yield from _unregister(asking, lambda one: one.sid == sid))


def unregister_address(asking: Asking, request: Request) -> Asked[Answer]:
    """The registrations of an address end."""
    type_ = _push_type(request.fields.get("binding_type"))
    address = _endpoint(request.fields.get("address"))
    return (
        yield from _unregister(asking, lambda one: (one.type, one.endpoint) == (type_, address))
    )


def _unregister(asking: Asking, ends: Callable[[Binding], bool]) -> Asked[Answer]:
    me = asking.find_user(asking.claims.identity)
    for binding in tuple(asking.around.records.bindings_of(me)) if me else ():
        if ends(binding):
            yield Submit(PushUnregistered(asking.service.sid, binding.sid))
    return Answer(204)


def _push_type(value: object) -> BindingType:
    types = {one.value: one for one in BindingType if one.is_push}
    if not isinstance(value, str) or value not in types:
        raise errors.binding_type()
    return types[value]


def _endpoint(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ENDPOINT:
        raise bad_body("the registration id is missing, or too long")
    return value


def _message_types(value: object) -> tuple[str, ...]:
    """The kinds of message that the device wants, as REST names them."""
    given = value if isinstance(value, list) else []
    wanted = [one.removeprefix(_TYPE_MARK) for one in given if isinstance(one, str)]
    return tuple(one for one in MESSAGE_TYPES if one in wanted)
