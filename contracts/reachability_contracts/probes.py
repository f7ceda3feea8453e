"""Probes: short questions in code, for what a scenario cannot spell and generators do not ask.

Credentials one letter off, dates that move or stay, secrets that stay where they are, a token of
another list, and a tour of the seeded world in which the model says what every view of every user
must show.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from reachability_contracts.checks import urls_in
from reachability_contracts.model import Model, Seen
from reachability_contracts.results import Result, Verdict, rules_named
from reachability_contracts.stages import Broken, Pins, Stage, seed
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.wire import redaction

SUITE = "probes"
Fault = tuple[str, str, object, object]
"""A rule or nothing, the request, what was expected, what was got."""
_OK, _UNAUTHORIZED, _BAD = 200, 401, 400


def probe(stage: Stage, *, has_default_key: bool) -> list[Result]:
    """Ask everything; a result for each probe."""
    return [
        _asked(name, lambda ask=ask: list(ask(stage)))  # type: ignore[misc] # the default argument binds this round's value
        for name, ask in _PROBES.items()
        if has_default_key or ask is not keys
    ]


def _asked(name: str, ask: Callable[[], list[Fault]]) -> Result:
    try:
        faults = ask()
    except Broken as broken:
        said = f"the set-up failed: {broken}"
        return Result(SUITE, SUITE, name, Verdict.FAILED, rules=rules_named(said), reason=said)
    if not faults:
        return Result(SUITE, SUITE, name, Verdict.PASSED, rules=_RULES.get(name, ()))
    rule, request, expected, got = faults[0]
    said = "; ".join(
        f"{where}: expected {must!r}, got {was!r}" for _, where, must, was in faults[:5]
    )
    return Result(
        SUITE,
        SUITE,
        name,
        Verdict.FAILED,
        rules=rules_named(rule),
        reason=f"{rule}: {said}" if rule else said,
        request=request,
        expected=repr(expected),
        got=repr(got),
    )


# --- who may come in -----------------------------------------------------------------------------


def credentials(stage: Stage) -> Iterator[Fault]:
    """Credentials that are nearly right are wrong: 401/20003."""
    name, token = stage.credentials.username, stage.credentials.password
    stranger = "AC" + "9f" * 16
    for says, auth in (
        ("half of the token", (name, token[: len(token) // 2])),
        ("a letter more", (name, token + "0")),
        ("a blank behind it", (name, token + " ")),
        ("a blank before it", (name, " " + token)),
        ("no token", (name, "")),
        ("another token", (name, "f" * 32)),
        ("a stranger", (stranger, token)),
        ("a stranger with no token", (stranger, "")),
        ("no SID", ("alice", token)),
    ):
        status, body = stage.rest("GET", "/v1/Configuration", {}, auth)
        got = (status, body.get("code") if isinstance(body, dict) else None)
        if got != (_UNAUTHORIZED, 20003):
            yield "", f"GET /v1/Configuration with {says}", (_UNAUTHORIZED, 20003), got


def keys(stage: Stage) -> Iterator[Fault]:
    """An API key opens its account's world, and answers show the account's SID."""
    status, body = stage.rest("GET", "/v1/Configuration", {}, (sids.DEFAULT_KEY, DEFAULT_SECRET))
    got = (status, body.get("account_sid") if isinstance(body, dict) else None)
    if got != (_OK, stage.credentials.username):
        yield "", "GET /v1/Configuration with an API key", (_OK, stage.credentials.username), got


# --- dates ---------------------------------------------------------------------------------------


def dates(stage: Stage) -> Iterator[Fault]:
    """date_updated moves with an update that changes something, and with nothing else."""
    pins = seed(stage, Model())
    user = f"/v1/Services/{pins.service}/Users/{pins.users['carol']}"
    born = _dates(stage, user)
    if born[0] != born[1]:
        yield "", f"GET {user}", "date_updated as date_created", born
    stage.advance(60)
    stage.connect(pins.service, "carol", "tab")
    yield from _same(f"GET {user} after a connect", born, _dates(stage, user))
    stage.rest("POST", user, {})
    yield from _same(f"GET {user} after an empty update", born, _dates(stage, user))
    stage.rest("POST", user, {"FriendlyName": "C"})
    created, updated = _dates(stage, user)
    yield from _same(f"GET {user} after an update: date_created", born[0], created)
    if updated <= born[1]:
        yield "", f"GET {user} after an update", f"date_updated after {born[1]}", updated
    yield from _service_dates(stage, f"/v1/Services/{pins.spare}")
    yield from _credential_dates(stage, f"/v1/Credentials/{pins.credential}")


def _service_dates(stage: Stage, service: str) -> Iterator[Fault]:
    before = _dates(stage, service)
    stage.advance(60)
    stage.rest("POST", f"{service}/Configuration", {"ReachabilityEnabled": "true"})
    after = _dates(stage, service)
    if after[1] <= before[1]:
        yield "", f"GET {service} after switching", f"date_updated after {before[1]}", after[1]


def _credential_dates(stage: Stage, credential: str) -> Iterator[Fault]:
    """Nobody can see another secret, but that there is one."""
    before = _dates(stage, credential)
    stage.advance(60)
    stage.rest("POST", credential, {})
    yield from _same(f"GET {credential} after an empty update", before, _dates(stage, credential))
    stage.rest("POST", credential, {"Secret": "another"})
    after = _dates(stage, credential)
    if after[1] <= before[1]:
        yield "", f"GET {credential} with another secret", f"date_updated after {before[1]}", after


def _dates(stage: Stage, path: str) -> tuple[str, str]:
    body = _body(stage, path)
    return str(body.get("date_created")), str(body.get("date_updated"))


def _same(where: str, expected: object, got: object) -> Iterator[Fault]:
    if expected != got:
        yield "", where, expected, got


# --- secrets -------------------------------------------------------------------------------------


def secrets(stage: Stage) -> Iterator[Fault]:
    """What is secret in a credential comes back by no path, nor does a journal keep it."""
    stage.clear()
    words = {name: f"hush-{number}-do-not-tell" for number, name in enumerate(redaction.SECRETS)}
    made = "/v1/Credentials"
    answers = {}
    for name, word in words.items():
        for spelt in (name, name.lower()):
            _, body = stage.rest("POST", made, {"Type": "fcm", "FriendlyName": "f", spelt: word})
            answers[f"POST {made} with {spelt}"] = body
        sid = (body or {}).get("sid")
        for path in (f"{made}/{sid}", f"{made}/{sid}?{name}={word}"):
            answers[f"POST {path}"] = stage.rest("POST", path, {name: word})[1]
        answers[f"GET {made}/{sid}"] = stage.rest("GET", f"{made}/{sid}", {})[1]
    for path in (made, "/_mock/journal"):
        answers[f"GET {path}"] = stage.rest("GET", path, {})[1]
    for request, body in answers.items():
        told = [name for name, word in words.items() if word in json.dumps(body)]
        if told:
            yield "", request, "no secret", f"the {' and the '.join(told)}"


# --- lists ---------------------------------------------------------------------------------------


def tokens(stage: Stage) -> Iterator[Fault]:
    """A page token serves the list that gave it, and no other."""
    pins = seed(stage, Model())
    for path in ("Users", "Bindings"):
        listed = _body(stage, f"/v1/Services/{pins.service}/{path}?PageSize=1")
        following = str(listed.get("meta", {}).get("next_page_url"))
        token = parse_qs(urlsplit(following).query).get("PageToken", ["none was given"])[0]
        for other in (f"{pins.spare}/{path}", f"{pins.service}/{_other(path)}"):
            place = f"/v1/Services/{other}?PageToken={quote(token)}"
            status, body = stage.rest("GET", place, {})
            got = (status, body.get("code") if isinstance(body, dict) else None)
            if got != (_BAD, 21481):
                yield "", f"GET {place}", (_BAD, 21481), got


def _other(path: str) -> str:
    return "Bindings" if path == "Users" else "Users"


def default_role(stage: Stage) -> Iterator[Fault]:
    """A service's default role is given to who is born without one; the older keep theirs."""
    pins = seed(stage, Model())
    service = f"/v1/Services/{pins.service}"
    admin = sids.derived("RL", pins.service, "service admin")
    form = {"DefaultChatServiceRoleSid": admin}
    status, _ = stage.rest("POST", f"{service}/Configuration", form)
    if status != _OK:
        return  # the SID of the admins' role can be known of our own fake only
    _, born = stage.rest("POST", f"{service}/Users", {"Identity": "newcomer"})
    yield from _same(f"POST {service}/Users: role_sid", admin, (born or {}).get("role_sid"))
    old = _body(stage, f"{service}/Users/{pins.users['alice']}")
    yield from _same(f"GET {service}/Users/alice: role_sid", pins.service_role, old.get("role_sid"))


