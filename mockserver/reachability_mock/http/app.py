"""The Flask app: what happens to every request, in order, and which resources there are.

Built once per process; the site a request is for comes with it (`site.ENVIRON_KEY`).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Request, Response, g, request
from flask.globals import request_ctx
from werkzeug.datastructures import Authorization
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)

from reachability_mock.clock import true_monotonic
from reachability_mock.core import errors
from reachability_mock.core.errors import Problem, Refused
from reachability_mock.http import (
    bindings,
    configuration,
    control,
    credentials,
    notifications,
    roles,
    services,
    users,
    webhooks,
)
from reachability_mock.http.call import Call, answer, no_content, request_path, the_call
from reachability_mock.http.control_call import Impossible
from reachability_mock.http.lean import LARGEST_BODY, LeanFlask, Segment
from reachability_mock.http.paths import resource_of
from reachability_mock.http.site import ENVIRON_KEY, Site
from reachability_mock.http.why import add_why
from reachability_mock.journal import Journal
from reachability_mock.wire import redaction, resources

_LIGHT = 1024
"""Bytes of a request that the journal need not be told of: it keeps so many of any."""
_OF_A_PARAMETER = 200
"""Bytes of memory that a parameter takes, besides its text."""
_log = logging.getLogger("reachability_mock")

BLUEPRINTS = (
    services.blueprint,
    configuration.blueprint,
    notifications.blueprint,
    webhooks.blueprint,
    roles.blueprint,
    users.blueprint,
    bindings.blueprint,
    credentials.blueprint,
    *control.BLUEPRINTS,
)
CORS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS"),
    (
        "Access-Control-Allow-Headers",
        (
            "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, "
            "If-Unmodified-Since, Idempotency-Key"
        ),
    ),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Expose-Headers", "ETag"),
)


# --- before: each may answer in the view's place -------------------------------------------------


def begin_call(request: Request) -> Call:
    """Find the site and note the request in its journal, without its headers."""
    site: Site = request.environ[ENVIRON_KEY]
    world = site.world
    world.run_due()
    raw = request_path(request)
    noted = _request_data(request, raw)
    for_control = control.is_control(request.environ["PATH_INFO"])
    silent = for_control and request.method == "GET"
    note = Journal(1).note if silent else world.journal.note
    entry = note("request", world.clock.now(), noted)
    long = len(raw) + len(request.environ["QUERY_STRING"])
    if long > _LIGHT and not silent:
        world.journal.weigh(entry, long)
    return Call(site, request, entry, raw, noted, true_monotonic(), for_control, silent)


def refuse_large_body(call: Call) -> None:
    """A body over the limit is not read, whatever the path."""
    sent = call.request.environ.get("CONTENT_LENGTH", "0")
    if sent != "0" and (call.request.content_length or 0) > LARGEST_BODY:
        raise Refused(errors.TOO_LARGE)


def journal_form(call: Call) -> None:
    """Note the parameters of a REST request but for secrets; reading them may refuse it."""
    if call.request.method == "POST" and call.request.environ["PATH_INFO"].startswith("/v1/"):
        try:
            sent_form = call.request.form.to_dict(flat=False)
        except ValueError:
            raise Refused(errors.UNREADABLE_FORM) from None
        form = call.noted["form"] = redaction.form(sent_form)
        sent = int(call.request.environ.get("CONTENT_LENGTH", "0"))
        if sent > _LIGHT:
            call.world.journal.weigh(call.entry, sent + _OF_A_PARAMETER * len(form))


def answer_preflight(call: Call) -> Response | None:
    """OPTIONS needs no credentials: a browser asks before it sends them."""
    if call.request.method != "OPTIONS" or call.for_control:
        return None
    offered = _allowed()
    if not offered:
        return None
    return no_content(", ".join((*offered, "OPTIONS")))


def authenticate(call: Call) -> Response | None:
    """Who is asking?  The control plane has its own guard."""
    if call.for_control:
        return control.guard()
    given = _authorization(call.request)
    if given is None or given.type != "basic":
        raise Refused(errors.NO_CREDENTIALS)
    call.caller = call.site.keyring.admit(given.username or "", given.password or "")
    call.entry.account = call.caller.account_sid
    call.world.open_account(call.caller.account_sid)
    return None


def refuse_head(call: Call) -> None:
    """HEAD is answered like GET only if the setting says so (an unknown)."""
    request = call.request
    if request.method != "HEAD" or request.url_rule is None or call.for_control:
        return
    if call.world.settings["head_requests"] == "refuse":
        raise errors.method_not_allowed(_allowed())


BEFORE: tuple[Callable[[Call], Response | None], ...] = (
    refuse_large_body,
    journal_form,
    answer_preflight,
    authenticate,
    refuse_head,
)

# --- after: each sees the answer, whatever made it ------------------------------------------------


def add_headers(call: Call, response: Response) -> Response:
    """The headers that every live answer carries; CORS only for a request with an Origin."""
    response.headers.extend(
        (
            ("Twilio-Request-Id", f"RQ{os.urandom(16).hex()}"),
            ("Twilio-Concurrent-Requests", "1"),
            ("Twilio-Request-Duration", f"{true_monotonic() - call.began:.3f}"),
            ("X-Api-Domain", "conversations.twilio.com"),
            ("X-Home-Region", "us1"),
        )
    )
    if call.for_control:
        control.add_cors(response)
    elif "HTTP_ORIGIN" in call.request.environ:
        response.headers.extend(CORS)
    return response


def journal_answer(call: Call, response: Response) -> Response:
    """Note what was answered, with the request as its cause."""
    if call.silent:
        return response
    asked = call.entry
    data: dict[str, object] = {
        "status": response.status_code,
        "method": call.request.method,
        "path": call.raw_path,
    }
    if call.problem is not None:
        data["code"] = call.problem.code
    journal = call.world.journal
    now = call.world.clock.now()
    journal.note("answer", now, data, asked.account, asked.service, asked.user, asked.n)
    return response


AFTER: tuple[Callable[[Call, Response], Response], ...] = (add_headers, add_why, journal_answer)

# --- what went wrong -----------------------------------------------------------------------------


def refused(error: Refused) -> Response:
    """A refusal of the core, in Twilio's shape; its hint goes to the log only."""
    call = the_call()
    problem = call.problem = error.problem
    if problem.hint:
        call.site.hint(problem.hint)
    if call.for_control:
        return control.refused(problem)
    response = answer(resources.problem(problem), problem.status)
    if problem.allow:
        response.headers["Allow"] = ", ".join(problem.allow)
    return response


