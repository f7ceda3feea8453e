"""A Python stand-in for a client SDK: it is online, and is told of the users it has asked for.

It listens to the core's events, and is told what the real ones are told: nothing of users nobody
subscribed to; one update for the name, one for the attributes, one for reachability; nothing of
reachability while the indicator is off, and what changed meanwhile when it goes on.
`reachability_enabled` is what it was when the client connected.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from reachability_mock.bus import Published
from reachability_mock.core.events import Reason, ServiceUpdated, UserRemoved, UserUpdated
from reachability_mock.core.facts import Connected, ConnectionLost, Disconnected
from reachability_mock.core.model import Service, User
from reachability_mock.core.reachability import UNKNOWN, Action, Reachability, parted, seen
from reachability_mock.lookup import find_user
from reachability_mock.world import World

_OWN_ITEMS = (Reason.FRIENDLY_NAME, Reason.ATTRIBUTES)
"""What is told one by one; both properties of reachability are one item."""


@dataclass(frozen=True, slots=True)
class Updated:
    """What the client was told once: whose looks changed, in what, and how they are now."""

    identity: str
    reasons: tuple[str, ...]
    is_online: bool | None
    is_notifiable: bool | None


class SdkUser:
    """A user as this client knows it: as of the last update, so not later than its connection."""

    def __init__(self, identity: str, known: Reachability) -> None:
        """Begin with what the server told when it was asked."""
        self.identity = identity
        self._known = known
        self._is_heard = True

    def __repr__(self) -> str:
        return f"<{self.identity}: is_online={self.is_online}, is_notifiable={self.is_notifiable}>"

    @property
    def is_online(self) -> bool | None:
        """True, False, or None for unknown."""
        return self._known.is_online

    @property
    def is_notifiable(self) -> bool | None:
        """True, False, or None for unknown."""
        return self._known.is_notifiable

    def _learn(self, shown: Reachability) -> tuple[str, ...]:
        """Be as it is shown now; returns in what that differs."""
        before, self._known = self._known, shown
        online = (Reason.ONLINE.value,) if shown.is_online is not before.is_online else ()
        changed = shown.is_notifiable is not before.is_notifiable
        return (*online, Reason.NOTIFIABLE.value) if changed else online

    def _end(self) -> None:
        """The user is gone: one of the same identity is another one."""
        self._is_heard = False


class SdkClient:
    """One connected client of `identity`; its user exists and is online from here on (R5)."""

    def __init__(self, world: World, service: Service, identity: str, device: str) -> None:
        """Connect."""
        self._world = world
        self._service_sid = service.sid
        self._users: dict[str, SdkUser] = {}
        self.identity = identity
        self.device = device
        self.updates: list[Updated] = []
        """What it was told, oldest first; clear it as you like."""
        with world.lock:
            world.submit(Connected(service.sid, identity, device, world.new_sid("US")))
            self.reachability_enabled = service.reachability_enabled
            self.user = self.get_user(identity)
            self._stop = world.bus.subscribe(self._hear)

    def __repr__(self) -> str:
        return f"<SDK of {self.identity} on {self.device}, knows {list(self._users)}>"

    def __enter__(self) -> Self:
        """Already connected."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Disconnect."""
        self.disconnect()

    def get_user(self, identity: str) -> SdkUser:
        """The user called `identity`; from now on this client is told when it changes.

        Raises:
            NoSuch: the service has no such user.
        """
        with self._world.lock:
            self._world.run_due()
            if identity not in self._users:
                service = self._service()
                user = find_user(self._world, service, identity)
                known = self._shown(service, user) if self.reachability_enabled else UNKNOWN
                self._users[identity] = SdkUser(identity, known)
            return self._users[identity]

    def subscribed_users(self) -> list[SdkUser]:
        """Its own user and those it has asked for."""
        return list(self._users.values())

    def unsubscribe(self, identity: str) -> None:
        """Be told nothing more of that user."""
        self._users.pop(identity, None)

    def disconnect(self) -> None:
        """Say goodbye: nothing is heard from now on."""
        self._stop()
        self._world.submit(Disconnected(self._service_sid, self.identity, self.device))

    def lose(self) -> None:
        """Vanish without a goodbye: the server notices after `lost_after` (R14)."""
        self._stop()
        self._world.submit(ConnectionLost(self._service_sid, self.identity, self.device))

    def stop_listening(self) -> None:
        """Hear nothing more, without a word to the server: its world is at an end."""
        self._stop()

    def _service(self) -> Service:
        service = self._world.store.service(self._service_sid)
        if service is None:
            raise LookupError(f"the service {self._service_sid} is gone")
        return service

    def _shown(self, service: Service, user: User) -> Reachability:
        return seen(service, user, Action.FETCH, self._world.settings.policy)

    def _hear(self, published: Published) -> None:
        event = published.event
        match event:
            case UserUpdated() if event.service.sid == self._service_sid:
                self._update(event.service, event.user, event.reasons)
            case ServiceUpdated(switched=True) if event.service.sid == self._service_sid:
                self._switched(event.service)
            case UserRemoved() if event.service.sid == self._service_sid:
                self._removed(event.service, event.user)
            case _:
                pass

    def _update(
        self, service: Service, user: User, reasons: tuple[Reason, ...] = ()
    ) -> SdkUser | None:
        """Be told how a user looks now, item by item; returns it if it is heard."""
        mine = self._users.get(user.identity)
        if mine is None or not mine._is_heard:  # noqa: SLF001 - the two are one module's secret
            return None
        for own in _OWN_ITEMS:
            if own in reasons:
                self._tell(mine, (own.value,))
        if service.reachability_enabled:
            self._tell(mine, mine._learn(self._shown(service, user)))  # noqa: SLF001 - likewise
        return mine

    def _tell(self, user: SdkUser, reasons: tuple[str, ...]) -> None:
        if reasons:
            self.updates.append(Updated(user.identity, reasons, user.is_online, user.is_notifiable))

    def _switched(self, service: Service) -> None:
        """Off is not told; on is told user by user, whatever has become of each meanwhile."""
        for identity in self._users:
            user = self._world.store.user_by_identity(service.sid, identity)
            if user is not None:
                self._update(service, user)

    def _removed(self, service: Service, user: User) -> None:
        """A user is gone; one's own is the end of this connection."""
        mine = self._update(service, parted(user))
        if mine is not None:
            mine._end()  # noqa: SLF001 - likewise
        if user.identity == self.identity:
            self._stop()
