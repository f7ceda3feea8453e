"""A stand-in for the live service: the fake in a process of its own, behind TLS and a bad network.

The proxy speaks TLS under another host name and does to each request what a fault tells it to.
"""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme

from tests.contracts.elsewhere import Answering, running

HOST = "conversations.stand-in.test"
ACCOUNT, TOKEN = "AC" + "5" * 32, "stand-in-token-0123456789"
_SERVING = """
import contextlib, sys
from reachability_contracts.mutants import mutant_named
from reachability_mock.cli import main
wrong = [name for name in sys.argv.pop(1).split(",") if name]
with contextlib.ExitStack() as stack:
    for name in wrong:
        stack.enter_context(mutant_named(name).applied())
    main()
"""
Fault = Callable[[int, str, str], str | None]
"""From a request's number, method and path to what goes wrong with it."""


def no_fault(_number: int, _method: str, _path: str) -> None:
    """Nothing goes wrong."""


@dataclass
class StandIn:
    """Where it is, and what it was asked."""

    url: str
    ca: Path
    inner: str
    """The fake itself, without TLS or faults: how the test looks behind the scenes."""
    fault: Fault = no_fault
    asked: list[tuple[str, str]] = field(default_factory=list)
    on_request: Callable[[int], None] = lambda _: None

    def state(self) -> dict[str, Any]:
        """Every service with its users and its Configuration, as the fake itself shows them."""
        found = {}
        for service in self._get("/v1/Services?PageSize=100")["services"]:
            base = f"/v1/Services/{service['sid']}"
            found[service["sid"]] = {
                "service": {**service, "url": None, "links": None},
                "configuration": self._get(f"{base}/Configuration")["reachability_enabled"],
                "users": [
                    {key: user[key] for key in ("sid", "identity", "date_updated", "attributes")}
                    for user in self._get(f"{base}/Users")["users"]
                ],
            }
        found["account"] = self._get("/v1/Configuration")["default_chat_service_sid"]
        return found

    def _get(self, path: str) -> Any:
        got = requests.get(self.inner + path, auth=(ACCOUNT, TOKEN), timeout=10)
        got.raise_for_status()
        return got.json()


@contextmanager
def stand_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch, wrong: Sequence[str] = ()
) -> Iterator[StandIn]:
    """The whole arrangement, with foreign resources in it that nobody may touch.

    `wrong` names mutants: in what this service deviates.
    """
    with _fake(folder, wrong) as inner:
        _foreign(inner)
        authority = trustme.CA()
        ca = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(ca))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST).configure_cert(context)
        with _proxy(inner, context) as server:
            resolve(monkeypatch)
            where = StandIn(f"https://{HOST}:{server.server_address[1]}", ca, inner)
            server.where = where  # type: ignore[attr-defined] # the handler reads it there
            yield where


def resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stand-in's name be this machine, whatever the resolver says."""
    real = socket.getaddrinfo

    def resolving(host: Any, *args: Any, **kwargs: Any) -> Any:
        return real("127.0.0.1" if host == HOST else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolving)


@contextmanager
def _fake(folder: Path, wrong: Sequence[str]) -> Iterator[str]:
    port_file = folder / "port"
    command = [sys.executable, "-c", _SERVING, ",".join(wrong), "serve", "--port", "0"]
    command += ["--port-file", str(port_file), "--account", f"{ACCOUNT}:{TOKEN}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(400):
            if port_file.exists() and port_file.read_text().strip():
                break
            threading.Event().wait(0.05)
        yield f"http://127.0.0.1:{port_file.read_text().strip()}"
    finally:
        process.terminate()
        process.wait(10)


def _foreign(inner: str) -> None:
    """What a company has in its account."""
    session = requests.Session()
    session.auth = (ACCOUNT, TOKEN)
    for name in ("PROD", "PROD 2", "staging"):
        made = session.post(f"{inner}/v1/Services", data={"FriendlyName": name}, timeout=10).json()
        base = f"{inner}/v1/Services/{made['sid']}"
        session.post(f"{base}/Configuration", data={"ReachabilityEnabled": "true"}, timeout=10)
        for identity in ("alice", "bob"):
            session.post(f"{base}/Users", data={"Identity": identity}, timeout=10)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A cut connection is what a fault is for."""


@contextmanager
def _proxy(inner: str, context: ssl.SSLContext) -> Iterator[_Server]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.inner = inner.removeprefix("http://")  # type: ignore[attr-defined] # the handler reads it there
    with running(server):
        yield server


class _Handler(Answering):
    def handle_request(self, body: bytes) -> None:
        """Do what the fault says, if there is one."""
        where: StandIn = self.server.where  # type: ignore[attr-defined] # set above
        where.asked.append((self.command, self.path))
        number = len(where.asked)
        where.on_request(number)
        fault = where.fault(number, self.command, self.path)
        if fault == "cut":
            self._cut()
        elif fault and fault.isdecimal():
            self.answer(int(fault), [("Content-Type", "application/json")], b"{}")
        else:
            status, headers, data = self._forward(body)
            if fault == "cut-after":
                self._cut()
                return
            if fault == "slow":
                threading.Event().wait(1.5)
            self.answer(status, headers, data)

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(self.server.inner, timeout=10)  # type: ignore[attr-defined] # set above
        connection.request(self.command, self.path, body, dict(self.headers))
        got = connection.getresponse()
        data = got.read()
        connection.close()
        # TLS ends here, as it does in front of the live service: URLs name what was asked.
        where: StandIn = self.server.where  # type: ignore[attr-defined] # set above
        data = data.replace(f"http://{HOST}:".encode(), f"https://{HOST}:".encode())
        assert where.url.encode() in data or b'"url"' not in data
        return got.status, got.getheaders(), data

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.close()


def presence_driver(inner: str) -> str:
    """A program for `--presence-cmd`, which uses the fake's control plane as an SDK's stand-in."""
    return textwrap.dedent(f"""
        import sys, json, urllib.error, urllib.request
        verb, service, identity, *words = sys.argv[1:]
        base = "{inner}/_mock/services/" + service + "/users/" + identity
        calls = {{
            "connect": lambda: ("POST", "/connections", {{"device": words[0]}}),
            "disconnect": lambda: ("DELETE", "/connections/" + words[0], None),
            "lose": lambda: ("DELETE", "/connections/" + words[0] + "?lost=true", None),
            "register": lambda: ("POST", "/bindings", {{"type": words[0], "address": words[1]}}),
            "unregister": lambda: ("DELETE", "/bindings/" + words[0], None),
        }}
        method, path, body = calls[verb]()
        url = base + path + ("&" if "?" in path else "?") + "account={ACCOUNT}"
        data = json.dumps(body).encode() if body is not None else None
        headers = {{"Content-Type": "application/json"}}
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            answer = urllib.request.urlopen(request).read()
        except urllib.error.HTTPError as error:
            answer = b""
            sys.exit(0 if verb == "disconnect" and error.code == 404 else 1)
        print(json.loads(answer).get("sid", "") if answer else "")
    """)
