"""The fake with the oldest of Twilio's Node SDK that it is held to."""

from __future__ import annotations

import subprocess

from reachability_mock.server import Server
from tests.compatibility.lowest import HERE, node_versions
from tests.tools import missing, require_tool


def test_the_lowest_node_sdk_does() -> None:
    (name,) = node_versions("tests/compatibility")
    node = require_tool("node")
    if not (HERE / "node_modules" / name).is_dir():
        missing(f"{HERE}/node_modules has no {name}: run `npm ci` there (make test does)")
    with Server() as server:
        done = subprocess.run(
            [node, "smoke.mjs", name],
            cwd=HERE,
            env={
                "REACHABILITY_MOCK_URL": server.url,
                "TWILIO_ACCOUNT_SID": server.site.keyring.default_account,
                "TWILIO_AUTH_TOKEN": "0" * 32,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.stdout == "fine\n", done.stderr


def test_the_lockfile_names_no_registry() -> None:
    lockfile = (HERE / "package-lock.json").read_text()
    assert '"integrity"' in lockfile
    assert '"resolved"' not in lockfile
