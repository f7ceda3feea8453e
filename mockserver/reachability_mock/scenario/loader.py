"""Loading: from a file to a `Scenario`, or to complaints about everything that is wrong with it.

Nothing is half-loaded: either every line is understood, or nothing of the file is played.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from yaml.nodes import Node

from reachability_mock.durations import seconds_of
from reachability_mock.register import BadSetting, known
from reachability_mock.scenario.complaint import Complaint, Unloadable
from reachability_mock.scenario.document import LARGEST, compose, data
from reachability_mock.scenario.given import Given, read_given
from reachability_mock.scenario.kinds import RULES, TEXT
from reachability_mock.scenario.model import At, Planned, Scenario
from reachability_mock.scenario.reader import Pair, Reader, Wrong, items_of, quoted, text_of
from reachability_mock.scenario.stage import flow
from reachability_mock.scenario.step import Step, report
from reachability_mock.scenario.vocabulary import known_steps
from reachability_mock.wire.redaction import told

T = TypeVar("T")
TOP = ("name", "start", "settings", "given", "timeline")
_TITLE = 160
_OF_AN_ITEM = ("at", "rules", "note")


def load(path: Path | str) -> Scenario:
    """The scenario in a file.

    Raises:
        Unloadable: it cannot be read, or something in it is wrong.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        complaint = Complaint(str(path), 1, 1, f"cannot be read: {error.strerror}")
        raise Unloadable([complaint]) from None
    return loads(content, str(path))


def loads(text: str | bytes, file: str = "scenario") -> Scenario:
    """The scenario in a text; `file` is what complaints call it.

    Raises:
        Unloadable: something in it is wrong.
    """
    node = compose(text, file)
    reader = Reader(file)
    entries = reader.entries(node, TOP)
    name = _attempt(entries.get("name"), reader, lambda one: TEXT.read(one, reader))
    if "name" not in entries:
        reader.complain(node, '"name" is missing')
    start = _attempt(entries.get("start"), reader, _start)
    settings = _attempt(entries.get("settings"), reader, lambda one: _settings(one, reader))
    given = _attempt(entries.get("given"), reader, lambda one: read_given(one, reader))
    timeline = _attempt(entries.get("timeline"), reader, lambda one: _timeline(one, reader))
    reader.finish()
    return Scenario(
        name or "",
        file,
        _about(text),
        start,
        settings or {},
        given or Given(),
        entries["given"].key.start_mark.line + 1 if "given" in entries else 1,
        timeline or (),
    )


def _attempt(pair: Pair | None, reader: Reader, read: Callable[[Node], T]) -> T | None:
    return reader.attempt(lambda: read(pair.value)) if pair else None


def _about(text: str | bytes) -> str:
    """The first sentence of the comment at the top, leaving out what is meant for editors."""
    content = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    lines = []
    for line in content.splitlines():
        if not line.startswith("#"):
            break
        if "yaml-language-server" not in line:
            lines.append(line.lstrip("# ").rstrip())
    return re.split(r"(?<=\.)\s", " ".join(filter(None, lines)), maxsplit=1)[0]


def _start(node: Node) -> datetime:
    text = text_of(node)
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        raise Wrong(node, f'"{text}" is not a date such as 2026-01-05T09:00:00Z') from None
    if start.tzinfo is None:
        raise Wrong(node, f'"{text}" does not say which zone it is in: end it with Z')
    return start


def _settings(node: Node, reader: Reader) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for name, pair in reader.entries(node).items():
        try:
            setting = known(name)
        except BadSetting as error:
            reader.complain(pair.key, str(error))
            continue
        try:
            found[name] = setting.checked(data(pair.value))
        except BadSetting as error:
            reader.complain(pair.value, str(error))
    return found


# --- the timeline --------------------------------------------------------------------------------


def _timeline(node: Node, reader: Reader) -> tuple[Planned, ...]:
    planned, clock = [], _Cursor()
    for index, item in enumerate(items_of(node), 1):
        reader.step = index
        one = reader.attempt(lambda n=index, i=item: _planned(n, i, reader, clock))  # type: ignore[misc] # default arguments bind this round's values
        if one:
            planned.append(one)
    reader.step = None
    return tuple(planned)


@dataclass(slots=True)
class _Cursor:
    """How far the timeline is, at least."""

    seconds: float = 0.0


def _planned(index: int, node: Node, reader: Reader, cursor: _Cursor) -> Planned | None:
    known = known_steps()
    before = reader.complaints
    entries = reader.entries(node, (*known, *_OF_AN_ITEM))
    at = _attempt(entries.pop("at", None), reader, lambda one: _at(one, cursor)) or At()
    rules = _attempt(entries.pop("rules", None), reader, lambda one: RULES.read(one, reader))
    note = _attempt(entries.pop("note", None), reader, lambda one: TEXT.read(one, reader))
    if len(entries) != 1:
        if reader.complaints == before:
            raise Wrong(node, _one_step(entries))
        return None
    [(key, pair)] = entries.items()
    step = _step(known[key], pair, reader)
    cursor.seconds += step.takes
    mark = pair.key.start_mark
    title = f"{key} {flow(told(data(pair.value)))}"
    short = title if len(title) <= _TITLE else title[: _TITLE - 1] + "…"
    named = tuple(str(rule) for rule in rules or ())
    return Planned(index, mark.line + 1, mark.column + 1, short, step, at, named, note)


def _one_step(found: Mapping[str, Pair]) -> str:
    if found:
        return f"one step at a time: here are {quoted(found)}"
    return f"no step here; there is {', '.join(sorted(known_steps()))}"


def _step(type_: type[Step], pair: Pair, reader: Reader) -> Step:
    step = type_.read(pair.value, reader)
    report(step, pair.value, reader)
    step.declares(reader.names)
    return step


def _at(node: Node, cursor: _Cursor) -> At:
    """Read when a step happens; time does not run backwards."""
    value = data(node)
    relative = isinstance(value, str) and value.startswith("+")
    try:
        seconds = seconds_of(value[1:] if isinstance(value, str) and relative else value)
    except ValueError:
        said = 'is not a time: "90s" after the start, or "+90s" after the step before'
        raise Wrong(node, f"{flow(value)} {said}") from None
    if relative:
        cursor.seconds += seconds
    elif seconds < cursor.seconds:
        said = f"the step before is at {cursor.seconds:g}s: time does not run backwards"
        raise Wrong(node, f"{flow(value)}, but {said}")
    else:
        cursor.seconds = seconds
    return At(seconds, relative)
