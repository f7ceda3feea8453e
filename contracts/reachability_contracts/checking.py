"""`contract check`: which suites run on what, and one report of it all."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import requests

from reachability_contracts import document, fuzz, plays, probes, score
from reachability_contracts.conformance import Conformance
from reachability_contracts.evidence import judging, parity
from reachability_contracts.evidence.cassette import read_all
from reachability_contracts.evidence.heard import Heard, Watch
from reachability_contracts.evidence.normalise import Normaliser
from reachability_contracts.mutants import ALL_MUTANTS
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report, Result, Verdict, rules_named
from reachability_contracts.stages import Broken, ByHttp, Credentials, InProcess, Stage
from reachability_mock.address import NoUrl, address_of
from reachability_mock.clock import system_now
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.scenario.model import Scenario
from reachability_mock.scenario.runner import Pause
from reachability_mock.scenario.target import Target, Unreachable
from reachability_mock.server import Server, build_site
from reachability_mock.targets.http import HttpTarget

SUITES = ("document", "scenarios", "probes", "schemathesis", "parity", "mutants")
_NOT_THERE = "{} are of the fake in this process: a server elsewhere is judged by its answers"
_ELSEWHERE = "no control plane answers at /_mock/health: {} would touch what is not ours"
_SHORT_SECONDS = 10.0
_REFUSED = frozenset({401, 403})
OTHER_ACCOUNT = ("AC" + "1" * 32, DEFAULT_SECRET)
"""A second account, whose secret is none: only a fake would let it in."""
Tell = Callable[[str], None]


class SafetyStop(RuntimeError):  # noqa: N818 - what happened, not a fault
    """Going on might touch what is not ours: exit code 4."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to check, on what, how deep."""

    suites: Collection[str] = SUITES
    settings: fuzz.Settings = field(default_factory=fuzz.Settings)
    url: str | None = None
    """A server to judge by HTTP alone; None for the fake in this process."""
    over_http: bool = False
    """Whether the fake of this process is asked through a socket."""
    credentials: Credentials = field(default_factory=Credentials)
    only: str | None = None
    """Only mutants that break this."""


def check(options: Options, tell: Tell = lambda _: None) -> Report:
    """Run the suites and report.

    Raises:
        NoUrl: the target is no server's URL.
        SafetyStop: the target is the live service.
        Unreachable: nobody answers, or not to these credentials.
    """
    report = Report()
    with _served(options) as url:
        place = _Place(url, options.credentials)
        for suite in SUITES:
            if suite in options.suites:
                tell(suite)
                _RUN[suite](report, place, options)
    if options.url is not None and report.is_empty:
        report.add([_nothing(report)])
    return report


def _nothing(report: Report) -> Result:
    """What keeps a target of which nothing could be judged from being called right."""
    why = "; ".join(dict.fromkeys(f"{one.suite}: {one.reason}" for one in report.results))
    said = f"nothing was checked, so nothing is known of this server ({why})"
    return Result("target", "target", "something is checked", Verdict.FAILED, reason=said)


def _served(options: Options) -> AbstractContextManager[str | None]:
    if options.url is not None:
        return nullcontext(not_live(options.url))
    return _Own() if options.over_http else nullcontext(None)


class _Own(AbstractContextManager["str | None"]):
    """A server of our own, while the block lasts."""

    def __init__(self) -> None:
        self._server = Server(build_site(hint=lambda _: None))

    def __enter__(self) -> str:
        self._server.start()
        return self._server.url

    def __exit__(self, *_: object) -> None:
        self._server.stop()


def not_live(url: str) -> str:
    """The address behind `url`, of any server but the live one.

    Raises:
        NoUrl: it is no server's URL.
        SafetyStop: it is Twilio's.
    """
    address = address_of(url)
    if address.is_twilio:
        raise SafetyStop(f"{address.host} is the live service: use `contract live`")
    if address.says_more:
        only = "only a scheme, a host, a port and a path"
        raise NoUrl(f"{address.base}: {only}; no {address.says_more}")  # a secret may be in `url`
    return address.base


class _Place:
    """Where suites play: the fake in this process, or a server at a URL."""

    def __init__(self, url: str | None, credentials: Credentials) -> None:
        self.url = url
        self.credentials = credentials
        self.has_control = url is None or answers_health(url)
        if url is not None:
            _admitted(url, credentials)
        self._other = _other_account(url) if url and self.has_control else None

    def stage(self) -> Stage:
        return InProcess() if self.url is None else ByHttp(self.url, self.credentials)

    def target(self, scenario: Scenario, watch: Watch) -> Target:
        if self.url is None:
            return plays.in_process(scenario, watch)
        if self.has_control:
            self.stage().clear()  # what an earlier scenario left in the default service
        return HttpTarget(
            self.url,
            self.credentials.username,
            self.credentials.password,
            watch=watch,
            other=self._other,
        )

    @property
    def has_default_key(self) -> bool:
        """Whether the built-in API key is to be let in: here, and by `contract mutants --serve`.

        That one knows our second account, as `serve --open` does, but not any token of it.
        """
        if self.url is None:
            return True
        return self._other is not None and not _lets_in(self.url, (OTHER_ACCOUNT[0], "wrong"))

    @property
    def pause(self) -> Pause | None:
        """How time passes: not really where nobody can come online, so that nothing is awaited."""
        return None if self.has_control else _no_time

    @property
    def who(self) -> str:
        """Who answers, as the evidence says it."""
        return "the fake" if self.url is None else "the server"

    @property
    def host(self) -> str:
        return self.url.rstrip("/") if self.url else "https://conversations.twilio.com"


