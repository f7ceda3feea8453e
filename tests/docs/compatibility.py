"""The table of versions, from what is declared and what is locked."""

from __future__ import annotations

from tests.compatibility.lowest import locked, lowest, lowest_pytest, node_versions
from tests.packaging.environments import DECLARED

_BESIDES = ("flask", "responses", "uvicorn", "websockets", "click", "cryptography")


def table() -> str:
    """The oldest and the newest of each that tests run."""
    pins, oldest = locked(), lowest("twilio", "proxy")
    (node_oldest,) = node_versions("tests/compatibility").values()
    rows = [
        ("Python", DECLARED[0], DECLARED[-1], "and every version between"),
        ("twilio (Python)", oldest["twilio"], pins["twilio"], "sync and async"),
        ("twilio (Node)", node_oldest, node_versions("tests/node")["twilio"], "Node 20 and later"),
        ("pytest", lowest_pytest(), pins["pytest"], "not needed outside pytest"),
        *((name, oldest.get(name, ""), pins[name], "") for name in _BESIDES if name in oldest),
    ]
    head = ["| what | oldest | newest | besides |", "|---|---|---|---|"]
    return "\n".join([*head, *(f"| {a} | {b} | {c} | {d} |" for a, b, c, d in rows)])
