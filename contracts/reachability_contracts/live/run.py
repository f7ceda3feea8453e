"""`contract live`: the scenarios that REST can play, guarded, in services of this run's own."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import requests

from reachability_contracts import fuzz, plays
from reachability_contracts.checking import SafetyStop, answers_health
from reachability_contracts.conformance import Conformance
from reachability_contracts.evidence.heard import Heard
from reachability_contracts.evidence.normalise import Normaliser
from reachability_contracts.live.cleanup import clean
from reachability_contracts.live.ledger import Ledger, owner_of
from reachability_contracts.live.session import TIMEOUT, Guarded, Pause
from reachability_contracts.live.settling import settle
from reachability_contracts.live.target import LiveTarget
from reachability_contracts.results import Report, Result, Verdict
from reachability_contracts.stages import ByHttp, Credentials, Pins
from reachability_mock.address import address_of
from reachability_mock.clock import system_now
from reachability_mock.core.rules import ALL_RULES
from reachability_mock.scenario.model import Scenario
from reachability_mock.scenario.target import Opening, Request, TargetFailed, Unreachable
from reachability_mock.targets.http import Watch

LIVE = "https://conversations.twilio.com"
DEFAULT_LEDGER = Path(".reachability-live") / "ledger.jsonl"
BUDGET = 1000
_READS = (
    "fetchService",
    "fetchServiceConfiguration",
    "listServiceUsers",
    "fetchServiceUser",
    "listServiceBindings",
)
"""What is read by generated requests: inside the run's own service, nobody else's users."""
_WRITES = ("createServiceUser", "updateServiceUser", "updateServiceConfiguration")
OF_THE_ACCOUNT = frozenset({"edge-accounts", "edge-default-service", "push-credentials"})
"""Scenarios that change the account itself, or need two."""
_REFUSED = frozenset({401, 403})
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
Tell = Callable[[str], None]


class LeftBehind(RuntimeError):  # noqa: N818 - what is the matter
    """The cleanup could not delete everything: exit code 5."""


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """What a live run may do."""

    credentials: Credentials
    base: str = LIVE
    ledger: Path = DEFAULT_LEDGER
    budget: int = BUDGET
    presence: str | None = None
    key: Credentials | None = None
    """An API key: where there is no command for presence, it signs tokens for Twilio's own SDK."""
    fuzz_writes: bool = False
    rate: str = "1/s"
    ca: Path | None = None
    """A certificate authority to trust besides the usual ones: for a stand-in."""
    timeout: float = TIMEOUT
    pause: Pause | None = None
    only: tuple[str, ...] = ()
    """Names of scenarios; none means all."""
    generated: bool = True
    """Whether generated reads follow the scenarios."""

    @property
    def auth(self) -> tuple[str, str]:
        """The pair that is sent."""
        return self.credentials.username, self.credentials.password

    @property
    def signing(self) -> tuple[str, str] | None:
        """The API key and its secret."""
        return (self.key.username, self.key.password) if self.key else None

    @property
    def has_presence(self) -> bool:
        """Whether anybody can come online."""
        return bool(self.presence or self.key)

    @property
    def patience(self) -> Pause | None:
        """How to wait: what waits for time waits for presence, and without it for nothing."""
        return self.pause if self.has_presence else _no_time

    @property
    def is_live(self) -> bool:
        """Whether it is Twilio that answers, over TLS that nobody vouched for, and no fake."""
        at_twilio = self.base.startswith("https:") and address_of(self.base).is_twilio
        return at_twilio and self.ca is None and not answers_health(self.base)


def plan(options: LiveOptions) -> list[str]:
    """What the run is about to do, said before anything is sent."""
    scenarios = chosen(options)
    services = sum(max(1, len(one.given.services)) for one in scenarios) + 1
    writes = "POSTs to its Users and Configuration, too" if options.fuzz_writes else "no writes"
    generated = f"then generated GETs inside one of its services ({options.rate}); {writes}"
    return [
        f"account …{options.credentials.username[-4:]} at {options.base}",
        f"at most {options.budget} requests, and a few more to clean up",
        f"creates and deletes about {services} services of its own for {len(scenarios)} scenarios",
        "touches no other service, and never the account's Configuration",
        generated if options.generated else "no generated requests",
        f"presence: {_presence(options)}",
        f"ledger: {options.ledger}",
    ]


