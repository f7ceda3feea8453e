"""The real SDK, from Python: commands to a `driver.mjs`, and what it reports."""

from __future__ import annotations

import json
import queue
import subprocess
import tempfile
import threading
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).parent
PATIENCE = 20.0
"""Seconds after which a test that waits in vain fails; nothing here takes long in a good run."""
STARTING = 60.0
"""Seconds for a process to start in: a browser may have to be read from a busy disk."""
QUICK = {"retryPolicy": {"min": 20, "max": 100, "randomness": 0}}
"""Options that make reconnecting quick."""
Json = dict[str, Any]


_LOSSES = ("disconnected", "request timeout", "Unable to connect")


class SdkError(Exception):
    """The SDK rejected a promise; `status` and `code` are what it says."""

    def __init__(self, error: Json) -> None:
        super().__init__(error["message"])
        self.status: int | None = error["status"]
        self.code: int | None = error["code"]


class Gone(AssertionError):  # noqa: N818 - what the matter is
    """The process ended, or says nothing; the message has what it last complained of."""


class Sdk:
    """One Node process with the SDK, or a browser with it, and any number of clients."""

    def __init__(self, command: list[str], folder: Path = HERE) -> None:
        """Start it."""
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,  # the SDK logs its errors there, too
            text=True,
        )
        self._numbers = count(1)
        self._answers: queue.Queue[Json | None] = queue.Queue()
        self._events: queue.Queue[Json | None] = queue.Queue()
        self._kept: list[Json] = []
        self._clients: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.version = self._next(self._events, STARTING)["version"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        assert self._process.stdin
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._reader.join()
        assert self._process.stdout
        self._process.stdout.close()
        self._complaints.close()

    def do(self, act: str, client: str, **more: Any) -> Any:
        """Have a client do something, and return what comes of it.

        Raises:
            SdkError: the SDK rejected it.
        """
        number = self.send(act, client, **more)
        return self.answer(number)

    def send(self, act: str, client: str, **more: Any) -> int:
        """Have a client do something, and wait for nothing; returns its number."""
        assert self._process.stdin
        number = next(self._numbers)
        line = json.dumps({"id": number, "do": act, "client": client, **more})
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        if act == "connect":
            self._clients.append(client)
        return number

    def answer(self, number: int) -> Any:
        """What came of the command with that number.

        Raises:
            SdkError: the SDK rejected it.
        """
        answer = self._next(self._answers)
        assert answer["id"] == number, f"an answer out of turn: {answer}"
        if "error" in answer:
            raise SdkError(answer["error"])
        return answer["result"]

    def event(self, name: str, client: str | None = None, **matching: Any) -> Json:
        """The next event of that name, of a `client` if said; `matching` must be in it, too.

        What a client said before it is forgotten; what other clients said is kept.
        """
        others: list[Json] = []
        while True:
            one = self._kept.pop(0) if self._kept else self._next(self._events)
            if client is not None and one.get("client") != client:
                others.append(one)
            elif one["event"] == name and matching.items() <= one.items():
                self._kept[:0] = others
                return one

    def events_until(self, name: str, client: str, **matching: Any) -> list[Json]:
        """What a client says from now on, up to and with the event of that name; nothing is lost.

        `matching` must be in that event, too; what other clients said is kept.
        """
        mine: list[Json] = []
        others: list[Json] = []
        while not (mine and mine[-1]["event"] == name and matching.items() <= mine[-1].items()):
            one = self._kept.pop(0) if self._kept else self._next(self._events)
            (mine if one.get("client") == client else others).append(one)
        self._kept[:0] = others
        return mine

    def events(self) -> list[Json]:
        """The events that nobody has asked for so far."""
        found, self._kept = self._kept, []
        while not self._events.empty():
            found.append(self._next(self._events))
        return found

    def shut_down_all(self) -> None:
        """End every client, and forget what it said."""
        for client in dict.fromkeys(self._clients):
            with suppress(SdkError):
                self.do("shutdown", client)
        self._clients.clear()
        for one in self.events():
            assert one["event"] != "unhandledRejection" or _is_about_loss(one), one["message"]

    def _next(self, said: queue.Queue[Json | None], patience: float = PATIENCE) -> Json:
        """What the process says next.

        Raises:
            Gone: it has ended, or says nothing.
        """
        with suppress(queue.Empty):
            one = said.get(timeout=patience)
            if one is not None:
                return one
        self._complaints.seek(0)
        raise Gone(f"exit code {self._process.poll()}: {self._complaints.read()[-2000:]}")

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            one = json.loads(line)
            (self._answers if "id" in one else self._events).put(one)
        self._answers.put(None)
        self._events.put(None)


def _is_about_loss(rejection: Json) -> bool:
    """The SDK leaves promises alone that a lost connection breaks: its own affair."""
    return any(word in rejection["message"] for word in _LOSSES)
