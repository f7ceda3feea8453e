"""What a test sees of services and users: live views, each look at the world as it is now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reachability_mock.core import sids
from reachability_mock.core.facts import ServiceCreated
from reachability_mock.core.model import Service, User
from reachability_mock.core.reachability import Action, Reachability, seen
from reachability_mock.core.why import Explanation, why
from reachability_mock.lookup import (
    DEFAULT,
    NoSuch,
    exists,
    find_service,
    find_user,
    users_of,
)
from reachability_mock.world import World

_NEARLY_A_SID = r"IS[0-9A-Fa-f]{3,}|IS[0-9A-Za-z]{32}"


@dataclass(frozen=True, slots=True)
class Why:
    """Which rule made each property of a user what a fetch shows."""

    identity: str
    is_online: Explanation
    is_notifiable: Explanation

    def __str__(self) -> str:
        return (
            f"{self.identity}: is_online={_explained(self.is_online)}, "
            f"is_notifiable={_explained(self.is_notifiable)}"
        )

    def as_json(self) -> dict[str, object]:
        """As the control plane shows it."""
        return {
            "is_online": self.is_online.as_json(),
            "is_notifiable": self.is_notifiable.as_json(),
        }


def view_or_new(world: World, account_sid: str, name: str) -> ServiceView:
    """The service `name` of the account; one that is not there yet is made.

    Raises:
        NoSuch: several are called so, the SID is another account's, or it is nearly a SID.
    """
    if re.fullmatch(_NEARLY_A_SID, name) and not sids.is_sid("IS", name):
        raise NoSuch(f"{name!r} is not IS and 32 hex digits, nor is it a name: it looks like a SID")
    with world.lock:
        if not exists(world, account_sid, name):
            sid = name if sids.is_sid("IS", name) else world.new_sid("IS")
            world.submit(ServiceCreated(account_sid, sid, name))
            return ServiceView(world, account_sid, sid)
        return ServiceView(world, account_sid, find_service(world, account_sid, name).sid)


def _explained(one: Explanation) -> str:
    return f"{one.value} ({one.rule}: {one.because})"


class ServiceView:
    """One service of the world."""

    def __init__(self, world: World, account_sid: str, name: str = DEFAULT) -> None:
        """Look at the service called `name`, whichever that is at each look."""
        self._world = world
        self._account_sid = account_sid
        self._name = name

    def __repr__(self) -> str:
        service = self.record
        state = "enabled" if service.reachability_enabled else "disabled"
        return f"<service {service.friendly_name!r} {service.sid}, reachability {state}>"

    @property
    def record(self) -> Service:
        """The service as the world has it now.

        Raises:
            NoSuch: it is gone.
        """
        self._world.run_due()
        return find_service(self._world, self._account_sid, self._name)

    @property
    def sid(self) -> str:
        """Its SID."""
        return self.record.sid

    @property
    def friendly_name(self) -> str:
        """Its friendly name."""
        return self.record.friendly_name

    @property
    def reachability_enabled(self) -> bool:
        """Whether the indicator is on."""
        return self.record.reachability_enabled

    @property
    def users(self) -> Users:
        """Its users, by identity."""
        return Users(self._world, self)


class Users(Mapping[str, "UserView"]):
    """The users of one service by identity."""

    def __init__(self, world: World, service: ServiceView) -> None:
        """Look into `service`."""
        self._world = world
        self._service = service

    def __getitem__(self, identity: str) -> UserView:
        """The user called `identity`.

        Raises:
            NoSuch: nobody is; the message names the near ones.
        """
        find_user(self._world, self._service.record, identity)
        return UserView(self._world, self._service, identity)

    def __contains__(self, identity: object) -> bool:
        """Whether anybody is called `identity`."""
        if not isinstance(identity, str):
            return False
        with self._world.lock:
            service = self._service.record
            return self._world.store.user_by_identity(service.sid, identity) is not None

    def __iter__(self) -> Iterator[str]:
        """The identities, oldest user first."""
        return (user.identity for user in users_of(self._world, self._service.sid))

    def __len__(self) -> int:
        """How many users there are."""
        return len(users_of(self._world, self._service.sid))

    def __repr__(self) -> str:
        return f"<users {list(self)}>"


class UserView:
    """One user, as a fetch would show it; its `repr` says which rules made it so."""

    def __init__(self, world: World, service: ServiceView, identity: str) -> None:
        """Look at the user of `service` called `identity`."""
        self._world = world
        self._service = service
        self.identity = identity

    def __repr__(self) -> str:
        devices = ", ".join(self.devices) or "none"
        return f"<{self.why}; devices: {devices}>"

    @property
    def record(self) -> User:
        """The user as the world has it now.

        Raises:
            NoSuch: it is gone.
        """
        return find_user(self._world, self._service.record, self.identity)

    @property
    def sid(self) -> str:
        """Its SID."""
        return self.record.sid

    @property
    def is_online(self) -> bool | None:
        """What a fetch shows: True, False, or None for unknown."""
        return self._seen.is_online

    @property
    def is_notifiable(self) -> bool | None:
        """What a fetch shows: True, False, or None for unknown."""
        return self._seen.is_notifiable

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices with an open connection, longest open first."""
        return tuple(one.device for one in self.record.connections)

    @property
    def why(self) -> Why:
        """Which rule made each property what it is."""
        with self._world.lock:
            service = self._service.record
            found = why(service, self.record, self._world.settings.policy)
        return Why(self.identity, found["is_online"], found["is_notifiable"])

    @property
    def _seen(self) -> Reachability:
        with self._world.lock:
            service = self._service.record
            return seen(service, self.record, Action.FETCH, self._world.settings.policy)
