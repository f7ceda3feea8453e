"""The `rest` step: whatever REST can say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yaml.nodes import Node

from reachability_mock.scenario import kinds
from reachability_mock.scenario.compare import differences, mentions, not_null
from reachability_mock.scenario.kinds import TEMPLATE, TEXT, Json, field
from reachability_mock.scenario.reader import Names, Reader, Wrong
from reachability_mock.scenario.stage import Stage
from reachability_mock.scenario.step import (
    EVERYBODY,
    NOBODY,
    Difference,
    Mismatch,
    Problem,
    Step,
)
from reachability_mock.scenario.target import DEFAULT, Credentials, Need, Reply, Request

METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS")
_FORM = kinds.MapOf(kinds.Anything())
_ANSWER = kinds.Keyed(
    {
        "status": kinds.Whole(100, 599),
        "body": kinds.ANYTHING,
        "headers": kinds.MapOf(TEMPLATE),
    }
)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A method and a path: ``GET /v1/Services/${default}/Users?PageSize=2``."""

    def read(self, node: Node, reader: Reader) -> tuple[str, str]:
        """Read both."""
        method, _, path = TEMPLATE.read(node, reader).partition(" ")
        if method not in METHODS:
            raise Wrong(node, f'"{method}" is not one of {", ".join(METHODS)}')
        if not path.startswith(("/v1/", "${")) or path.split() != [path]:
            raise Wrong(node, f'"{path}" is not a path under /v1/, nor a saved URL')
        return method, path

    def schema(self) -> Json:
        """Its pattern."""
        return {"type": "string", "pattern": f"^({'|'.join(METHODS)}) (/v1/|\\$\\{{)\\S+$"}


@dataclass(frozen=True, slots=True)
class Rest(Step, key="rest"):
    """Any REST request, and what its answer must have: a body matches as a subset."""

    request: tuple[str, str] = field(RequestLine())
    form: dict[str, object] = field(_FORM, default={}, doc="A list repeats the parameter.")
    headers: dict[str, str] = field(kinds.MapOf(TEMPLATE), default={})
    credentials: str = field(kinds.Choice(tuple(one.value for one in Credentials)), default="right")
    account: str = field(kinds.ACCOUNT, default=DEFAULT)
    expect: dict[str, object] = field(_ANSWER, default={})
    save: dict[str, str] = field(
        kinds.MapOf(TEXT), default={}, doc="name: path.into.the.body, for ${name} from here on."
    )

    @property
    def needs(self) -> frozenset[Need]:
        """The default service's own path, or somebody whose presence is not null."""
        path = self.request[1]
        default = path.startswith("/v1/") and not path.startswith("/v1/Services")
        shown = not_null(self.expect.get("body"))
        return frozenset(
            ({Need.DEFAULT_PATH} if default else set()) | ({Need.PRESENCE} if shown else set())
        )

    @property
    def shows_presence_of(self) -> frozenset[str]:
        """Everybody's, if presence is looked at at all."""
        return EVERYBODY if mentions(self.expect.get("body")) else NOBODY

    def problems(self, names: Names) -> Iterator[Problem]:
        """What is saved must not hide another name."""
        for name in self.save:
            if name in names.in_templates() - names.saved:
                yield Problem("save", f'"{name}" names something else already')

    def declares(self, names: Names) -> None:
        """What is saved can be used from here on."""
        names.saved.update(self.save)

    def play(self, stage: Stage) -> None:
        """Send it and look at the answer."""
        method, text = self.request
        path, query = stage.fill_path(text)
        form = tuple(
            (key, _spelt(stage.fill(one)))
            for key, value in self.form.items()
            for one in (value if isinstance(value, list) else [value])
        )
        headers = tuple((key, str(stage.fill(text))) for key, text in self.headers.items())
        credentials = Credentials(self.credentials)
        reply = stage.target.rest(
            Request(method, path, query, form, headers, self.account, credentials)
        )
        found = [*self._differences(stage, reply)]
        if found:
            raise Mismatch(*found, note=f"{method} {path} was answered {reply.status}")
        for name, where in self.save.items():
            stage.saved[name] = _at(reply.body, where)

    def _differences(self, stage: Stage, reply: Reply) -> Iterator[Difference]:
        status = self.expect.get("status")
        if status is not None and status != reply.status:
            yield Difference("status", status, reply.status)
        if "body" in self.expect:
            yield from differences(stage.fill(self.expect["body"]), reply.body, "body")
        wanted = self.expect.get("headers")
        for name, value in (wanted if isinstance(wanted, dict) else {}).items():
            yield from differences(
                stage.fill(value), reply.headers.get(name.lower()), f"header {name}"
            )


def _spelt(value: object) -> str:
    """A form's value as it is sent."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _at(body: object, where: str) -> str:
    """The value at a dotted path into a body."""
    found = body
    for part in where.split("."):
        if isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        elif isinstance(found, dict) and part in found:
            found = found[part]
        else:
            raise Mismatch(Difference(f"body.{where}", "something to save", "(not there)"))
    return _spelt(found)
