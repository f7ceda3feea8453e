"""A stage for the pure core: records in plain dicts, a clock that is advanced, timers in a list.

It knows nothing of the store or the world, so the state machine can hold both against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from reachability_mock.core import sids
from reachability_mock.core.apply import apply
from reachability_mock.core.changes import Changes, Timer
from reachability_mock.core.events import Event, UserUpdated
from reachability_mock.core.facts import (
    AccountOpened,
    Connected,
    ConnectionLost,
    Disconnected,
    Fact,
    PushRegistered,
    PushUnregistered,
    ServiceConfigured,
    TimerDue,
)
from reachability_mock.core.model import (
    Account,
    Binding,
    BindingType,
    Credential,
    Policy,
    Record,
    Role,
    Service,
    User,
)
from reachability_mock.core.reachability import Action, seen

ACCOUNT = sids.DEFAULT_ACCOUNT
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
Shown = tuple[bool | None, bool | None]


def sid(prefix: str, number: int) -> str:
    """A SID that reads well in a failure."""
    return f"{prefix}{number:032x}"


class Dicts:
    """`core.records.Records` in the plainest way: one dict a kind, and walks where those do."""

    def __init__(self) -> None:
        """Begin empty."""
        self.accounts: dict[str, Account] = {}
        self.services: dict[str, Service] = {}
        self.credentials: dict[str, Credential] = {}
        self.roles: dict[str, Role] = {}
        self.users: dict[str, User] = {}
        self.bindings: dict[str, Binding] = {}

    def account(self, sid: str) -> Account | None:
        return self.accounts.get(sid)

    def service(self, sid: str) -> Service | None:
        return self.services.get(sid)

    def credential(self, account_sid: str, sid: str) -> Credential | None:
        found = self.credentials.get(sid)
        return found if found and found.account_sid == account_sid else None

    def role(self, service_sid: str, sid: str) -> Role | None:
        found = self.roles.get(sid)
        return found if found and found.service_sid == service_sid else None

    def has_users(self, role: Role) -> bool:
        every = [one for one in self.users.values() if one.service_sid == role.service_sid]
        return any(one.role_sid == role.sid for one in every)

    def user(self, service_sid: str, sid: str) -> User | None:
        found = self.users.get(sid)
        return found if found and found.service_sid == service_sid else None

    def user_by_identity(self, service_sid: str, identity: str) -> User | None:
        every = (user for user in self.users.values() if user.service_sid == service_sid)
        return next((user for user in every if user.identity == identity), None)

    def binding(self, service_sid: str, sid: str) -> Binding | None:
        found = self.bindings.get(sid)
        return found if found and found.service_sid == service_sid else None

    def bindings_of(self, user: User) -> Iterable[Binding]:
        return [one for one in self.bindings.values() if one.user_sid == user.sid]

    def present_users(self, service_sid: str) -> Iterable[User]:
        every = [user for user in self.users.values() if user.service_sid == service_sid]
        return [user for user in every if user.is_present]

    def take(self, changes: Changes) -> None:
        """Put and drop; a dropped service takes all that is in it along."""
        for record in changes.puts:
            self._shelf(record)[record.sid] = record
        for record in changes.drops:
            del self._shelf(record)[record.sid]
            if isinstance(record, Service):
                for shelf in (self.roles, self.users, self.bindings):
                    inside = [one for one in shelf.values() if one.service_sid == record.sid]
                    for one in inside:
                        del shelf[one.sid]

    def _shelf(self, record: Record) -> dict[str, Record]:
        shelves: dict[type, dict[str, Record]] = {
            Account: self.accounts,  # type: ignore[dict-item] # each holds its own kind
            Service: self.services,  # type: ignore[dict-item] # likewise
            Credential: self.credentials,  # type: ignore[dict-item] # likewise
            Role: self.roles,  # type: ignore[dict-item] # likewise
            User: self.users,  # type: ignore[dict-item] # likewise
            Binding: self.bindings,  # type: ignore[dict-item] # likewise
        }
        return shelves[type(record)]


class Stage:
    """An account with its default service, to which facts happen."""

    def __init__(self, policy: Policy | None = None) -> None:
        """Open the account; the indicator is off."""
        self.policy = policy or Policy()
        self.records = Dicts()
        self.now = START
        self.timers: list[Timer] = []
        self.events: list[tuple[datetime, Event]] = []
        self.service_sid = sids.default_service_sid(ACCOUNT)
        self._numbers = iter(range(1, 10_000))
        self.happen(AccountOpened(ACCOUNT, self.service_sid))
        self.events.clear()

    @property
    def service(self) -> Service:
        """The default service as it is now."""
        return self.records.services[self.service_sid]

    def happen(self, fact: Fact) -> Changes:
        """Let `fact` happen now, after what has come due."""
        self._run_due()
        return self._happen(fact, self.now)

    def advance(self, seconds: float) -> None:
        """Let time pass, and what comes due happen at its own time."""
        self.now += timedelta(seconds=seconds)
        self._run_due()

    def sid(self, prefix: str) -> str:
        """A SID nobody has had on this stage."""
        return sid(prefix, next(self._numbers))

    def user(self, identity: str = "alice", service_sid: str | None = None) -> User:
        """The user of `identity`, who must be there."""
        user = self.records.user_by_identity(service_sid or self.service_sid, identity)
        assert user is not None
        return user

    def shown(
        self,
        identity: str = "alice",
        action: Action = Action.FETCH,
        service_sid: str | None = None,
    ) -> Shown:
        """(is_online, is_notifiable) as `action` shows them."""
        user = self.user(identity, service_sid)
        service = self.records.services[user.service_sid]
        found = seen(service, user, action, self.policy)
        return found.is_online, found.is_notifiable

    def reasons(self) -> list[tuple[str, ...]]:
        """The reasons of every user update there has been, and forget them."""
        told = [
            tuple(reason.value for reason in event.reasons)
            for _, event in self.events
            if isinstance(event, UserUpdated)
        ]
        self.events.clear()
        return told

    # the facts that tests need most

    def switch(self, *, on: bool) -> Changes:
        """Enable or disable the indicator."""
        return self.happen(ServiceConfigured(self.service_sid, on))

    def connect(self, device: str = "phone", identity: str = "alice") -> Changes:
        """A device connects."""
        return self.happen(Connected(self.service_sid, identity, device, self.sid("US")))

    def disconnect(self, device: str = "phone", identity: str = "alice") -> Changes:
        """A device says goodbye."""
        return self.happen(Disconnected(self.service_sid, identity, device))

    def lose(self, device: str = "phone", identity: str = "alice") -> Changes:
        """A device vanishes."""
        return self.happen(ConnectionLost(self.service_sid, identity, device))

    def register(
        self,
        endpoint: str = "pixel",
        identity: str = "alice",
        kind: BindingType = BindingType.FCM,
    ) -> str:
        """A device registers for push; returns the binding's SID."""
        fact = PushRegistered(
            self.service_sid, identity, self.sid("BS"), self.sid("US"), kind, endpoint
        )
        subject = self.happen(fact).subject
        assert isinstance(subject, Binding)
        return subject.sid

    def unregister(self, binding_sid: str) -> Changes:
        """A registration ends."""
        return self.happen(PushUnregistered(self.service_sid, binding_sid))

    def _run_due(self) -> None:
        while due := sorted(
            (timer for timer in self.timers if timer.due <= self.now), key=lambda one: one.due
        ):
            self.timers.remove(due[0])
            self._happen(TimerDue(due[0].service_sid, due[0].user_sid), due[0].due)

    def _happen(self, fact: Fact, at: datetime) -> Changes:
        changes = apply(self.records, fact, at, self.policy)
        self.records.take(changes)
        self.timers += changes.timers
        self.events += [(at, event) for event in changes.events]
        return changes
