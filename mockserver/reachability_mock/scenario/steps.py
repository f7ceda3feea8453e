"""The steps: what can happen in a timeline, one small class each.

A new step is a class here; the loader, the JSON Schema and the documentation find it by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from yaml.nodes import Node

from reachability_mock.scenario import kinds
from reachability_mock.scenario.given import BINDING_TYPES, Attributes
from reachability_mock.scenario.kinds import SERVICE, TEMPLATE, TEXT, USER, Json, field
from reachability_mock.scenario.reader import Names, Reader, quoted
from reachability_mock.scenario.stage import Stage
from reachability_mock.scenario.step import EVERYBODY, Problem, Step
from reachability_mock.scenario.target import DEFAULT, Need

DRIVER = kinds.Choice(("sdk",))
_DRIVER_DOC = "Drive Twilio's own SDK instead of the fake's control plane."


def needs_of(driver: str | None) -> frozenset[Need]:
    """What acting as a client SDK needs of a target: that SDK, or some way of its own."""
    return frozenset({Need.SDK if driver == "sdk" else Need.PRESENCE})


# --- presence ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _OnADevice(Step):
    """What the steps of one device have in common."""

    user: str = field(USER)
    device: str = field(TEXT, default=DEFAULT)
    driver: str | None = field(DRIVER, default=None, doc=_DRIVER_DOC)

    @property
    def needs(self) -> frozenset[Need]:
        """A client SDK."""
        return needs_of(self.driver)

    @property
    def changes_presence_of(self) -> frozenset[str]:
        """The user."""
        return frozenset({self.user})


@dataclass(frozen=True, slots=True)
class Connect(_OnADevice, key="connect"):
    """A device of the user connects: the first one makes the user online (R5)."""

    def declares(self, names: Names) -> None:
        """The device is known from here on."""
        names.devices.setdefault(self.user, set()).add(self.device)

    def play(self, stage: Stage) -> None:
        """Connect."""
        stage.target.connect(stage.person(self.user), self.device, driver=self.driver)


@dataclass(frozen=True, slots=True)
class Disconnect(_OnADevice, key="disconnect"):
    """A device says goodbye: the last one makes the user offline (R6)."""

    def problems(self, names: Names) -> Iterator[Problem]:
        """The device must have been connected."""
        return _unknown_device(names, self.user, self.device)

    def play(self, stage: Stage) -> None:
        """Disconnect."""
        stage.target.disconnect(stage.person(self.user), self.device, driver=self.driver)


@dataclass(frozen=True, slots=True)
class Lose(_OnADevice, key="lose"):
    """A connection vanishes without a goodbye: it counts as closed after `lost_after` (R14)."""

    def problems(self, names: Names) -> Iterator[Problem]:
        """The device must have been connected."""
        return _unknown_device(names, self.user, self.device)

    def play(self, stage: Stage) -> None:
        """Lose it."""
        stage.target.lose(stage.person(self.user), self.device, driver=self.driver)


def _unknown_device(names: Names, user: str, device: str) -> Iterator[Problem]:
    known = names.devices.get(user, set())
    if device not in known:
        with_ = f"connected so far: {quoted(sorted(known))}" if known else "it has not connected"
        yield Problem("device", f'no device "{device}" of "{user}"; {with_}')


@dataclass(frozen=True, slots=True)
class RegisterPush(Step, key="register_push"):
    """A device registers for push: the first one makes the user notifiable (R7)."""

    user: str = field(USER)
    type: str = field(kinds.Choice(BINDING_TYPES), default="fcm")
    name: str | None = field(TEXT, default=None, doc="For unregister_push and ${name}.")
    address: str | None = field(TEXT, default=None)
    driver: str | None = field(DRIVER, default=None, doc=_DRIVER_DOC)

    @property
    def needs(self) -> frozenset[Need]:
        """A client SDK."""
        return needs_of(self.driver)

    @property
    def changes_presence_of(self) -> frozenset[str]:
        """The user."""
        return frozenset({self.user})

    def problems(self, names: Names) -> Iterator[Problem]:
        """The name must be free, or a registration's."""
        if self.name in names.in_templates() - names.bindings:
            yield Problem("name", f'"{self.name}" names something else already')

    def declares(self, names: Names) -> None:
        """The registration can be named from here on."""
        if self.name:
            names.bindings.add(self.name)

    def play(self, stage: Stage) -> None:
        """Register."""
        stage.register(self.user, self.type, self.name, self.address, self.driver)


