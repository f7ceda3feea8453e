"""The accounts that a target over HTTP may play as: one always, a second if it was told of one."""

from __future__ import annotations

from dataclasses import dataclass, field

from reachability_mock.scenario.target import DEFAULT, Lacking

ONE_ACCOUNT = "over HTTP there is one account"
Pair = tuple[str, str]
"""An account's SID and its auth token."""


@dataclass(slots=True)
class Accounts:
    """Names of a scenario's accounts, and whose credentials serve for each."""

    default: Pair
    other: Pair | None = None
    _named: str | None = field(default=None, init=False)

    @property
    def lacking(self) -> str | None:
        """Why there is no second account, if there is none."""
        return None if self.other else ONE_ACCOUNT

    def begin(self) -> None:
        """A new scenario names them anew."""
        self._named = None

    def open(self, name: str, sid: str | None) -> str:
        """The SID of the account called `name`.

        Raises:
            Lacking: it would be one account too many, or the SID is another one's.
        """
        mine = self._pair(name)
        if sid and sid != mine[0]:
            raise Lacking(f"account {sid}: {ONE_ACCOUNT}, …{mine[0][-4:]}")
        return mine[0]

    def of(self, name: str) -> Pair:
        """The credentials of the account called `name`."""
        return self.default if name == DEFAULT or self.other is None else self.other

    def _pair(self, name: str) -> Pair:
        if name == DEFAULT:
            return self.default
        if self.other is None or self._named not in {None, name}:
            raise Lacking(f"account {name}: {ONE_ACCOUNT}")
        self._named = name
        return self.other
