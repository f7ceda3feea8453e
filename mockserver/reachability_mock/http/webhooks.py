"""``…/Configuration/Webhooks``, the account's and a service's: where they would go, and which."""

from __future__ import annotations

from flask import Blueprint, Response, request

from reachability_mock.core.model import Account, Service
from reachability_mock.http.call import answer, the_call
from reachability_mock.wire import webhooks

blueprint = Blueprint("webhooks", __name__)
_ACCOUNT = "/v1/Configuration/Webhooks"
_SERVICE = "/v1/Services/<segment:service_sid>/Configuration/Webhooks"


@blueprint.get(_ACCOUNT)
def fetch_configuration_webhooks() -> Response:
    """The account's webhooks."""
    call = the_call()
    return answer(webhooks.account_shown(call.account(), call.place()))


@blueprint.post(_ACCOUNT)
def update_configuration_webhooks() -> Response:
    """Change the account's webhooks; only what is sent."""
    call = the_call()
    account = call.submit(webhooks.account_configured(request.form, call.account_sid), Account)
    return answer(webhooks.account_shown(account, call.place()))


@blueprint.get(_SERVICE)
def fetch_service_webhooks(service_sid: str) -> Response:
    """A service's webhooks."""
    call = the_call()
    return answer(webhooks.shown(call.service(service_sid), call.place()))


@blueprint.post(_SERVICE)
def update_service_webhooks(service_sid: str) -> Response:
    """Change a service's webhooks; only what is sent."""
    call = the_call()
    fact = webhooks.configured(request.form, call.service(service_sid).sid)
    return answer(webhooks.shown(call.submit(fact, Service), call.place()))
