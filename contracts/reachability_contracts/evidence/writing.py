"""Writing cassettes: the difference first, then the files, and never one with a secret in it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

from reachability_contracts.checking import SafetyStop
from reachability_contracts.evidence.cassette import Cassette, to_text
from reachability_contracts.redact import Redactor


@dataclass(frozen=True, slots=True)
class Draft:
    """A cassette that is not on disk yet."""

    path: Path
    text: str
    before: str | None
    """What is there now."""

    @property
    def is_new(self) -> bool:
        """Whether there is none of this scenario so far."""
        return self.before is None

    @property
    def differs(self) -> bool:
        """Whether writing it would change anything."""
        return self.before != self.text

    def diff(self) -> Iterator[str]:
        """Unified, as a review shows it."""
        old = "/dev/null" if self.before is None else str(self.path)
        before = (self.before or "").splitlines()
        return unified_diff(before, self.text.splitlines(), old, str(self.path), lineterm="", n=3)


def drafted(cassettes: Sequence[Cassette], folder: Path, hide: Redactor) -> list[Draft]:
    """What would be written into `folder`.

    Raises:
        SafetyStop: something to hide is still in a text: nothing at all is to be written.
    """
    drafts = []
    for cassette in cassettes:
        text = to_text(cassette)
        if hide.finds(text) or any(map(hide.finds, _texts(json.loads(text)))):
            raise SafetyStop(f"{cassette.file_name} would hold a secret: nothing has been written")
        path = folder / cassette.file_name
        drafts.append(Draft(path, text, _before(path)))
    return drafts


def _before(path: Path) -> str | None:
    """What is there now; what cannot be read is there, too, and says nothing."""
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError):
        return ""


def _texts(value: Any) -> Iterator[str]:
    """Every text in JSON as the redaction saw it: without the escapes of the file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def write(drafts: Sequence[Draft]) -> None:
    """Put them in place, each whole or not at all."""
    for draft in drafts:
        draft.path.parent.mkdir(parents=True, exist_ok=True)
        beside = draft.path.with_name(f".{draft.path.name}.{os.getpid()}")
        try:
            beside.write_text(draft.text, encoding="utf-8")
            beside.replace(draft.path)
        finally:
            beside.unlink(missing_ok=True)
