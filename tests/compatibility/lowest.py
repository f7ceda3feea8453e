"""What pyproject.toml promises at least, as pins."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from tests.tools import ROOT

HERE = Path(__file__).parent
_REQUIREMENT = re.compile(r"([A-Za-z0-9_.-]+)(?:\[[a-z,]+\])?>=([0-9.]+)")


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return found


def lowest(*extras: str) -> dict[str, str]:
    """The lower bound of every direct dependency, with those of some extras."""
    lines = [*project()["dependencies"]]
    for extra in extras:
        lines += project()["optional-dependencies"][extra]
    matches = (_REQUIREMENT.match(line) for line in lines)
    return {match[1].lower(): match[2] for match in matches if match}


def lowest_pytest() -> str:
    return lowest("dev")["pytest"]


def locked() -> dict[str, str]:
    """What constraints.txt pins."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = (line.split("==") for line in lines if "==" in line)
    return {name.lower(): version for name, version in pins}


def node_versions(folder: str) -> dict[str, str]:
    """The packages of a folder of Node tests, with their versions."""
    package = json.loads((ROOT / folder / "package.json").read_text())
    return {name: text.rpartition("@")[2] for name, text in package["dependencies"].items()}
