"""The REST requests that came in, for assertions that show the nearest misses.

    mock.requests.assert_made("POST", "/v1/Services/*/Users", form={"Identity": "alice"})

They are read from the journal, which is bounded: of a very long test only the end is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, overload
from urllib.parse import parse_qs

from reachability_mock.http.paths import canonical
from reachability_mock.journal import Entry, Journal

Values = Mapping[str, object]
_NEAREST = 3


class Seen(NamedTuple):
    """One REST request and the status it was answered with."""

    n: int
    at: datetime
    method: str
    path: str
    query: Mapping[str, list[str]]
    form: Mapping[str, list[str]]
    status: int | None

    def __str__(self) -> str:
        query = f" ?{_shown(self.query)}" if self.query else ""
        form = f" {_shown(self.form)}" if self.form else ""
        return f"{self.method} {self.path}{query}{form} -> {self.status or 'no answer yet'}"


class Wanted(NamedTuple):
    """A request that a test asks for; what is None may be anything."""

    method: str | None
    path: str | None
    form: Values | None = None
    query: Values | None = None
    status: int | None = None

    def __str__(self) -> str:
        parts = [self.method or "any method", self.path or "any path"]
        parts += [f"?{_shown(self.query)}"] if self.query else []
        parts += [_shown(self.form)] if self.form else []
        parts += [f"-> {self.status}"] if self.status else []
        return " ".join(parts)

    def differences(self, seen: Seen) -> list[str]:
        """In what `seen` is not what was asked for; empty if it is."""
        found = []
        if self.method is not None and self.method.upper() != seen.method:
            found.append(f"method: wanted {self.method.upper()}, was {seen.method}")
        if self.path is not None and not _is_at(seen.path, _pattern(self.path)):
            found.append(f"path: wanted {self.path}, was {seen.path}")
        found += _value_differences("form", self.form, seen.form)
        found += _value_differences("query", self.query, seen.query)
        if self.status is not None and self.status != seen.status:
            found.append(f"status: wanted {self.status}, was {seen.status}")
        return found


class Requests(Sequence[Seen]):
    """The REST requests so far, oldest first."""

    def __init__(self, journal: Journal) -> None:
        """Read them from `journal`."""
        self._journal = journal
        self._since = 0
        self._skipped: list[range] = []

    @overload
    def __getitem__(self, index: int) -> Seen: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Seen]: ...
    def __getitem__(self, index: int | slice) -> Seen | Sequence[Seen]:
        """The request at `index`; -1 is the latest."""
        return self._all()[index]

    def __len__(self) -> int:
        """How many there were."""
        return len(self._all())

    def __repr__(self) -> str:
        return "\n".join(str(seen) for seen in self) or "<no requests>"

    def clear(self) -> None:
        """Begin to count anew."""
        self._since = self._latest

    @contextmanager
    def not_counting(self) -> Iterator[None]:
        """Requests made within are not listed: a scenario's own are not the app's."""
        begun = self._latest
        try:
            yield
        finally:
            self._skipped.append(range(begun + 1, self._latest + 1))

    @property
    def _latest(self) -> int:
        return max((entry.n for entry in self._journal), default=self._since)

    def matching(
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        form: Values | None = None,
        query: Values | None = None,
        status: int | None = None,
    ) -> list[Seen]:
        """Those that are as described; in `path`, a ``*`` stands for one segment.

        `form` and `query` name the parameters that matter; ``...`` as a value means any.
        """
        wanted = Wanted(method, path, form, query, status)
        return [seen for seen in self if not wanted.differences(seen)]

    def assert_made(  # noqa: PLR0913 - a request has these five sides
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        form: Values | None = None,
        query: Values | None = None,
        status: int | None = None,
        times: int | None = None,
    ) -> Seen:
        """The latest request as described (see `matching`); `times` if given is how many there are.

        Raises:
            AssertionError: there is none, or not `times`; it shows the nearest ones.
        """
        __tracebackhide__ = True
        wanted = Wanted(method, path, form, query, status)
        found = [seen for seen in self if not wanted.differences(seen)]
        if not found or (times is not None and len(found) != times):
            raise AssertionError(self._complaint(wanted, found, times))
        return found[-1]

    def assert_none_made(
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        form: Values | None = None,
        query: Values | None = None,
        status: int | None = None,
    ) -> None:
        """No request is as described (see `matching`).

        Raises:
            AssertionError: some are; it shows them.
        """
        __tracebackhide__ = True
        wanted = Wanted(method, path, form, query, status)
        found = [seen for seen in self if not wanted.differences(seen)]
        if found:
            made = "\n".join(f"  {seen}" for seen in found)
            raise AssertionError(f"nobody should have made {wanted}, but there was:\n{made}")

    def _all(self) -> list[Seen]:
        entries = self._journal.since(self._since)
        status = {entry.cause: _status(entry) for entry in entries if entry.kind == "answer"}
        return [
            _seen(entry, status.get(entry.n))
            for entry in entries
            if entry.kind == "request"
            and canonical(_data(entry)["path"]).startswith("/v1")
            and not any(entry.n in skipped for skipped in self._skipped)
        ]

    def _complaint(self, wanted: Wanted, found: list[Seen], times: int | None) -> str:
        if times is not None and found:
            made = "\n".join(f"  {seen}" for seen in found)
            return f"wanted {wanted} {times} times, but it was made {len(found)} times:\n{made}"
        near = sorted(self, key=lambda seen: len(wanted.differences(seen)))[:_NEAREST]
        if not near:
            return f"nobody made {wanted}: there was no request at all"
        misses = "\n".join("\n    ".join((f"  {seen}", *wanted.differences(seen))) for seen in near)
        return f"nobody made {wanted}; of {len(self)} requests the nearest:\n{misses}"


def _data(entry: Entry) -> dict[str, Any]:
    return entry.data if isinstance(entry.data, dict) else {}


def _status(entry: Entry) -> int | None:
    return _data(entry).get("status")


def _seen(entry: Entry, status: int | None) -> Seen:
    data = _data(entry)
    query = parse_qs(data.get("query", ""), keep_blank_values=True)
    return Seen(
        entry.n, entry.at, data["method"], data["path"], query, data.get("form", {}), status
    )


def _is_at(path: str, pattern: re.Pattern[str]) -> bool:
    """Whether a raw path is the one meant, as it was sent or in the spelling that is routed."""
    return any(pattern.fullmatch(spelling) for spelling in (path, canonical(path)))


@lru_cache(maxsize=64)
def _pattern(path: str) -> re.Pattern[str]:
    """The path with its ``*`` as one segment each, one slash at the end as good as none."""
    return re.compile(re.escape(path.rstrip("/")).replace(r"\*", "[^/]+") + "/?")


def _value_differences(
    side: str, wanted: Values | None, were: Mapping[str, list[str]]
) -> list[str]:
    found = []
    for name, value in (wanted or {}).items():
        if name not in were:
            found.append(f"{side}: {name} was not sent")
        elif value is not ... and _sent(value) != [_folded(value, one) for one in were[name]]:
            found.append(f"{side}: {name}: wanted {_one(_sent(value))}, was {_one(were[name])}")
    return found


def _sent(value: object) -> list[str]:
    """`value` as a form carries it."""
    if isinstance(value, list | tuple):
        return [text for one in value for text in _sent(one)]
    return [str(value).lower() if isinstance(value, bool) else str(value)]


def _folded(wanted: object, text: str) -> str:
    """`text` in lower case where a truth value is wanted: True and true are the same."""
    return text.lower() if isinstance(wanted, bool) else text


def _one(values: Sequence[str]) -> str:
    return repr(values[0]) if len(values) == 1 else repr(list(values))


def _shown(values: Mapping[str, object]) -> str:
    return " ".join(
        f"{name}={'…' if value is ... else ','.join(_sent(value))}"
        for name, value in values.items()
    )
