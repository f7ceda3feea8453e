"""The real JavaScript SDK in Node, as a subprocess: what ``driver: sdk`` drives.

The SDK does not come with this package: a lockfile beside the script pins it, and the first use
installs it, once, into a folder of the user's cache.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("sdk")
SCRIPT = "sdk.mjs"
FILES = ("package.json", "package-lock.json", ".npmrc", SCRIPT)
CACHE = "REACHABILITY_MOCK_CACHE"
"""The environment's variable for another folder than the user's cache."""
PATIENCE_SECONDS = 30.0
_INSTALL_SECONDS = 300.0


class SdkMissing(RuntimeError):  # noqa: N818 - says what is the matter
    """The real SDK cannot be had on this machine; the message says what would help."""


class SdkFailed(RuntimeError):  # noqa: N818 - likewise
    """The SDK, or its process, could not do what it was asked; the message is the SDK's own."""


def installed(environ: Mapping[str, str] = os.environ) -> tuple[str, Path]:
    """Node's path, and a folder with the script and the SDK in it, installed if need be.

    Raises:
        SdkMissing: there is no Node, or the installation failed.
    """
    node = shutil.which("node", path=environ.get("PATH"))
    if node is None:
        raise SdkMissing("`driver: sdk` runs Twilio's SDK in Node, and node is not on PATH")
    folder = _cache(environ) / f"sdk-{_fingerprint()}"
    if not (folder / "node_modules").is_dir():
        _install(folder, environ)
    return node, folder


def pinned_version() -> str:
    """The version of Twilio's SDK that is driven, as our lockfile pins it."""
    wanted = json.loads((SOURCE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return str(wanted["@twilio/conversations"])


def _fingerprint() -> str:
    """What the folder's name ends with: another lockfile or script, another folder."""
    texts = (b"" if not (SOURCE / one).exists() else (SOURCE / one).read_bytes() for one in FILES)
    return sha256(b"\0".join(texts)).hexdigest()[:12]


def _cache(environ: Mapping[str, str]) -> Path:
    """The folder for what can be had again."""
    own = environ.get(CACHE)
    if own:
        return Path(own)
    usual = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    there = environ.get(usual)
    return (Path(there) if there else Path.home() / ".cache") / "reachability-mock"


def _install(folder: Path, environ: Mapping[str, str]) -> None:
    """`npm ci` beside `folder`, then put it in its place: whoever is first wins."""
    npm = shutil.which("npm", path=environ.get("PATH"))
    if npm is None:
        raise SdkMissing("`driver: sdk` has to install Twilio's SDK, and npm is not on PATH")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as made:
            fresh = Path(made) / "sdk"
            shutil.copytree(SOURCE, fresh, ignore=shutil.ignore_patterns("node_modules"))
            _run_npm(npm, fresh, environ)
            with suppress(OSError):  # somebody else was quicker
                fresh.rename(folder)
    except OSError as error:
        raise SdkMissing(f"Twilio's SDK cannot be installed in {folder.parent}: {error}") from None


def _run_npm(npm: str, folder: Path, environ: Mapping[str, str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - npm, in a folder of ours
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=folder,
            env=dict(environ),
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SdkMissing(f"npm ci took longer than {_INSTALL_SECONDS:.0f} s") from None
    if done.returncode:
        said = " ".join(done.stderr.split())[-300:]
        raise SdkMissing(f"Twilio's SDK could not be installed by npm ci: {said}")


class SdkDriver:
    """One Node process with the SDK in it, and any number of clients by name."""

    def __init__(self, node: str, folder: Path) -> None:
        """Start it."""
        self._process = subprocess.Popen(  # noqa: S603 - Node, with a script of ours
            [node, SCRIPT],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._numbers = count(1)
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._read, name="sdk-driver", daemon=True)
        self._reader.start()

    def do(self, act: str, client: str, **more: object) -> Any:
        """Have a client do something, and return what comes of it.

        Raises:
            SdkFailed: the SDK refused, or its process ended.
        """
        with self._lock:
            number = next(self._numbers)
            self._say({"id": number, "do": act, "client": client, **more})
            answer = self._answer(number)
        if "error" in answer:
            raise SdkFailed(f"the SDK could not {act}: {answer['error']}")
        return answer["result"]

    def stop(self) -> None:
        """End the process: clients that are still connected are lost."""
        assert self._process.stdin  # noqa: S101 - it was asked for
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()

    def _say(self, command: dict[str, object]) -> None:
        assert self._process.stdin  # noqa: S101 - it was asked for
        try:
            self._process.stdin.write(f"{json.dumps(command)}\n")
            self._process.stdin.flush()
        except OSError:
            raise SdkFailed("the SDK's process has ended") from None

    def _answer(self, number: int) -> dict[str, Any]:
        """The answer to command `number`; those to commands that were given up are old news."""
        while True:
            try:
                answer = self._answers.get(timeout=PATIENCE_SECONDS)
            except queue.Empty:
                raise SdkFailed(f"the SDK said nothing for {PATIENCE_SECONDS:.0f} s") from None
            if answer is None:
                self._answers.put(None)
                raise SdkFailed("the SDK's process has ended")
            if answer["id"] == number:
                return answer

    def _read(self) -> None:
        assert self._process.stdout  # noqa: S101 - it was asked for
        with self._process.stdout as lines:
            for line in lines:
                self._answers.put(json.loads(line))
        self._answers.put(None)
