"""schemathesis on a stage, set up in the way that finds bugs.

Two runs.  (A) coverage and fuzzing on a seeded world, path parameters pinned to what exists, the
world reset for each operation: without the seed a leaking list is never seen, without the reset one
operation masks another.  (B) stateful by the document's links, unpinned and unseeded: pins would
make it report what another step deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
import schemathesis
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.transport.requests import RequestsTransport

from reachability_contracts import checks
from reachability_contracts.document import METHODS, document
from reachability_contracts.excuses import excused
from reachability_contracts.fitting import fit, pinned
from reachability_contracts.ledger import Ledger
from reachability_contracts.results import Result, Verdict, rules_named
from reachability_contracts.runs import Run, current_run, under_way
from reachability_contracts.stages import Pins, Stage

SUITE = "schemathesis"
DEPTH = 12
"""Examples per operation by default; `-n 200` is for the night."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How deep and how random."""

    seed: int = 1
    examples: int = DEPTH


def run_seeded(
    stage: Stage, settings: Settings, *, first_only: bool = False
) -> tuple[list[Result], Ledger]:
    """Run A: coverage and fuzzing on a seeded, pinned world that is reset for each operation."""
    run = Run(stage, seeded=True)
    run.reset()
    config = _config(
        stage,
        settings,
        phases={
            "examples": {"enabled": False},  # the coverage phase sends the examples, too
            "coverage": {"unexpected-methods": ["PUT", "PATCH", "TRACE"]},
            "fuzzing": {"extra-data-sources": _OWN_DATA_ONLY},
            "stateful": {"enabled": False},
        },
        operations=[
            {"include-operation-id": name, "parameters": pins} for name, pins in pinned().items()
        ],
    )
    results = _executed(run, config, "coverage and fuzzing, seeded", first_only=first_only)
    return [*results, *([] if first_only else _reached(run.ledger))], run.ledger


def run_stateful(
    stage: Stage, settings: Settings, *, first_only: bool = False
) -> tuple[list[Result], Ledger]:
    """Run B: sequences of requests along the document's links, on an empty world."""
    run = Run(stage, seeded=False)
    stage.clear()
    config = _config(
        stage,
        settings,
        phases={
            "examples": {"enabled": False},
            "coverage": {"enabled": False},
            "fuzzing": {"enabled": False},
            # A link that is wrong is a fault of the document: it must fail, not be dropped.
            "stateful": {"max-steps": 6},
        },
        operations=[],
    )
    return _executed(run, config, "stateful, by links", first_only=first_only), run.ledger


_OWN_DATA_ONLY = {"responses": False}  # SIDs out of answers would delete what others are pinned to
CHECKS: dict[str, dict[str, Any]] = {
    # The one header that is required is Authorization, and the lack of it has one answer.
    "missing_required_header": {"expected-statuses": [401]},
}
"""Exceptions to the built-in checks; each has its reason beside it."""


def _config(
    stage: Stage,
    settings: Settings,
    *,
    phases: dict[str, Any],
    operations: list[dict[str, Any]],
    more: dict[str, Any] | None = None,
) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": settings.seed,
            "base-url": stage.url,
            "continue-on-failure": True,
            "auth": {
                "basic": {
                    "username": stage.credentials.username,
                    "password": stage.credentials.password,
                }
            },
            "generation": _generation(settings),
            "cache": {"enabled": False},
            "checks": CHECKS,
            "phases": phases,
            "operations": operations,
            "max-redirects": 0,  # no answer of the contract is one, and none shall lead elsewhere
            **(more or {}),
        }
    )


def _generation(settings: Settings) -> dict[str, Any]:
    return {
        "max-examples": settings.examples,
        # Credentials are configured: a generated lack of them would be put back in.
        "with-security-parameters": False,
        "database": "none",
        "no-shrink": True,
    }


