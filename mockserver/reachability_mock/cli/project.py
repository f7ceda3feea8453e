"""The project in the working directory: what its pyproject.toml says about the fake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Any

from reachability_mock.cli import Unusable
from reachability_mock.options import (
    SERVER_OPTIONS,
    BadOption,
    Options,
    of_environment,
    of_project,
    several,
    table_of,
)


def project_options() -> Options:
    """``[tool.reachability-mock]``; what is wrong with it is a line and exit code 2."""
    with _one_line():
        return of_project(Path.cwd())


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


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except BadOption as error:
        raise Unusable(str(error)) from None
    except (OSError, TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"pyproject.toml: {error}") from None
