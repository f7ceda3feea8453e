"""Load for a server on this machine: wrk where it is installed, else this module as a process.

python -m benchmarks.load METHOD URL CONNECTIONS SECONDS [FORM]
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET

BASIC = b64encode(f"{sids.DEFAULT_ACCOUNT}:{DEFAULT_SECRET}".encode()).decode()
HEADERS = {"Authorization": f"Basic {BASIC}"}
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Task:
    """What to ask for, and with how many connections at once."""

    name: str
    method: str
    path: str
    connections: int
    form: str = ""


@dataclass(frozen=True)
class Outcome:
    """How many requests were answered in how many seconds."""

    requests: int
    seconds: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


class LoadError(RuntimeError):
    """Something other than a 2xx came back, so the figures would be of the wrong thing."""


def generator() -> str:
    """Which generator will be used."""
    return "wrk" if shutil.which("wrk") else "benchmarks.load (asyncio)"


def put_on(url: str, task: Task, seconds: float) -> Outcome:
    """Ask `url` for `task` again and again for so many seconds.

    Raises:
        LoadError: not all answers were 2xx.
    """
    if urlsplit(url).hostname != "127.0.0.1":
        raise ValueError(f"load is for this machine only, not for {url}")
    wrk = shutil.which("wrk")
    return _by_wrk(wrk, url, task, seconds) if wrk else _by_ourselves(url, task, seconds)


def _by_wrk(wrk: str, url: str, task: Task, seconds: float) -> Outcome:
    headers = {**HEADERS, **({"Content-Type": FORM_TYPE} if task.form else {})}
    given = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    script = f"wrk.method = {json.dumps(task.method)}\nwrk.body = {json.dumps(task.form)}\n"
    with tempfile.TemporaryDirectory() as folder:
        lua = Path(folder) / "task.lua"
        lua.write_text(script, "utf-8")
        size = ["-t1", f"-c{task.connections}", f"-d{max(1, round(seconds))}s"]
        text = _run([wrk, *size, "-s", str(lua), *given, f"{url}{task.path}"], seconds)
    if "Non-2xx" in text or "Socket errors" in text:
        raise LoadError(f"{task.name} at {url}:\n{text}")
    found = re.search(r"(\d+) requests in ([\d.]+)s", text)
    if found is None or found[1] == "0":
        raise LoadError(f"{task.name} at {url}:\n{text}")
    return Outcome(int(found[1]), float(found[2]))


def _by_ourselves(url: str, task: Task, seconds: float) -> Outcome:
    words = [task.method, f"{url}{task.path}", str(task.connections), str(seconds), task.form]
    return Outcome(**json.loads(_run([sys.executable, "-m", "benchmarks.load", *words], seconds)))


def _run(command: list[str], seconds: float) -> str:
    done = subprocess.run(  # noqa: S603 - wrk or this very module
        command, capture_output=True, text=True, check=False, timeout=seconds * 3 + 30
    )
    if done.returncode:
        raise LoadError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout


# --- the generator of our own --------------------------------------------------------------------


async def _one_connection(request: bytes, host: str, port: int, until: float) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    answered = 0
    while perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if head[9:10] != b"2":
            raise LoadError(head.decode("latin-1"))
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        answered += 1
    writer.close()
    return answered


async def _drive(method: str, url: str, connections: int, seconds: float, form: str) -> Outcome:
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    headers = {"Host": parts.netloc, **HEADERS}
    if form:
        headers |= {"Content-Type": FORM_TYPE, "Content-Length": str(len(form))}
    lines = [f"{method} {parts.path}{query} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    request = ("\r\n".join(lines) + "\r\n\r\n" + form).encode()
    began = perf_counter()
    answered = await asyncio.gather(
        *(
            _one_connection(request, str(parts.hostname), parts.port or 80, began + seconds)
            for _ in range(connections)
        )
    )
    return Outcome(sum(answered), perf_counter() - began)


def main(words: list[str]) -> None:
    """Drive, and print the outcome as JSON."""
    method, url, connections, seconds, *form = words
    outcome = asyncio.run(
        _drive(method, url, int(connections), float(seconds), form[0] if form else "")
    )
    print(json.dumps({"requests": outcome.requests, "seconds": outcome.seconds}))  # noqa: T201 - read by `_by_ourselves`


if __name__ == "__main__":
    main(sys.argv[1:])