@dataclass(frozen=True, slots=True)
class UnregisterPush(Step, key="unregister_push"):
    """A registration ends: without any, the user is no longer notifiable (R7)."""

    name: str = field(kinds.BINDING)

    @property
    def needs(self) -> frozenset[Need]:
        """A client SDK."""
        return frozenset({Need.PRESENCE})

    @property
    def changes_presence_of(self) -> frozenset[str]:
        """Whoever has it; a step cannot tell."""
        return EVERYBODY

    def play(self, stage: Stage) -> None:
        """Unregister."""
        person, sid = stage.binding(self.name)
        stage.target.unregister_push(person, sid)


# --- the indicator -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enable(Step, key="enable"):
    """Somebody switches the service's indicator on (R2)."""

    service: str = field(SERVICE, default=DEFAULT)

    def play(self, stage: Stage) -> None:
        """Switch."""
        stage.switch(self.service, on=True)


@dataclass(frozen=True, slots=True)
class Disable(Step, key="disable"):
    """Somebody switches the service's indicator off: everything is null from here on (R3)."""

    service: str = field(SERVICE, default=DEFAULT)

    def play(self, stage: Stage) -> None:
        """Switch."""
        stage.switch(self.service, on=False)


# --- users ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CreateUser(Step, key="create_user"):
    """The app's server creates a user whom `given` calls absent, or who was deleted."""

    user: str = field(USER)

    def play(self, stage: Stage) -> None:
        """Create."""
        stage.create(stage.given.user(self.user))


@dataclass(frozen=True, slots=True)
class UpdateUser(Step, key="update_user"):
    """Somebody edits a user: the app's server, by REST, unless `by` says otherwise."""

    user: str = field(USER)
    friendly_name: str | None = field(TEMPLATE, default=None)
    attributes: str | None = field(Attributes(), default=None)
    by: str = field(kinds.Choice(("rest", "sdk")), default="rest")

    @property
    def needs(self) -> frozenset[Need]:
        """By REST nothing, by the SDK an SDK."""
        return frozenset({Need.SDK}) if self.by == "sdk" else frozenset()

    @property
    def looks_for(self) -> frozenset[str]:
        """The user."""
        return frozenset({self.user})

    def play(self, stage: Stage) -> None:
        """Update what is said, and leave the rest."""
        if self.by == "sdk":
            name, attributes = stage.filled(self.friendly_name), stage.filled(self.attributes)
            stage.target.edit(stage.person(self.user), name, attributes)
            return
        form = {"FriendlyName": self.friendly_name, "Attributes": self.attributes}
        sent = {key: str(stage.fill(text)) for key, text in form.items() if text is not None}
        account = stage.given.user(self.user).account
        stage.asked("POST", stage.person_path(self.user), sent, account=account)


@dataclass(frozen=True, slots=True)
class DeleteUser(Step, key="delete_user"):
    """The app's server deletes a user: its connections close and its registrations go."""

    user: str = field(USER)

    @property
    def looks_for(self) -> frozenset[str]:
        """The user."""
        return frozenset({self.user})

    def play(self, stage: Stage) -> None:
        """Delete."""
        account = stage.given.user(self.user).account
        stage.asked("DELETE", stage.person_path(self.user), allow=(204,), account=account)
        stage.users.pop(self.user, None)


# --- time ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wait(Step, key="wait"):
    """Time passes: moved on where the clock can be, waited for elsewhere."""

    seconds: float

    @classmethod
    def read(cls, node: Node, reader: Reader) -> Self:
        """Read the length of time that it is."""
        return cls(kinds.DURATION.read(node, reader))

    @classmethod
    def schema(cls) -> Json:
        """A length of time."""
        return kinds.DURATION.schema()

    @property
    def takes(self) -> float:
        """What it says."""
        return self.seconds

    def play(self, stage: Stage) -> None:
        """Let it pass; the runner does so by the plan's clock."""
