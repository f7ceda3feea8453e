"""Evidence: a disagreement as a file shows it, made of what may be shown and nothing else.

What is kept is chosen, not what is left out: a property that nobody thought of stays away.  SIDs
become references (``<US:1>``), dates `<date>`, and whatever else a value may be, its kind.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import yaml

from reachability_contracts.observe.finding import Finding
from reachability_contracts.observe.knowledge import Earlier
from reachability_contracts.observe.reducing import HIDDEN, Sid
from reachability_contracts.redact import Redactor
from reachability_mock.core.rules import ALL_RULES
from reachability_mock.settings import BY_ID
from reachability_mock.version import __version__

_SID = re.compile(r"(IS|US|BS|RL|CR|CH)[0-9a-fA-F]{32}")
_WORDS = frozenset(
    ("", "v1", "Services", "Users", "Configuration", "Bindings", "Roles", "Credentials")
)
"""The parts of a path that name nobody."""
_NUMBERS = frozenset(("PageSize", "Page"))
_NUMBER = re.compile(r"[0-9]{1,5}")
"""Too short for a telephone's."""
_SAYS = {rule.id: rule.says for rule in ALL_RULES}
_HEAD = (
    "# Written by `reachability-mock contract observe`: the service and the rules disagree.\n"
    "# SIDs are references, and what may be personal was never written down.\n"
)


@dataclass(slots=True)
class References:
    """The names that SIDs have in one document: the same one for the same SID."""

    known: dict[str, str] = field(default_factory=dict)

    def __call__(self, sid: str) -> str:
        """The reference of a SID, as in ``<US:2>``; anything else is hidden."""
        if _SID.fullmatch(sid) is None:
            return HIDDEN
        kind = sid[:2]
        number = 1 + sum(name.startswith(f"<{kind}:") for name in self.known.values())
        return self.known.setdefault(sid, f"<{kind}:{number}>")

    def path(self, path: str) -> str:
        """A path with references; a name that is no SID is `<name>`."""
        return "/".join(self._part(part) for part in path.split("/"))

    def _part(self, part: str) -> str:
        if part in _WORDS:
            return part
        return self(part) if _SID.fullmatch(part) else "<name>"


def name_of(finding: Finding, day: date) -> str:
    """The name of its file: the day, what it is about, and the same letters for the same thing."""
    digest = hashlib.sha256(repr(finding.key).encode()).hexdigest()
    return f"{day.isoformat()}-{finding.about}-{digest[:10]}.yaml"


def text_of(finding: Finding, day: date, upstream: str, times: int = 1) -> str:
    """The whole file."""
    shown = _document(finding, day, upstream, times)
    body = yaml.safe_dump(shown, sort_keys=False, allow_unicode=True, width=100)
    return _HEAD + Redactor()(body)  # nothing is left for it to hide; should there be, it does


def _document(finding: Finding, day: date, upstream: str, times: int) -> dict[str, object]:
    names = References()
    request = f"{finding.asked.method} {names.path(finding.asked.path)}"
    query = "&".join(_query(finding.asked.query))
    return {
        **_about(finding.about),
        "predicted": list(finding.predicted),
        "because": finding.reason,
        "property": finding.where,
        "seen": finding.got,
        "standing": finding.standing.value,
        "times": times,
        "request": f"{request}?{query}" if query else request,
        "status": finding.status,
        "body": _referenced(finding.body, names),
        "before": [_earlier(one, finding.at, names) for one in finding.before],
        "date": day.isoformat(),
        "upstream": urlsplit(upstream).hostname,
        "version": f"reachability-mock {__version__}",
    }


def _about(about: str) -> dict[str, object]:
    if about in BY_ID:
        return {"unknown": about, "question": BY_ID[about].question}
    return {"rule": about, "says": _SAYS[about]}


def _query(query: Mapping[str, str]) -> Iterator[str]:
    for name, value in query.items():
        if name in _NUMBERS:
            yield f"{name}={value if _NUMBER.fullmatch(value) else HIDDEN}"
        else:
            yield "PageToken=<token>" if name == "PageToken" else HIDDEN


def _earlier(one: Earlier, at: float, names: References) -> dict[str, object]:
    told: dict[str, object] = {"seconds before": round(max(at - one.at, 0.0), 1), "what": one.what}
    if one.path:
        told["request"] = f"GET {names.path(one.path)}"
    return told | {"shown": dict(one.shown)}


def _referenced(kept: object, names: References) -> Any:
    if isinstance(kept, Sid):
        return names(kept.text)
    if isinstance(kept, dict):
        return {name: _referenced(value, names) for name, value in kept.items()}
    if isinstance(kept, list):
        return [_referenced(one, names) for one in kept]
    return kept
