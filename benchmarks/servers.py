"""Servers as processes of their own, and the CPU time that they and their children take."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import perf_counter

import requests

from benchmarks.load import HEADERS

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 30.0
USERS = 60
PRISM = "Prism"
DOCUMENT = ROOT / "openapi.yaml"
"""What Prism is given, unless somebody names another document."""
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    name: str
    url: str
    pid: int

    def cpu_seconds(self) -> float | None:
        """CPU time of the process and all it started; None where there is no /proc."""
        if not Path("/proc/self/stat").exists():
            return None
        family, times = {self.pid}, 0.0
        for pid, parent, seconds in sorted(_processes()):
            if pid in family or parent in family:
                family.add(pid)
                times += seconds
        return times


def _processes() -> Iterator[tuple[int, int, float]]:
    """Number, parent and CPU seconds of every process; children have higher numbers, mostly."""
    for place in Path("/proc").iterdir():
        if not place.name.isdecimal():
            continue
        try:
            fields = (place / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        yield int(place.name), int(fields[1]), (int(fields[11]) + int(fields[12])) / _TICKS


def prism() -> str | None:
    """Prism's command, if it is on PATH or named by ``PRISM``."""
    return os.environ.get("PRISM") or shutil.which("prism")


@contextmanager
def serve() -> Iterator[Running]:
    """``reachability-mock serve`` with the indicator on and sixty users, some of them online."""
    port = free_port()
    command = [sys.executable, "-m", "reachability_mock", "serve", "--port", str(port)]
    with _started("serve", command, port, "/_mock/health") as server:
        default = f"{server.url}/_mock/services/default"
        _post(f"{default}/enable")
        for number in range(USERS):
            name = "alice" if number == 0 else f"user-{number}"
            _post(f"{default}/users/{name}/connections")
        yield server


@contextmanager
def prism_mock(command: str, verbosity: str | None, document: Path) -> Iterator[Running]:
    """Prism with a document; it has no users, so it answers with the document's examples."""
    port = free_port()
    said = ["-v", verbosity] if verbosity else []
    name = f"{PRISM}, {verbosity}" if verbosity else PRISM
    words = [command, "mock", str(document), "-h", "127.0.0.1", "-p", str(port), *said]
    with _started(name, words, port, "/v1/Users") as server:
        yield server


@contextmanager
def _started(name: str, command: list[str], port: int, probe: str) -> Iterator[Running]:
    places = [str(ROOT / "mockserver"), os.environ.get("PYTHONPATH", "")]
    process = subprocess.Popen(  # noqa: S603 - our server, or the Prism that the caller named
        command,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}{probe}", process)
        yield Running(name, url, process.pid)
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until, pause = perf_counter() + START_SECONDS, Event()
    while perf_counter() < until and process.poll() is None:
        try:
            if requests.get(url, headers=HEADERS, timeout=5).ok:
                return
        except requests.ConnectionError:
            pause.wait(0.05)
    raise RuntimeError(f"nothing answers at {url}")


def _post(url: str) -> None:
    requests.post(url, timeout=5).raise_for_status()


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
