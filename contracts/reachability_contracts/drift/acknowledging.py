"""The differences we know of, each with its reason, in a file that must not outlive them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from reachability_contracts.drift.comparing import KINDS, Difference
from reachability_contracts.drift.shapes import Unreadable

_KEYS, _THEIRS = {"kind", "where", "reason"}, "theirs"
_WANTED = "has kind, where and reason, each a text, and theirs if that is not to change"
SHIPPED = Path(__file__).with_name("acknowledged.yaml")


@dataclass(frozen=True)
class Acknowledgement:
    """Differences of one kind in places like `where` are as they should be, and why."""

    kind: str
    where: str
    reason: str
    theirs: str | None = None
    """What the other side says there, which is not to change unseen; None is whatever it says."""

    def covers(self, difference: Difference) -> bool:
        """Is `difference` one of them?"""
        return (
            self.kind == difference.kind
            and self.theirs in {None, difference.theirs}
            and fnmatchcase(difference.where, self.where)
        )


@dataclass
class Judged:
    """What is new, what was known, and what was known but is no more."""

    drifted: list[Difference] = field(default_factory=list)
    known: list[Difference] = field(default_factory=list)
    unused: list[Acknowledgement] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Is there nothing to look at?"""
        return not self.drifted and not self.unused


def judged(found: Iterable[Difference], known: list[Acknowledgement]) -> Judged:
    """`found`, in the light of what is `known`."""
    result, used = Judged(), set[Acknowledgement]()
    for difference in sorted(found, key=lambda one: (one.where, one.kind)):
        covering = [one for one in known if one.covers(difference)]
        used.update(covering)
        (result.known if covering else result.drifted).append(difference)
    result.unused = [one for one in known if one not in used]
    return result


def acknowledged(file: Path, section: str) -> list[Acknowledgement]:
    """What `file` acknowledges under `section`.

    Raises:
        Unreadable: it is not there, or an entry lacks its kind, place or reason.
    """
    try:
        loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise Unreadable(f"{file}: {error}") from error
    entries = loaded.get(section, []) if isinstance(loaded, dict) else None
    if not isinstance(entries, list):
        raise Unreadable(f"{file}: {section!r} should be a list")
    return [_entry(one, f"{file}: {section}[{number}]") for number, one in enumerate(entries)]


def _entry(entry: Any, place: str) -> Acknowledgement:
    if not isinstance(entry, dict) or not _KEYS <= entry.keys() <= {*_KEYS, _THEIRS}:
        raise Unreadable(f"{place}: {_WANTED}")
    if type(entry.get(_THEIRS)) is int:  # a limit reads best as the number that it is
        entry = {**entry, _THEIRS: str(entry[_THEIRS])}
    if not all(map(_is_text, entry.values())):
        raise Unreadable(f"{place}: {_WANTED}")
    if entry["kind"] not in KINDS:
        raise Unreadable(f"{place}: no kind {entry['kind']!r}; there are {', '.join(KINDS)}")
    return Acknowledgement(**entry)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