def _other_account(url: str) -> tuple[str, str] | None:
    """A second account that a fake lets in: `contract mutants --serve` and `--open` do."""
    return OTHER_ACCOUNT if _lets_in(url, OTHER_ACCOUNT) else None


def _admitted(url: str, credentials: Credentials) -> None:
    """Whether `credentials` are any, asked before anything is judged.

    Raises:
        Unreachable: they are refused.
    """
    status = _asked(
        url, "/v1/Configuration", (credentials.username, credentials.password)
    ).status_code
    if status in _REFUSED:
        raise Unreachable(
            f"{url} refuses the credentials of …{credentials.username[-4:]}: {status}"
        )


def _lets_in(url: str, credentials: tuple[str, str]) -> bool:
    return _asked(url, "/v1/Configuration", credentials).ok


def answers_health(url: str) -> bool:
    """Whether it is a fake of ours, with a control plane.

    Raises:
        Unreachable: nobody answers.
    """
    try:
        got = _asked(url, "/_mock/health")
        return got.ok and got.json().get("status") == "ok"
    except (ValueError, AttributeError):
        return False


def _asked(url: str, path: str, auth: tuple[str, str] | None = None) -> requests.Response:
    try:
        return requests.get(
            f"{url.rstrip('/')}{path}", auth=auth, timeout=_SHORT_SECONDS, allow_redirects=False
        )
    except requests.RequestException as error:
        raise Unreachable(f"{url} cannot be reached: {type(error).__name__}") from None


def _no_time(_: float) -> None:
    """Let no time pass."""


# --- suites --------------------------------------------------------------------------------------


def _document(report: Report, _place: _Place, options: Options) -> None:
    """The document is judged by the fake of this process: it is about the document."""
    if options.url is not None:  # its answers are judged by the document instead, in the scenarios
        report.add([_skipped("document", _NOT_THERE.format("curated bodies"))])
        return
    results = document.sanity()
    report.add(results)
    refused = sum(one.name.startswith("refused") for one in results)
    report.figures["document"] = f"{refused} curated wrong bodies refused"


def _scenarios(report: Report, place: _Place, _options: Options) -> None:
    conformance = Conformance(host=place.host)
    for scenario in plays.scenarios():
        heard = Heard(Normaliser(place.host, who=place.who), conformance.watch)
        target = place.target(scenario, heard.watch)
        report.add(plays.played(scenario, target, pause=place.pause, exchanges=heard.taken))
    report.add(conformance.results("answers to scenarios"))
    report.figures["scenarios"] = f"{len(plays.scenarios())} scenarios"
    report.figures.setdefault("document", "")
    said = f"{conformance.total} answers schema-checked"
    report.figures["document"] = ", ".join(filter(None, (report.figures["document"], said)))


def _probes(report: Report, place: _Place, _options: Options) -> None:
    if not place.has_control:
        report.add([_skipped(probes.SUITE, _ELSEWHERE.format("seeding"))])
        return
    report.add(probes.probe(place.stage(), has_default_key=place.has_default_key))


def _schemathesis(report: Report, place: _Place, options: Options) -> None:
    if not place.has_control:
        report.add([_skipped(fuzz.SUITE, _ELSEWHERE.format("generated writes"))])
        return
    total = 0
    for run in (fuzz.run_seeded, fuzz.run_stateful):
        try:
            results, ledger = run(place.stage(), options.settings)
        except Broken as broken:
            said = f"the seeded world could not be made: {broken}"
            name, rules = run.__name__, rules_named(said)
            report.add(
                [Result(fuzz.SUITE, "set-up", name, Verdict.FAILED, rules=rules, reason=said)]
            )
            continue
        report.add(results)
        total += ledger.requests
        if run is fuzz.run_seeded:
            rows: list[tuple[str, ...]] = [("operation", "answers", "rules seen"), *ledger.rows()]
            report.tables["coverage ledger (seeded run)"] = rows
    report.figures[fuzz.SUITE] = f"{total} generated requests, seed {options.settings.seed}"


def _parity(report: Report, _place: _Place, options: Options) -> None:
    """The fake of this process beside the recordings of the live service, as far as there are."""
    if options.url is not None:
        report.add([_skipped(parity.SUITE, _NOT_THERE.format("comparisons with recordings"))])
        return
    shipped = read_all([judging.SHIPPED])
    judging.judge(report, shipped, Redactor(), today=system_now().date(), live_only=True)
    if not shipped:
        report.add([_skipped(parity.SUITE, "nobody has recorded the live service yet")])


def _mutants(report: Report, _place: _Place, options: Options) -> None:
    if options.url is not None:
        report.add([_skipped(score.SUITE, _NOT_THERE.format("mutants"))])
        return
    chosen = [one for one in ALL_MUTANTS if options.only in {None, one.breaks, one.id}]
    everything = list(score.scored(score.CHEAP, chosen))
    report.add(score.result_of(one) for one in everything)
    report.figures[score.SUITE] = score.verdict_line(everything)


def _skipped(suite: str, reason: str) -> Result:
    return Result(suite, suite, suite, Verdict.SKIPPED, reason=reason)


_RUN: dict[str, Callable[[Report, _Place, Options], None]] = {
    "document": _document,
    "scenarios": _scenarios,
    "probes": _probes,
    "schemathesis": _schemathesis,
    "parity": _parity,
    "mutants": _mutants,
}