@schemathesis.hook
def before_call(_context: Any, case: Case[Any], _kwargs: dict[str, Any]) -> None:
    """Enter the operation's world, and let the request name what exists in it."""
    run = current_run()
    if run is None:
        return
    run.enter(case.operation.label)
    fit(case, run.pins)


def _executed(
    run: Run,
    config: SchemathesisConfig,
    group: str,
    *,
    first_only: bool,
    only: tuple[str, ...] = (),
) -> list[Result]:
    described = _only(document(), only) if only else document()
    schema = schemathesis.openapi.from_dict(described, config=config)
    found = _Found(group)
    with under_way(run), _mounted(run.stage):
        stream = from_schema(schema).execute()
        for event in stream:
            if isinstance(event, events.ScenarioFinished):
                found.scenario(event, run.ledger)
            elif isinstance(event, events.NonFatalError | events.FatalError):
                found.error(event)
            if first_only and found.has_failures:
                stream.stop()
                break
    return found.results()


def _only(whole: dict[str, Any], operations: tuple[str, ...]) -> dict[str, Any]:
    """A document that describes nothing but `operations`: what is not in it cannot be sent."""
    return {
        **whole,
        "paths": {
            path: {
                key: _without_links(value) if key in METHODS else value
                for key, value in item.items()
                if key not in METHODS or value["operationId"] in operations
            }
            for path, item in whole["paths"].items()
        },
    }


def _without_links(operation: dict[str, Any]) -> dict[str, Any]:
    responses = {
        status: {key: value for key, value in response.items() if key != "links"}
        for status, response in operation["responses"].items()
    }
    return {**operation, "responses": responses}


class _Found:
    """Collects what the engine tells, an operation at a time."""

    def __init__(self, group: str) -> None:
        self._group = group
        self._seconds: dict[str, float] = {}
        self._failures: dict[str, dict[tuple[str, str], Result]] = {}

    @property
    def has_failures(self) -> bool:
        return bool(self._failures)

    def scenario(self, event: events.ScenarioFinished, ledger: Ledger) -> None:
        label = event.label or "sequences"
        self._seconds[label] = self._seconds.get(label, 0.0) + event.elapsed_time
        recorder = event.recorder
        for case_id, interaction in recorder.interactions.items():
            if interaction.response is not None and case_id in recorder.cases:
                operation = recorder.cases[case_id].value.operation.label
                ledger.note(operation, interaction.response.status_code)
        for case_id, nodes in recorder.checks.items():
            for node in nodes:
                if node.failure_info is None:
                    continue
                failure = node.failure_info.failure
                if not excused(node.name, recorder, case_id, failure.message):
                    self._failed(label, node.name, failure, recorder, case_id)

    def error(self, event: Any) -> None:
        label = getattr(event, "label", None) or "engine"
        said = str(getattr(event, "value", None) or getattr(event, "exception", event))
        self._add(
            label, ("error", said), Result(SUITE, self._group, label, Verdict.FAILED, reason=said)
        )

    def _failed(self, label: str, check: str, failure: Any, recorder: Any, case_id: str) -> None:
        case = recorder.cases[case_id].value
        operation = case.operation.label
        said = " ".join(f"{failure.title}: {failure.message}".split())
        interaction = recorder.interactions.get(case_id)
        response = interaction.response if interaction else None
        result = Result(
            SUITE,
            self._group,
            f"{check}: {operation}",
            Verdict.FAILED,
            rules=rules_in(check, said),
            reason=said[:600],
            request=f"{case.method} {case.formatted_path}  {_shown(case)}"[:400],
            expected=check,
            got=f"{response.status_code} {response.text[:300]}" if response is not None else "",
            file="openapi.yaml",
        )
        self._add(label, (check, operation), result)

    def _add(self, label: str, key: tuple[str, str], result: Result) -> None:
        self._failures.setdefault(label, {}).setdefault(key, result)

    def results(self) -> list[Result]:
        found = [one for failures in self._failures.values() for one in failures.values()]
        passed = [
            Result(SUITE, self._group, label, Verdict.PASSED, seconds=seconds)
            for label, seconds in self._seconds.items()
            if label not in self._failures
        ]
        return [*found, *passed]