# --- a tour --------------------------------------------------------------------------------------


def tour(stage: Stage) -> Iterator[Fault]:
    """Every view of every user, before and after what a backend and its users may do."""
    model = Model()
    pins = seed(stage, model)
    base = f"/v1/Services/{pins.service}"
    yield from _look(stage, model, pins)
    for method, path, form in (
        ("POST", f"{base}/Users/{pins.users['alice']}", {"FriendlyName": "A", "IsOnline": "false"}),
        ("POST", f"{base}/Users/{pins.users['carol']}", {"IsOnline": "true"}),
        ("POST", f"{base}/Users/{pins.users['carol']}", {"IsNotifiable": "true"}),
        ("POST", f"{base}/Configuration", {"ReachabilityEnabled": "True"}),
        ("POST", f"{base}/Configuration", {}),
        ("POST", "/v1/Configuration", {"ReachabilityEnabled": "true"}),
        ("DELETE", f"{base}/Users/{pins.users['zoe']}", {}),
        ("POST", f"{base}/Users", {"Identity": "zoe"}),
        ("DELETE", f"{base}/Bindings/{pins.binding}", {}),
        ("POST", f"{base}/Configuration", {"ReachabilityEnabled": "false"}),
        ("POST", f"{base}/Configuration", {"ReachabilityEnabled": "TRUE"}),
        ("POST", f"/v1/Services/{pins.spare}/Configuration", {"ReachabilityEnabled": "true"}),
    ):
        yield from _watched(stage, model, method, path, form)
        yield from _look(stage, model, pins)
    for device in ("tab", "phone"):
        stage.disconnect(pins.service, "alice", device)
        model.disconnected(pins.service, "alice", device)
        yield from _look(stage, model, pins)


