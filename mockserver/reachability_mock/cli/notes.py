"""The files in which `serve` tells other programs where it is: there exactly while it runs."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import click

from reachability_mock.cli import Unusable

_OWNERS, _EVERYBODYS = 0o600, 0o666
"""Who may open a file, before the umask."""


_PORT = re.compile(r"[0-9]{1,5}\n?")
_ENVIRONMENT = re.compile(
    r"REACHABILITY_MOCK_URL=http.*\nTWILIO_ACCOUNT_SID=.*\nTWILIO_AUTH_TOKEN="
)
"""How a file of ours begins: by what nobody else writes in that order."""


class Notes:
    """Files that are written once there is something to say, and are gone in the end.

    A file that is there before is a server's from last time, or else it is refused: it goes first,
    so that whoever waits for it to appear is not sent to a dead port, and comes back if this
    server cannot start, since it may be that of one that runs.
    """

    def __init__(self, *paths: Path | None) -> None:
        """Have the files at those `paths`; None is one that nobody wants."""
        self._paths = [path for path in paths if path is not None]
        self._before: dict[Path, str] = {}
        self._written: dict[Path, str] = {}

    def __enter__(self) -> Self:
        """Remove what is there from last time.

        Raises:
            Unusable: what is there is none of ours; all is left alone.
            ClickException: it cannot be removed.
        """
        self._before = {path: _ours(path) for path in self._paths if path.exists()}
        for path in self._before:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise _cannot("remove", path, error) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what was written, unless another server has written its own since."""
        if kind is not None and not self._written:
            for path, text in self._before.items():
                with suppress(OSError), path.open("x", encoding="utf-8") as file:
                    file.write(text)
        for path, text in self._written.items():
            with suppress(OSError, ValueError):
                if path.read_text("utf-8") == text:
                    path.unlink()

    def write(self, path: Path, text: str, *, secret: bool = False) -> None:
        """Write a file whole or not at all; a `secret` one is for its owner alone.

        Raises:
            ClickException: it cannot be written.
        """
        beside = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            beside.touch(_OWNERS if secret else _EVERYBODYS)
            beside.write_text(text, "utf-8")
            beside.replace(path)
        except OSError as error:
            raise _cannot("write", path, error) from None
        self._written[path] = text


def _ours(path: Path) -> str:
    """What a file says, if a server may have written it."""
    try:
        text = path.read_text("utf-8") if path.is_file() else ""
    except (OSError, UnicodeDecodeError):
        text = ""
    if not (_PORT.fullmatch(text) or _ENVIRONMENT.match(text)):
        raise Unusable(f"{path} is there, and no server has written it: name another file")
    return text


def _cannot(do: str, path: Path, error: OSError) -> click.ClickException:
    return click.ClickException(f"cannot {do} {path}: {error.strerror}")
