"""The requests that an SDK sends inside its socket: a small HTTP of its own, routed on the path.

The host is only a label (aim, cds and ers never share a path).  A path is still percent-encoded:
split first, then decode each part, so that an identity may hold a slash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import unquote

from reachability_mock.core import errors
from reachability_mock.core.errors import Refused
from reachability_mock.wire import session_maps, session_push, session_users
from reachability_mock.wire.session_asking import Answer, Asked, Asking, Request, bad_body
from reachability_mock.wire.session_words import Log
from reachability_mock.wire.twilsock import Frame, Malformed

_OUT_OF_SCOPE = ("Conversations", "MyConversations", "Typing", "Media")

Handler = Callable[..., Asked[Answer]]
ROUTES: Sequence[tuple[str, tuple[str, ...], Handler]] = (
    ("GET", ("Client", "v2", "Configuration"), session_users.get_configuration),
    ("GET", ("Client", "v2", "MyConversations"), session_users.list_my_conversations),
    ("GET", ("Client", "v2", "Users", "*"), session_users.get_user),
    ("POST", ("Client", "v2", "Users", "*"), session_users.edit_user),
    ("GET", ("v3", "Maps", "*"), session_maps.get_map),
    ("GET", ("v3", "Maps", "*", "Items"), session_maps.get_items),
    ("POST", ("v4", "Subscriptions"), session_maps.subscribe),
    ("POST", ("v1", "registrations"), session_push.register_push),
    ("DELETE", ("v1", "registrations"), session_push.unregister_address),
    ("DELETE", ("v1", "registrations", "*"), session_push.unregister_push),
)
"""Method and path of everything there is; ``*`` is one part of any content."""


def _route(request: Request) -> tuple[Handler, tuple[str, ...]]:
    for method, pattern, handler in ROUTES:
        if method == request.method and len(pattern) == len(request.parts):
            pairs = tuple(zip(pattern, request.parts, strict=True))
            if all(want in {"*", part} for want, part in pairs):
                return handler, tuple(part for want, part in pairs if want == "*")
    raise errors.not_found(request.path, _scope_hint(request))


def _scope_hint(request: Request) -> str | None:
    if len(request.parts) > 2 and request.parts[2] in _OUT_OF_SCOPE:  # noqa: PLR2004 - Client/v2/X
        return f"{request.method} {request.path}: conversations and media are not faked"
    return None


def answer(asking: Asking, frame: Frame) -> Asked[Answer]:
    """The answer to a `message` frame: a refusal is an answer, too."""
    try:
        request = _taken_apart(frame)
        handler, names = _route(request)
        return (yield from handler(asking, request, *names))
    except Refused as refused:
        problem = refused.problem
        if problem.hint:
            yield Log(problem.hint, warns=True)
        body = {"status": problem.status, "code": problem.code, "message": problem.message}
        return Answer(problem.status, body)


def _taken_apart(frame: Frame) -> Request:
    inner = frame.header.get("http_request")
    inner = inner if isinstance(inner, dict) else {}
    method, path, params = inner.get("method"), inner.get("path"), inner.get("params")
    if not isinstance(method, str) or not isinstance(path, str):
        raise bad_body("http_request has no method or no path")
    try:
        body = frame.json()
    except Malformed as error:
        if frame.has_json:
            raise bad_body(str(error)) from None
        body = None
    parts = tuple(unquote(part) for part in path.split("/")[1:])
    return Request(method, path, parts, params if isinstance(params, dict) else {}, body)
