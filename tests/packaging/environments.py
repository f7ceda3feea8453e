"""Fresh virtual environments, and the Pythons of this machine to make them of."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.tools import ROOT

DECLARED = ("3.11", "3.12", "3.13", "3.14")
"""The Pythons that `pyproject.toml` declares; a test holds the two lists together."""

_INHERITED = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTEST_ADDOPTS")
_ONE_RUN_SECONDS = 300


def run(command: Sequence[str], folder: Path) -> str:
    """Run `command` in `folder`, knowing nothing of this run; return its output or fail with it."""
    environ = {
        name: value
        for name, value in os.environ.items()
        if name not in _INHERITED and not name.startswith(("COVERAGE_", "PYTEST_", "COV_"))
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_ONE_RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}"
    return done.stdout


@dataclass(frozen=True)
class Environment:
    """A virtual environment that pip outside it fills."""

    folder: Path

    @classmethod
    def create(cls, folder: Path, python: str) -> Self:
        """Make one of the interpreter `python`, with nothing in it, not even pip."""
        run([python, "-m", "venv", "--without-pip", str(folder)], folder.parent)
        return cls(folder)

    def command(self, name: str) -> str:
        """Return the path of the environment's command `name`."""
        return str(self.folder / ("Scripts" if os.name == "nt" else "bin") / name)

    def install(self, *arguments: str) -> None:
        """Install with pip, at the versions this project is locked to."""
        pip = [sys.executable, "-m", "pip", "--python", self.command("python")]
        quiet = ["--quiet", "--disable-pip-version-check"]
        lock = ["--constraint", str(ROOT / "constraints.txt")]
        run([*pip, "install", *quiet, *lock, *arguments], self.folder)


def interpreters() -> list[str]:
    """Return this machine's Pythons among the declared: the one that runs, then any other."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    others = (_find(version) for version in DECLARED if version != own)
    return [sys.executable, *(path for path in others if path)]


def _find(version: str) -> str | None:
    """Return a Python of that version that runs; pyenv's may be installed but not switched on."""
    name = f"python{version}"
    path = shutil.which(name)
    if path is None or _answers(path):
        return path
    pyenv = shutil.which("pyenv")
    if pyenv is None:
        return None
    installed = _output(pyenv, "whence", name).split()
    return str(Path(_output(pyenv, "prefix", installed[-1])) / "bin" / name) if installed else None


def _answers(python: str) -> bool:
    return _output(python, "-c", "print('here')") == "here"


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()
