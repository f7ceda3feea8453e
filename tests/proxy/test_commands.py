"""`--proxy` and `--tls` on the command line."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

import pytest
from click.testing import CliRunner

from reachability_mock.cli import main
from tests.cli.starting import environment, finished, serving
from tests.tools import require_tool

PAGING = """
from twilio.rest import Client
users = Client().conversations.v1.users
for identity in "abc":
    users.create(identity=identity)
print(*(user.identity for user in users.stream(page_size=2)))
"""


def test_run_leads_an_untouched_app_to_the_fake(tmp_path: Path) -> None:
    options = ("--proxy", "--ca-dir", str(tmp_path))
    done = finished("run", *options, "--", sys.executable, "-c", PAGING)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "a b c\n"


def test_a_folder_of_this_directory_is_found_from_any_other(tmp_path: Path) -> None:
    asking = f"import os; os.chdir('/')\n{PAGING}"
    options = ("--proxy", "--ca-dir", "kept")
    done = finished("run", *options, "--", sys.executable, "-c", asking, cwd=tmp_path)
    assert done.stdout == "a b c\n", done.stderr
    assert (tmp_path / "kept" / "ca.pem").is_file()


def test_a_name_that_the_fake_has_is_asked_directly(tmp_path: Path) -> None:
    options = ("--proxy", "--ca-dir", str(tmp_path), "--allow-host", "mock")
    asking = "import os; print(os.environ['NO_PROXY'])"
    env = environment(no_proxy="", NO_PROXY="")
    done = finished("run", *options, "--", sys.executable, "-c", asking, env=env)
    assert done.stdout == "localhost,127.0.0.1,::1,mock\n", done.stderr


def test_serve_prints_what_to_put_into_the_apps_environment(tmp_path: Path) -> None:
    with serving("--port", "0", "--proxy", "--ca-dir", str(tmp_path)) as server:
        stdout = server.process.stdout
        assert stdout
        for line in stdout:
            server.lines.append(line.rstrip("\n"))
            if "JAVA_TOOL_OPTIONS" in line:
                break
        block = "\n".join(line for line in server.lines if line.startswith("    export "))
        curl = f"{block}\n{require_tool('curl')} -sS https://conversations.twilio.com/v1/Users"
        said = subprocess.run(
            [require_tool("bash"), "-c", curl], capture_output=True, text=True, check=True
        )
        assert json.loads(said.stdout)["code"] == 20003
        assert server.end() == 0


def test_tls_is_for_a_hosts_file(tmp_path: Path) -> None:
    with serving("--port", "0", "--tls", "--ca-dir", str(tmp_path)) as server:
        assert server.url.startswith("https://127.0.0.1:")
        port = server.url.rpartition(":")[2]
        trusting = ssl.create_default_context(cafile=tmp_path / "ca.pem")
        opener = build_opener(ProxyHandler({}), HTTPSHandler(context=trusting))
        health = json.load(opener.open(f"{server.url}/_mock/health", timeout=10))
        assert health["status"] == "ok"
        name = "conversations.dublin.ie1.twilio.com"
        resolved = ["--noproxy", "*", "--connect-to", f"{name}:443:127.0.0.1:{port}"]
        command = [require_tool("curl"), "-sS", "--cacert", str(tmp_path / "ca.pem"), *resolved]
        said = subprocess.check_output([*command, f"https://{name}/v1/Users"], timeout=10)
        assert json.loads(said)["code"] == 20003
        assert server.end() == 0


def test_run_lets_the_command_trust_a_server_that_speaks_https(tmp_path: Path) -> None:
    asking = (
        "import os, urllib.request as r\n"
        "url = os.environ['REACHABILITY_MOCK_URL']\n"
        "print(url[:8], r.build_opener(r.ProxyHandler({})).open(url + '/_mock/health').status)"
    )
    options = ("--tls", "--ca-dir", str(tmp_path))
    done = finished("run", *options, "--", sys.executable, "-c", asking)
    assert done.stdout == "https:// 200\n", done.stderr


def test_both_at_once_are_wrong_usage(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["serve", "--proxy", "--tls", "--ca-dir", str(tmp_path)])
    assert result.exit_code == 2
    assert "choose one" in result.output


def test_a_folder_that_cannot_be_had_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    result = CliRunner().invoke(main, ["serve", "--tls", "--ca-dir", str(file / "below")])
    assert result.exit_code == 2
    assert "--ca-dir" in result.output


def test_a_damaged_key_is_one_line_with_its_place_and_the_cure(tmp_path: Path) -> None:
    (tmp_path / "ca-key.pem").write_text("nothing of the kind")
    result = CliRunner().invoke(main, ["serve", "--proxy", "--ca-dir", str(tmp_path)])
    assert result.exit_code == 2
    assert f"{tmp_path / 'ca-key.pem'} is damaged" in result.output
    assert "delete it" in result.output


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "reachability_mock.proxy.authority", raising=False)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    result = CliRunner().invoke(main, ["serve", "--proxy", "--ca-dir", str(tmp_path)])
    assert result.exit_code == 2
    assert "pip install 'reachability-mock[proxy]'" in result.output


def test_where_strangers_can_call_the_rest_is_refused_unless_told(tmp_path: Path) -> None:
    options = ("--proxy", "--ca-dir", str(tmp_path), "--host", "0.0.0.0")  # noqa: S104 - that is what is tried
    asking = (
        "import os, urllib.request as r\n"
        "o = r.build_opener(r.ProxyHandler({'http': os.environ['HTTP_PROXY']}))\n"
        "try: o.open('http://other.invalid/', timeout=10)\n"
        "except r.HTTPError as e: print(e.code)\n"
    )
    env = environment(no_proxy="", NO_PROXY="")
    strict = finished("run", *options, "--", sys.executable, "-c", asking, env=env)
    assert (strict.stdout, strict.returncode) == ("403\n", 0), strict.stderr
    more = ("--proxy-others", "pass")
    free = finished("run", *options, *more, "--", sys.executable, "-c", asking, env=env)
    assert free.stdout == "502\n", free.stderr


def test_nothing_is_made_unless_it_is_asked_for(tmp_path: Path) -> None:
    env = environment(REACHABILITY_MOCK_CA_DIR=str(tmp_path), PATH=os.environ["PATH"])
    done = finished("run", "--", sys.executable, "-c", "pass", env=env)
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []
