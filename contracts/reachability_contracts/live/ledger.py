"""The ledger of a live run: what it is about to make, has made, and has deleted again.

Each line is on the disk before the next request goes out, so that a run that was killed at any
moment can be cleaned up: by SID, or by the name it was about to give a service.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

PREFIX = "reachability-contract"
"""How every service that a live run makes is called; no other is ever touched."""


class Ledger:
    """One run's file of JSON lines."""

    def __init__(self, path: Path) -> None:
        """Go on with the file at `path`, or begin it."""
        self.path = path
        self.run = f"{PREFIX}-{secrets.token_hex(6)}"
        self._open: dict[str, str] = {}
        self._ever: set[str] = set()
        self._names: set[str] = set()
        for line in _lines(path):
            self._take(line)

    @property
    def services(self) -> frozenset[str]:
        """SIDs of the services that are ours and not known to be gone."""
        return frozenset(self._open)

    def knows(self, sid: str) -> bool:
        """Whether a service is or was ours: SIDs are never used again."""
        return sid in self._ever

    @property
    def names(self) -> frozenset[str]:
        """Names that a service may have been created with although no answer came."""
        return frozenset(self._names)

    @property
    def is_settled(self) -> bool:
        """Whether nothing of ours can be left."""
        return not self._open and not self._names

    def new_name(self) -> str:
        """A name for the next service, which nobody else's has."""
        return f"{self.run}-{secrets.token_hex(3)}"

    def intend(self, name: str) -> None:
        """A service called `name` is about to be created."""
        self._write({"intend": name})

    def created(self, sid: str, name: str) -> None:
        """It has been, with this SID."""
        self._write({"created": sid, "name": name})

    def gone(self, sid: str) -> None:
        """A service of ours is deleted."""
        self._write({"gone": sid})

    def absent(self, name: str) -> None:
        """No service of that name exists, although one was intended."""
        self._write({"absent": name})

    def close(self) -> None:
        """Forget the file if there is nothing in it to finish."""
        if self.is_settled:
            self.path.unlink(missing_ok=True)

    def _write(self, line: dict[str, str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._take(line)

    def _take(self, line: dict[str, str]) -> None:
        match line:
            case {"intend": name}:
                self._names.add(name)
            case {"created": sid, "name": name}:
                self._names.discard(name)
                self._open[sid] = name
                self._ever.add(sid)
            case {"gone": sid}:
                self._open.pop(sid, None)
            case {"absent": name}:
                self._names.discard(name)
            case _:
                pass  # a line of a later version


def _lines(path: Path) -> Iterator[dict[str, str]]:
    """What is in the file; half a line, written when the power went, says nothing."""
    if not path.exists():
        return
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict):
            yield line
