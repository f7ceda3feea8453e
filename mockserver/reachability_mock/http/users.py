"""Users, by their service's path and by the default service's: one object, two renderings."""

from __future__ import annotations

from flask import Blueprint, Response, request

from reachability_mock.core.facts import UserDeleted
from reachability_mock.core.model import Service, User
from reachability_mock.core.reachability import Action
from reachability_mock.http.call import Call, answer, no_content, the_call
from reachability_mock.http.why import note_why
from reachability_mock.wire import params, resources
from reachability_mock.wire.resources import Json, Listing, Place

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
        return _shown(call, service, user, Action.READ, place)

    return call.page(
        call.store.users_of(service.sid),
        Listing("users", f"{service.sid}/users", f"{place.base}/Users"),
        render,
        largest=LARGEST_PAGE,
    )


@blueprint.post(_LISTS[0])
@blueprint.post(_LISTS[1])
def create_user(service_sid: str | None = None) -> Response:
    """A new user."""
    call = the_call()
    service = call.service(service_sid)
    fact = params.user_created(request.form, service.sid, call.world.new_sid("US"))
    user = call.submit(fact, User)
    return answer(_shown(call, service, user, Action.CREATE, call.place(service_sid)), 201)


@blueprint.get(_ONES[0])
@blueprint.get(_ONES[1])
def fetch_user(name: str, service_sid: str | None = None) -> Response:
    """One user, by SID or identity."""
    call = the_call()
    service = call.service(service_sid)
    user = call.user(service, name)
    return answer(_shown(call, service, user, Action.FETCH, call.place(service_sid)))


@blueprint.post(_ONES[0])
@blueprint.post(_ONES[1])
def update_user(name: str, service_sid: str | None = None) -> Response:
    """Change what a user may change of itself; reachability is not among it (R13)."""
    call = the_call()
    service = call.service(service_sid)
    fact = params.user_edited(request.form, service.sid, call.user(service, name).sid)
    user = call.submit(fact, User)
    return answer(_shown(call, service, user, Action.UPDATE, call.place(service_sid)))


@blueprint.delete(_ONES[0])
@blueprint.delete(_ONES[1])
def delete_user(name: str, service_sid: str | None = None) -> Response:
    """Away with a user, its connections and its bindings."""
    call = the_call()
    service = call.service(service_sid)
    call.submit(UserDeleted(service.sid, call.user(service, name).sid), User)
    return no_content()


def _shown(call: Call, service: Service, user: User, action: Action, place: Place) -> Json:
    note_why(call, service, user, action)
    return resources.user(user, service, place, action, call.policy)
