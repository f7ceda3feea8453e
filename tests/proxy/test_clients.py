"""Real clients that know nothing of a fake: only their environment was changed."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import websockets

from reachability_mock.proxy.authority import Authority
from reachability_mock.proxy.trust import Trust
from tests.node.test_node_sdk import require_node
from tests.proxy.conftest import Proxy
from tests.tools import missing, names_no_registry, require_packages, require_tool

HERE = Path(__file__).parent
ZEROS = "0" * 32
LOGIN = {"TWILIO_ACCOUNT_SID": f"AC{ZEROS}", "TWILIO_AUTH_TOKEN": ZEROS}
URL = "https://conversations.twilio.com/v1/Users?PageSize=3"
SECONDS = 60
REQUESTS = """
import requests
answer = requests.get("{url}", auth=("AC" + "0" * 32, "0" * 32), timeout=10)
print(answer.json()["meta"]["url"])
try:
    requests.get("https://api.twilio.com/2010-04-01/Accounts.json", timeout=10)
except requests.exceptions.ProxyError:
    print("refused")
"""
SDK = """
from twilio.rest import Client
client = Client(edge="sydney", region="au1")
for identity in "abc":
    client.conversations.v1.users.create(identity=identity)
print(*(user.identity for user in client.conversations.v1.users.stream(page_size=2)))
try:
    client.messages.list(limit=1)
except Exception as error:
    print("refused" if "403" in str(error) else error)
"""


def output(proxy: Proxy, *command: str) -> list[str]:
    """The lines that a program prints that comes through the proxy."""
    done = subprocess.run(
        command,
        env=proxy.environ | LOGIN,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def test_curl(proxy: Proxy) -> None:
    curl = require_tool("curl")
    (said,) = output(proxy, curl, "-sS", "-u", f"AC{ZEROS}:{ZEROS}", URL)
    assert json.loads(said)["meta"]["url"] == f"{URL}&Page=0"
    (status,) = output(
        proxy, curl, "-sS", "-o", "-", "-w", "%{http_connect}\n", URL, "-u", f"AC{ZEROS}:{ZEROS}"
    )[-1:]
    assert status.endswith("200")


def test_python_with_requests(proxy: Proxy) -> None:
    said = output(proxy, sys.executable, "-c", REQUESTS.format(url=URL))
    assert said == [f"{URL}&Page=0", "refused"]
    assert [one.split()[1] for one in proxy.refused] == ["api.twilio.com:"]


def test_twilios_python_sdk_with_an_edge_and_a_region(proxy: Proxy) -> None:
    assert output(proxy, sys.executable, "-c", SDK) == ["a b c", "refused"]
    assert proxy.refused


def test_twilios_node_sdk(proxy: Proxy) -> None:
    assert output(proxy, require_node(), str(HERE / "twilio_sdk.mjs")) == ["a b c", "refused"]
    assert proxy.refused


def heeding_node() -> str:
    """A Node whose own clients heed the environment, as 22.21 and 24.5 were the first to do."""
    node = require_tool("node")
    known = "process.exit(process.allowedNodeEnvironmentFlags.has('--use-env-proxy') ? 0 : 1)"
    if subprocess.run([node, "-e", known], timeout=SECONDS, check=False).returncode == 0:
        return node
    require_packages(HERE)
    other = next(HERE.glob("node_modules/node-*/bin/node"), None)
    why = "this Node does not know NODE_USE_ENV_PROXY, and npm has no other for this machine"
    return str(other) if other else missing(why)


def test_nodes_own_fetch_and_https(proxy: Proxy) -> None:
    told = output(proxy, heeding_node(), str(HERE / "fetch.mjs"), URL, "https://api.twilio.com/")
    assert told == [f"{URL}&Page=0"] * 2 + ["refused"]
    assert [one.split()[1] for one in proxy.refused] == ["api.twilio.com:"]


@pytest.mark.parametrize("folder", ["kept", "it's kept here"])
def test_javas_own_client(proxy: Proxy, authority: Authority, tmp_path: Path, folder: str) -> None:
    """Whatever the folder is called: the JVM takes its options apart at blanks."""
    kept = tmp_path / folder
    kept.mkdir()
    there = replace(proxy, trust=Trust.kept_in(kept, authority, {}))
    said = output(there, require_tool("java"), str(HERE / "Fetch.java"), URL)
    status, _, body = said[0].partition(" ")
    assert status == "200"
    assert json.loads(body)["meta"]["url"] == f"{URL}&Page=0"


def test_the_lockfile_names_no_registry() -> None:
    assert names_no_registry(HERE)


def test_the_client_sdks_socket(proxy: Proxy) -> None:
    """A WebSocket to `tsock…`, which is closed with a frame of Twilio's, not refused."""

    async def opened() -> str:
        trusting = ssl.create_default_context(cafile=proxy.trust.bundle)
        async with websockets.connect(
            "wss://tsock.us1.twilio.com/v3/wsconnect", proxy=proxy.server.url, ssl=trusting
        ) as socket:
            return str(socket.state.name)

    assert asyncio.run(opened()) == "OPEN"


def test_a_host_of_this_machine_is_asked_directly(proxy: Proxy) -> None:
    proxy.routes.others = False
    (said,) = output(proxy, require_tool("curl"), "-sS", f"{proxy.server.url}/_mock/health")
    assert json.loads(said)["status"] == "ok"
    assert proxy.refused == []
