"""Patching other libraries' functions now, or as soon as somebody imports them.

Nothing is imported only to be patched: a suite that never touches a library does not pay for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NamedTuple


class Patch(NamedTuple):
    """Replace attribute `name` of `owner` by what `wrap` makes of the original."""

    owner: Any
    name: str
    wrap: Callable[[Any], Any]


class _Applied(NamedTuple):
    patch: Patch
    original: object
    replacement: object

    def undo(self) -> None:
        """Put the original back, unless somebody has patched over ours: theirs stays."""
        owner, name = self.patch.owner, self.patch.name
        if vars(owner).get(name) is self.replacement:
            setattr(owner, name, self.original)


class Patches(MetaPathFinder):
    """The patches of several libraries; each library's are the `PATCHES` of a module of ours."""

    def __init__(self, place: str, modules: Mapping[str, str]) -> None:
        """`modules` maps a library's module to ours, whose full name `place` formats."""
        self._place = place
        self._modules = modules
        self._applied: list[_Applied] = []
        self._waiting: set[str] = set()

    def apply(self, imported: Container[str]) -> None:
        """Patch what is imported already, and wait for the rest."""
        self._waiting = {module for module in self._modules if module not in imported}
        if self._waiting:
            sys.meta_path.insert(0, self)
        for module in self._modules:
            if module not in self._waiting:
                self._patch(module)

    def undo(self) -> None:
        """Put everything back, last patch first, and wait for nothing any more."""
        while self._applied:
            self._applied.pop().undo()
        self._waiting.clear()
        if self in (sys.meta_path or ()):  # the interpreter may be on its way out
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Let the other finders find a module that is waited for; patch once it has been run."""
        if fullname not in self._waiting:
            return None
        self._waiting.discard(fullname)
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                self._patch_after(spec.loader, fullname)
                return spec
        return None

    def _patch_after(self, loader: Loader, module: str) -> None:
        run = loader.exec_module

        def run_and_patch(loaded: ModuleType) -> None:
            run(loaded)
            if self in sys.meta_path:
                self._patch(module)

        loader.exec_module = run_and_patch  # type: ignore[assignment,method-assign] # this one loader, not its class: specs and sources stay what they are

    def _patch(self, module: str) -> None:
        patches: tuple[Patch, ...] = import_module(
            self._place.format(self._modules[module])
        ).PATCHES
        for patch in patches:
            original = vars(patch.owner)[patch.name]
            replacement = patch.wrap(original)
            setattr(patch.owner, patch.name, replacement)
            self._applied.append(_Applied(patch, original, replacement))
