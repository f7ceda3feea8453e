"""The project in the working directory: what its pyproject.toml says about the fake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reachability_mock.cli import Unusable
from reachability_mock.options import (
    SERVER_OPTIONS,
    BadOption,
    Options,
    of_environment,
    of_project,
    place_of,
    several,
    table_of,
)

_BY_PLACE = ("settings", "scenarios", "allow_hosts")
"""What the command line says of any fake; who the default account is has a rule of its own."""


def project_options(
    environ: Mapping[str, str] | None = None, told: Mapping[str, Any] | None = None
) -> Options:
    """``[tool.reachability-mock]``, then the environment, then what the command line has `told`.

    What is wrong with one of them is a line and exit code 2.
    """
    with _one_line():
        found = of_environment(environ or {})
        there = {name: found[name] for name in _BY_PLACE if name in found}
        options = of_project(Path.cwd()).changed(there, "the environment")
        return options.changed(told or {}, "the command line")


def project_defaults(environ: Mapping[str, str]) -> dict[str, Any]:
    """What pyproject.toml says of a server's own options; `environ` may hold no unknown ones.

    An account without a token is the default one, and `project_options` has it.
    """
    with _one_line():
        of_environment(environ)
        table = table_of(Path.cwd())
    told = {name: value for name, value in table.items() if name in SERVER_OPTIONS}
    accounts = [one for one in several(table.get("account", ())) if ":" in one]
    return told | ({"account": accounts} if accounts else {})


def complaint(name: str, says: str) -> Unusable:
    """What is wrong with an option in pyproject.toml."""
    return Unusable(f"{place_of(Path.cwd())}: {name}: {says}")


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except BadOption as error:
        raise Unusable(str(error)) from None
