"""What a request inside the socket is made of: who asks, what is asked, and the answer."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar

from reachability_mock.core import errors
from reachability_mock.core.errors import Refused
from reachability_mock.core.model import Record, Service, User
from reachability_mock.core.records import the_service
from reachability_mock.wire.session_words import Effect, Surroundings
from reachability_mock.wire.sync import SyncMap
from reachability_mock.wire.token import Claims

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, what may be looked at, and when it is."""

    claims: Claims
    around: Surroundings
    origin: str
    now: datetime

    @property
    def service(self) -> Service:
        """The service of the connection.

        Raises:
            Refused: it was deleted.
        """
        return the_service(self.around.records, self.claims.service_sid)

    def find_user(self, identity: str) -> User | None:
        """The user of that identity, in the connection's service."""
        return self.around.records.user_by_identity(self.claims.service_sid, identity)

    def open_map(self, user: User) -> SyncMap:
        """The user's map, made now if need be."""
        return self.around.board.open(self.service, user, self.around.policy, self.now)


@dataclass(frozen=True, slots=True)
class Request:
    """One inner request, taken apart."""

    method: str
    path: str
    parts: tuple[str, ...]
    params: Json
    body: object

    @property
    def fields(self) -> Json:
        """The body's fields.

        Raises:
            Refused: it is no JSON object.
        """
        if not isinstance(self.body, dict):
            raise bad_body("it is not a JSON object")
        return self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """The inner answer, and what follows once it has been sent."""

    status: int
    body: object = None
    after: tuple[Effect, ...] = ()

    @property
    def reason(self) -> str:
        """The status in words."""
        return reason_of(self.status)


Asked = Generator[Effect, Record | None, T]


def reason_of(status: int) -> str:
    """The usual words for a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def bad_body(why: str) -> Refused:
    """The request inside cannot be read: 400/20001, and `why`."""
    return Refused(errors.Problem(400, 20001, f"Bad request: {why}"))
