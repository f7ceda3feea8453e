"""A second, private copy of the fake's core: the oracle, which no mutant can reach.

The mutants patch the modules that everybody imports.  An oracle that imported those would be wrong
in the same way and see nothing, so it has its own.
"""

from __future__ import annotations

import importlib
import sys
from functools import cache
from types import ModuleType

PRODUCT = "reachability_mock"


@cache
def pristine(name: str) -> ModuleType:
    """The module `name` of the private copy, for example ``core.reachability``."""
    return _copies()[f"{PRODUCT}.{name}"]


@cache
def _copies() -> dict[str, ModuleType]:
    """Import the core and the store once more, with nobody else's modules in sight."""
    shared = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_product(name)}
    try:
        for name in ("core.apply", "core.reachability", "store"):
            importlib.import_module(f"{PRODUCT}.{name}")
        return {name: sys.modules.pop(name) for name in list(sys.modules) if _is_product(name)}
    finally:
        sys.modules.update(shared)


def _is_product(name: str) -> bool:
    return name == PRODUCT or name.startswith(f"{PRODUCT}.")
