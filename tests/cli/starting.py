"""Starting our own command in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reachability_mock.clock import true_monotonic

COMMAND = (sys.executable, "-m", "reachability_mock")
SECONDS = 30
_HIDDEN = ("TWILIO_", "REACHABILITY_MOCK_")


def environment(**more: str) -> dict[str, str]:
    """This process's environment without anything that the command would heed, and `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_HIDDEN)}
    return {**kept, "COLUMNS": "120", **more}


def finished(
    *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=env or environment(),
        cwd=cwd,
        check=False,
    )


def written(file: Path, process: subprocess.Popen[Any]) -> str:
    """What stands in a file, once the process has written it."""
    end = true_monotonic() + SECONDS
    while not file.exists():
        assert process.poll() is None
        assert true_monotonic() < end
    return file.read_text()


@dataclass
class Serving:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    lines: list[str]

    @property
    def url(self) -> str:
        return self.lines[0].split()[4]

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=SECONDS)
        self.lines += rest.splitlines()
        return self.process.returncode


@contextmanager
def started(*arguments: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """The command while it runs; it does not outlive the `with`."""
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(**more),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def serving(*arguments: str, **more: str) -> Iterator[Serving]:
    """`serve` with those arguments, ready for requests."""
    with started("serve", *arguments, **more) as process:
        found = Serving(process, [])
        assert process.stdout
        for line in process.stdout:
            found.lines.append(line.rstrip("\n"))
            if "never arrive here" in line:
                break
        yield found
