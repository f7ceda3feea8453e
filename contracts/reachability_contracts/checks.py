"""Our own checks for schemathesis: the rules, the shape of refusals, paging and SIDs.

They join the built-in ones.  The check of the model turns random traffic into an oracle: a private
copy of the pure core says what each answer must show.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import schemathesis
from schemathesis import Case, CheckContext, Response

from reachability_contracts.model import Seen
from reachability_contracts.runs import current_run

NAMES = (
    "null_in_list",
    "null_while_disabled",
    "error_shape",
    "paging_meta",
    "sid_pattern",
    "own_urls",
    "model",
)
RULES = {"null_in_list": ("R9",), "null_while_disabled": ("R3",)}
"""The rules that a check is about, where it is about one; the model's findings name their own."""
_PREFIXES = {
    "account_sid": "AC",
    "chat_service_sid": "IS",
    "default_chat_service_sid": "IS",
    "default_messaging_service_sid": "MG",
    "role_sid": "RL",
    "conversation_sid": "CH",
    "messaging_service_sid": "MG",
    "participant_sid": "MB",
    "user_sid": "US",
    "default_conversation_creator_role_sid": "RL",
    "default_conversation_role_sid": "RL",
    "default_chat_service_role_sid": "RL",
    "credential_sid": "CR",
}
_META = {
    "page",
    "page_size",
    "first_page_url",
    "previous_page_url",
    "url",
    "next_page_url",
    "key",
}
_OWN_URLS = {"url", "first_page_url", "previous_page_url", "next_page_url"}
_LARGEST = {
    "users": 50,
    "roles": 50,
    "delivery_receipts": 50,
    "address_configurations": 50,
    "webhooks": 5,
}
_KEYS = {
    "participantconversations": "conversations",
    "receipts": "delivery_receipts",
    "addresses": "address_configurations",
}
"""Lists whose array is not called like the last segment of their path."""
_LARGEST_PAGE = 100
_ERROR = {"code", "message", "more_info", "status"}
_REFUSED = 400
_METHOD_NOT_ALLOWED = 405


@schemathesis.check
def null_in_list(_ctx: CheckContext, response: Response, _case: Case[Any]) -> None:
    """Every user in a list shows two nulls (R9)."""
    for number, user in enumerate(_users(response)):
        for axis in ("is_online", "is_notifiable"):
            assert user.get(axis, "missing") is None, (  # noqa: S101 - schemathesis' own idiom
                f"R9: users[{number}].{axis}: expected None, got {user.get(axis, 'missing')!r}"
            )


@schemathesis.check
def null_while_disabled(_ctx: CheckContext, response: Response, _case: Case[Any]) -> None:
    """Nobody's reachability shows while the indicator is off (R3)."""
    run = current_run()
    body = _body(response)
    if run is None or not isinstance(body, dict) or "is_online" not in body:
        return
    if run.model.is_off(str(body.get("chat_service_sid"))):
        for axis in ("is_online", "is_notifiable"):
            assert body.get(axis, "missing") is None, (  # noqa: S101 - likewise
                f"R3: {axis}: expected None while the indicator is off, got {body.get(axis)!r}"
            )


@schemathesis.check
def error_shape(_ctx: CheckContext, response: Response, _case: Case[Any]) -> None:
    """Every refusal says the same thing in its status line, its body and its headers."""
    if response.status_code < _REFUSED or response.request.method == "HEAD":
        return
    body = _body(response)
    assert isinstance(body, dict), f"a {response.status_code} without a JSON object"  # noqa: S101 - likewise
    missing = _ERROR - body.keys()
    assert not missing, f"a refusal without {', '.join(sorted(missing))}"  # noqa: S101 - likewise
    assert body["status"] == response.status_code, (  # noqa: S101 - likewise
        f"status: expected {response.status_code}, got {body['status']!r}"
    )
    assert str(body["more_info"]).endswith(f"/{body['code']}"), (  # noqa: S101 - likewise
        f"more_info: expected …/{body['code']}, got {body['more_info']!r}"
    )
    allowed = response.status_code != _METHOD_NOT_ALLOWED or response.headers.get("allow")
    assert allowed, "a 405 without Allow"  # noqa: S101 - likewise


@schemathesis.check
def paging_meta(_ctx: CheckContext, response: Response, _case: Case[Any]) -> None:
    """A page's meta is true of the page: its size, its key, its neighbours."""
    body = _body(response)
    if response.status_code != 200 or not isinstance(body, dict) or "meta" not in body:  # noqa: PLR2004 - the status itself
        return
    wrong = next(_wrong_in_meta(response, body), None)
    assert wrong is None, wrong  # noqa: S101 - likewise


@schemathesis.check
def sid_pattern(_ctx: CheckContext, response: Response, _case: Case[Any]) -> None:
    """Every SID in an answer has its prefix and 32 hex digits in lower case."""
    for where, prefix, value in _sids(_body(response), ""):
        assert re.fullmatch(f"{prefix}[0-9a-f]{{32}}", str(value)), (  # noqa: S101 - likewise
            f"{where}: expected {prefix} and 32 hex digits, got {value!r}"
        )