def _presence(options: LiveOptions) -> str:
    if options.presence:
        return options.presence
    if options.key:
        return "Twilio's own SDK in Node, which npm installs if need be, as users of those services"
    return "nobody comes online"


def run(options: LiveOptions, tell: Tell = lambda _: None, report: Report | None = None) -> Report:
    """Play, judge, settle, clean up; `report` has what was found also if it ends early.

    Raises:
        Unreachable: nobody answers, or the credentials are refused.
        SafetyStop: the guard or the budget stopped it; the cleanup has been done all the same.
        LeftBehind: something of ours is still there.
        BadLedger: the ledger on the disk is another account's, or none.
    """
    report = Report() if report is None else report
    with safely(options, tell) as (session, ledger):
        try:
            _play(report, options, session, ledger, tell)
        finally:
            report.figures["requests"] = f"{session.sent} sent"
    return report


@contextmanager
def safely(options: LiveOptions, tell: Tell = lambda _: None) -> Iterator[tuple[Guarded, Ledger]]:
    """A guarded session and its ledger; whatever happens, what was made is deleted at the end.

    Raises:
        Unreachable: nobody answers, or the credentials are refused.
        LeftBehind: something of an earlier run's, or of this one's, is still there; it names what
            went wrong before, too.
        BadLedger: the ledger on the disk is another account's, or none.
    """
    ledger, session = _opened(options)
    if not ledger.is_settled:
        raise LeftBehind(f"{options.ledger} lists an unfinished run: `contract cleanup` first")
    before = ""
    with _ended_by_signals(session):
        try:
            _refused(options, session)
            yield session, ledger
        except requests.RequestException as error:
            before = f"{options.base}: {type(error).__name__}"
            raise Unreachable(before) from None
        except (TargetFailed, SafetyStop) as error:
            before = str(error)
            raise
        finally:
            session.cleaning, interrupted = True, session.interrupted
            tell("cleanup")
            left = clean(options.base, options.auth, session, ledger)
            if left:
                told = f"; before that: {before}" if before else ""
                raise LeftBehind(f"{_left(left, options)}{told}")
            if interrupted:  # whatever became of the exception that said so
                raise KeyboardInterrupt


