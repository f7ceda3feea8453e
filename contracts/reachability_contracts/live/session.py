"""The guarded session: the only door through which a live run talks.

It looks at requests as they are about to leave, after every normalisation, and lets through reads
and writes inside this run's own services; anything else stops the run.  It counts against a budget,
waits and tries again where that is safe, and never sends credentials to another host.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from threading import Event
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from reachability_contracts.checking import SafetyStop
from reachability_contracts.live.ledger import PREFIX, Ledger
from reachability_mock.core import sids

_WRITE = re.compile(
    r"/v1/Services/(?P<service>IS[0-9a-f]{32})"
    r"(?:/(?:Configuration(?:/(?:Notifications|Webhooks))?|Users(?:/(?P<user>[^/?#]+))?"
    r"|Roles(?:/RL[0-9a-f]{32})?|Bindings/BS[0-9a-f]{32}))?"
)
_SID = re.compile(r"IS[0-9a-fA-F]{32}")
_OVERRIDES = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
_FORM = "application/x-www-form-urlencoded"
_CREATE = "/v1/Services"
_RETRIED = frozenset({429, 500, 502, 503, 504})
_SAFE_TO_REPEAT = frozenset({"GET", "DELETE"})
_UNPROCESSED = frozenset({429, 503})
"""Answers that say that nothing was done, so that even a POST may be sent again."""
_NOTHING_MADE = frozenset({400, 401, 403, 404, 405, 409, 413, 429})
"""Answers to a create that leave nothing behind."""
ATTEMPTS = 4
TIMEOUT = 30.0
CLEANUP_RESERVE = 80
"""Requests that only the cleanup may use."""
_CREATED, _NO_CONTENT, _NOT_FOUND = 201, 204, 404
Pause = Callable[[float], object]
Prepared = requests.PreparedRequest


class Guarded(requests.Session):
    """A session that cannot harm what is not this run's."""

    def __init__(
        self,
        base: str,
        ledger: Ledger,
        budget: int,
        *,
        pause: Pause | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        """Talk to `base` only, at most `budget` times."""
        super().__init__()
        self.trust_env = False
        self.sent = 0
        self.stopped: str | None = None
        """Why the guard stopped the run, also where the exception got lost on its way."""
        self.cleaning = False
        self.interrupted = False
        """Whether somebody wants the run to end: nothing but the cleanup may leave then."""
        self._base = base.rstrip("/")
        self._ledger = ledger
        self._budget = budget
        self._pause = pause or Event().wait
        self._timeout = timeout
        self.mount("https://", _Counting(self))
        self.mount("http://", _Counting(self))

    def request(self, method: str | bytes, url: str | bytes, **options: Any) -> requests.Response:  # type: ignore[override] # requests lists twenty parameters; all but these are passed on
        """Send it, again where that is safe; never follow a redirect."""
        options |= {"allow_redirects": False, "timeout": self._timeout}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = super().request(method, url, **options)
            except requests.ConnectionError:
                if str(method).upper() not in _SAFE_TO_REPEAT or attempt == ATTEMPTS:
                    raise
                self._pause(_backoff(attempt, {}))
                continue
            if not _again(str(method).upper(), answer.status_code) or attempt == ATTEMPTS:
                return answer
            self._pause(_backoff(attempt, answer.headers))
        raise AssertionError("unreachable")  # pragma: no cover - the loop returns or raises

    def judge(self, prepared: requests.PreparedRequest) -> None:
        """Stop the run unless this may leave.

        Raises:
            SafetyStop: it may not.
        """
        try:
            self._judge(prepared)
        except SafetyStop as stop:
            self.stopped = str(stop)
            raise
        self.sent += 1

    def _judge(self, prepared: requests.PreparedRequest) -> None:
        url, method = str(prepared.url), str(prepared.method)
        if not url.startswith(f"{self._base}/v1/"):
            raise SafetyStop(f"refused {method} {urlsplit(url).path}: not under {self._base}/v1/")
        if self.interrupted and not self.cleaning:
            raise SafetyStop("the run was interrupted")
        limit = self._budget + (CLEANUP_RESERVE if self.cleaning else 0)
        if self.sent >= limit:
            raise SafetyStop(f"the budget of {self._budget} requests is spent")
        if any(name.lower() in _OVERRIDES for name in prepared.headers):
            raise SafetyStop(f"refused {method}: a header would make another method of it")
        if method != "GET":
            self._judge_write(method, urlsplit(url), prepared)

    def _judge_write(self, method: str, url: SplitResult, prepared: Prepared) -> None:
        if url.path == _CREATE and method == "POST":
            if not _may_create(url, prepared):
                raise SafetyStop("refused to create a service under a name that is not this run's")
            return
        match = _WRITE.fullmatch(url.path)
        known = match is not None and self._ledger.knows(match["service"])
        if match is None or not known or not self._is_one_segment(match["user"] or "-"):
            raise SafetyStop(f"refused {method} {url.path}: not inside a service of this run")

    def _is_one_segment(self, segment: str) -> bool:
        """Whether nobody, however often he decodes it, can read a way out of the service in it."""
        while (plain := unquote(segment)) != segment:
            segment = plain
        others = [sid for sid in _SID.findall(segment) if not self._ledger.knows(sid)]
        return segment.partition(";")[0] not in {"", ".", ".."} and not (
            others or ("/.." in segment or "\\" in segment or "../" in segment)
        )

    def note(self, prepared: requests.PreparedRequest, answer: requests.Response) -> None:
        """Keep the ledger: what came into being, and what is gone."""
        path = urlsplit(str(prepared.url)).path
        if path == _CREATE and prepared.method == "POST":
            name = _name_in(prepared)
            sid = str(body_of(answer).get("sid"))
            if answer.status_code == _CREATED:
                if sids.is_sid("IS", sid):  # if not, the intention stays open, to be looked for
                    self._ledger.created(sid, name)
            elif answer.status_code in _NOTHING_MADE and name:
                self._ledger.absent(name)
        elif prepared.method == "DELETE":
            sid = path.rpartition("/")[2]
            if answer.status_code in {_NO_CONTENT, _NOT_FOUND} and sid in self._ledger.services:
                self._ledger.gone(sid)

    def intend(self, prepared: requests.PreparedRequest) -> None:
        """Write down that a service is about to be made, before it is."""
        name = _name_in(prepared)
        if urlsplit(str(prepared.url)).path == _CREATE and prepared.method == "POST" and name:
            self._ledger.intend(name)


class _Counting(HTTPAdapter):
    """The last thing before the wire: judges, notes the intention, sends, notes the outcome."""

    def __init__(self, session: Guarded) -> None:
        super().__init__()
        self._session = session

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        self._session.judge(request)
        self._session.intend(request)
        answer = super().send(request, *args, **options)
        self._session.note(request, answer)
        return answer


def _again(method: str, status: int) -> bool:
    return status in (_RETRIED if method in _SAFE_TO_REPEAT else _UNPROCESSED)


def _backoff(attempt: int, headers: Mapping[str, str]) -> float:
    """Seconds to wait: what the server asks for, or twice as long each time, with some jitter."""
    asked = headers.get("Retry-After", "")
    if asked.isdecimal():
        return min(float(asked), 60.0)
    return float(2 ** (attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret


def body_of(answer: requests.Response) -> dict[str, Any]:
    """The answer's JSON object; anything else is an empty one."""
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _may_create(url: SplitResult, prepared: Prepared) -> bool:
    """Whether a service would get a name of this run's, or none: then none is made."""
    names = _names_in(prepared)
    kind = str(prepared.headers.get("Content-Type", _FORM)).partition(";")[0].strip().lower()
    ours = all(one.startswith(PREFIX) for one in names if one)
    return ours and len(names) <= 1 and kind == _FORM and not url.query


def _name_in(prepared: Prepared) -> str:
    return next(iter(_names_in(prepared)), "")


def _names_in(prepared: Prepared) -> list[str]:
    body = prepared.body or b""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    return parse_qs(text, keep_blank_values=True).get("FriendlyName", [])