def http_error(error: HTTPException) -> Response:
    """What werkzeug refuses, in Twilio's shape."""
    call = the_call()
    if call.for_control:
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
    raw = request_path(request)
    _log.error("answering %s failed", resource_of(raw), exc_info=error)
    if control.is_control(request.environ["PATH_INFO"]):
        return control.refused(errors.INTERNAL)
    return answer(resources.problem(errors.INTERNAL), errors.INTERNAL.status)


def _authorization(request: Request) -> Authorization | None:
    """Who the request says it is from; None also where that cannot be read."""
    try:
        return Authorization.from_header(request.environ.get("HTTP_AUTHORIZATION"))
    except ValueError:  # not even ASCII
        return None


def _allowed() -> tuple[str, ...]:
    """The methods that the path knows, whatever the request's own was."""
    adapter = request_ctx.url_adapter
    known = set(adapter.allowed_methods()) if adapter else set()
    return tuple(sorted(known - {"HEAD", "OPTIONS"}))


def _request_data(request: Request, raw: str) -> dict[str, object]:
    """What the journal keeps of a request: never a header, never a secret."""
    data: dict[str, object] = {"method": request.method, "path": raw}
    query = request.environ.get("QUERY_STRING")
    if query:
        data["query"] = redaction.query(query)
    return data


class App(LeanFlask):
    """The app: every request goes down one visible list."""

    def full_dispatch_request(self) -> Response:
        """Answer a request: what stands in `BEFORE`, the view, what stands in `AFTER`; no more."""
        call = g.call = begin_call(request_ctx.request)
        try:
            response = self._answer(call)
        except Exception as error:  # noqa: BLE001 - the registered handlers have an answer to all
            response = self.make_response(self.handle_user_exception(error))
        for after in AFTER:
            response = after(call, response)
        return response

    def _answer(self, call: Call) -> Response:
        for before in BEFORE:
            response = before(call)
            if response is not None:
                return response
        return self.make_response(self.dispatch_request())

    def answer_to(self, environ: dict[str, Any]) -> Response:
        """The answer to a WSGI request, as an object: for callers in this process."""
        context = self.request_context(environ)
        try:
            context.push()
            return self.full_dispatch_request()
        except Exception as error:  # noqa: BLE001 - a fault of ours outside any view: said so, too
            return self.make_response(self.handle_exception(error))
        finally:
            context.pop()


@cache
def the_app() -> App:
    """The app of this process, for any number of sites."""
    app = App("reachability_mock", static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.url_map.converters["segment"] = Segment
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(Impossible, control.impossible)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, crashed)
    return app
