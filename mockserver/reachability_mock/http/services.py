"""``/v1/Services``: list, create, fetch, delete."""

from __future__ import annotations

from flask import Blueprint, Response, request

from reachability_mock.core.facts import ServiceDeleted
from reachability_mock.core.model import Service
from reachability_mock.http.call import answer, no_content, the_call
from reachability_mock.wire import params, resources
from reachability_mock.wire.resources import Listing

LARGEST_PAGE = 100
blueprint = Blueprint("services", __name__)


@blueprint.get("/v1/Services")
def list_services() -> Response:
    """The account's services, oldest first."""
    call = the_call()
    place = call.place()
    return call.page(
        call.store.services_of(call.account_sid),
        Listing("services", f"{call.account_sid}/services", f"{place.root}/Services"),
        lambda service: resources.service(service, place),
        largest=LARGEST_PAGE,
    )


@blueprint.post("/v1/Services")
def create_service() -> Response:
    """A new service, the indicator off (R1)."""
    call = the_call()
    fact = params.service_created(request.form, call.account_sid, call.world.new_sid("IS"))
    service = call.submit(fact, Service)
    return answer(resources.service(service, call.place()), 201)


@blueprint.get("/v1/Services/<segment:service_sid>")
def fetch_service(service_sid: str) -> Response:
    """One service."""
    call = the_call()
    return answer(resources.service(call.service(service_sid), call.place()))


@blueprint.delete("/v1/Services/<segment:service_sid>")
def delete_service(service_sid: str) -> Response:
    """Away with a service and everything in it."""
    call = the_call()
    call.submit(ServiceDeleted(call.service(service_sid).sid), Service)
    return no_content()