@schemathesis.check
def model(_ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """Each value shown is the one that the pure core predicts."""
    run = current_run()
    if run is None:
        return
    values = run.model.watch(seen_in(response))
    run.ledger.note_rules(case.operation.label, {value.rule for value in values})
    wrong = [str(value) for value in values if value.is_wrong]
    assert not wrong, "; ".join(wrong[:5])  # noqa: S101 - likewise


@schemathesis.check
def own_urls(_ctx: CheckContext, response: Response, _case: Case[Any]) -> None:
    """Every URL in an answer leads back to where the request was sent."""
    sent = urlsplit(str(response.request.url))
    root = f"{sent.scheme}://{sent.netloc}/"
    for where, url in urls_in(_body(response)):
        assert url.startswith(root), f"{where}: expected {root}…, got {url}"  # noqa: S101 - likewise


SHAPES = (null_in_list, error_shape, paging_meta, sid_pattern, own_urls)
"""The checks that look at one answer alone, so that they can judge any answer from anywhere."""


def seen_in(response: Response) -> Seen:
    """An exchange as the model reads it."""
    sent = response.request
    body = sent.body.decode("utf-8", "replace") if isinstance(sent.body, bytes) else sent.body
    form = parse_qs(body or "", keep_blank_values=True) if sent.method == "POST" else {}
    return Seen(
        str(sent.method),
        urlsplit(str(sent.url)).path,
        {name: values[0] for name, values in form.items()},
        response.status_code,
        _body(response),
    )


def _wrong_in_meta(response: Response, body: dict[str, Any]) -> Iterator[str]:
    meta = body["meta"]
    if set(meta) != _META:
        yield f"meta: expected the keys {', '.join(sorted(_META))}, got {', '.join(sorted(meta))}"
        return
    sent = urlsplit(str(response.request.url))
    asked = parse_qs(sent.query, keep_blank_values=True)
    segment = sent.path.rstrip("/").rpartition("/")[2].lower()
    key = _KEYS.get(segment, segment)
    if meta["key"] != key or not isinstance(body.get(key), list):
        yield f"meta.key: expected {key!r} with a list of that name, got {meta['key']!r}"
        return
    wanted = asked.get("PageSize", ["50"])[0]
    if not wanted.isdecimal():
        yield f"PageSize={wanted}: expected a refusal, got a page"
        return
    size = min(int(wanted), _LARGEST.get(key, _LARGEST_PAGE))
    if meta["page_size"] != size:
        yield f"meta.page_size: expected {size}, got {meta['page_size']}"
    if len(body[key]) > size:
        yield f"{key}: expected at most {size}, got {len(body[key])}"
    if "PageToken" not in asked and meta["previous_page_url"] is not None:
        yield "meta.previous_page_url: expected null on the first page"
    forward = asked.get("PageToken", ["PT"])[0].startswith("PT")  # backwards, users may have gone
    if forward and meta["next_page_url"] is not None and len(body[key]) < size:
        yield "meta.next_page_url: expected null after a page that is not full"
    for name in ("url", "first_page_url", "previous_page_url", "next_page_url"):
        if meta[name] is not None:
            yield from _wrong_in_url(name, str(meta[name]), sent, size)


def _wrong_in_url(name: str, url: str, sent: Any, size: int) -> Iterator[str]:
    found = urlsplit(url)
    if (found.scheme, found.netloc) != (sent.scheme, sent.netloc):
        yield f"meta.{name}: expected {sent.scheme}://{sent.netloc}, got {url}"
    query = parse_qs(found.query, keep_blank_values=True)
    if query.get("PageSize") != [str(size)]:
        yield f"meta.{name}: expected PageSize={size}, got {url}"
    if name == "next_page_url" and "PageToken" not in query:
        yield f"meta.{name}: expected a PageToken, got {url}"
    asked = parse_qs(sent.query, keep_blank_values=True)
    for kept in ("BindingType", "Identity"):
        if found.path.endswith("/Bindings") and query.get(kept) != asked.get(kept):
            yield f"meta.{name}: expected the filter {kept}={asked.get(kept)}, got {url}"


def _sids(value: Any, where: str) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _sids(item, f"{where}[{number}].")
    elif isinstance(value, dict):
        for key, item in value.items():
            prefix = _PREFIXES.get(key)
            if prefix and item is not None:
                yield where + key, prefix, item
            if isinstance(item, list):
                yield from _sids(item, where + key)


def urls_in(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every URL in a body, with where it stands."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from urls_in(item, f"{where}[{number}].")
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str) and key in _OWN_URLS:
                yield where + key, item
            elif key == "links" and isinstance(item, dict):
                yield from ((f"{where}links.{name}", str(url)) for name, url in item.items())
            elif isinstance(item, list | dict):
                yield from urls_in(item, f"{where}{key}.")


def _users(response: Response) -> list[dict[str, Any]]:
    body = _body(response)
    users = body.get("users") if isinstance(body, dict) and response.status_code == 200 else None  # noqa: PLR2004 - the status itself
    return [user for user in users if isinstance(user, dict)] if isinstance(users, list) else []


def _body(response: Response) -> Any:
    try:
        return json.loads(response.content) if response.content else None
    except ValueError:
        return None
