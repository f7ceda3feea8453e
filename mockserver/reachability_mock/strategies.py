"""Hypothesis strategies: lawful histories of presence, with what an app will be shown.

    @given(histories())
    def test_the_badge_never_lies(history):
        with reachability_mock.fake() as mock:
            for moment in history.play(mock):
                for identity, shown in moment.users.items():
                    assert badge(identity) == COLOURS[shown.is_online]

What is expected comes from the rules by way of the `oracle`, not from the fake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reachability_mock.oracle import Delays, Happening, expected

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise ImportError(
        "reachability_mock.strategies needs hypothesis: pip install 'reachability-mock[hypothesis]'"
    ) from error

if TYPE_CHECKING:
    from hypothesis.vendor.pretty import RepresentationPrinter

    from reachability_mock.handle import ReachabilityMock

IDENTITIES = ("alice", "bob")
DEVICES = ("phone", "laptop")
DELAYS = (0, 7, 30)
_WAITS = (1, 7, 30, 45)
_ONLINE = {"connect": "open", "disconnect": "close", "lose": "lose"}
_PUSH = {"register_push": "open", "unregister_push": "close"}
_SWITCH = {"enable": "on", "disable": "off"}


@dataclass(frozen=True)
class Step:
    """One fact, or time that passes: a method of the handle, and what it is given."""

    verb: str
    identity: str = ""
    device: str = ""
    seconds: int = 0

    def __str__(self) -> str:
        """As a test would write it."""
        given = [repr(one) for one in (self.identity, self.device, self.seconds) if one]
        return f"{self.verb}({', '.join(given)})"


@dataclass(frozen=True)
class Shown:
    """What a fetch of a user shows.  A list shows two nulls, whatever this is (R9)."""

    is_online: bool | None
    is_notifiable: bool | None


@dataclass(frozen=True)
class Moment:
    """After `step`, what is shown of every user there is."""

    step: Step
    users: Mapping[str, Shown]


@dataclass(frozen=True, repr=False)
class History:
    """What happens, moment by moment, under `settings`."""

    settings: Mapping[str, object]
    moments: tuple[Moment, ...]

    def __repr__(self) -> str:
        """The story, for hypothesis to print."""
        changed = {name: value for name, value in self.settings.items() if value}
        steps = "; ".join(str(moment.step) for moment in self.moments)
        return f"<{steps or 'nothing happens'}; {changed}>"

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:  # noqa: FBT001 - the protocol's signature
        """The same in hypothesis' own reports, which print a dataclass by its fields."""
        printer.text(repr(self))

    def play(self, mock: ReachabilityMock) -> Iterator[Moment]:
        """Let `mock` begin anew and all this happen; yields each moment when it is there."""
        mock.reset()
        mock.settings.update(dict(self.settings))
        bindings: dict[tuple[str, str], str] = {}
        for moment in self.moments:
            _perform(moment.step, mock, bindings)
            yield moment


def _perform(step: Step, mock: ReachabilityMock, bindings: dict[tuple[str, str], str]) -> None:
    whose = step.identity, step.device
    if step.verb == "wait":
        mock.clock.advance(step.seconds)
    elif step.verb == "register_push":
        bindings[whose] = mock.register_push(step.identity, address="-".join(whose))
    elif step.verb == "unregister_push":
        mock.unregister_push(bindings.pop(whose))
    elif step.verb in _SWITCH:
        getattr(mock, step.verb)()
    else:
        getattr(mock, step.verb)(*whose)


@st.composite
def histories(
    draw: st.DrawFn,
    identities: Sequence[str] = IDENTITIES,
    devices: Sequence[str] = DEVICES,
    *,
    max_steps: int = 20,
    delays: Sequence[int] = DELAYS,
) -> History:
    """Lawful histories: nobody leaves who is not there.

    `delays`: for how many seconds a change may be held back (R14); `(0,)` for not at all.  Whether
    the state survives a disable, which nobody knows, is tried both ways.
    """
    second = st.sampled_from(list(delays))
    rules = Delays(draw(second), draw(second), draw(second), draw(st.booleans()))
    story = _Story(identities, devices, rules)
    number = draw(st.integers(0, max_steps))
    moments = tuple(story.then(draw(st.sampled_from(story.lawful()))) for _ in range(number))
    return History(_settings(rules), moments)


def _settings(rules: Delays) -> dict[str, object]:
    return {
        "online_delay": int(rules.online),
        "offline_delay": int(rules.offline),
        "lost_after": int(rules.lost),
        "after_reenable": "remember" if rules.remember else "forget",
    }


@dataclass
class _Story:
    """What has happened so far, and so what may happen next."""

    identities: Sequence[str]
    devices: Sequence[str]
    rules: Delays
    now: int = 0
    on: bool = False
    told: list[tuple[str, str, Happening]] = field(default_factory=list)
    there: set[tuple[str, str]] = field(default_factory=set)
    registered: set[tuple[str, str]] = field(default_factory=set)
    born: list[str] = field(default_factory=list)

    def lawful(self) -> list[Step]:
        """The steps that may come now, the simplest first."""
        steps = [Step("disable" if self.on else "enable")]
        for identity in self.identities:
            for device in self.devices:
                pair = identity, device
                verbs = ["disconnect", "lose"] if pair in self.there else ["connect"]
                verbs += ["unregister_push" if pair in self.registered else "register_push"]
                steps += [Step(verb, *pair) for verb in verbs]
        return [*steps, *(Step("wait", seconds=number) for number in _WAITS)]

    def then(self, step: Step) -> Moment:
        """Let `step` happen."""
        self.now += step.seconds
        pair = step.identity, step.device
        if step.verb in _SWITCH:
            self.on = step.verb == "enable"
            self._tell("both", _SWITCH[step.verb])
        elif step.verb in _ONLINE:
            self._tell("online", _ONLINE[step.verb], *pair)
            (self.there.add if step.verb == "connect" else self.there.discard)(pair)
        elif step.verb in _PUSH:
            self._tell("push", _PUSH[step.verb], *pair)
            (self.registered.add if step.verb == "register_push" else self.registered.discard)(pair)
        if step.identity and step.identity not in self.born:
            self.born.append(step.identity)
        return Moment(step, {identity: self._shown(identity) for identity in self.born})

    def _tell(self, axis: str, verb: str, identity: str = "", device: str = "") -> None:
        self.told.append((axis, identity, Happening(self.now, verb, device)))

    def _shown(self, identity: str) -> Shown:
        """No delay is known of push registrations, so `is_notifiable` follows at once."""

        def of(axis: str) -> list[Happening]:
            ours = [one for one in self.told if one[0] in {axis, "both"}]
            return [happening for _, whose, happening in ours if whose in {identity, ""}]

        at_once = Delays(remember=self.rules.remember)
        return Shown(
            expected(of("online"), self.now, self.rules), expected(of("push"), self.now, at_once)
        )
