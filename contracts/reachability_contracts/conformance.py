"""Answers that somebody got anyway, judged by the document: conformance for free.

Scenarios, the live service and a downstream team's own traffic go through here.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import requests
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup

from reachability_contracts.checks import SHAPES, error_shape
from reachability_contracts.document import document
from reachability_contracts.results import Result, Verdict
from reachability_mock.scenario.target import Reply, Request

SUITE = "document"
_HOST = "http://localhost"
_METHODS = {"GET", "POST", "DELETE"}


@dataclass(slots=True)
class Conformance:
    """Judges answers, and counts what it judged."""

    counted: Counter[str] = field(default_factory=Counter)
    """Operations, as the document calls them, with the number of answers judged."""
    wrong: dict[str, Result] = field(default_factory=dict)
    """What was wrong, once for each operation and kind."""
    host: str = _HOST

    def watch(self, request: Request, reply: Reply) -> None:
        """Judge one exchange of a scenario."""
        operation = _operation(request)
        label = operation.label if operation else "no operation"
        self.counted[label] += 1
        for said in _faults(operation, _response(request, reply, self.host)):
            self._found(label, said, request, reply)

    @property
    def total(self) -> int:
        """How many answers were judged."""
        return sum(self.counted.values())

    def results(self, group: str) -> list[Result]:
        """A result for each operation."""
        passed = [
            Result(SUITE, group, f"{label} ({number} answers)", Verdict.PASSED)
            for label, number in sorted(self.counted.items())
            if not any(key.startswith(f"{label}: ") for key in self.wrong)
        ]
        return [*self.wrong.values(), *passed]

    def _found(self, label: str, said: str, request: Request, reply: Reply) -> None:
        result = Result(
            SUITE,
            "answers",
            label,
            Verdict.FAILED,
            rules=("R9",) if said.startswith("R9") else (),
            reason=said,
            request=f"{request.method} {request.path} {request.query}".rstrip(),
            expected=f"as openapi.yaml describes {label}",
            got=f"{reply.status} {json.dumps(reply.body)[:300]}",
            file="openapi.yaml",
        )
        self.wrong.setdefault(f"{label}: {said[:40]}", result)


@cache
def _schema() -> Any:
    return schemathesis.openapi.from_dict(document(), config=SchemathesisConfig())


def _operation(request: Request) -> Any:
    """What the document calls the request; None for a path or method that it does not know."""
    known = request.method in _METHODS
    return _schema().find_operation_by_path(request.method, request.path) if known else None


def _faults(operation: Any, response: schemathesis.Response) -> list[str]:
    """What is wrong with an answer: status, headers, body, and our own rules of shape."""
    if operation is None:
        said = _said(error_shape, response)
        return [said] if said else []
    if str(response.status_code) not in operation.definition.raw["responses"]:
        return [f"the status {response.status_code} is not described"]
    try:
        operation.validate_response(response)
    except FailureGroup as group:
        return [_short(one) for one in group.exceptions]
    except Failure as failure:
        return [_short(failure)]
    return [said for check in SHAPES if (said := _said(check, response))]


def _short(failure: BaseException) -> str:
    """The first words of a failure: the rest repeats the schema."""
    return " ".join(str(failure).split())[:200]


def _said(check: Any, response: schemathesis.Response) -> str | None:
    try:
        check(None, response, None)
    except AssertionError as wrong:
        return str(wrong)
    return None


def _response(request: Request, reply: Reply, host: str) -> schemathesis.Response:
    query = f"?{request.query}" if request.query else ""
    prepared = requests.Request(request.method, f"{host}{request.path}{query}").prepare()
    body = b"" if reply.body is None else json.dumps(reply.body).encode()
    return schemathesis.Response(
        reply.status,
        {name: [value] for name, value in reply.headers.items()},
        body,
        prepared,
        0.0,
        True,  # noqa: FBT003 - schemathesis' own positional: TLS was verified
    )
