"""What the typings of an npm package say, read by TypeScript's own compiler in Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reachability_contracts.drift.shapes import Shape, Unreadable

_SCRIPT = Path(__file__).with_name("typings.mjs")
_COMPILER = "typescript"
_SECONDS = 120


class Skipped(Exception):  # noqa: N818 - says what is the matter
    """What would be compared is not on this machine; that is neither agreement nor drift."""


@dataclass(frozen=True)
class Package:
    """An installed npm package."""

    folder: Path
    version: str
    about: Mapping[str, Any]


def nearest() -> list[Path]:
    """Where Node itself looks from the current directory, the nearest first."""
    here = Path.cwd()
    return [folder / "node_modules" for folder in (here, *here.parents)]


def package(name: str, folders: Sequence[Path]) -> Package:
    """The package `name` in the first of `folders` that has it.

    Raises:
        Skipped: none has.
        Unreadable: it is there, and broken.
    """
    for folder in folders:
        manifest = folder / name / "package.json"
        if manifest.is_file():
            return _described(manifest)
    more = f", nor in {len(folders) - 1} more" if len(folders) > 1 else ""
    raise Skipped(f"{name} is not in {folders[0]}{more}")


def _described(manifest: Path) -> Package:
    try:
        about = json.loads(manifest.read_text(encoding="utf-8"))
        return Package(manifest.parent, str(about["version"]), about)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"{manifest}: {error!r}") from error


def asked(folders: Sequence[Path], file: Path, **question: Iterable[str]) -> dict[str, Any]:
    """The script's answer about `file`; what can be asked stands in the script.

    Raises:
        Skipped: there is no Node or no compiler to ask.
        Unreadable: the typings are not there, or not as they should be.
    """
    node = shutil.which("node")
    if node is None:
        raise Skipped("node is not on PATH")
    compiler = _compiler(folders)
    whole = {key: sorted(values) for key, values in question.items()}
    places = {"typescript": str(compiler.resolve()), "file": str(file.resolve())}
    return _answered(node, {**places, **whole}, file)


def _compiler(folders: Sequence[Path]) -> Path:
    try:
        return package(_COMPILER, folders).folder
    except Skipped as error:
        raise Skipped(f"{error}: npm install --save-dev typescript@6") from error


def _answered(node: str, question: Mapping[str, Any], file: Path) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603 - Node, with a script of ours
            [node, str(_SCRIPT)],
            input=json.dumps(question),
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode:
            raise Unreadable(f"{file}: {_complaint(done.stderr)}")
        answer: dict[str, Any] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise Unreadable(f"{file}: {error}") from error
    return answer


def _complaint(stderr: str) -> str:
    """The line that says what is the matter, out of Node's own words if need be."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if "Error:" in line]
    return (errors or lines or ["node said nothing"])[0].strip()


def shape(said: Mapping[str, Any]) -> Shape:
    """A shape as the script tells it."""
    types, values = said["types"], said.get("enum")
    return Shape(
        types=None if types is None else frozenset(types),
        nullable=said["nullable"],
        enum=None if values is None else frozenset(values),
        required=said.get("required", False),
        properties=shapes(said.get("properties", {})),
    )


def shapes(said: Mapping[str, Any]) -> dict[str, Shape]:
    """Shapes by name."""
    return {name: shape(one) for name, one in said.items()}
