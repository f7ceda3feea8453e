"""`wait`: until a server answers, or the time is over."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reachability_mock.cli import main
from reachability_mock.proxy.authority import Authority
from reachability_mock.server import Server


def wait(*arguments: str, **environ: str) -> Result:
    return CliRunner(env=environ).invoke(main, ["wait", *arguments])


@pytest.fixture
def port() -> int:
    """One at which nobody listens yet."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found: int = listener.getsockname()[1]
    return found


@contextmanager
def somebody(answer: bytes) -> Iterator[int]:
    """A server that gives that answer, once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def once() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(65536)
                line.sendall(answer)

        thread = threading.Thread(target=once)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_a_server_that_is_there_is_a_0_and_no_word() -> None:
    with Server() as server:
        result = wait("--url", f"{server.url}/", "--timeout", "0")
    assert (result.exit_code, result.output) == (0, "")


def test_it_waits_for_one_that_comes_later(port: int) -> None:
    server = Server(port=port)
    timer = threading.Timer(0.3, server.start)
    timer.start()
    result = wait("--url", f"http://127.0.0.1:{port}")
    timer.join()
    server.stop()
    assert result.exit_code == 0, result.output


def test_when_the_time_is_over_it_is_a_1_in_one_line(port: int) -> None:
    result = wait("--url", f"http://127.0.0.1:{port}", "--timeout", "0")
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: no reachability-mock at http://127.0.0.1:{port}: ")
    assert result.output.count("\n") == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.0 404 Not Found\r\n\r\n", "status 404"),
        (b"HTTP/1.0 200 OK\r\n\r\nwelcome", "another server answers"),
        (b"HTTP/1.0 200 OK\r\n\r\n[]", "another server answers"),
        (b'HTTP/1.0 200 OK\r\n\r\n{"status": "ill"}', "it says 'ill'"),
        (b"SSH-2.0\r\n", "SSH-2.0"),
    ],
)
def test_another_server_is_none_of_ours(answer: bytes, said: str) -> None:
    with somebody(answer) as port:
        result = wait("--url", f"http://127.0.0.1:{port}", "--timeout", "0")
    assert result.exit_code == 1
    assert said in result.output


def test_it_looks_where_serve_would_listen() -> None:
    with Server() as server:
        here = str(server.port)
        assert wait("--timeout", "0", REACHABILITY_MOCK_PORT=here).exit_code == 0
        assert wait("--timeout", "0", REACHABILITY_MOCK_URL=server.url).exit_code == 0
        tls = wait("--timeout", "0", REACHABILITY_MOCK_PORT=here, REACHABILITY_MOCK_TLS="1")
        assert tls.exit_code == 1


def test_any_certificate_will_do(tmp_path: Path) -> None:
    with Server(tls=Authority.kept_in(tmp_path).context()) as server:
        assert wait("--url", server.url, "--timeout", "0").exit_code == 0


@pytest.mark.parametrize(
    "url",
    [
        "mock:4010",
        "http://",
        "http://a..b",
        f"http://{'a' * 64}",
        "http://[::1",
        "http://a:x",
        "http://a:0",
        "http://a b",
        "http://a/b c",
        "http://a:b@c",
        "http://a?b",
    ],
)
def test_what_is_no_url_is_wrong_usage_and_not_waited_for(url: str) -> None:
    result = wait("--url", url)
    assert result.exit_code == 2
    assert f"{url!r} is no http URL" in result.output


# --- the server of this environment --------------------------------------------------------------


@pytest.mark.parametrize("word", ["on", "t", "y", "TRUE"])
def test_every_word_by_which_serve_speaks_https_will_do(tmp_path: Path, word: str) -> None:
    with Server(tls=Authority.kept_in(tmp_path).context()) as server:
        here = {"REACHABILITY_MOCK_PORT": str(server.port), "REACHABILITY_MOCK_TLS": word}
        result = wait("--timeout", "0", **here)
    assert result.exit_code == 0, result.output


def test_an_empty_port_is_the_usual_one_and_a_wrong_one_is_serves_complaint() -> None:
    result = wait("--timeout", "0", REACHABILITY_MOCK_PORT="", REACHABILITY_MOCK_HOST="127.1.2.3")
    assert "at http://127.1.2.3:4010:" in result.output
    assert wait("--timeout", "0", REACHABILITY_MOCK_PORT="x").exit_code == 2


def test_the_health_check_asks_the_server_beside_it_whatever_url_the_job_has() -> None:
    with Server() as server:
        environ = {
            "REACHABILITY_MOCK_URL": "http://mock.invalid:4010",
            "REACHABILITY_MOCK_PORT": str(server.port),
        }
        assert wait("--local", "--timeout", "0", **environ).exit_code == 0
        assert wait("--timeout", "0", **environ).exit_code == 1


def test_two_servers_are_one_too_many() -> None:
    result = wait("--local", "--url", "http://127.0.0.1:1")
    assert (result.exit_code, "choose one" in result.output) == (2, True)
