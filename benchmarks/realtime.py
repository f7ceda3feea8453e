"""Client SDKs: from a change to the handler, and thousands of sockets in one process.

python -m benchmarks.realtime [--sockets 2000] [--watchers 1000]
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from time import perf_counter
from typing import Any

import click
import requests

from benchmarks import servers
from benchmarks.load import HEADERS
from benchmarks.servers import ROOT, Running
from benchmarks.sockets import SERVICE, STAR
from reachability_mock.clock import system_now
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.realtime.sdk_driver import SdkMissing, installed
from reachability_mock.wire.token import Signer, make
from reachability_mock.wire.twilsock import uri_of

CLIENTS = 2
"""Processes that the sockets are spread over."""
AIMS = {"handler_ms": 10.0, "fan_out_ms": 250.0}


@dataclass(frozen=True)
class Crowd:
    """What many sockets cost."""

    sockets: int
    watchers: int
    open_seconds: float
    """Until all were let in and had subscribed, this machine's two cores being shared with them."""
    kib_per_socket: float
    rest_ms: list[float]
    """A fetch by REST, one after another, while all of them are open and the star flips."""
    quiet_rest_ms: list[float]
    """The same without any socket."""
    fan_out_ms: list[float]
    """From the beginning of the request that changes something until the last watcher has it."""

    def as_json(self) -> dict[str, Any]:
        """The figures."""
        return {
            "sockets": self.sockets,
            "watchers": self.watchers,
            "open_seconds": round(self.open_seconds, 1),
            "kib_per_socket": round(self.kib_per_socket, 1),
            "rest_ms": _spread(self.rest_ms),
            "rest_ms_without_sockets": _spread(self.quiet_rest_ms),
            "fan_out_ms": _spread(self.fan_out_ms),
        }


# --- one real SDK --------------------------------------------------------------------------------


def latency(rounds: int) -> dict[str, list[float]] | None:
    """Milliseconds from a change to the SDK's handler; None where there is no SDK to be had."""
    try:
        node, folder = installed()
    except SdkMissing:
        return None
    with servers.serve() as server:
        _connect(server, STAR)
        words = [server.url, uri_of(server.url), _token("watcher"), HEADERS["Authorization"]]
        done = subprocess.run(  # noqa: S603 - Node, with a script of ours
            [node, str(ROOT / "benchmarks" / "latency.mjs"), str(folder), *words, str(rounds)],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


def _token(identity: str) -> str:
    signer = Signer(sids.DEFAULT_KEY, DEFAULT_SECRET, sids.DEFAULT_ACCOUNT)
    return make(signer, identity, SERVICE, system_now())


# --- many sockets --------------------------------------------------------------------------------


def crowd(sockets: int, watchers: int, *, flips: int = 10, looks: int = 500) -> Crowd:
    """Open `sockets`, let `watchers` of them watch the star, and let that one flip."""
    with ExitStack() as stack:
        server = stack.enter_context(servers.serve())
        _connect(server, STAR)
        quiet = _looks(server, looks)
        before = _resident_kib(server.pid)
        began = perf_counter()
        shares = [_share(number, sockets, watchers) for number in range(CLIENTS)]
        clients = [stack.enter_context(_clients(server, *share)) for share in shares]
        for client in clients:
            _read(client, "ready")
        took = perf_counter() - began
        after = _resident_kib(server.pid)
        fan_out = [_flip(server, clients, come=bool(number % 2)) for number in range(flips)]
        rest = _looks_while_flipping(server, clients, looks)
    each = (after - before) / sockets
    return Crowd(sockets, watchers, took, each, rest, quiet, fan_out)


def _share(number: int, sockets: int, watchers: int) -> tuple[int, int, int]:
    """The first, the count and the watchers of client process `number`."""
    return number * 1_000_000, sockets // CLIENTS, watchers // CLIENTS


@contextmanager
def _clients(
    server: Running, first: int, count: int, watchers: int
) -> Iterator[subprocess.Popen[str]]:
    words = [uri_of(server.url), str(first), str(count), str(watchers)]
    process = subprocess.Popen(  # noqa: S603 - this very package
        [sys.executable, "-m", "benchmarks.sockets", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()


def _read(process: subprocess.Popen[str], wanted: str = "") -> str:
    line = process.stdout.readline().strip() if process.stdout else ""
    if not line or (wanted and line != wanted):
        raise RuntimeError(f"the sockets' process said {line!r}")
    return line


def _flip(server: Running, clients: list[subprocess.Popen[str]], *, come: bool) -> float:
    """Milliseconds until the last watcher was told."""
    for client in clients:
        if client.stdin:
            client.stdin.write("\n")
            client.stdin.flush()
    began = perf_counter()
    (_connect if come else _disconnect)(server, STAR)
    return (max(float(_read(client)) for client in clients) - began) * 1e3


def _looks(server: Running, looks: int) -> list[float]:
    """Milliseconds of each of some fetches, one after another on one connection."""
    found = []
    with requests.Session() as session:
        for _ in range(looks):
            began = perf_counter()
            session.get(f"{server.url}/v1/Users/alice", headers=HEADERS, timeout=30)
            found.append((perf_counter() - began) * 1e3)
    return found


def _looks_while_flipping(
    server: Running, clients: list[subprocess.Popen[str]], looks: int
) -> list[float]:
    """The same while the star flips ten times a second or as often as it can."""
    done, pause = Event(), Event()

    def flip() -> None:
        come = False  # it is there
        while not done.is_set():
            _flip(server, clients, come=come)
            come = not come
            pause.wait(0.1)

    flipping = Thread(target=flip)
    flipping.start()
    try:
        return _looks(server, looks)
    finally:
        done.set()
        flipping.join()


def _connect(server: Running, identity: str) -> None:
    place = f"{server.url}/_mock/services/default/users/{identity}/connections"
    requests.post(place, json={"device": "bench"}, timeout=30).raise_for_status()


def _disconnect(server: Running, identity: str) -> None:
    place = f"{server.url}/_mock/services/default/users/{identity}/connections/bench"
    requests.delete(place, timeout=30).raise_for_status()


def _resident_kib(pid: int) -> float:
    """Resident memory of a process; 0 where there is no /proc."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text("ascii").splitlines() if status.exists() else []
    return next((float(one.split()[1]) for one in lines if one.startswith("VmRSS")), 0.0)


def _spread(samples: list[float]) -> dict[str, float]:
    """The middle, the 99th percentile and the worst."""
    p99 = quantiles(samples, n=100, method="inclusive")[98] if len(samples) > 1 else samples[0]
    return {
        "median": round(median(samples), 2),
        "p99": round(p99, 2),
        "worst": round(max(samples), 2),
    }


@click.command()
@click.option("--sockets", default=2000, show_default=True, help="How many in one process.")
@click.option("--watchers", default=1000, show_default=True, help="How many watch one user.")
@click.option("--rounds", default=200, show_default=True, help="Changes that the SDK is told of.")
def main(*, sockets: int, watchers: int, rounds: int) -> None:
    """Measure the side of the client SDKs, and print JSON."""
    by_sdk = latency(rounds) if rounds else None
    figures: dict[str, Any] = {"aims": AIMS}
    if by_sdk is not None:
        figures["handler_ms"] = {name: _spread(found) for name, found in by_sdk.items()}
    figures["crowd"] = crowd(sockets, watchers).as_json()
    click.echo(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
