"""Cassettes: one scenario as a service once answered it, in a file that can be read and reviewed.

A cassette says where it comes from.  Only one that was recorded at Twilio's own host is evidence of
the live service; its digest covers that claim together with everything else in the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from reachability_contracts.evidence.recording import Recorded
from reachability_contracts.results import Exchange, Settled
from reachability_mock.address import is_twilio
from reachability_mock.scenario.model import Scenario

VERSION = 1
LIVE, STAND_IN, FAKE = "live", "stand-in", "fake"
ORIGINS = (LIVE, STAND_IN, FAKE)
UNKNOWNS = "unknowns"
"""The name of the cassette that has no steps, but says what a run settled."""
OLD_DAYS = 90
_MOST_BYTES = 8 * 1024 * 1024


class BadCassette(ValueError):  # noqa: N818 - what the file is
    """The file is no cassette, or not as it was recorded: exit code 2."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where a cassette comes from."""

    origin: str
    """`live` for Twilio's own host, `fake` for a reachability-mock, `stand-in` for all else."""
    recorded: date
    host: str
    client: str
    """What sent the requests, with its version."""
    sdk: str | None = None
    """Which SDK brought people online, with its version; None if nobody came online."""

    @property
    def who(self) -> str:
        """As reports call it: ``live 2026-11-20``."""
        return f"{self.origin} {self.recorded:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Taped:
    """A step as it was recorded."""

    index: int
    title: str
    verdict: str
    reason: str | None
    differences: tuple[str, ...]
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Cassette:
    """A scenario as a service answered it."""

    header: Header
    scenario: str
    scenario_hash: str
    lacked: dict[str, str]
    """What could not be done there, with the reason: presence, events …"""
    steps: tuple[Taped, ...] = ()
    settled: tuple[Settled, ...] = ()
    """Only in the cassette of the unknowns."""

    @property
    def file_name(self) -> str:
        """How its file is called."""
        return f"{self.scenario}.json"

    @property
    def is_live(self) -> bool:
        """Whether it is evidence of the live service."""
        return self.header.origin == LIVE

    def age(self, today: date) -> int:
        """Days since it was recorded."""
        return (today - self.header.recorded).days


def hash_of(scenario: Scenario) -> str:
    """What a scenario's file says, in a word: line ends do not count."""
    text = Path(scenario.file).read_bytes().replace(b"\r\n", b"\n")
    return "sha256:" + hashlib.sha256(text).hexdigest()


def taped(step: Recorded, clean: Callable[[str], str]) -> Taped:
    """A step as it goes into a cassette; `clean` normalises what was said of it."""
    result = step.result
    said = tuple(f"{one.where}: expected {json.dumps(one.expected)}" for one in result.differences)
    return Taped(
        result.index,
        clean(result.title),
        result.verdict.value,
        clean(result.reason) if result.reason else None,
        tuple(map(clean, said)),
        step.exchanges,
    )


# --- files ---------------------------------------------------------------------------------------


def to_text(cassette: Cassette) -> str:
    """The file's text."""
    body = _as_json(cassette)
    body["digest"] = _digest(body)
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def _as_json(cassette: Cassette) -> dict[str, Any]:
    header = cassette.header
    body: dict[str, Any] = {
        "cassette": VERSION,
        "origin": header.origin,
        "recorded": f"{header.recorded:%Y-%m-%d}",
        "host": header.host,
        "client": header.client,
        "sdk": header.sdk,
        "scenario": cassette.scenario,
        "scenario_hash": cassette.scenario_hash,
        "lacked": cassette.lacked,
        "steps": [_step_as_json(step) for step in cassette.steps],
    }
    if cassette.settled:
        body["settled"] = [_settled_as_json(one) for one in cassette.settled]
    return body


def _step_as_json(step: Taped) -> dict[str, Any]:
    return {
        "index": step.index,
        "title": step.title,
        "verdict": step.verdict,
        "reason": step.reason,
        "differences": list(step.differences),
        "exchanges": [
            {
                "method": one.method,
                "path": one.path,
                "form": [list(pair) for pair in one.form],
                "status": one.status,
                "body": one.body,
            }
            for one in step.exchanges
        ],
    }


def _settled_as_json(one: Settled) -> dict[str, Any]:
    return {"id": one.id, "default": one.default, "seen": one.seen, "is_settled": one.is_settled}


def _digest(body: dict[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def from_text(text: str, name: str) -> Cassette:
    """The cassette in a file's text; `name` is how complaints call the file.

    Raises:
        BadCassette: it is none, of another version, or has been changed since it was recorded.
    """
    try:
        body = json.loads(text)
        digest = body.pop("digest")
        version = body["cassette"]
        found = _from_json(body) if version == VERSION else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadCassette(f"{name}: is no cassette ({type(error).__name__}: {error})") from None
    if found is None:
        raise BadCassette(f"{name}: is of version {version!r}; this knows {VERSION}")
    if digest != _digest(body):
        raise BadCassette(f"{name}: was changed after it was recorded (its digest differs)")
    _believable(found, name)
    return found


def _believable(cassette: Cassette, name: str) -> None:
    host = cassette.header.host.lower()
    if cassette.is_live and not is_twilio(host):
        raise BadCassette(f"{name}: says that it is live, but was recorded at {host}")


def _from_json(body: dict[str, Any]) -> Cassette:
    origin = str(body["origin"])
    if origin not in ORIGINS:
        raise ValueError(f"origin {origin!r} is none of {', '.join(ORIGINS)}")
    header = Header(
        origin,
        date.fromisoformat(body["recorded"]),
        str(body["host"]),
        str(body["client"]),
        body["sdk"],
    )
    return Cassette(
        header,
        str(body["scenario"]),
        str(body["scenario_hash"]),
        dict(body["lacked"]),
        tuple(_step_of(step, header.who) for step in body["steps"]),
        tuple(
            Settled(**one, by=header.who if one["is_settled"] else "")
            for one in body.get("settled", ())
        ),
    )


def _step_of(step: dict[str, Any], who: str) -> Taped:
    return Taped(
        int(step["index"]),
        str(step["title"]),
        str(step["verdict"]),
        step["reason"],
        tuple(step["differences"]),
        tuple(
            Exchange(
                who,
                one["method"],
                one["path"],
                tuple((name, value) for name, value in one["form"]),
                int(one["status"]),
                one["body"],
            )
            for one in step["exchanges"]
        ),
    )


def read(path: Path) -> Cassette:
    """The cassette in a file.

    Raises:
        BadCassette: it is none, or cannot be read.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadCassette(f"{path}: is larger than {_MOST_BYTES} bytes")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadCassette(f"{path}: cannot be read ({type(error).__name__})") from None
    found = from_text(text, str(path))
    if found.file_name != path.name:
        raise BadCassette(f"{path}: is the cassette of {found.scenario}")
    return found


def read_all(folders: list[Path]) -> list[Cassette]:
    """Every cassette in some folders, a later folder's in place of an earlier one's.

    Raises:
        BadCassette: a file there is none.
    """
    files = {file.name: file for folder in folders for file in sorted(folder.glob("*.json"))}
    return [read(file) for file in files.values()]
