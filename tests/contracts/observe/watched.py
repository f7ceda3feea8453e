"""The fake in this process with somebody watching, and a story that shows every rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from reachability_contracts.observe.finding import Answer, Asked, Finding, Outcome
from reachability_contracts.observe.knowledge import Knowledge
from reachability_contracts.observe.watching import Watching
from reachability_contracts.stages import InProcess

MAIL = "eve@ex.com"


class Watched:
    """Requests to the fake, each announced and told of."""

    def __init__(self, knowledge: Knowledge | None = None) -> None:
        self.stage = InProcess()
        self.watching = Watching(knowledge)
        self.outcomes: list[Outcome] = []
        self.at = 0.0

    @property
    def findings(self) -> list[Finding]:
        return [one for one in self.outcomes if isinstance(one, Finding)]

    @property
    def about(self) -> set[str]:
        return {finding.about for finding in self.findings}

    def begin(self, method: str, path: str) -> Asked:
        bare, _, query = path.partition("?")
        return self.watching.begin(method, bare, dict(parse_qsl(query)))

    def serve(self, method: str, path: str, form: Mapping[str, str] | None = None) -> Answer:
        status, body = self.stage.rest(method, path, form or {})
        return Answer(status, body, form or {})

    def finish(self, asked: Asked, answer: Answer) -> list[Outcome]:
        found = self.watching.finish(asked, answer, self.at)
        self.outcomes += found
        return found

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> Any:
        """One request after the other; the answer's body."""
        self.at += 1
        asked = self.begin(method, path)
        answer = self.serve(method, path, form)
        self.finish(asked, answer)
        return answer.body

    def get(self, path: str) -> Any:
        return self.ask("GET", path)

    def switch(self, service: str, *, on: bool) -> Any:
        path = f"/v1/Services/{service}/Configuration"
        return self.ask("POST", path, {"ReachabilityEnabled": str(on).lower()})

    def default_service(self) -> str:
        return str(self.get("/v1/Configuration")["default_chat_service_sid"])


def story(watched: Watched) -> None:
    """Two services and two users come through everything that a GET can show."""
    stage = watched.stage
    default = watched.default_service()
    other = watched.ask("POST", "/v1/Services", {"FriendlyName": "other"})["sid"]
    for service in (default, other):
        base = f"/v1/Services/{service}"
        for identity in ("alice", MAIL):
            watched.ask("POST", f"{base}/Users", {"Identity": identity})
    watched.switch(default, on=True)
    for service in (default, other):
        stage.connect(service, "alice", "phone")
        binding = stage.register(service, MAIL, "fcm")
        _look(watched, service)
        stage.disconnect(service, "alice", "phone")
        stage.unregister(service, binding)
        _look(watched, service)
    watched.switch(default, on=True)  # on it was: nothing is forgotten
    _look(watched, default)
    watched.switch(default, on=False)
    stage.connect(default, "alice", "phone")
    stage.register(default, MAIL, "fcm")
    _look(watched, default)
    watched.switch(default, on=True)
    _look(watched, default)
    watched.ask("POST", f"/v1/Services/{default}/Users", {"Identity": "late"})
    _look(watched, default)


def _look(watched: Watched, service: str) -> None:
    base = f"/v1/Services/{service}"
    watched.get(f"{base}/Configuration")
    for identity in ("alice", MAIL):
        path = f"{base}/Users/{quote(identity)}"
        watched.get(path)
        watched.ask("POST", path, {"FriendlyName": "A"})
        watched.get(path)
    watched.get(f"{base}/Users?PageSize=2")
    watched.get(f"/v1/Users/{quote(MAIL)}")
    watched.get("/v1/Users")
