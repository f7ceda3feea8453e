"""`why` and `unknowns`."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest
import requests
from click.testing import CliRunner, Result

from reachability_mock.cli import main
from reachability_mock.server import Server
from reachability_mock.settings import REGISTER
from tests.http.asking import OTHER, new_site

SECONDS = 10


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(new_site()) as running:
        users = f"{running.url}/_mock/services/default/users"
        requests.post(f"{running.url}/_mock/services/default/enable", timeout=SECONDS)
        requests.post(f"{users}/alice/connections", json={"device": "phone"}, timeout=SECONDS)
        requests.post(f"{users}/a%2Fb/connections", timeout=SECONDS)
        yield running


def command(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200", "REACHABILITY_MOCK_URL": ""}).invoke(main, arguments)


def test_why_says_value_rule_and_reason(server: Server) -> None:
    result = command("why", "alice", "--url", server.url)
    assert result.exit_code == 0
    online, notifiable = result.output.splitlines()[1:3]
    assert online.split()[:3] == ["is_online", "true", "R5"]
    assert "connected with phone" in online
    assert notifiable.split()[:3] == ["is_notifiable", "null", "R7"]


def test_why_takes_any_identity_and_the_url_from_the_environment(server: Server) -> None:
    runner = CliRunner(env={"REACHABILITY_MOCK_URL": f"{server.url}/"})
    result = runner.invoke(main, ["why", "a/b", "--json"])
    assert json.loads(result.output)["is_online"]["value"] is True


def test_why_of_somebody_unknown_is_a_1_with_the_near_ones(server: Server) -> None:
    result = command("why", "alcie", "--url", server.url)
    assert result.exit_code == 1
    assert result.output == "Error: there is no user 'alcie'; there is alice\n"
    assert command("why", "alice", "--url", server.url, "--service", "no").exit_code == 1
    assert command("why", "alice", "--url", server.url, "--account", OTHER).exit_code == 1


def test_why_without_a_server_is_one_line_and_a_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    result = command("why", "alice", "--url", f"http://127.0.0.1:{port}")
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "is `serve` running?" in result.output


def test_why_of_a_url_that_is_none_is_wrong_usage() -> None:
    assert command("why", "alice", "--url", "file:///etc/passwd").exit_code == 2


def test_unknowns_lists_the_whole_register() -> None:
    result = command("unknowns")
    assert result.exit_code == 0
    for one in REGISTER:
        assert one.id in result.output
        assert one.question.split()[0] in result.output


def test_unknowns_are_there_for_programs_too() -> None:
    listed = json.loads(command("unknowns", "--json").output)
    assert [one["id"] for one in listed] == [one.id for one in REGISTER]
    assert set(listed[0]) == {"id", "default", "choices", "question", "why", "probe"}
