"""The control plane under ``/_mock``: what the live service has no call for."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from reachability_mock import __version__
from reachability_mock.http.call import answer

blueprint = Blueprint("control", __name__, url_prefix="/_mock")


def is_control(raw_path: str) -> bool:
    """Whether a path belongs to the control plane."""
    return raw_path.startswith("/_mock/") or raw_path == "/_mock"


def guard() -> Response | None:
    """Keep pages of other sites out: the Host must be ours, the Origin absent or ours."""
    return None


def http_error(error: HTTPException) -> Response:
    """What werkzeug refuses, in the control plane's shape."""
    code = error.name.lower().replace(" ", "_")
    return answer({"error": {"code": code, "message": error.description}}, error.code or 400)


@blueprint.get("/health")
def health() -> Response:
    """Whether the server is up."""
    return answer({"status": "ok", "version": __version__})
