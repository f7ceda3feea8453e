"""The line about a request."""

from __future__ import annotations

import io
import re

from rich.console import Console

from reachability_mock.cli.accesslog import AccessLog, printable
from reachability_mock.front import Answered

ONE = Answered("GET", "/v1/Users/a%2Fb", 200, 0.0012)


def written(*, terminal: bool, status: int = 200, hint: str | None = None) -> str:
    file = io.StringIO()
    console = Console(
        file=file, force_terminal=terminal, color_system="standard" if terminal else None
    )
    log = AccessLog(console)
    if hint:
        log.hint(hint)
    log.answered(Answered(ONE.method, ONE.path, status, ONE.seconds))
    return file.getvalue()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_a_terminal_gets_a_coloured_line() -> None:
    said = written(terminal=True)
    assert plain(said) == "200 GET       1.2 ms  /v1/Users/a%2Fb\n"
    assert "\x1b[32m200" in said


def test_the_colour_is_the_statuss() -> None:
    colours = {status: written(terminal=True, status=status)[:8] for status in (200, 301, 404, 500)}
    assert len(set(colours.values())) == 4


def test_without_a_terminal_only_hints_are_said() -> None:
    assert written(terminal=False) == ""
    assert written(terminal=False, hint="no service IS… here") == "    no service IS… here\n"


def test_a_hint_stands_under_its_request() -> None:
    first, second = plain(written(terminal=True, status=404, hint="look here")).splitlines()
    assert first.startswith("404")
    assert second == "    look here"


def test_nothing_that_a_terminal_would_obey_gets_through() -> None:
    assert printable("a\x1b[31mb\rc\u202ed") == "a\\x1b[31mb\\rc\\u202ed"
    assert "\x1b[31m" not in written(terminal=False, hint="\x1b[31mred")
