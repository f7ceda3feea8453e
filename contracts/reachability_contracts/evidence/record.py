"""Recording a service: every scenario that it can be asked to play, and what it says of unknowns.

At Twilio's own host that happens under the guard of `contract live`; elsewhere in services that the
scenarios make for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import requests

from reachability_contracts import plays
from reachability_contracts.checking import answers_health, not_live
from reachability_contracts.evidence.cassette import (
    FAKE,
    LIVE,
    STAND_IN,
    UNKNOWNS,
    Cassette,
    Header,
    hash_of,
    taped,
)
from reachability_contracts.evidence.heard import Watch
from reachability_contracts.evidence.normalise import Normaliser
from reachability_contracts.evidence.recording import lacked, recorded
from reachability_contracts.live import run as live
from reachability_contracts.live.settling import settle
from reachability_contracts.redact import Redactor
from reachability_contracts.stages import Credentials
from reachability_mock.clock import system_now
from reachability_mock.realtime.sdk_driver import pinned_version
from reachability_mock.scenario.model import Scenario
from reachability_mock.scenario.runner import Pause
from reachability_mock.scenario.target import Opening, TargetFailed
from reachability_mock.targets.http import HttpTarget
from reachability_mock.version import __version__

Tell = Callable[[str], None]
TargetFor = Callable[[Watch | None], HttpTarget]


@dataclass(frozen=True, slots=True)
class Recording:
    """What to record, and where."""

    base: str
    header: Header
    hide: Redactor
    scenarios: tuple[Scenario, ...]
    pause: Pause | None = None
    tell: Tell = field(default=lambda _: None)

    def cassettes(self, target_for: TargetFor) -> Iterator[Cassette]:
        """Play them all, and then ask about the unknowns."""
        for scenario in self.scenarios:
            self.tell(scenario.name)
            yield self._played(scenario, target_for)
        self.tell(UNKNOWNS)
        yield self._settled(target_for(None))

    def _played(self, scenario: Scenario, target_for: TargetFor) -> Cassette:
        normalise = Normaliser(self.base, self.hide)
        conditions = {
            need: normalise.text(reason)
            for need, reason in lacked(target_for(None), scenario).items()
        }
        steps = tuple(
            taped(step, normalise.text)
            for step in recorded(scenario, target_for, normalise, pause=self.pause)
        )
        return Cassette(self.header, scenario.name, hash_of(scenario), conditions, steps)

    def _settled(self, target: HttpTarget) -> Cassette:
        target.begin({})
        try:
            service = target.open_service(Opening(UNKNOWNS, UNKNOWNS))
            found = tuple(settle(target, service))
        except TargetFailed:
            found = ()
        finally:
            target.end()
        return Cassette(self.header, UNKNOWNS, "", {}, settled=found)


def of_the_live_service(options: live.LiveOptions, hide: Redactor, tell: Tell) -> list[Cassette]:
    """Record at Twilio's own host, or at a stand-in for it, under the guard.

    Raises:
        Unreachable, SafetyStop, LeftBehind: as `live.run`.
    """
    origin = LIVE if options.is_live else STAND_IN
    header = _header(origin, options.base, _sdk(options))
    work = Recording(
        options.base, header, hide, tuple(live.chosen(options)), options.patience, tell
    )
    with live.safely(options, tell) as (session, ledger):
        return list(work.cassettes(lambda watch: live.target_on(options, session, ledger, watch)))


def of_a_server(
    url: str, credentials: Credentials, names: tuple[str, ...], hide: Redactor, tell: Tell
) -> list[Cassette]:
    """Record any other server.

    Raises:
        NoUrl: it is no server's URL.
        SafetyStop: it is the live service.
        Unreachable: nobody answers, or the credentials are refused.
    """
    base = not_live(url)
    origin = FAKE if answers_health(base) else STAND_IN
    chosen = tuple(
        one
        for one in plays.scenarios()
        if (not names or one.name in names) and one.name not in live.OF_THE_ACCOUNT
    )
    work = Recording(base, _header(origin, base, None), hide, chosen, _at_once, tell)
    pair = credentials.username, credentials.password
    return list(
        work.cassettes(lambda watch: HttpTarget(base, *pair, own_services=True, watch=watch))
    )


def _at_once(_: float) -> None:
    """Let no time pass."""


def _header(origin: str, base: str, sdk: str | None) -> Header:
    client = f"reachability-mock {__version__}, requests {requests.__version__}"
    today: date = system_now().date()
    return Header(origin, today, urlsplit(base).hostname or base, client, sdk)


def _sdk(options: live.LiveOptions) -> str | None:
    """What brings people online, and its version as far as it is known."""
    if options.presence:
        return f"a command ({Path(options.presence.split()[0]).name})"
    return f"@twilio/conversations {pinned_version()}" if options.key else None