def rules_in(check: str, said: str) -> tuple[str, ...]:
    """The rules that a failure of `check` is about: the check's own, or those the model named."""
    return rules_named(said) or checks.RULES.get(check, ())


def _shown(case: Case[Any]) -> str:
    body = case.body if isinstance(case.body, dict) else {}
    return " ".join(f"{name}={str(value)[:60]}" for name, value in body.items())


def _reached(ledger: Ledger) -> list[Result]:
    """A failure for each operation that never succeeded."""
    group = "every operation succeeds at least once"
    wanted = [
        f"{method.upper()} {path}"
        for path, item in document()["paths"].items()
        for method in item
        if method in METHODS
    ]
    missing = set(ledger.never_reached(wanted))
    return [
        Result(SUITE, group, name, Verdict.FAILED, reason="never answered with a success")
        if name in missing
        else Result(SUITE, group, name, Verdict.PASSED)
        for name in wanted
    ]


def run_guarded(stage: Stage, pins: Pins, plan: Guarded) -> tuple[list[Result], Ledger]:
    """On the live service: coverage only, inside one service of our own, through `plan.session`."""
    run = Run(stage, seeded=False, pins=pins)
    config = _config(
        stage,
        plan.settings,
        phases={
            "examples": {"enabled": False},
            "coverage": {"unexpected-methods": []},  # an undeclared DELETE is a DELETE
            "fuzzing": {"enabled": False},
            "stateful": {"enabled": False},
        },
        operations=[
            {"include-operation-id": name, "parameters": pinned()[name]} for name in plan.operations
        ],
        more={
            "rate-limit": plan.rate,
            "tls-verify": plan.verify,
            "generation": {
                **_generation(plan.settings),
                # A wrong path parameter is a path that leads outside the run's own service.
                "mode": "positive",
            },
            # Its probes drop the session, and the guard with it; the scenario `errors` asks it.
            "checks": {**CHECKS, "ignored_auth": {"enabled": False}},
        },
    )
    with _through(plan.session):
        results = _executed(
            run, config, "coverage on the live service", first_only=False, only=plan.operations
        )
    return results, run.ledger


@dataclass(frozen=True, slots=True)
class Guarded:
    """How to send generated requests where there is something to lose."""

    session: requests.Session
    operations: tuple[str, ...]
    settings: Settings
    verify: bool | str = True
    rate: str = "1/s"


@contextmanager
def _through(session: requests.Session) -> Iterator[None]:
    """Let every request of schemathesis leave by `session`, also its probes without one."""
    with _sending_by(lambda _: session):
        yield


@contextmanager
def _mounted(stage: Stage) -> Iterator[None]:
    """Let requests to a stage without a socket go through its adapter.

    schemathesis could call a WSGI app, but spells some requests otherwise there: a form's nested
    value becomes an uploaded file.
    """
    adapter = stage.adapter
    if adapter is None:
        yield
        return

    def mounted(session: requests.Session | None) -> requests.Session:
        found = session or requests.Session()
        found.mount(stage.url, adapter)
        return found

    with _sending_by(mounted):
        yield


@contextmanager
def _sending_by(choose: Callable[[requests.Session | None], requests.Session]) -> Iterator[None]:
    """Let `choose` say by which session each request of schemathesis is sent."""
    real = RequestsTransport.send

    def send(self: Any, case: Case[Any], *, session: Any = None, **kwargs: Any) -> Any:
        return real(self, case, session=choose(session), **kwargs)

    setattr(RequestsTransport, "send", send)  # noqa: B010 - mypy forbids assigning to a method
    try:
        yield
    finally:
        setattr(RequestsTransport, "send", real)  # noqa: B010 - likewise
