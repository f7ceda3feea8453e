"""``X-Mock-Why``: an answer says, if asked, which rule made each value it shows."""

from __future__ import annotations

from flask import Response

from reachability_mock.core.model import Service, User
from reachability_mock.core.reachability import Action
from reachability_mock.core.why import why
from reachability_mock.http.call import Call

HEADER = "X-Mock-Why"
_ASKED = "HTTP_X_MOCK_WHY"
_MOST_USERS = 20


def note_why(call: Call, service: Service, user: User, action: Action) -> None:
    """Remember the reasons for `user`'s values, if the request asked for them."""
    if _ASKED not in call.request.environ:
        return
    reasons = why(service, user, call.policy, action)
    if len(call.reasons) < _MOST_USERS:
        call.reasons.append("; ".join(f"{name}: {one.rule}" for name, one in reasons.items()))


def add_why(call: Call, response: Response) -> Response:
    """Put what was remembered into the answer's header; the same reasons are said once."""
    if call.reasons:
        response.headers[HEADER] = " | ".join(dict.fromkeys(call.reasons))
    return response
