"""The two Configurations: the account's, and the service's with the switch of the indicator."""

from __future__ import annotations

from flask import Blueprint, Response, request

from reachability_mock.core.model import Account, Service
from reachability_mock.http.call import answer, the_call
from reachability_mock.wire import params, resources

blueprint = Blueprint("configuration", __name__)


@blueprint.get("/v1/Configuration")
def fetch_configuration() -> Response:
    """The account's Configuration: above all, which service is the default one."""
    call = the_call()
    return answer(resources.account_configuration(call.account(), call.place()))


@blueprint.post("/v1/Configuration")
def update_configuration() -> Response:
    """Change the account's Configuration; the indicator is not switched here (R2)."""
    call = the_call()
    account = call.submit(params.account_configured(request.form, call.account_sid), Account)
    return answer(resources.account_configuration(account, call.place()))


@blueprint.get("/v1/Services/<segment:service_sid>/Configuration")
def fetch_service_configuration(service_sid: str) -> Response:
    """A service's Configuration."""
    call = the_call()
    service = call.service(service_sid)
    return answer(resources.service_configuration(service, call.place()))


@blueprint.post("/v1/Services/<segment:service_sid>/Configuration")
def update_service_configuration(service_sid: str) -> Response:
    """Change a service's Configuration: the one place that switches the indicator (R2)."""
    call = the_call()
    fact = params.service_configured(request.form, call.service(service_sid).sid)
    service = call.submit(fact, Service)
    return answer(resources.service_configuration(service, call.place()))
