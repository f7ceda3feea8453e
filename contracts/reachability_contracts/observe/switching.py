"""The indicator of each service: when it was seen on or off, by reads and by writes.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus

from reachability_contracts.observe.finding import (
    Asked,
    Confirmed,
    Finding,
    Key,
    Moment,
    Outcome,
    Standing,
    Withdrawn,
)
from reachability_contracts.observe.knowledge import Indicator, Knowledge
from reachability_contracts.observe.reducing import plain, reduced
from reachability_contracts.observe.tally import Tally
from reachability_mock.core.rules import Rules

SWITCH = "ReachabilityEnabled"
DONE = range(HTTPStatus.OK, HTTPStatus.MULTIPLE_CHOICES)
_REFUSED = range(HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)
_CONFIGURATION = re.compile(r"/v1/Services/(?P<service>IS[0-9a-fA-F]{32})/Configuration/?")
_SERVICES = re.compile(r"/v1/Services(?:/(?P<sid>IS[0-9a-fA-F]{32}))?/?")
_PROPERTY = "reachability_enabled"
_HARMLESS = frozenset(("GET", "HEAD"))
_NOT_SHOWN = object()


class Switching:
    """Learns from Configurations, and says what that means for earlier disagreements."""

    def __init__(self, knowledge: Knowledge, tally: Tally) -> None:
        """Tell `knowledge` of what is learned, and `tally` of what agrees."""
        self._knowledge = knowledge
        self._tally = tally
        self._written: dict[int, Indicator] = {}
        self._doubts: dict[str, dict[Key, None]] = {}
        """By service: disagreements that rest on its indicator being as it was seen last."""

    def doubt(self, service: str, key: Key) -> None:
        """A disagreement that the next look at the Configuration may confirm or explain."""
        self._doubts.setdefault(service, {})[key] = None

    def begin(self, asked: Asked) -> None:
        """A request is about to be passed on: while a write is under way nothing is certain."""
        service = _switched_by(asked)
        if service is not None:
            indicator = self._knowledge.indicator(service, asked.tick)
            indicator.mixed = indicator.writing > 0 or indicator.mixed
            indicator.writing += 1
            self._written[asked.tick] = indicator

    def fail(self, asked: Asked, now: int) -> None:
        """The answer got lost: what a write did nobody knows."""
        service = _switched_by(asked)
        if service is not None:
            indicator, _ = self._end_write(asked, service, now)
            indicator.lose(now)
            self._doubts.pop(service, None)

    def finish(self, moment: Moment) -> Iterator[Outcome]:
        """An answer came, perhaps to something else."""
        match = _CONFIGURATION.fullmatch(moment.asked.path)
        if match is None:
            self._services(moment)
        elif moment.asked.method == "GET":
            yield from self._got(moment, match["service"])
        elif moment.asked.method not in _HARMLESS:
            yield from self._wrote(moment, match["service"])

    def _got(self, moment: Moment, service: str) -> Iterator[Outcome]:
        shown = _shown(moment.answer.body)
        if moment.answer.status not in DONE or shown is _NOT_SHOWN:
            return
        if isinstance(shown, bool):
            yield from self._read(moment, service, on=shown)
        else:
            yield _wrong(moment, (True, False), shown)

    def _read(self, moment: Moment, service: str, *, on: bool) -> Iterator[Outcome]:
        """The Configuration was read: it teaches, confirms, or shows that somebody switched."""
        indicator = self._knowledge.indicator(service, moment.now)
        if indicator.writing:
            return
        if indicator.tick >= moment.asked.tick:
            if indicator.on is not on:
                indicator.lose(moment.now)
            return
        doubts = self._doubts.pop(service, {})
        if indicator.on is on:
            yield from map(Confirmed, doubts)
        else:
            yield from map(Withdrawn, doubts)
            indicator.learn(on, moment.now)
        indicator.past.append(moment.earlier("the Configuration was read", {_PROPERTY: on}))

    def _wrote(self, moment: Moment, service: str) -> Iterator[Outcome]:
        """A write to the Configuration was answered."""
        shown, sent = _shown(moment.answer.body), _sent(moment.answer.form)
        self._switch(moment, service, shown, sent)
        if moment.answer.status not in DONE or sent is None or shown is _NOT_SHOWN:
            return
        if shown is sent:
            self._tally.agreed[Rules.R2.id] += 1
        else:
            yield _wrong(moment, (sent,), shown)

    def _switch(self, moment: Moment, service: str, shown: object, sent: object) -> None:
        indicator, alone = self._end_write(moment.asked, service, moment.now)
        if moment.answer.status in _REFUSED:
            return
        on = shown if isinstance(shown, bool) else sent
        certain = moment.answer.status in DONE and alone
        untouched = shown is _NOT_SHOWN and SWITCH not in moment.answer.form
        if certain and (untouched or (on is not None and on is indicator.on)):
            return
        self._doubts.pop(service, None)
        if certain and isinstance(on, bool):
            indicator.learn(on, moment.now)
            what = "an accepted write switched the indicator"
            indicator.past.append(moment.earlier(what, {_PROPERTY: on}))
        else:
            indicator.lose(moment.now)

    def _end_write(self, asked: Asked, service: str, now: int) -> tuple[Indicator, bool]:
        """The indicator that a write was about, and whether no other write overlapped it."""
        indicator = self._written.pop(asked.tick)
        alone = not indicator.mixed
        indicator.writing -= 1
        indicator.mixed = indicator.mixed and indicator.writing > 0
        if self._knowledge.indicators.get(service) is not indicator:  # it was forgotten meanwhile
            self._knowledge.indicators.put(service, indicator).lose(now)
        return indicator, alone

    def _services(self, moment: Moment) -> None:
        """A service came into being, off and never on; or it went."""
        match = _SERVICES.fullmatch(moment.asked.path)
        if match is None or moment.answer.status not in DONE:
            return
        body = moment.answer.body
        if moment.asked.method == "DELETE" and match["sid"]:
            self._knowledge.indicators.drop(match["sid"])
            self._doubts.pop(match["sid"], None)
        elif moment.asked.method == "POST" and not match["sid"] and isinstance(body, dict):
            indicator = self._knowledge.indicator(str(body.get("sid")), moment.now)
            indicator.ever_enabled = False
            indicator.learn(on=False, tick=moment.now)
            indicator.past.append(moment.earlier("the service was created", {}))


def _wrong(moment: Moment, lawful: tuple[bool, ...], got: object) -> Finding:
    rule = Rules.R2.value
    return Finding(
        rule.id,
        _PROPERTY,
        lawful,
        got,
        rule.says,
        Standing.CERTAIN,
        moment.asked,
        moment.answer.status,
        reduced(moment.answer.body),
        (),
        moment.at,
        (rule.id, _PROPERTY, lawful, got),
    )


def _shown(body: object) -> object:
    """What a Configuration shows of the indicator."""
    if isinstance(body, dict) and _PROPERTY in body:
        return plain(body[_PROPERTY])
    return _NOT_SHOWN


def _sent(form: Mapping[str, str]) -> bool | None:
    """What a write asked of the indicator; None if nothing that is understood."""
    return {"true": True, "false": False}.get(form.get(SWITCH, "").lower())


def _switched_by(asked: Asked) -> str | None:
    """The service whose indicator a write may switch."""
    match = _CONFIGURATION.fullmatch(asked.path)
    return match["service"] if match and asked.method not in _HARMLESS else None
