"""What a test does to the world in the place of an operator and of client SDKs."""

from __future__ import annotations

from reachability_mock.core import sids
from reachability_mock.core.facts import (
    Connected,
    ConnectionLost,
    Disconnected,
    Fact,
    PushRegistered,
    PushUnregistered,
    ServiceConfigured,
)
from reachability_mock.core.model import BindingType, Service
from reachability_mock.keyring import Keyring
from reachability_mock.lookup import DEFAULT, NoSuch, find_service, find_user, services_of
from reachability_mock.world import World

DEVICE = "default"
LONGEST_DEVICE = 256
"""Characters of a device's name."""


class Acts:
    """The verbs of the handle; `service` is ``"default"``, a SID or a unique friendly name."""

    world: World
    account_sid: str
    _keyring: Keyring

    # --- the indicator ---------------------------------------------------------------------------

    def enable(self, service: str = DEFAULT, *, account: str | None = None) -> None:
        """Switch the Reachability Indicator on for `service` (R2)."""
        sid = self._service(service, account).sid
        self._submit(ServiceConfigured(sid, reachability_enabled=True))

    def disable(self, service: str = DEFAULT, *, account: str | None = None) -> None:
        """Switch it off: both properties are null, and the state is forgotten (R3, R11)."""
        sid = self._service(service, account).sid
        self._submit(ServiceConfigured(sid, reachability_enabled=False))

    # --- presence --------------------------------------------------------------------------------

    def connect(
        self,
        identity: str,
        device: str = DEVICE,
        *,
        service: str = DEFAULT,
        account: str | None = None,
    ) -> None:
        """Open a connection of one of the user's devices; an unknown user is born (R5)."""
        _check_text("identity", identity)
        _check_text("device", device)
        if not 0 < len(device) <= LONGEST_DEVICE:
            raise ValueError(f"device: a text of 1 to {LONGEST_DEVICE} characters is needed")
        scope = self._service(service, account)
        self._submit(Connected(scope.sid, identity, device, self.world.new_sid("US")))

    def disconnect(
        self,
        identity: str,
        device: str = DEVICE,
        *,
        service: str = DEFAULT,
        account: str | None = None,
    ) -> None:
        """Close a connection cleanly; the last one makes the user offline (R6).

        Raises:
            NoSuch: no such user, or only other devices of it are connected.
        """
        scope = self._connected(identity, device, service, account)
        self._submit(Disconnected(scope.sid, identity, device))

    def lose(
        self,
        identity: str,
        device: str = DEVICE,
        *,
        service: str = DEFAULT,
        account: str | None = None,
    ) -> None:
        """Let a connection vanish without a goodbye: it counts as closed after `lost_after`.

        Raises:
            NoSuch: as for `disconnect`.
        """
        scope = self._connected(identity, device, service, account)
        self._submit(ConnectionLost(scope.sid, identity, device))

    # --- push ------------------------------------------------------------------------------------

    def register_push(
        self,
        identity: str,
        type: str = "fcm",  # noqa: A002 - the word of the API and of scenarios
        address: str | None = None,
        *,
        service: str = DEFAULT,
        account: str | None = None,
    ) -> str:
        """Register a device for push (R7); without an `address` it is a device of its own.

        Returns:
            The SID of the binding, for `unregister_push`.
        """
        _check_text("identity", identity)
        scope, new = self._service(service, account), self.world.new_sid
        endpoint = address or f"{type}:{new('')}"
        kind = _binding_type(type)
        return self._submit(
            PushRegistered(scope.sid, identity, new("BS"), new("US"), kind, endpoint)
        )

    def unregister_push(self, sid: str, *, account: str | None = None) -> None:
        """End the registration with that SID.

        Raises:
            NoSuch: there is none.
        """
        with self.world.lock:
            for service in services_of(self.world, self._account(account)):
                if self.world.store.binding(service.sid, sid) is not None:
                    self._submit(PushUnregistered(service.sid, sid))
                    return
        raise NoSuch(f"no push binding {sid}: register_push() says what it is called")

    # --- inside ----------------------------------------------------------------------------------

    def _submit(self, fact: Fact) -> str:
        subject = self.world.submit(fact).subject
        return subject.sid if subject else ""

    def _account(self, account: str | None) -> str:
        """Whose world is meant: where all credentials share one, it is that one."""
        if account is None:
            return self.account_sid
        if not sids.is_sid("AC", account):
            raise NoSuch(f"account: {account!r} is not AC and 32 hex digits")
        owner = self._keyring.world_of(account)
        self.world.open_account(owner)
        return owner

    def _service(self, name: str, account: str | None) -> Service:
        return find_service(self.world, self._account(account), name)

    def _connected(self, identity: str, device: str, name: str, account: str | None) -> Service:
        """The service, once it is sure that closing `device` is not a slip of the pen."""
        service = self._service(name, account)
        user = find_user(self.world, service, identity)
        if user.connections and user.connection(device) is None:
            devices = ", ".join(one.device for one in user.connections)
            raise NoSuch(f"{identity} is not connected with {device!r}, but: {devices}")
        return service


def _check_text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{name}: a text is needed, not {value!r}")


def _binding_type(word: str) -> BindingType:
    try:
        return BindingType(word.lower())
    except ValueError:
        choices = ", ".join(one.value for one in BindingType)
        raise ValueError(f"a push registration is one of {choices}, not {word!r}") from None
