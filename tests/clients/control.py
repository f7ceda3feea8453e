"""The control plane as tests of real clients need it, and which operations were answered."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote

import requests
import yaml

from tests.tools import ROOT

METHODS = frozenset({"get", "post", "delete"})


class Control:
    """What no client of Twilio's can do: switch, connect, register."""

    def __init__(self, url: str) -> None:
        """Drive the server at `url`."""
        self.url = url

    def enable(self, service: str = "default") -> None:
        """Switch the indicator on."""
        self._send("POST", f"services/{quote(service, safe='')}/enable")

    def connect(self, identity: str, service: str = "default") -> None:
        """Connect the identity's device."""
        self._send("POST", f"{_user(service, identity)}/connections")

    def disconnect(self, identity: str, service: str = "default") -> None:
        """Close that connection."""
        self._send("DELETE", f"{_user(service, identity)}/connections/default")

    def register_push(self, identity: str, service: str = "default", type: str = "fcm") -> str:  # noqa: A002 - the API's word
        """Register a device for push; its binding's SID."""
        answer = self._send("POST", f"{_user(service, identity)}/bindings", {"type": type})
        return str(answer.json()["sid"])

    def answered(self) -> list[tuple[str, str, int]]:
        """Method, path and status of every REST request that was answered."""
        entries = self._send("GET", "journal?kind=answer").json()["entries"]
        asked = [
            (one["data"]["method"], one["data"]["path"], one["data"]["status"]) for one in entries
        ]
        return [one for one in asked if one[1].startswith("/v1/")]

    def operations_that_worked(self) -> set[str]:
        """The operations of openapi.yaml that were answered with a 2xx."""
        worked = ((method, path) for method, path, status in self.answered() if status < 300)
        return {
            name
            for method, path in worked
            for wanted, pattern, name in operations()
            if wanted == method and pattern.fullmatch(path)
        }

    def _send(self, method: str, path: str, body: object = None) -> requests.Response:
        answer = requests.request(method, f"{self.url}/_mock/{path}", json=body, timeout=10)
        assert answer.ok, answer.text
        return answer


@cache
def operations() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Method, path and id of each operation that the contract describes."""
    paths = yaml.safe_load((ROOT / "openapi.yaml").read_bytes())["paths"]
    return tuple(
        (method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operation["operationId"])
        for path, item in paths.items()
        for method, operation in item.items()
        if method in METHODS
    )


def all_operations() -> set[str]:
    """The ids of all operations."""
    return {name for _, _, name in operations()}


def more_operations() -> set[str]:
    """Those among them that set things up: `test_more_operations.py` drives them."""
    words = re.compile("Role|Credential|Notifications|Webhooks")
    return {name for name in all_operations() if words.search(name)}


def _user(service: str, identity: str) -> str:
    return f"services/{quote(service, safe='')}/users/{quote(identity, safe='')}"
