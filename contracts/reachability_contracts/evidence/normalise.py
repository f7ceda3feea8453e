"""Normalising: what one exchange says that any other play of the same scenario says, too.

SIDs become references in order of their first appearance (``<IS:1>``), dates, tokens of pages and
hosts their kinds (``<date>``).  What is not the scenario's own is left out: a list of everything
that an account has shows only what this play made in it.  All text goes through the redaction.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from reachability_contracts.live.ledger import PREFIX
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Exchange
from reachability_mock.scenario.target import Credentials, Reply, Request

_SID = re.compile(r"(?<![0-9A-Za-z])([A-Z]{2})[0-9a-fA-F]{32}(?![0-9a-fA-F])")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_PAGE_TOKEN = re.compile(r"(?<=[?&]PageToken=)[^&]+")
_RUN = re.compile(
    rf"{PREFIX}-[0-9a-f]{{12}}-[0-9a-f]{{6}} ?(.*)|reachability-mock [\w .-]*", re.DOTALL
)
"""The name of a service that a run made for itself, and behind it the scenario's."""
_OF_THE_ACCOUNT = re.compile(r"/v1/Configuration(?:/.*)?")
"""Whose texts are not this run's."""
_MADE = 201
_OUR_SERVICE = "<a service of this run>"
SECRETS = frozenset({"secret", "api_key", "private_key", "certificate"})
"""Parameters and properties whose values are nobody's business."""


@dataclass(slots=True)
class Normaliser:
    """Normalises the exchanges of one play, in order."""

    base: str
    """Scheme, host and port of the service that answers."""
    hide: Redactor = field(default_factory=Redactor)
    who: str = ""
    _references: dict[str, str] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)
    _ours: set[str] = field(default_factory=set)

    def __call__(self, request: Request, reply: Reply) -> Exchange:
        """The exchange as evidence."""
        self._learn(reply)
        query = f"?{request.query}" if request.query else ""
        mark = "" if request.credentials is Credentials.RIGHT else f" ({request.credentials.value})"
        return Exchange(
            self.who,
            request.method,
            self.text(request.path + query) + mark,
            tuple((name, self._value(name, value)) for name, value in request.form),
            reply.status,
            self._body(request.path, reply.body),
        )

    def text(self, text: str) -> str:
        """One text, with references for SIDs, kinds for what varies, and nothing secret."""
        ours = _RUN.fullmatch(text)
        if ours:
            text = ours[1] or _OUR_SERVICE
        if self.base and text.startswith(f"{self.base}/"):
            text = "<host>" + text.removeprefix(self.base)
        text = _PAGE_TOKEN.sub("<token>", _DATE.sub("<date>", text))
        return self.hide(_SID.sub(lambda found: self._reference(found[0], found[1]), text))

    # --- what is ours ----------------------------------------------------------------------------

    def _learn(self, reply: Reply) -> None:
        """Remember what this play made: everything else in the account is somebody else's."""
        sid = reply.body.get("sid") if isinstance(reply.body, dict) else None
        if reply.status == _MADE and isinstance(sid, str):
            self._ours.add(sid)

    def _is_ours(self, item: object) -> bool:
        if not isinstance(item, dict):
            return True
        return bool({item.get("sid"), item.get("chat_service_sid")} & self._ours)

    def _body(self, path: str, body: object) -> object:
        inside = path.startswith("/v1/Services/") and path.count("/") > 3  # noqa: PLR2004 - a part
        if isinstance(body, dict) and isinstance(body.get("meta"), dict) and not inside:
            return self._account_list(body)
        plain = self._plain(body)
        return _reduced(plain) if _OF_THE_ACCOUNT.fullmatch(path) else plain

    def _account_list(self, body: dict[str, Any]) -> object:
        """A list of what the account has: only what is ours, and nothing that depends on more."""
        key = str(body["meta"].get("key"))
        mine = [one for one in body.get(key) or () if self._is_ours(one)]
        return {key: self._plain(mine), "meta": {"key": key, "…": "the rest is not this run's"}}

    # --- values ----------------------------------------------------------------------------------

    def _plain(self, value: object, name: str = "") -> object:
        if isinstance(value, dict):
            return {key: self._plain(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self._plain(one, name) for one in value]
        return self._value(name, value) if isinstance(value, str) else value

    def _value(self, name: str, text: str) -> str:
        if name.replace("_", "").lower() in _SECRET_NAMES:
            return "[secret]"
        return self.text(text)

    def _reference(self, sid: str, kind: str) -> str:
        if sid not in self._references:
            self._counts[kind] += 1
            self._references[sid] = f"<{kind}:{self._counts[kind]}>"
        return self._references[sid]


_SECRET_NAMES = frozenset(name.replace("_", "") for name in SECRETS)


def _reduced(value: object) -> object:
    """The same shape, with every text that says something replaced."""
    if isinstance(value, dict):
        return {key: _reduced(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_reduced(one) for one in value]
    if isinstance(value, str) and value and not value.startswith("<"):
        return "<text>"
    return value


def collapsed(exchanges: list[Exchange]) -> tuple[Exchange, ...]:
    """Without repetitions: of a question that was asked until the answer pleased, the last."""
    kept: list[Exchange] = []
    for one in exchanges:
        if kept and _asks(kept[-1]) == _asks(one) and one.method == "GET":
            kept.pop()
        kept.append(one)
    return tuple(kept)


def _asks(one: Exchange) -> tuple[object, ...]:
    return one.method, one.path, one.form
