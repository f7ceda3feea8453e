"""What a server says while it runs: a coloured line per request on a terminal, hints everywhere."""

from __future__ import annotations

from functools import partial
from threading import Lock

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style

from reachability_mock.front import Answered

_SYSTEMS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
    "windows": ColorSystem.STANDARD,
}
_COLOURS = {2: Style(color="green"), 3: Style(color="cyan"), 4: Style(color="yellow")}
_BROKEN = Style(color="red", bold=True)
_DIM = Style(dim=True)


class AccessLog:
    """Lines about requests on one console; without a terminal only the hints are said.

    Whoever starts `serve` with a pipe and never reads it would find it standing still, the pipe
    being full, after a thousand lines; and `run` shares its output with the command's.

    A line is put together by hand: a layout engine would take longer than the request.
    """

    def __init__(self, console: Console) -> None:
        """Write to `console`."""
        self._console = console
        self._is_terminal = console.is_terminal  # asked once: it is a call into the system
        self._hints: list[str] = []
        self._lock = Lock()
        system = _SYSTEMS.get(console.color_system or "")
        self._painted = partial(_painted, system=system)

    def answered(self, one: Answered) -> None:
        """Say a line about an answer, and what was hinted at on the way to it."""
        lines = []
        if self._is_terminal:
            status = self._painted(str(one.status), _COLOURS.get(one.status // 100, _BROKEN))
            spent = self._painted(f"{one.seconds * 1000:6.1f} ms", _DIM)
            lines = [f"{status} {one.method:<7}{spent}  {printable(one.path)}"]
        with self._lock:
            hints, self._hints = self._hints, []
        self._write([*lines, *(self._painted(f"    {hint}", _DIM) for hint in hints)])

    def hint(self, text: str) -> None:
        """Keep a sentence for the person who will see the error, until its line is there."""
        with self._lock:
            self._hints.append(printable(text))

    def say(self, text: str) -> None:
        """Say a sentence that belongs to no request, at once."""
        self._write([self._painted(f"    {printable(text)}", _DIM)])

    def _write(self, lines: list[str]) -> None:
        if lines:
            self._console.file.write("\n".join(lines) + "\n")
            self._console.file.flush()


def printable(text: str) -> str:
    """`text` without anything that a terminal would obey."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def _painted(text: str, style: Style, *, system: ColorSystem | None) -> str:
    return style.render(text, color_system=system)
