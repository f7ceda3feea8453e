"""What core and wire may import besides each other: nothing that does I/O, tells time or guesses.

`pyproject.toml` forbids much by name; this names what is allowed, to the submodule.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import reachability_mock

ROOT = Path(reachability_mock.__file__).parent
ALLOWED = {
    *("__future__", "base64", "binascii", "collections.abc", "dataclasses", "datetime", "enum"),
    *("functools", "hashlib", "ipaddress", "itertools", "json", "re", "typing", "urllib.parse"),
    "http.HTTPStatus",
    *("jwt.algorithms", "jwt.api_jws", "jwt.exceptions"),
}
OURS = {
    "core": ("reachability_mock.core",),
    "wire": ("reachability_mock.core", "reachability_mock.wire"),
}
MODULES = [*(ROOT / "core").glob("*.py"), *(ROOT / "wire").glob("*.py")]


def imported(file: Path) -> Iterator[str]:
    """Yield the modules that a file imports; of `http`, the names."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "http":
            yield from (f"http.{one.name}" for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_it_imports_only_what_is_pure(file: Path) -> None:
    ours = OURS[file.parent.name]
    others = {name for name in imported(file) if not name.startswith(ours)}
    assert others <= ALLOWED


def test_nothing_is_allowed_that_nobody_needs() -> None:
    assert {name for file in MODULES for name in imported(file)} >= ALLOWED
