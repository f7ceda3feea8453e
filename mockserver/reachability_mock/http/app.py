"""The Flask app: what happens to every request, in order, and which resources there are.

Built once per process; the site a request is for comes with it (`site.ENVIRON_KEY`).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import cache
from urllib.parse import unquote

from flask import Flask, Response, g, request
from flask.globals import request_ctx
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)
from werkzeug.routing import BaseConverter

from reachability_mock.clock import true_monotonic
from reachability_mock.core import errors
from reachability_mock.core.errors import Problem, Refused
from reachability_mock.http import bindings, configuration, control, services, users
from reachability_mock.http.call import Call, answer, request_path, the_call
from reachability_mock.http.paths import resource_of
from reachability_mock.http.site import ENVIRON_KEY, Site
from reachability_mock.http.why import add_why
from reachability_mock.wire import resources

_log = logging.getLogger("reachability_mock")

LARGEST_BODY = 1024 * 1024
"""Bytes of the largest request body that is read; anything longer is a 413."""
BLUEPRINTS = (
    services.blueprint,
    configuration.blueprint,
    users.blueprint,
    bindings.blueprint,
    control.blueprint,
)
CORS_METHODS = "GET, POST, DELETE, OPTIONS"
CORS_HEADERS = (
    "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
    "If-Unmodified-Since, Idempotency-Key"
)


class Segment(BaseConverter):
    """One path segment as it was sent, decoded once (`paths.canonical` has kept it whole)."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Decode the segment."""
        return unquote(value)


# --- before: each may answer in the view's place -------------------------------------------------


def begin_call() -> None:
    """Find the site and note the request in its journal, without its headers."""
    site: Site = request.environ[ENVIRON_KEY]
    world = site.world
    world.run_due()
    raw = request_path()
    n = world.journal.add("request", world.clock.now(), _request_data(raw))
    g.call = Call(site, n, raw)
    g.began = true_monotonic()


def answer_preflight() -> Response | None:
    """OPTIONS needs no credentials: a browser asks before it sends them."""
    if request.method != "OPTIONS" or control.is_control(the_call().raw_path):
        return None
    offered = _allowed()
    if not offered:
        return None
    return Response(status=204, headers={"Allow": ", ".join((*offered, "OPTIONS"))})


def authenticate() -> Response | None:
    """Who is asking?  The control plane has its own guard."""
    call = the_call()
    if control.is_control(call.raw_path):
        return control.guard()
    given = request.authorization
    if given is None or given.type != "basic":
        raise Refused(errors.NO_CREDENTIALS)
    call.caller = call.site.keyring.admit(given.username or "", given.password or "")
    call.world.open_account(call.caller.account_sid)
    return None


def refuse_head() -> None:
    """HEAD is answered like GET only if the setting says so (an unknown)."""
    if request.method == "HEAD" and the_call().world.settings["head_requests"] == "refuse":
        if request.url_rule is not None:
            raise errors.method_not_allowed(_allowed())


BEFORE: tuple[Callable[[], Response | None], ...] = (
    begin_call,
    answer_preflight,
    authenticate,
    refuse_head,
)

# --- after: each sees the answer, whatever made it ------------------------------------------------


def add_headers(response: Response) -> Response:
    """The headers that every live answer carries; CORS only for a request with an Origin."""
    headers = response.headers
    headers["Twilio-Request-Id"] = f"RQ{os.urandom(16).hex()}"
    headers["Twilio-Concurrent-Requests"] = "1"
    headers["Twilio-Request-Duration"] = f"{true_monotonic() - g.began:.3f}"
    headers["X-Api-Domain"] = "conversations.twilio.com"
    headers["X-Home-Region"] = "us1"
    if "Origin" in request.headers and not control.is_control(the_call().raw_path):
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Allow-Methods"] = CORS_METHODS
        headers["Access-Control-Allow-Headers"] = CORS_HEADERS
        headers["Access-Control-Allow-Credentials"] = "true"
        headers["Access-Control-Expose-Headers"] = "ETag"
    return response


def journal_answer(response: Response) -> Response:
    """Note what was answered, with the request as its cause."""
    call = the_call()
    world = call.world
    data = (response.status_code, request.method, call.raw_path)
    world.journal.add(
        "answer",
        world.clock.now(),
        data,
        account=call.caller.account_sid if call.caller else None,
        cause=call.n,
    )
    return response


AFTER: tuple[Callable[[Response], Response], ...] = (add_headers, add_why, journal_answer)

# --- what went wrong -----------------------------------------------------------------------------


def refused(error: Refused) -> Response:
    """A refusal of the core, in Twilio's shape; its hint goes to the log only."""
    problem = error.problem
    if problem.hint:
        the_call().site.hint(problem.hint)
    response = answer(resources.problem(problem), problem.status)
    if problem.allow:
        response.headers["Allow"] = ", ".join(problem.allow)
    return response


def http_error(error: HTTPException) -> Response:
    """What werkzeug refuses, in Twilio's shape."""
    call = the_call()
    if control.is_control(call.raw_path):
        return control.http_error(error)
    if isinstance(error, MethodNotAllowed):
        return refused(errors.method_not_allowed(_allowed()))
    if isinstance(error, RequestEntityTooLarge):
        return refused(Refused(errors.TOO_LARGE))
    if isinstance(error, NotFound):
        return refused(call.not_found())
    status = error.code or 400
    return refused(Refused(Problem(status, 20001, error.name)))


def crashed(error: Exception) -> Response:
    """A fault of ours: said so, logged with its traceback, and never a page of HTML."""
    _log.error("answering %s failed", resource_of(request_path()), exc_info=error)
    return answer(resources.problem(errors.INTERNAL), errors.INTERNAL.status)


def _allowed() -> tuple[str, ...]:
    """The methods that the path knows, whatever the request's own was."""
    adapter = request_ctx.url_adapter
    known = set(adapter.allowed_methods()) if adapter else set()
    return tuple(sorted(known - {"HEAD", "OPTIONS"}))


def _request_data(raw: str) -> dict[str, object]:
    """What the journal keeps of a request: never a header, never a secret."""
    data: dict[str, object] = {"method": request.method, "path": raw}
    query = request.environ.get("QUERY_STRING")
    if query:
        data["query"] = query
    if request.method == "POST" and raw.startswith("/v1/"):
        data["form"] = request.form.to_dict(flat=False)
    return data


@cache
def the_app() -> Flask:
    """The app of this process, for any number of sites."""
    app = Flask("reachability_mock", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.url_map.converters["segment"] = Segment
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for before in BEFORE:
        app.before_request(before)
    for after in reversed(AFTER):
        app.after_request(after)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, crashed)
    return app
