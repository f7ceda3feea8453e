"""``X-Mock-Why``: an answer says, if asked, which rule made each value it shows."""

from __future__ import annotations

from flask import Response, g, request

from reachability_mock.core.model import Service, User
from reachability_mock.core.reachability import Action
from reachability_mock.core.why import why
from reachability_mock.http.call import Call

HEADER = "X-Mock-Why"
_MOST_USERS = 20


def note_why(call: Call, service: Service, user: User, action: Action) -> None:
    """Remember the reasons for `user`'s values, if the request asked for them."""
    if HEADER not in request.headers:
        return
    reasons = why(service, user, call.policy, action)
    notes: list[str] = g.setdefault("why", [])
    if len(notes) < _MOST_USERS:
        notes.append("; ".join(f"{name}: {one.rule}" for name, one in reasons.items()))


def add_why(response: Response) -> Response:
    """Put what was remembered into the answer's header; the same reasons are said once."""
    notes = g.get("why")
    if notes:
        response.headers[HEADER] = " | ".join(dict.fromkeys(notes))
    return response
