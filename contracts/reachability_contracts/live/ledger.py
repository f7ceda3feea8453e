"""The ledger of a live run: what it is about to make, has made, and has deleted again.

Each line is on the disk before the next request goes out, so that a run that was killed at any
moment can be cleaned up: by SID, or by the name it was about to give a service.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from reachability_mock.core import sids

PREFIX = "reachability-contract"
"""How every service that a live run makes is called; no other is ever touched."""


class BadLedger(ValueError):  # noqa: N818 - what the file is
    """A ledger that cannot be gone on with: it is no ledger, or another account's."""


def owner_of(base: str, account_sid: str) -> str:
    """Whose a ledger is: where the run was, and the account, which nobody can read out of it."""
    digest = hashlib.sha256(f"{base} {account_sid}".encode()).hexdigest()
    return f"…{account_sid[-4:]} at {urlsplit(base).hostname} ({digest[:16]})"


class Ledger:
    """One run's file of JSON lines."""

    def __init__(self, path: Path, owner: str = "") -> None:
        """Go on with the file at `path`, which is that of `owner`, or begin it.

        Raises:
            BadLedger: it cannot be read, or belongs to somebody else.
        """
        self.path = path
        self._owner = owner
        self._written_by = ""
        self.run = f"{PREFIX}-{secrets.token_hex(6)}"
        self._open: dict[str, str] = {}
        self._ever: set[str] = set()
        self._names: set[str] = set()
        for line in _lines(path):
            self._take(line)
        if not self.is_settled and self._written_by != owner:
            whose = (
                f"is that of {self._written_by}" if self._written_by else "does not say whose it is"
            )
            raise BadLedger(f"{path} {whose}; these credentials are for {owner}")

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
        lines = [line] if self._written_by == self._owner else [{"owner": self._owner}, line]
        with self.path.open("a", encoding="utf-8") as file:
            file.write("".join(f"{json.dumps(one)}\n" for one in lines))
            file.flush()
            os.fsync(file.fileno())
        for one in lines:
            self._take(one)

    def _take(self, line: Mapping[str, object]) -> None:
        match line:
            case {"owner": str(owner)}:
                self._written_by = owner
            case {"intend": str(name)} if name.startswith(PREFIX):
                self._names.add(name)
            case {"created": str(sid), "name": str(name)} if sids.is_sid(
                "IS", sid
            ) and name.startswith(PREFIX):
                self._names.discard(name)
                self._open[sid] = name
                self._ever.add(sid)
            case {"gone": str(sid)}:
                self._open.pop(sid, None)
            case {"absent": str(name)}:
                self._names.discard(name)
            case _:
                pass  # a line of a later version, or one that names what no run of ours makes


def _lines(path: Path) -> Iterator[dict[str, object]]:
    """What is in the file; half a line, written when the power went, says nothing."""
    if not path.exists():
        return
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadLedger(f"{path} is no ledger: {error}") from None
    for text in texts:
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(line, dict):
            yield line
