"""What a step is: fields, what it needs of a target, and what it does on the stage.

A subclass with a `key` is registered by being defined; the loader, the schema and the documents
find it there.

    @dataclass(frozen=True, slots=True)
    class Wave(Step, key="wave"):
        \"\"\"A user waves.\"\"\"

        user: str = field(USER)

        def play(self, stage: Stage) -> None:
            ...
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Self, TypeVar

from yaml.nodes import Node

from reachability_mock.scenario.kinds import Json, read_record, record_schema
from reachability_mock.scenario.reader import Names, Reader, Spoilt
from reachability_mock.scenario.stage import Stage
from reachability_mock.scenario.target import Need

T = TypeVar("T")


EVERYBODY: frozenset[str] = frozenset({"*"})
"""The users of a step that looks at no particular ones."""
NOBODY: frozenset[str] = frozenset()


class Problem(NamedTuple):
    """A field of a step that does not go with what came before it, and why."""

    field: str
    message: str


class Difference(NamedTuple):
    """Where what was seen is not what was expected."""

    where: str
    expected: object
    got: object

    def as_json(self) -> dict[str, object]:
        """As JSON has it; what cannot be said there is said as text."""
        return {"where": self.where, "expected": plain(self.expected), "got": plain(self.got)}


def plain(value: object) -> object:
    """`value`, or its text if it is something of ours."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


class Mismatch(Exception):  # noqa: N818 - a verdict, not an error
    """An expectation that was not met."""

    def __init__(self, *differences: Difference, note: str | None = None) -> None:
        """Keep the differences, and a sentence that may explain them."""
        super().__init__("; ".join(one.where for one in differences))
        self.differences = differences
        self.note = note


class _Playable:
    """What steps and expectations share."""

    key: ClassVar[str]

    __slots__ = ()

    @property
    def needs(self) -> frozenset[Need]:
        """What a target must be capable of, besides REST."""
        return frozenset()

    @property
    def changes_presence_of(self) -> frozenset[str]:
        """Names of the users whose presence this changes."""
        return NOBODY

    @property
    def shows_presence_of(self) -> frozenset[str]:
        """Names of the users whose presence decides how this turns out, or EVERYBODY."""
        return NOBODY

    @property
    def looks_for(self) -> frozenset[str]:
        """Names of the users who have to be there at all."""
        return NOBODY

    def problems(self, names: Names) -> Iterable[Problem]:  # noqa: ARG002 - most steps have none
        """What is wrong with it after everything that `names` remembers."""
        return ()

    def declares(self, names: Names) -> None:
        """Tell the steps that follow what this one names."""


class Step(_Playable):
    """One thing that happens in a timeline."""

    __slots__ = ()

    def __init_subclass__(cls, *, key: str | None = None, **more: Any) -> None:
        """Register under `key`, which must be free."""
        super().__init_subclass__(**more)
        _register(_STEPS, cls, key)

    @classmethod
    def read(cls, node: Node, reader: Reader) -> Self:
        """Read it from what stands behind its key.

        Raises:
            Wrong: it will not do.
        """
        return read_record(cls, node, reader)

    @classmethod
    def schema(cls) -> Json:
        """Describe what may stand behind its key."""
        return record_schema(cls)

    def play(self, stage: Stage) -> None:
        """Do it.

        Raises:
            Mismatch: something else than expected was seen.
            TargetFailed: the target could not do it.
        """
        raise NotImplementedError

    @property
    def takes(self) -> float:
        """How many seconds of the timeline it lasts."""
        return 0.0


class Expectation(_Playable):
    """One kind of thing that an ``expect`` step may look at."""

    must_hold: ClassVar[bool] = False
    """Whether `within` asks that it be so all the time, instead of at some time."""

    __slots__ = ()

    def __init_subclass__(cls, *, key: str | None = None, **more: Any) -> None:
        """Register under `key`, which must be free."""
        super().__init_subclass__(**more)
        _register(_EXPECTATIONS, cls, key)

    def check(self, stage: Stage) -> Iterator[Difference]:
        """Look, and say what differs."""
        raise NotImplementedError

    def explain(self, stage: Stage) -> str | None:
        """A sentence that may explain a difference."""


_STEPS: dict[str, type[Step]] = {}
_EXPECTATIONS: dict[str, type[Expectation]] = {}


def _register(registry: dict[str, type[T]], cls: type[T], key: str | None) -> None:
    """File `cls` under its key; a dataclass with slots is made twice, the second one counts.

    Raises:
        TypeError: the key is another class's.
    """
    if key is None:
        key = getattr(cls, "key", None)
        if key is None:
            return
    known = registry.get(key)
    if known and (known.__module__, known.__name__) != (cls.__module__, cls.__name__):
        raise TypeError(f"{cls.__name__}: the key {key!r} is {known.__name__}'s already")
    cls.key = key  # type: ignore[attr-defined] # both families declare it as a class variable
    registry[key] = cls


def steps() -> Mapping[str, type[Step]]:
    """The steps that are registered, by their key; `vocabulary` has them all."""
    return MappingProxyType(_STEPS)


def expectations() -> Mapping[str, type[Expectation]]:
    """The kinds of expectations that are registered, by their key."""
    return MappingProxyType(dict(sorted(_EXPECTATIONS.items())))


def report(what: Step | Expectation, node: Node, reader: Reader) -> None:
    """Complain, in the right place, about what does not go with what came before.

    Raises:
        Spoilt: there was something.
    """
    problems = list(what.problems(reader.names))
    places = reader.entries(node) if problems else {}
    for problem in problems:
        pair = places.get(problem.field)
        reader.complain(pair.value if pair else node, problem.message)
    if problems:
        raise Spoilt(node)


def summary_of(type_: type[object]) -> str:
    """The first paragraph of a class's docstring."""
    return " ".join((type_.__doc__ or "").partition("\n\n")[0].split())