def _look(stage: Stage, model: Model, pins: Pins) -> Iterator[Fault]:
    """Fetch everybody by SID and by identity, and list everybody, by both families of paths."""
    for base in (f"/v1/Services/{pins.service}", f"/v1/Services/{pins.spare}", "/v1"):
        yield from _watched(stage, model, "GET", f"{base}/Users", {})
    for base in (f"/v1/Services/{pins.service}", "/v1"):
        for name in pins.users:
            place = f"{base}/Users/{quote(name, safe='@')}"
            if model.has_user(pins.service, name):
                yield from _watched(stage, model, "GET", place, {})
            else:
                yield from _same(
                    f"GET {place} after a delete", 404, stage.rest("GET", place, {})[0]
                )
    for base in (f"/v1/Services/{pins.service}", f"/v1/Services/{pins.spare}"):
        yield from _watched(stage, model, "GET", f"{base}/Configuration", {})
    yield from _watched(stage, model, "GET", f"/v1/Services/{pins.spare}/Users/alice", {})


def _watched(
    stage: Stage, model: Model, method: str, path: str, form: dict[str, str]
) -> Iterator[Fault]:
    status, body = stage.rest(method, path, form)
    if not _OK <= status < 300:  # noqa: PLR2004 - a success
        code = body.get("code") if isinstance(body, dict) else body
        yield "", f"{method} {path}", "a success", f"{status}/{code}"
    for where, url in urls_in(body):
        if not url.startswith(f"{stage.url}/"):
            yield "", f"{method} {path} {where}", f"{stage.url}/…", url
    for value in model.watch(Seen(method, path, form, status, body)):
        if value.is_wrong:
            yield value.rules, f"{method} {path} {value.where}", value.expected, value.got


def _body(stage: Stage, path: str) -> dict[str, Any]:
    status, body = stage.rest("GET", path, {})
    if status != _OK or not isinstance(body, dict):
        raise Broken(f"GET {path}: {status}")
    return body


_PROBES: dict[str, Callable[[Stage], Iterator[Fault]]] = {
    "credentials that are nearly right are wrong": credentials,
    "an API key opens its account": keys,
    "dates move when something changed, and only then": dates,
    "a secret is told to nobody": secrets,
    "a page token serves one list": tokens,
    "a default role is for newcomers": default_role,
    "every view of every user is as the model says": tour,
}
_RULES = {
    "every view of every user is as the model says": (
        "R1",
        "R2",
        "R3",
        "R4",
        "R5",
        "R6",
        "R7",
        "R9",
        "R10",
        "R11",
        "R12",
        "R13",
    )
}
"""The rules that a probe is evidence for when it passes."""
