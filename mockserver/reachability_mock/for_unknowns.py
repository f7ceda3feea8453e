"""`@pytest.mark.reachability_unknowns`: is a test right, whatever Twilio turns out to do?

The first run notes which settings the fake consulted; the test is run again under every other
choice of those.  Delays and limits have no other choices and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cache

from reachability_mock.core.model import Policy
from reachability_mock.for_reruns import Kind, Variant
from reachability_mock.handle import ReachabilityMock
from reachability_mock.settings import REGISTER, Setting, Settings, Value

MARKER = "reachability_unknowns"
_FIELDS = frozenset(one.name for one in fields(Policy))


def kind() -> Kind:
    """What the marker does, for one test."""
    felt = _Felt()
    return Kind(MARKER, felt.noting, felt.variants, "right whatever Twilio does")


@dataclass
class _Felt:
    """What one run consulted: fields of the policy and ids of settings, and the values it had."""

    names: set[str] = field(default_factory=set)
    values: dict[str, Value] = field(default_factory=dict)

    @contextmanager
    def noting(self, mock: ReachabilityMock) -> Iterator[None]:
        """Note what `mock` consults from now on."""
        self.values = mock.settings.as_dict()
        mock.world.settings = _Noting(mock.world.settings, self.names)
        yield

    def variants(self) -> Iterator[Variant]:
        """Every other choice of every setting that was consulted."""
        for setting in REGISTER:
            if self.names & {setting.id, *_fields_of(setting)}:
                for choice in setting.choices:
                    if choice != self.values.get(setting.id):
                        yield Variant(f"{setting.id}={choice}", {setting.id: choice})


@cache
def _fields_of(setting: Setting) -> frozenset[str]:
    """Which fields of the policy follow from `setting`."""
    every = [Settings({setting.id: choice}).policy for choice in setting.choices]
    return frozenset(
        name for name in _FIELDS if len({getattr(policy, name) for policy in every}) > 1
    )


class _Noting(Settings):
    """Settings that note what is asked of them."""

    def __init__(self, settings: Settings, names: set[str]) -> None:
        """Go on where `settings` stopped, noting into `names`."""
        self._names = names
        super().__init__(settings.as_dict())
        self._initial = settings._initial  # noqa: SLF001 - what a reset goes back to stays

    def __getitem__(self, name: str) -> Value:
        """The value in force, noted."""
        self._names.add(name)
        return super().__getitem__(name)

    def _policy(self) -> Policy:
        return _NotingPolicy(super()._policy(), self._names)


class _NotingPolicy(Policy):
    """A policy that notes which of its fields are read."""

    __slots__ = ("_names",)

    def __init__(self, policy: Policy, names: set[str]) -> None:
        """As `policy`, noting into `names`."""
        for name in _FIELDS:
            object.__setattr__(self, name, getattr(policy, name))
        object.__setattr__(self, "_names", names)

    def __getattribute__(self, name: str) -> object:
        """A field, noted."""
        if name in _FIELDS:
            names: set[str] = object.__getattribute__(self, "_names")
            names.add(name)
        return object.__getattribute__(self, name)