@contextmanager
def _ended_by_signals(session: Guarded) -> Iterator[None]:
    """Let SIGTERM end the run as Ctrl-C does, and neither of them the cleanup.

    The session is told, too: schemathesis takes an interruption for the end of its own part.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        session.interrupted = True
        if not session.cleaning:
            raise KeyboardInterrupt

    earlier = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def target_on(
    options: LiveOptions, session: Guarded, ledger: Ledger, watch: Watch | None = None
) -> LiveTarget:
    """Where a scenario plays in such a session."""
    return LiveTarget(
        options.base,
        options.auth,
        session,
        ledger,
        presence=options.presence,
        key=options.signing,
        watch=watch,
    )


def cleanup(options: LiveOptions) -> int:
    """Finish what a crashed run began; returns how many services it listed.

    Raises:
        LeftBehind: something could not be deleted.
        BadLedger: the ledger is another account's, or none.
    """
    ledger, session = _opened(options)
    listed = len(ledger.services) + len(ledger.names)
    left = clean(options.base, options.auth, session, ledger)
    if left:
        raise LeftBehind(_left(left, options))
    return listed


def _left(left: list[str], options: LiveOptions) -> str:
    return f"could not delete {', '.join(left)}; `contract cleanup` tries again ({options.ledger})"


def _opened(options: LiveOptions) -> tuple[Ledger, Guarded]:
    parts = urlsplit(options.base)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise SafetyStop(f"{options.base}: credentials go by https only, but for this machine")
    ledger = Ledger(options.ledger, owner_of(options.base, options.credentials.username))
    session = Guarded(
        options.base, ledger, options.budget, pause=options.pause, timeout=options.timeout
    )
    if options.ca is not None:
        session.verify = str(options.ca)
    return ledger, session


def _play(
    report: Report, options: LiveOptions, session: Guarded, ledger: Ledger, tell: Tell
) -> None:
    conformance = Conformance(host=options.base)

    today, is_live = f"{system_now():%Y-%m-%d}", options.is_live
    who = f"{'live' if is_live else 'a stand-in'} {today}"

    def target(watch: Watch = conformance.watch) -> LiveTarget:
        return target_on(options, session, ledger, watch)

    for scenario in chosen(options):
        tell(scenario.name)
        heard = Heard(Normaliser(options.base, who=who), conformance.watch)
        where, wait = target(heard.watch), options.patience
        report.add(plays.played(scenario, where, pause=wait, exchanges=heard.taken))
    report.add(conformance.results("live answers"))
    report.figures["document"] = f"{conformance.total} live answers schema-checked"
    if is_live:  # what a stand-in says is no evidence of the real service
        report.live = dict.fromkeys(shown(report), today)
    if options.generated:
        tell("generated requests")
        _generated(report, options, session, target())
    _settled(report, target(), who)


def shown(report: Report) -> list[str]:
    """The rules that a step has shown and none has contradicted."""
    steps = [one for one in report.results if one.suite == plays.SUITE]
    verdicts = {
        rule.id: {one.verdict for one in steps if rule.id in one.rules} for rule in ALL_RULES
    }
    return [
        rule
        for rule, seen in verdicts.items()
        if Verdict.PASSED in seen and Verdict.FAILED not in seen
    ]


def _no_time(_: float) -> None:
    """Let no time pass."""


def chosen(options: LiveOptions) -> list[Scenario]:
    """The scenarios to play: never those whose timeline is about the account itself."""
    return [
        one
        for one in plays.scenarios()
        if (not options.only or one.name in options.only) and one.name not in OF_THE_ACCOUNT
    ]


def _refused(options: LiveOptions, session: Guarded) -> None:
    try:
        answer = session.get(f"{options.base}/v1/Services?PageSize=1", auth=options.auth)
    except requests.RequestException as error:
        raise Unreachable(f"{options.base} cannot be reached: {type(error).__name__}") from None
    if answer.status_code in _REFUSED:
        raise Unreachable(f"{options.base} refuses the credentials: {answer.status_code}")


def _generated(report: Report, options: LiveOptions, session: Guarded, target: LiveTarget) -> None:
    """Schemathesis inside one service: GET only, unless generated writes were asked for."""
    try:
        pins = _pins(target, options)
    except TargetFailed as failed:
        said = f"no service to read from: {failed}"
        report.add([Result(fuzz.SUITE, "set-up", "live", Verdict.FAILED, reason=said)])
        return
    stage = ByHttp(options.base, options.credentials)
    session.auth = options.auth
    results, ledger = fuzz.run_guarded(
        stage,
        pins,
        fuzz.Guarded(
            session,
            _READS + (_WRITES if options.fuzz_writes else ()),
            fuzz.Settings(examples=5),
            verify=str(options.ca) if options.ca else True,
            rate=options.rate,
        ),
    )
    if session.interrupted:
        raise KeyboardInterrupt
    if session.stopped:  # schemathesis takes the exception for a fault of the server
        raise SafetyStop(session.stopped)
    report.add(results)
    report.figures[fuzz.SUITE] = f"{ledger.requests} generated requests"


def _pins(target: LiveTarget, options: LiveOptions) -> Pins:
    service = target.open_service(Opening("generated", "generated"))
    base = f"/v1/Services/{service}"
    configuration = target.rest(Request("GET", f"{base}/Configuration")).body
    form = (("Identity", "alice"),)
    user = target.rest(Request("POST", f"{base}/Users", form=form)).body
    if not isinstance(configuration, dict) or not isinstance(user, dict):
        raise TargetFailed("its Configuration or its first user is not JSON")
    sid = str(user.get("sid"))
    return Pins(
        options.credentials.username,
        service,
        service,
        {"alice": sid, "bob": sid, "dan": sid},
        "BS" + "0" * 32,
        str(configuration.get("default_chat_service_role_sid")),
        str(configuration.get("default_conversation_role_sid")),
        "RL" + "0" * 32,
        "CR" + "0" * 32,
    )


def _settled(report: Report, target: LiveTarget, by: str) -> None:
    """Ask the unknowns; `by` says who answered, and when."""
    try:
        service = target.open_service(Opening("unknowns", "unknowns"))
    except TargetFailed as failed:
        report.add([Result("unknowns", "set-up", "live", Verdict.SKIPPED, reason=str(failed))])
        return
    report.settled = [
        replace(one, by=by) if one.is_settled else one for one in settle(target, service)
    ]
    number = sum(one.is_settled for one in report.settled)
    report.figures["unknowns"] = f"{number} of {len(report.settled)} settled"
