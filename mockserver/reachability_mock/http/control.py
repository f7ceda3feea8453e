"""The control plane under ``/_mock``: what the live service has no call for, and who may call.

A page's script on another site must not drive it: the Host has to be this machine's or one that
was allowed, the Origin absent, the same, or allowed.  `control.yaml` beside this file describes it.
"""

from __future__ import annotations

import re
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from reachability_mock import data
from reachability_mock.clock import step_of
from reachability_mock.core.errors import Problem
from reachability_mock.http import (
    control_realtime,
    control_scenarios,
    control_state,
    control_users,
)
from reachability_mock.http.call import answer, no_content, the_call
from reachability_mock.http.control_call import (
    Impossible,
    bad_request,
    check_query,
    json_body,
)
from reachability_mock.http.site import Site
from reachability_mock.journal import KINDS
from reachability_mock.register import BY_ID, BadSetting
from reachability_mock.version import __version__

blueprint = Blueprint("control", __name__, url_prefix="/_mock")
BLUEPRINTS = (
    blueprint,
    control_users.blueprint,
    control_state.blueprint,
    control_scenarios.blueprint,
    control_realtime.blueprint,
)
METHODS = "GET, POST, PATCH, DELETE, OPTIONS"
_ENTRY_NUMBER = re.compile(r"[0-9]{1,18}")
_DESCRIPTION = Path(__file__).with_name("control.yaml")


def is_control(path: str) -> bool:
    """Whether a path, in the spelling that is routed (`paths.canonical`), is the control plane's.

    Of the raw path it must not be asked: ``/%5Fmock/reset`` is routed here, too.
    """
    return path.startswith("/_mock/") or path == "/_mock"


# --- who may call --------------------------------------------------------------------------------


def guard() -> Response | None:
    """Keep pages of other sites out; answer the preflight of a page that is let in."""
    site = the_call().site
    host = str(request.environ["HTTP_HOST"])
    name = _host_name(host)
    if not (_is_loopback(name) or name in site.hosts):
        raise _forbidden(f"the Host {name!r} may not drive this server; allow it: --allow-host")
    origin = request.headers.get("Origin")
    if origin is not None and not (origin == f"{request.scheme}://{host}" or allowed(origin, site)):
        raise _forbidden(
            f"the Origin {origin!r} may not drive this server; allow it: --allow-origin"
        )
    if request.method == "OPTIONS":
        return no_content(METHODS)
    return None


def allowed(origin: str, site: Site) -> bool:
    """Whether pages of `origin` were let in."""
    return origin in site.origins


def add_cors(response: Response) -> None:
    """Let a page of an allowed origin read the answer."""
    origin = request.headers.get("Origin")
    if origin is not None and allowed(origin, the_call().site):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.headers["Vary"] = "Origin"


def _forbidden(message: str) -> Impossible:
    return Impossible(403, "forbidden", message)


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


# --- what went wrong -----------------------------------------------------------------------------


def impossible(error: Impossible) -> Response:
    """What a view could not do."""
    return error.answer()


def refused(problem: Problem) -> Response:
    """What the core refused, with Twilio's code for it."""
    return Impossible(problem.status, str(problem.code), problem.message).answer()


def http_error(error: HTTPException) -> Response:
    """What werkzeug refuses: a path or a method that is not there."""
    if isinstance(error, NotFound):
        return Impossible(404, "not_found", "nothing here; see /_mock/control.yaml").answer()
    if isinstance(error, MethodNotAllowed):
        methods = sorted(error.valid_methods or ())
        failed = Impossible(405, "method_not_allowed", "not with this method", methods)
        response = failed.answer()
        response.headers["Allow"] = ", ".join(methods)
        return response
    return Impossible(error.code or 400, "bad_request", error.name).answer()


# --- the server itself ---------------------------------------------------------------------------


@blueprint.get("/health")
def health() -> Response:
    """Whether the server is up."""
    return answer({"status": "ok", "version": __version__})


@blueprint.get("/openapi.yaml")
def openapi() -> Response:
    """The contract of the REST side."""
    return _yaml(data.openapi_path())


@blueprint.get("/control.yaml")
def description() -> Response:
    """The control plane's own description."""
    return _yaml(_DESCRIPTION)


@cache
def _text(path: Path) -> bytes:
    return path.read_bytes()


def _yaml(path: Path) -> Response:
    return Response(_text(path), content_type="application/yaml;charset=utf-8")


@blueprint.post("/reset")
def reset() -> Response:
    """Back to the beginning: what the server was started with, and nothing else."""
    check_query()
    json_body(())
    call = the_call()
    call.silent = True  # the journal begins anew, without a trace of what emptied it
    if call.site.scenarios is not None:
        call.site.scenarios.stop()
    call.world.reset()
    call.site.fresh()
    if call.site.realtime is not None:
        call.site.realtime.look()  # so that whoever is connected notices
    return no_content()


@blueprint.get("/settings")
def show_settings() -> Response:
    """The unknowns and delays as they are set."""
    check_query()
    return answer(dict(the_call().world.settings.as_dict()))


@blueprint.patch("/settings")
def change_settings() -> Response:
    """Change some: all that are named or, if one is wrong, none."""
    check_query()
    settings = the_call().world.settings
    body = json_body(BY_ID)
    try:
        settings.update(body)
    except BadSetting as error:
        raise bad_request(str(error), error.choices) from None
    return answer(dict(settings.as_dict()))


@blueprint.post("/clock/advance")
def advance() -> Response:
    """Move the fake's time forward; what comes due on the way happens."""
    check_query()
    try:
        now = the_call().world.advance(step_of(json_body(["seconds"]).get("seconds")))
    except ValueError as error:
        raise bad_request(str(error)) from None
    except OverflowError:
        raise bad_request("seconds: time ends before that") from None
    return answer({"now": now.isoformat()})


@blueprint.get("/journal")
def journal() -> Response:
    """What happened, oldest first: after a number, of one kind, about one user."""
    check_query("since", "kind", "user")
    since = request.args.get("since", "0")
    if not _ENTRY_NUMBER.fullmatch(since):
        raise bad_request(f"since: {since!r} is not an entry's number")
    kind = request.args.get("kind")
    if kind is not None and kind not in KINDS:
        raise bad_request(f"kind: there is no {kind!r}", KINDS)
    found = the_call().world.journal.since(int(since), kind=kind, user=request.args.get("user"))
    return answer({"entries": [entry.as_json() for entry in found]})
