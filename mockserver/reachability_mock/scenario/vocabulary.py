"""Every step there is: whoever asks here has all of them registered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from reachability_mock.scenario import events, expect, expectations, rest, step, steps, troubles

T = TypeVar("T", bound=type)
MODULES = (steps, troubles, rest, expect, expectations, events)
"""Where they are: a new one is a class in one of these, and nothing else."""


def known_steps() -> Mapping[str, type[step.Step]]:
    """All steps by their key, as a reader should meet them."""
    return _in_order(step.steps())


def known_expectations() -> Mapping[str, type[step.Expectation]]:
    """All kinds of expectations by their key."""
    return _in_order(step.expectations())


def _in_order(found: Mapping[str, T]) -> dict[str, T]:
    """By module, whichever was imported first; somebody else's come last."""
    places = {module.__name__: n for n, module in enumerate(MODULES)}
    return dict(sorted(found.items(), key=lambda one: places.get(one[1].__module__, len(places))))
