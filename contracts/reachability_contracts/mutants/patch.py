"""How a mutant is put on and taken off: patches from outside, and a guard against rot.

A function is replaced wherever a module of the fake holds it, since `from … import` copies names.
A mutant that finds nothing to patch raises: a renamed function must not turn it into the good fake.
One whose own code fails raises, too: everybody notices a 500, so its death would prove nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from types import ModuleType
from typing import Any

from reachability_mock.core.errors import Refused

Function = Callable[..., Any]
PRODUCT = "reachability_mock"


class PatchedNothing(LookupError):  # noqa: N818 - says what is the matter
    """A mutant changed nothing: what it wanted to patch is not there any more."""


class FellOver(RuntimeError):  # noqa: N818 - likewise
    """A mutant's own code failed, and so it broke more than it says."""


class Patch:
    """The changes of one mutant, undone when its block ends."""

    def __init__(self, stack: ExitStack) -> None:
        """Register every undo with `stack`."""
        self._stack = stack
        self.count = 0
        self.faults: list[Exception] = []
        """What went wrong in substitutes, but for refusals: those are answers."""

    def around(self, original: Function, substitute: Function) -> None:
        """Let `substitute(original, *args)` answer wherever the fake calls `original`.

        Raises:
            PatchedNothing: no module of the fake holds `original`.
        """
        mutated = self._watched(original, substitute)
        holders = [
            (module, name)
            for module in _product_modules()
            for name, value in list(vars(module).items())
            if value is original
        ]
        if not holders:
            raise PatchedNothing(f"nobody holds {original!r}")
        for module, name in holders:
            self._set(module, name, mutated)

    def method(self, owner: type, name: str, substitute: Function) -> None:
        """Let `substitute(original, self, *args)` answer for a method of `owner`.

        Raises:
            PatchedNothing: `owner` has no such method.
        """
        original = owner.__dict__.get(name)
        if original is None:
            raise PatchedNothing(f"{owner.__name__} has no {name}")
        if isinstance(original, property):
            self._set(owner, name, property(self._watched(original.fget, substitute)))
            return
        self._set(owner, name, self._watched(original, substitute))

    def constant(self, holder: ModuleType, name: str, value: object) -> None:
        """Give a module's constant another value.

        Raises:
            PatchedNothing: there is no such constant, or it has that value already.
        """
        if vars(holder).get(name, value) == value:
            raise PatchedNothing(f"{holder.__name__}.{name} is missing, or {value!r} already")
        self._set(holder, name, value)

    def _watched(self, original: Any, substitute: Function) -> Function:
        @wraps(original)
        def mutated(*args: Any, **kwargs: Any) -> Any:
            try:
                return substitute(original, *args, **kwargs)
            except Refused:
                raise
            except Exception as fault:
                self.faults.append(fault)
                raise

        return mutated

    def _set(self, holder: Any, name: str, value: object) -> None:
        self._stack.callback(setattr, holder, name, vars(holder)[name])
        setattr(holder, name, value)
        self.count += 1


@dataclass(frozen=True, slots=True)
class Mutant:
    """One thing wrong: its name, the rule or edge it breaks, and what is wrong in a sentence."""

    id: str
    breaks: str
    """A rule's id (``R9``) or ``edge:`` and a word."""
    says: str
    put_on: Callable[[Patch], None]
    equivalent_because: str | None = None
    """Why nobody can tell it from the good fake, if that is so."""

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The fake with this one thing wrong, while the block lasts.

        Raises:
            PatchedNothing: the mutant has rotted.
            FellOver: so it has, as the block has shown.
        """
        with ExitStack() as stack:
            patch = Patch(stack)
            self.put_on(patch)
            if not patch.count:
                raise PatchedNothing(f"mutant {self.id} patched nothing")
            try:
                yield
            except Exception as error:
                if error not in patch.faults:
                    raise
            if patch.faults:
                fault = patch.faults[0]
                raise FellOver(f"mutant {self.id} fell over: {fault!r}") from fault


class Shelf(list[Mutant]):
    """The mutants of one module, filled by its decorator."""

    def mutant(
        self, breaks: str, *, equivalent_because: str | None = None
    ) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
        """Register the decorated function: its name is the mutant's, its docstring the sentence."""

        def registered(put_on: Callable[[Patch], None]) -> Callable[[Patch], None]:
            says = " ".join((put_on.__doc__ or "").split())
            self.append(Mutant(put_on.__name__, breaks, says, put_on, equivalent_because))
            return put_on

        return registered


def _product_modules() -> list[ModuleType]:
    return [
        module
        for name, module in list(sys.modules.items())
        if name == PRODUCT or name.startswith(f"{PRODUCT}.")
    ]
