"""The image: small, not root, healthy.  Its commands are run outside a container."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.starting import written
from tests.tools import ROOT

SECONDS = 30
WORDS = set("FROM WORKDIR COPY RUN ENV USER EXPOSE HEALTHCHECK ENTRYPOINT CMD".split())  # noqa: SIM905 - reads best as a line
Instruction = tuple[str, str]


def instructions() -> list[Instruction]:
    """Every instruction, its continued lines joined."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    joined = text.replace("\\\n", " ").splitlines()
    return [(one.split()[0], one.partition(" ")[2].strip()) for one in joined if one.strip()]


def last_stage() -> list[Instruction]:
    found = instructions()
    last = max(index for index, (word, _) in enumerate(found) if word == "FROM")
    return found[last:]


def only(word: str) -> str:
    """What the last stage says with `word`, which it says once."""
    (said,) = (rest for one, rest in last_stage() if one == word)
    return said


def set_by_image() -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in shlex.split(only("ENV")))


def command(text: str) -> list[str]:
    """An instruction's words in their exec form: no shell is between."""
    words: list[str] = json.loads(text[text.index("[") :])
    assert words[0] == "reachability-mock"
    return [sys.executable, "-m", "reachability_mock", *words[1:]]


def test_it_is_made_of_what_we_know() -> None:
    assert {word for word, _ in instructions()} <= WORDS
    bases = [rest.split()[0] for word, rest in instructions() if word == "FROM"]
    assert all(re.fullmatch(r"python:3\.\d+-slim", base) for base in bases)
    assert len(bases) == 2


def test_nobody_in_it_is_root() -> None:
    user = only("USER").partition(":")[0]
    assert int(user) > 0
    owned = [rest for word, rest in last_stage() if word == "COPY" and "--chown" in rest]
    assert [f"--chown={only('USER')}" in one for one in owned] == [True]
    assert set_by_image()["REACHABILITY_MOCK_CA_DIR"] in owned[0]


def test_what_it_copies_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for word, rest in instructions():
        if word == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists()
                assert f"!{source}" in ignored


def test_what_the_wheel_needs_is_copied() -> None:
    copied = {
        source
        for word, rest in instructions()
        if word == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    }
    assert copied >= {"pyproject.toml", "README.md", "LICENSE", "openapi.yaml", "scenarios"}
    assert copied >= {"mockserver", "contracts", "constraints.txt"}


def test_it_serves_and_its_health_check_says_so(tmp_path: Path) -> None:
    entry, more = json.loads(only("ENTRYPOINT")), json.loads(only("CMD"))
    port = tmp_path / "port"
    own = {name: value for name, value in set_by_image().items() if name != "PATH"}
    ours = {
        "REACHABILITY_MOCK_PORT": "0",
        "REACHABILITY_MOCK_PORT_FILE": str(port),
        "REACHABILITY_MOCK_CA_DIR": str(tmp_path / "ca"),
        "REACHABILITY_MOCK_PROXY": "1",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
    environ = {**kept, **own, **ours}
    check = command(only("HEALTHCHECK"))
    process = subprocess.Popen(
        command(json.dumps([*entry, *more])), env=environ, cwd=tmp_path, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout
        while b"Proxy for" not in process.stdout.readline():
            assert process.poll() is None
        process.stdout.readline()
        found = written(port, process).strip()
        healthy = subprocess.run(
            check,
            env={
                **environ,
                "REACHABILITY_MOCK_PORT": found,
                "REACHABILITY_MOCK_URL": "http://mock.invalid:4010",
            },
            timeout=SECONDS,
            check=False,
        )
        assert healthy.returncode == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        process.communicate()
    unhealthy = subprocess.run(
        check,
        env={**environ, "REACHABILITY_MOCK_PORT": found},
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert unhealthy.returncode == 1


def test_the_port_that_is_exposed_is_the_one_that_serve_takes() -> None:
    from reachability_mock.cli.serve import STANDARD_PORT  # noqa: PLC0415 - for this test alone

    assert only("EXPOSE") == str(STANDARD_PORT)


@pytest.mark.parametrize("name", [name for name in set_by_image() if name.startswith("REACH")])
def test_what_it_sets_is_an_option(name: str) -> None:
    from reachability_mock.options import all_names  # noqa: PLC0415 - likewise

    assert name.removeprefix("REACHABILITY_MOCK_").lower() in all_names()
