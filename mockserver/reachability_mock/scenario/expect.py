"""The `expect` step: something must be seen, now or in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from yaml.nodes import Node

from reachability_mock.scenario import kinds
from reachability_mock.scenario.kinds import Json
from reachability_mock.scenario.reader import Pair, Reader, Spoilt, Wrong, quoted
from reachability_mock.scenario.stage import Stage
from reachability_mock.scenario.step import (
    Expectation,
    Mismatch,
    Step,
    expectations,
    report,
    summary_of,
)
from reachability_mock.scenario.target import Need


@dataclass(frozen=True, slots=True)
class Expect(Step, key="expect"):
    """Something must be seen: now or, with `within`, before that much time has passed."""

    what: Expectation
    within: float = 0.0

    @classmethod
    def read(cls, node: Node, reader: Reader) -> Self:
        """Read `within` and the one thing that is expected."""
        known = expectations()
        before = reader.complaints
        entries = reader.entries(node, ("within", *known))
        within = _read_within(entries.pop("within", None), reader)
        if reader.complaints > before:
            raise Spoilt(node)
        if len(entries) != 1:
            found = quoted(entries) or "nothing"
            raise Wrong(node, f"expect one thing of {', '.join(known)}; here is {found}")
        [(key, pair)] = entries.items()
        what = kinds.read_record(known[key], pair.value, reader)
        report(what, pair.value, reader)
        return cls(what, within)

    @classmethod
    def schema(cls) -> Json:
        """One of the expectations."""
        known = expectations()
        properties: Json = {
            key: {"description": summary_of(one), **kinds.record_schema(one)}
            for key, one in known.items()
        }
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {"within": kinds.DURATION.schema(), **properties},
            "oneOf": [{"required": [key]} for key in known],
        }

    @property
    def needs(self) -> frozenset[Need]:
        """What the expectation needs."""
        return self.what.needs

    @property
    def shows_presence_of(self) -> frozenset[str]:
        """Whom the expectation looks at."""
        return self.what.shows_presence_of

    @property
    def looks_for(self) -> frozenset[str]:
        """Who has to be there for it."""
        return self.what.looks_for

    def play(self, stage: Stage) -> None:
        """Look, and look again as long as there is time."""
        found = list(self.what.check(stage))
        if bool(found) != self.what.must_hold:
            for _ in stage.patience(self.within):
                found = list(self.what.check(stage))
                if bool(found) == self.what.must_hold:
                    break
        if found:
            raise Mismatch(*found, note=self.what.explain(stage))


def _read_within(pair: Pair | None, reader: Reader) -> float:
    return (reader.attempt(lambda: kinds.DURATION.read(pair.value, reader)) if pair else 0) or 0.0
