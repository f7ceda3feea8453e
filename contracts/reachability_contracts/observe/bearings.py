"""What an answer shows of the unknowns register, besides what the lawful states tell: pure.

Modest on purpose: only what one answer settles by itself.  Each is a pair of the entry's id and
the choice that the service was seen to make.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from reachability_mock.core.paging import LARGEST_SIZE
from reachability_mock.http import bindings, credentials, roles, services, users

Bearing = tuple[str, str]
_LARGEST = {
    "Users": users.LARGEST_PAGE,
    "Roles": roles.LARGEST_PAGE,
    "Bindings": bindings.LARGEST_PAGE,
    "Services": services.LARGEST_PAGE,
    "Credentials": credentials.LARGEST_PAGE,
}
_NOT_FOUND_CODE = 20404


def of_answer(
    method: str, path: str, query: Mapping[str, str], status: int, body: object
) -> Iterator[Bearing]:
    """The unknowns on which the answer to a request that changes nothing bears."""
    if method == "HEAD":
        yield from _head(status)
        return
    answer = body if isinstance(body, dict) else {}
    if status == HTTPStatus.NOT_FOUND:
        yield from _not_found(path, answer)
    elif path.rpartition("/")[2] in _LARGEST:
        yield from _large_page(_LARGEST[path.rpartition("/")[2]], query, status, answer)
        yield from _page_alone(query, status)


def of_update(form: Mapping[str, str], user: Mapping[str, Any]) -> Iterator[Bearing]:
    """The unknowns on which the answer to an update of a user bears."""
    if form.get("FriendlyName") == "" and user.get("friendly_name", 0) in {"", None}:
        yield "cleared_friendly_name", "null" if user["friendly_name"] is None else "empty"


def of_two_fetches(
    before: tuple[object, object] | None, now: tuple[object, object]
) -> Iterator[Bearing]:
    """What two fetches of one user tell: is_online and date_updated of each.

    A date that moved tells nothing, since an edit moves it, too.
    """
    if before and before[0] is not now[0] and before[1] == now[1] and now[1] is not None:
        yield "presence_bumps_date_updated", "false"


def _head(status: int) -> Iterator[Bearing]:
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        yield "head_requests", "refuse"
    elif status == HTTPStatus.OK:
        yield "head_requests", "as_get"


def _not_found(path: str, answer: Mapping[str, Any]) -> Iterator[Bearing]:
    message, short = str(answer.get("message")), path.removeprefix("/v1")
    if answer.get("code") == _NOT_FOUND_CODE and short != path and short in message:
        yield "not_found_path", "full" if path in message else "short"


def _large_page(
    largest: int, query: Mapping[str, str], status: int, answer: Mapping[str, Any]
) -> Iterator[Bearing]:
    asked = _number(query.get("PageSize"))
    if not largest < asked <= LARGEST_SIZE or _number(query.get("Page")):
        return
    meta = answer.get("meta")
    shown = meta.get("page_size") if isinstance(meta, dict) else None
    if status == HTTPStatus.OK and shown == largest:
        yield "large_page_size", "clamp"
    elif status == HTTPStatus.BAD_REQUEST:
        yield "large_page_size", "refuse"


def _page_alone(query: Mapping[str, str], status: int) -> Iterator[Bearing]:
    if set(query) != {"Page"} or not _number(query["Page"]):
        return
    if status == HTTPStatus.OK:
        yield "page_without_token", "ignore"
    elif status == HTTPStatus.BAD_REQUEST:
        yield "page_without_token", "refuse"


def _number(text: str | None) -> int:
    """A whole number; 0 if it is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - digits
