"""Playing a text of YAML in this process, and a target that only pretends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from textwrap import dedent

from reachability_mock.clock import ManualClock
from reachability_mock.http.site import Site
from reachability_mock.keyring import Keyring
from reachability_mock.scenario.complaint import Unloadable
from reachability_mock.scenario.loader import loads
from reachability_mock.scenario.runner import StepResult, play
from reachability_mock.scenario.target import (
    Need,
    Notice,
    Opening,
    Person,
    Reply,
    Request,
    TargetFailed,
    Trouble,
)
from reachability_mock.targets import InProcessTarget
from reachability_mock.world import World

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def new_site() -> Site:
    """A world of its own, whose clock stands."""
    return Site(World(clock=ManualClock(START), seed="scenario"), Keyring())


def played(text: str, site: Site | None = None) -> list[StepResult]:
    """The results of a scenario's text, without waiting."""
    scenario = loads(dedent(text), "test.yaml")
    return list(play(scenario, InProcessTarget(site or new_site()), instant=True))


def verdicts(results: list[StepResult]) -> list[str]:
    """The verdicts in order, the set-up first."""
    return [one.verdict.value for one in results]


def complaints(text: str) -> list[str]:
    """What the loader says of a text, as lines."""
    try:
        loads(dedent(text), "away.yaml")
    except Unloadable as error:
        return [str(one) for one in error.complaints]
    return []


class PretendTarget:
    """A target that agrees to everything and remembers what it was asked."""

    name = "pretence"
    keeps = False
    in_real_time = False

    def __init__(self, *lacking: Need, refuses: str = "") -> None:
        """Lack some needs; refuse to open services if there is a reason to."""
        self.lacking = lacking
        self.refuses = refuses
        self.asked: list[str] = []
        self.time = START

    def lacks(self, need: Need) -> str | None:
        return f"no {need.value} here" if need in self.lacking else None

    def begin(self, settings: Mapping[str, object]) -> None:
        self.asked.append(f"begin {dict(settings)}")

    def end(self) -> None:
        self.asked.append("end")

    def open_account(self, name: str, sid: str | None) -> str:
        return sid or f"AC-{name}"

    def open_service(self, opening: Opening) -> str:
        if self.refuses:
            raise TargetFailed(self.refuses)
        return f"IS-{opening.name}"

    def rest(self, request: Request) -> Reply:
        self.asked.append(f"{request.method} {request.path}")
        status = 201 if request.method == "POST" and request.path.endswith("/Users") else 200
        return Reply(status, {"sid": "US-somebody", "is_online": None, "is_notifiable": None})

    def connect(self, person: Person, device: str, *, driver: str | None = None) -> None:
        self.asked.append(f"connect {person.identity} {device} {driver}")

    def disconnect(self, person: Person, device: str, *, driver: str | None = None) -> None:
        self.asked.append(f"disconnect {person.identity} {device} {driver}")

    def lose(self, person: Person, device: str, *, driver: str | None = None) -> None:
        self.asked.append(f"lose {person.identity} {device} {driver}")

    def register_push(
        self, person: Person, kind: str, address: str, *, driver: str | None = None
    ) -> str:
        self.asked.append(f"register {person.identity} {kind} {address} {driver}")
        return "BS-one"

    def unregister_push(self, person: Person, binding_sid: str) -> None:
        self.asked.append(f"unregister {person.identity} {binding_sid}")

    def edit(
        self, person: Person, friendly_name: str | None = None, attributes: str | None = None
    ) -> None:
        self.asked.append(f"edit {person.identity} {friendly_name} {attributes}")

    def trouble(self, trouble: Trouble) -> None:
        whom = trouble.person.identity if trouble.person else "everybody"
        self.asked.append(f"trouble {trouble.kind} {whom} {dict(trouble.values)}")

    def notices(self, since: int) -> list[Notice]:  # noqa: ARG002 - the protocol's signature
        return []

    def why(self, person: Person) -> str | None:
        return f"because {person.identity}"

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.asked.append(f"advance {seconds:g}")
        self.time += timedelta(seconds=seconds)
