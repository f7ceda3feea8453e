"""``…/Bindings``: list, fetch, delete.  Only client SDKs make them; tests use the control plane."""

from __future__ import annotations

from flask import Blueprint, Response, request

from reachability_mock.core.facts import PushUnregistered
from reachability_mock.core.model import Binding, Service
from reachability_mock.http.call import Call, answer, no_content, the_call
from reachability_mock.wire import params, resources
from reachability_mock.wire.resources import Listing

LARGEST_PAGE = 100
FILTERS = ("BindingType", "Identity")
blueprint = Blueprint("bindings", __name__)


@blueprint.get("/v1/Services/<segment:service_sid>/Bindings")
def list_bindings(service_sid: str) -> Response:
    """The bindings of a service, filtered by type and identity if asked."""
    call = the_call()
    service = call.service(service_sid)
    place = call.place(service.sid)
    types = params.binding_types(request.args)
    filters = {name: request.args.getlist(name) for name in FILTERS}
    return call.page(
        call.store.bindings_in(service.sid, filters["Identity"], types),
        Listing("bindings", f"{service.sid}/bindings", f"{place.base}/Bindings", filters),
        lambda binding: resources.binding(binding, place),
        largest=LARGEST_PAGE,
    )


@blueprint.get("/v1/Services/<segment:service_sid>/Bindings/<segment:sid>")
def fetch_binding(service_sid: str, sid: str) -> Response:
    """One binding."""
    call = the_call()
    binding = _the_binding(call, call.service(service_sid), sid)
    return answer(resources.binding(binding, call.place()))


@blueprint.delete("/v1/Services/<segment:service_sid>/Bindings/<segment:sid>")
def delete_binding(service_sid: str, sid: str) -> Response:
    """End a registration: the device gets no push any more (R7)."""
    call = the_call()
    service = call.service(service_sid)
    call.submit(PushUnregistered(service.sid, _the_binding(call, service, sid).sid), Binding)
    return no_content()


def _the_binding(call: Call, service: Service, sid: str) -> Binding:
    binding = call.store.binding(service.sid, sid)
    if binding is None:
        raise call.not_found()
    return binding
