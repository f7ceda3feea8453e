"""What a session may look at: the world's records, the Sync maps, and whose tokens count."""

from __future__ import annotations

from reachability_mock.core.model import Policy
from reachability_mock.core.records import Records
from reachability_mock.keyring import Access, Keyring
from reachability_mock.wire.session_words import InitRefusal
from reachability_mock.wire.sync import Board
from reachability_mock.wire.token import Trust
from reachability_mock.world import World


class View:
    """`session_words.Surroundings`, of one world."""

    def __init__(self, world: World, keyring: Keyring) -> None:
        """Look at `world` as it is whenever somebody asks."""
        self._world = world
        self._keyring = keyring
        self.refusals: list[InitRefusal] = []
        """What the next inits are refused with, the next one first."""
        self.renew()

    @property
    def records(self) -> Records:
        """The records, for looking."""
        return self._world.store

    @property
    def policy(self) -> Policy:
        """The settings as the core reads them."""
        return self._world.settings.policy

    @property
    def board(self) -> Board:
        """The Sync maps."""
        return self._board

    @property
    def trust(self) -> Trust:
        """Whose tokens are believed: the keyring's keys, or anybody's."""
        keyring = self._keyring
        shared = keyring.default_account if keyring.access is Access.SHARED else None
        return Trust(keyring.keys, keyring.access is Access.STRICT, shared)

    def new_sid(self, prefix: str) -> str:
        """A SID nobody has had."""
        return self._world.new_sid(prefix)

    def next_refusal(self) -> InitRefusal | None:
        """What the next `init` is refused with, if it shall be."""
        return self.refusals.pop(0) if self.refusals else None

    @property
    def is_stale(self) -> bool:
        """Whether the world was reset since."""
        return self._store is not self._world.store

    def renew(self) -> None:
        """Begin anew with the users there are."""
        self._store = store = self._world.store
        self._board = Board()
        for account in store.accounts():
            for _, service in store.services_of(account.sid).after(-1):
                for _, user in store.users_of(service.sid).after(-1):
                    self._board.learn(user)
