"""``/v1/Credentials``: list, create, fetch, update, delete.  No secret ever comes back."""

from __future__ import annotations

from flask import Blueprint, Response, request

from reachability_mock.core.facts import CredentialDeleted
from reachability_mock.core.model import Credential
from reachability_mock.http.call import Call, answer, no_content, the_call
from reachability_mock.wire import credentials
from reachability_mock.wire.resources import Listing

LARGEST_PAGE = 100
blueprint = Blueprint("credentials", __name__)


@blueprint.get("/v1/Credentials")
def list_credentials() -> Response:
    """The account's credentials, oldest first."""
    call = the_call()
    place = call.place()
    return call.page(
        call.store.credentials_of(call.account_sid),
        Listing("credentials", f"{call.account_sid}/credentials", f"{place.root}/Credentials"),
        lambda credential: credentials.shown(credential, place),
        largest=LARGEST_PAGE,
    )


@blueprint.post("/v1/Credentials")
def create_credential() -> Response:
    """A new credential."""
    call = the_call()
    sid = call.world.new_sid("CR")
    fact = credentials.created(request.form, call.account_sid, sid, call.policy)
    return answer(credentials.shown(call.submit(fact, Credential), call.place()), 201)


@blueprint.get("/v1/Credentials/<segment:sid>")
def fetch_credential(sid: str) -> Response:
    """One credential."""
    call = the_call()
    return answer(credentials.shown(_the_credential(call, sid), call.place()))


@blueprint.post("/v1/Credentials/<segment:sid>")
def update_credential(sid: str) -> Response:
    """Change a credential, perhaps only what nobody can see of it."""
    call = the_call()
    known = _the_credential(call, sid)
    fact = credentials.edited(request.form, call.account_sid, known.sid, call.policy)
    return answer(credentials.shown(call.submit(fact, Credential), call.place()))


@blueprint.delete("/v1/Credentials/<segment:sid>")
def delete_credential(sid: str) -> Response:
    """Away with a credential; bindings go on naming it."""
    call = the_call()
    fact = CredentialDeleted(call.account_sid, _the_credential(call, sid).sid)
    call.submit(fact, Credential)
    return no_content()


def _the_credential(call: Call, sid: str) -> Credential:
    credential = call.store.credential(call.account_sid, sid)
    if credential is None:
        raise call.not_found()
    return credential
