"""What somebody types into a terminal: a table of curl calls and their answers."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from reachability_mock.server import Server
from tests.clients.control import Control
from tests.clients.sdk import ACCOUNT, SECRET
from tests.tools import require_tool

CREDENTIALS = ["-u", f"{ACCOUNT}:{SECRET}"]


@dataclass(frozen=True)
class Answer:
    """What curl was told."""

    status: int
    headers: dict[str, str]
    body: str
    exit_code: int

    @property
    def code(self) -> int | None:
        """Twilio's code, if the body is an error."""
        found: int | None = json.loads(self.body).get("code")
        return found


def curl(server: Server, path: str, *options: str, login: bool = True) -> Answer:
    """Run curl as a person would, with the answer's head before its body."""
    given = [*(CREDENTIALS if login else []), *options]
    command = [require_tool("curl"), "-sS", "-i", "--noproxy", "*", "--max-time", "20"]
    done = subprocess.run(
        [*command, *given, f"{server.url}{path}"], capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    return _parsed(done.stdout, done.returncode)


def _parsed(text: str, exit_code: int) -> Answer:
    head, _, body = text.partition("\n\n")
    while head.startswith("HTTP/1.1 100"):
        head, _, body = body.partition("\n\n")
    first, *rest = head.splitlines()
    headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
    return Answer(int(first.split()[1]), headers, body, exit_code)


@dataclass(frozen=True)
class Call:
    """A call: its path and curl's options, and the answer's status and Twilio's code."""

    path: str
    options: list[str]
    status: int
    code: int | None = None


CALLS: dict[str, Call] = {
    "list": Call("/v1/Users", [], 200),
    "fetch": Call("/v1/Users/alice", [], 200),
    "fetch, a slash at the end": Call("/v1/Users/alice/", [], 200),
    "fetch, escaped": Call("/v1/Users/%61lice", [], 200),
    "create": Call("/v1/Users", ["--data-urlencode", "Identity=bob"], 201),
    "create, two parameters": Call(
        "/v1/Users",
        ["-d", "Identity=bob", "-d", "FriendlyName=B"],
        201,
    ),
    "create a duplicate": Call("/v1/Users", ["-d", "Identity=alice"], 409, 50201),
    "create nothing": Call("/v1/Users", ["-X", "POST"], 400, 50204),
    "create, chunked": Call(
        "/v1/Users", ["-H", "Transfer-Encoding: chunked", "-d", "Identity=bob"], 201, None
    ),
    "update": Call("/v1/Users/alice", ["-d", "FriendlyName=A"], 200),
    "update with nothing": Call("/v1/Users/alice", ["-X", "POST"], 200),
    "delete": Call("/v1/Users/alice", ["-X", "DELETE"], 204),
    "delete nobody": Call("/v1/Users/nobody", ["-X", "DELETE"], 404, 20404),
    "no such path": Call("/v1/Nothing", [], 404, 20404),
    "no version": Call("/Users", [], 404, 20404),
    "PUT": Call("/v1/Users/alice", ["-X", "PUT", "-d", "FriendlyName=A"], 405, 20004),
    "PATCH": Call("/v1/Users/alice", ["-X", "PATCH", "-d", "FriendlyName=A"], 405, 20004),
    "DELETE of a list": Call("/v1/Users", ["-X", "DELETE"], 405, 20004),
    "a page too large": Call("/v1/Users?PageSize=1001", [], 400, 20007),
    "a page of none": Call("/v1/Users?PageSize=0", [], 400, 20007),
    "a token of nobody's": Call("/v1/Users?PageToken=PTx", [], 400, 21481),
    "a wrong password": Call("/v1/Users", ["-u", f"{ACCOUNT}:wrong"], 401, 20003),
    "a bearer token": Call("/v1/Users", ["-u", ":", "-H", "Authorization: Bearer x"], 401, 20003),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_curl_is_answered(server: Server, control: Control, call: Call) -> None:
    control.connect("alice")

    answer = curl(server, call.path, *call.options)

    assert (answer.exit_code, answer.status) == (0, call.status)
    if answer.status == 204:
        assert answer.body == ""
    else:
        assert answer.headers["content-type"].startswith("application/json")
        assert answer.code == call.code


def test_curl_without_credentials_is_told_so(server: Server) -> None:
    answer = curl(server, "/v1/Users", login=False)

    assert (answer.status, answer.code) == (401, 20003)
    assert "No credentials provided" in answer.body


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/Users/alice", "DELETE, GET, POST"),
        ("/v1/Users", "GET, POST"),
        ("/v1/Services/x", "DELETE, GET"),
    ],
)
def test_a_405_says_what_is_allowed(server: Server, path: str, allowed: str) -> None:
    answer = curl(server, path, "-X", "PATCH")

    assert (answer.status, answer.headers["allow"]) == (405, allowed)


def test_head_is_get_without_a_body_and_can_be_refused(server: Server) -> None:
    server.site.world.settings.update({"head_requests": "as_get"})
    asked = curl(server, "/v1/Users", "--head")
    assert (asked.status, asked.body) == (200, "")
    assert int(asked.headers["content-length"]) > 0

    server.site.world.settings.update({"head_requests": "refuse"})

    assert curl(server, "/v1/Users", "--head").status == 405


@pytest.mark.parametrize("chunked", [False, True], ids=["by length", "chunked"])
def test_a_body_over_the_limit_is_413_and_the_connection_closes(
    server: Server, tmp_path: Path, *, chunked: bool
) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"Identity=" + b"x" * (2 * 1024 * 1024))
    way = ["-H", "Transfer-Encoding: chunked"] if chunked else []

    answer = curl(server, "/v1/Users", *way, "-H", "Expect:", "--data-binary", f"@{large}")

    assert (answer.status, answer.code) == (413, 20413)
    assert answer.headers["connection"] == "close"
    assert curl(server, "/v1/Users").status == 200


def test_a_body_just_under_the_limit_is_read(server: Server, tmp_path: Path) -> None:
    nearly = tmp_path / "nearly"
    nearly.write_bytes(b"Identity=" + b"x" * (1024 * 1024 - 9))

    answer = curl(server, "/v1/Users", "--data-binary", f"@{nearly}")

    assert (answer.status, answer.code) == (400, 50207)


def test_two_urls_share_a_connection(server: Server) -> None:
    command = [require_tool("curl"), "-sS", "--noproxy", "*", *CREDENTIALS, "-o", "/dev/null"]
    url = f"{server.url}/v1/Users"
    done = subprocess.run(
        [*command, "-w", "%{num_connects} ", url, "-o", "/dev/null", url],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["1", "0"]
