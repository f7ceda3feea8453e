"""Refusals as values: status, Twilio's code and message of everything that can go wrong.

Codes and messages are Twilio's (https://www.twilio.com/docs/api/errors).  A refusal is raised by
pure code and rendered by the HTTP adapter; nothing has changed when one is raised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MORE_INFO = "https://www.twilio.com/docs/errors/"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a refused request is answered with."""

    status: int
    code: int
    message: str
    detail: str | None = None
    """An extra sentence that some of Twilio's authentication errors carry."""
    hint: str | None = None
    """A sentence for the server's log only, to help the person who sees the error."""
    allow: tuple[str, ...] = ()
    """The methods a 405 offers."""


class Refused(Exception):  # noqa: N818 - the field's word: a request is refused, nothing broke
    """A request was refused; carries the `Problem` to answer with."""

    def __init__(self, problem: Problem) -> None:
        """Keep `problem` for the adapter that renders it."""
        super().__init__(f"{problem.status}/{problem.code} {problem.message}")
        self.problem = problem

    def with_hint(self, hint: str) -> Refused:
        """The same refusal with a sentence for the server's log."""
        return Refused(replace(self.problem, hint=hint))


def _refused(status: int, code: int, message: str) -> Refused:
    return Refused(Problem(status, code, message))


NO_CREDENTIALS = Problem(
    401,
    20003,
    "Authentication Error - No credentials provided",
    detail="Your AccountSid or AuthToken was incorrect.",
)
UNKNOWN_USERNAME = Problem(401, 20003, "Authentication Error - invalid username")
WRONG_TOKEN = Problem(401, 20003, "Authenticate")
UNREADABLE_FORM = Problem(400, 20001, "The form is not UTF-8, or it cannot be read as a whole")
TOO_LARGE = Problem(413, 20413, "Request entity too large")
INTERNAL = Problem(500, 20500, "Internal Server Error")


def not_found(path: str, hint: str | None = None) -> Refused:
    """Nothing at `path` (as it was sent, without ``/v1``): 404/20404."""
    message = f"The requested resource {path} was not found"
    return Refused(Problem(404, 20404, message, hint=hint))


def method_not_allowed(allow: tuple[str, ...]) -> Refused:
    """The path exists, the method does not: 405/20004, offering `allow`."""
    return Refused(Problem(405, 20004, "Method not allowed", allow=allow))


def bad_value(parameter: str, value: str) -> Refused:
    """`parameter` cannot be `value`: 400/20001, Twilio's generic code for a bad parameter."""
    return _refused(400, 20001, f"Invalid value for {parameter}: {value[:80]!r}")


def conflict(message: str) -> Refused:
    """The state of things does not allow it: 409/20409."""
    return _refused(409, 20409, message)


def page_size(message: str = "Page size too large") -> Refused:
    """A PageSize outside what can be asked for: 400/20007."""
    return _refused(400, 20007, message)


def page_token() -> Refused:
    """A PageToken that was not ours or not of this list: 400/21481."""
    return _refused(400, 21481, "Invalid PageToken")


def service_not_found() -> Refused:
    """A referenced Service does not exist: 400/50050."""
    return _refused(400, 50050, "Service Instance not found")


def friendly_name_missing() -> Refused:
    """A Service or a role without a name: 400/50000."""
    return _refused(400, 50000, "FriendlyName not provided")


def friendly_name_too_long() -> Refused:
    """More than 256 characters, or 64 of a role's or a credential's: 400/50003."""
    return _refused(400, 50003, "Friendly name too long")


def webhook_filter(code: int, name: str) -> Refused:
    """A filter that names no event: 400 with a code that is an unknown."""
    return _refused(400, code, f"Invalid webhook filter: {name[:80]!r}")


def webhook_method() -> Refused:
    """A webhook is called by GET or POST: 400/50055."""
    return _refused(400, 50055, "Invalid webhook method")


def template_too_long() -> Refused:
    """A notification's text over the limit: 400/50058."""
    return _refused(400, 50058, "Notification template too long")


def sound_too_long() -> Refused:
    """The name of a notification's sound over the limit: 400/50059."""
    return _refused(400, 50059, "Notification sound too long")


def pre_webhook_url() -> Refused:
    """Not an absolute http URL: 400/50077."""
    return _refused(400, 50077, "Invalid pre-webhook url")


def post_webhook_url() -> Refused:
    """Not an absolute http URL: 400/50078."""
    return _refused(400, 50078, "Invalid post-webhook url")


def permission_not_found() -> Refused:
    """No permission, or one that roles of the type do not know: 400/50104."""
    return _refused(400, 50104, "Permission not found")


def role_type() -> Refused:
    """A role is for conversations or for the service: 400/50105."""
    return _refused(400, 50105, "Invalid role type")


def role_not_found(status: int) -> Refused:
    """A referenced role is missing or of the wrong type: 50100, `status` is an unknown."""
    return _refused(status, 50100, "Role not found")


def user_exists() -> Refused:
    """The identity is taken in this service: 409/50201."""
    return _refused(409, 50201, "User already exists")


def identity_reserved() -> Refused:
    """A word Twilio keeps for itself: 400/50203."""
    return _refused(400, 50203, "Identity reserved")


def identity_missing() -> Refused:
    """A user without an identity: 400/50204."""
    return _refused(400, 50204, "Identity not provided")


def identity_like_sid() -> Refused:
    """An identity that could be mistaken for a User SID: 400/50206."""
    return _refused(400, 50206, "Identity should not match user SID pattern")


def identity_too_long() -> Refused:
    """More than 256 characters: 400/50207."""
    return _refused(400, 50207, "Identity too long")


def binding_type() -> Refused:
    """A BindingType filter that names no type: 400/50209."""
    return _refused(400, 50209, "Invalid binding type")


def credential_type(code: int, value: str) -> Refused:
    """A credential for no push service that there is: 400 with a code that is an unknown."""
    return _refused(400, code, f"Invalid value for Type: {value[:80]!r}")


def attributes_too_long() -> Refused:
    """Attributes over the limit: 400/50303."""
    return _refused(400, 50303, "Attributes too long")


def attributes_not_json() -> Refused:
    """Attributes must be a text of JSON: 400/50304."""
    return _refused(400, 50304, "Attributes not valid JSON")


def timer_format(code: int, which: str) -> Refused:
    """A timer that is no ISO 8601 duration: 400 with Twilio's code for that timer."""
    return _refused(400, code, f"Invalid {which} timer format")


def timer_too_short(code: int, which: str) -> Refused:
    """A timer under its minimum: 400 with Twilio's code for that timer."""
    return _refused(400, code, f"{which.capitalize()} timer too short")


def unprocessable_messaging_service() -> Refused:
    """A messaging service SID of the wrong shape: 400/50341."""
    return _refused(400, 50341, "Invalid messaging service SID")
