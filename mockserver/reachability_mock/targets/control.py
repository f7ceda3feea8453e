"""The control plane of a fake over HTTP (``/_mock``), where there is one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from reachability_mock.scenario.target import Notice, NoticeKind, Person, Reply, TargetFailed
from reachability_mock.targets.accounts import Accounts

Json = dict[str, Any]
Send = Callable[[str, str, Mapping[str, str], bytes], Reply]
"""Send a method to a path with headers and a body."""
NO_CONTROL = "there is no control plane here (/_mock), and REST cannot do this"
_KINDS = {
    "UserUpdated": NoticeKind.UPDATED,
    "ConnectionOpened": NoticeKind.OPENED,
    "ConnectionClosed": NoticeKind.CLOSED,
}
_OK, _CREATED, _NO_CONTENT, _NOT_FOUND = 200, 201, 204, 404


class ControlPlane:
    """What a scenario asks of it, and of which account."""

    def __init__(self, send: Send, accounts: Accounts, *, there: bool | None) -> None:
        """Ask by `send`; whether it is `there` is asked, once, if nobody knows (None)."""
        self._send = send
        self._accounts = accounts
        self._there = there

    @property
    def is_there(self) -> bool:
        """Whether anybody answers."""
        if self._there is None:
            reply = self._send("GET", "/_mock/health", {}, b"")
            healthy = reply.body.get("status") if isinstance(reply.body, dict) else None
            self._there = reply.status == _OK and healthy == "ok"
        return self._there

    def ask(self, method: str, path: str, body: Json | None = None, *, gone: bool = False) -> Json:
        """The answer to a request for ``/_mock/`` and `path`; with `gone`, a 404 is fine.

        Raises:
            TargetFailed: it refused, or there is none.
        """
        if not self.is_there:
            raise TargetFailed(NO_CONTROL)
        data = json.dumps(body).encode() if body is not None else b""
        headers = {"Content-Type": "application/json"}
        reply = self._send(method, f"/_mock/{path}", headers, data)
        fine = (_OK, _CREATED, _NO_CONTENT, *((_NOT_FOUND,) if gone else ()))
        if reply.status not in fine:
            raise TargetFailed(f"{method} /_mock/{path} was answered {reply.status}: {reply.body}")
        return reply.body if isinstance(reply.body, dict) else {}

    def ask_of(
        self,
        person: Person,
        method: str,
        part: str,
        body: Json | None = None,
        *,
        gone: bool = False,
    ) -> Json:
        """The same about one user, in the account that it belongs to."""
        user = f"services/{person.service_sid}/users/{quoted(person.identity)}"
        return self.ask(method, self.scoped(f"{user}/{part}", person), body, gone=gone)

    def scoped(self, path: str, person: Person) -> str:
        """The path with the account of `person`."""
        mark = "&" if "?" in path else "?"
        return f"{path}{mark}account={self._accounts.of(person.account)[0]}"

    def events(self, since: int) -> list[Json]:
        """The journal's events after number `since`."""
        entries: list[Json] = self.ask("GET", f"journal?since={since}&kind=event")["entries"]
        return entries


def notice(entry: Json) -> Notice | None:
    """What a client SDK would notice of an event; None if nothing."""
    data = entry.get("data") or {}
    kind = _KINDS.get(data.get("type", ""))
    if kind is None:
        return None
    told = tuple(data.get("reasons") or ())
    user = data.get("user") or {}
    service_sid = str(entry.get("service"))
    device = str(data.get("device") or "")
    return Notice(int(entry["n"]), kind, service_sid, str(user.get("identity")), told, device)


def quoted(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="")
