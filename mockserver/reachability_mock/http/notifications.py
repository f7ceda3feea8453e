"""``…/Configuration/Notifications`` of a service: which pushes it would send."""

from __future__ import annotations

from flask import Blueprint, Response, request

from reachability_mock.core.model import Service
from reachability_mock.http.call import answer, the_call
from reachability_mock.wire import notifications

blueprint = Blueprint("notifications", __name__)
_PATH = "/v1/Services/<segment:service_sid>/Configuration/Notifications"


@blueprint.get(_PATH)
def fetch_service_notifications(service_sid: str) -> Response:
    """A service's notifications."""
    call = the_call()
    return answer(notifications.shown(call.service(service_sid), call.place(), call.policy))


@blueprint.post(_PATH)
def update_service_notifications(service_sid: str) -> Response:
    """Change a service's notifications; only what is sent."""
    call = the_call()
    fact = notifications.configured(request.form, call.service(service_sid).sid)
    service = call.submit(fact, Service)
    return answer(notifications.shown(service, call.place(), call.policy))
