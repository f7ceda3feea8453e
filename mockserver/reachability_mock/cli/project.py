"""The project in the working directory: what its pyproject.toml says about the fake."""

from __future__ import annotations

from pathlib import Path
from tomllib import TOMLDecodeError

from reachability_mock.cli import Unusable
from reachability_mock.options import BadOption, Options, of_project


def project_options() -> Options:
    """``[tool.reachability-mock]``; what is wrong with it is a line and exit code 2."""
    try:
        return of_project(Path.cwd())
    except (BadOption, OSError, TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"pyproject.toml: {error}") from None
