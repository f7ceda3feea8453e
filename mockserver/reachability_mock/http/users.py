"""Users, by their service's path and by the default service's: one object, two renderings."""

from __future__ import annotations

from flask import Blueprint, Response, request

from reachability_mock.core.facts import UserDeleted
from reachability_mock.core.model import Service, User
from reachability_mock.core.reachability import Action
from reachability_mock.http.call import Call, answer, no_content, the_call
from reachability_mock.http.why import note_why
from reachability_mock.wire import params, resources
from reachability_mock.wire.resources import Json

LARGEST_PAGE = 50
blueprint = Blueprint("users", __name__)
_LISTS = ("/v1/Users", "/v1/Services/<segment:service_sid>/Users")
_ONES = ("/v1/Users/<segment:name>", "/v1/Services/<segment:service_sid>/Users/<segment:name>")


@blueprint.get(_LISTS[0])
@blueprint.get(_LISTS[1])
def list_users(service_sid: str | None = None) -> Response:
    """The users of a service, oldest first."""
    call = the_call()
    service = call.service(service_sid)
    place = call.place(service_sid)

    def render(user: User) -> Json:
        note_why(call, service, user, Action.READ)
        return resources.user(user, service, place, Action.READ, call.policy)

    return call.page(
        call.store.users_of(service.sid),
        "users",
        render,
        url=f"{place.base}/Users",
        largest=LARGEST_PAGE,
    )


@blueprint.post(_LISTS[0])
@blueprint.post(_LISTS[1])
def create_user(service_sid: str | None = None) -> Response:
    """A new user."""
    call = the_call()
    service = call.service(service_sid)
    fact = params.user_created(request.form, service.sid, call.world.new_sid("US"))
    return _shown(call, service, call.submit(fact), Action.CREATE, service_sid, 201)


@blueprint.get(_ONES[0])
@blueprint.get(_ONES[1])
def fetch_user(name: str, service_sid: str | None = None) -> Response:
    """One user, by SID or identity."""
    call = the_call()
    service = call.service(service_sid)
    return _shown(call, service, call.user(service, name), Action.FETCH, service_sid)


@blueprint.post(_ONES[0])
@blueprint.post(_ONES[1])
def update_user(name: str, service_sid: str | None = None) -> Response:
    """Change what a user may change of itself; reachability is not among it (R13)."""
    call = the_call()
    service = call.service(service_sid)
    fact = params.user_edited(request.form, service.sid, call.user(service, name).sid)
    return _shown(call, service, call.submit(fact), Action.UPDATE, service_sid)


@blueprint.delete(_ONES[0])
@blueprint.delete(_ONES[1])
def delete_user(name: str, service_sid: str | None = None) -> Response:
    """Away with a user, its connections and its bindings."""
    call = the_call()
    service = call.service(service_sid)
    call.submit(UserDeleted(service.sid, call.user(service, name).sid))
    return no_content()


def _shown(  # noqa: PLR0913 - what an answer shows depends on all six
    call: Call,
    service: Service,
    user: object,
    action: Action,
    service_sid: str | None,
    status: int = 200,
) -> Response:
    assert isinstance(user, User)
    note_why(call, service, user, action)
    place = call.place(service_sid)
    return answer(resources.user(user, service, place, action, call.policy), status)
