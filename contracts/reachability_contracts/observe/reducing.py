"""What may be kept of a body, whoever keeps it: chosen property by property, pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

HIDDEN = "<hidden>"
_LARGEST = 99_999
"""Of a number: a telephone's is longer."""
_SIDS = frozenset(("sid", "chat_service_sid"))
_SHOWN = frozenset(("is_online", "is_notifiable", "reachability_enabled"))
_DATES = frozenset(("date_created", "date_updated"))
_PERSONAL = frozenset(("identity", "friendly_name", "attributes", "account_sid", "role_sid"))
_PAGE = frozenset(("page", "page_size"))
_PROBLEM = frozenset(("code", "status"))


@dataclass(frozen=True, slots=True)
class Sid:
    """A SID on its way to a document, where it will be a reference."""

    text: str


def plain(value: object) -> bool | str | None:
    """A value that must be true, false or null: itself, or a word for what it was instead."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false", "null"}:
        return value.lower()
    return f"<{'text' if isinstance(value, str) else type(value).__name__}>"


def reduced(body: object, about: object = None) -> dict[str, object]:
    """What may be kept of a body; of a list of users only the one that it is `about`."""
    if not isinstance(body, dict):
        return {}
    kept = dict(_kept(body))
    users = body.get("users")
    if isinstance(users, list):
        chosen = [one for one in users if one is about]
        kept["users"] = [reduced(one) for one in chosen]
        kept["other users"] = len(users) - len(chosen)
    if isinstance(body.get("meta"), dict):
        kept["meta"] = {k: v for k, v in body["meta"].items() if k in _PAGE and _is_small(v)}
    return kept


def _kept(body: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name, value in body.items():
        if name in _SIDS:
            yield name, Sid(str(value))
        elif name in _SHOWN:
            yield name, plain(value)
        elif name in _DATES:
            yield name, None if value is None else "<date>"
        elif name in _PERSONAL:
            yield name, HIDDEN
        elif name in _PROBLEM and _is_small(value):
            yield name, value


def _is_small(value: object) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST
