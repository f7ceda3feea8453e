"""Roles, by their service's path and by the default service's: one object, two renderings."""

from __future__ import annotations

from flask import Blueprint, Response, request

from reachability_mock.core.facts import RoleDeleted
from reachability_mock.core.model import Role, Service
from reachability_mock.http.call import Call, answer, no_content, the_call
from reachability_mock.wire import roles
from reachability_mock.wire.resources import Listing

LARGEST_PAGE = 50
blueprint = Blueprint("roles", __name__)
_LISTS = ("/v1/Roles", "/v1/Services/<segment:service_sid>/Roles")
_ONES = ("/v1/Roles/<segment:sid>", "/v1/Services/<segment:service_sid>/Roles/<segment:sid>")


@blueprint.get(_LISTS[0])
@blueprint.get(_LISTS[1])
def list_roles(service_sid: str | None = None) -> Response:
    """The roles of a service, oldest first: those it was born with come first."""
    call = the_call()
    service = call.service(service_sid)
    place = call.place(service_sid)
    return call.page(
        call.store.roles_of(service.sid),
        Listing("roles", f"{service.sid}/roles", f"{place.base}/Roles"),
        lambda role: roles.shown(role, place),
        largest=LARGEST_PAGE,
    )


@blueprint.post(_LISTS[0])
@blueprint.post(_LISTS[1])
def create_role(service_sid: str | None = None) -> Response:
    """A new role."""
    call = the_call()
    service = call.service(service_sid)
    fact = roles.created(request.form, service.sid, call.world.new_sid("RL"), call.policy)
    return answer(roles.shown(call.submit(fact, Role), call.place(service_sid)), 201)


@blueprint.get(_ONES[0])
@blueprint.get(_ONES[1])
def fetch_role(sid: str, service_sid: str | None = None) -> Response:
    """One role."""
    call = the_call()
    role = _the_role(call, call.service(service_sid), sid)
    return answer(roles.shown(role, call.place(service_sid)))


@blueprint.post(_ONES[0])
@blueprint.post(_ONES[1])
def update_role(sid: str, service_sid: str | None = None) -> Response:
    """Give a role other permissions, in place of all it had."""
    call = the_call()
    service = call.service(service_sid)
    fact = roles.edited(request.form, service.sid, _the_role(call, service, sid).sid)
    return answer(roles.shown(call.submit(fact, Role), call.place(service_sid)))


@blueprint.delete(_ONES[0])
@blueprint.delete(_ONES[1])
def delete_role(sid: str, service_sid: str | None = None) -> Response:
    """Away with a role, unless it is in use."""
    call = the_call()
    service = call.service(service_sid)
    call.submit(RoleDeleted(service.sid, _the_role(call, service, sid).sid), Role)
    return no_content()


def _the_role(call: Call, service: Service, sid: str) -> Role:
    role = call.store.role(service.sid, sid)
    if role is None:
        raise call.not_found()
    return role
