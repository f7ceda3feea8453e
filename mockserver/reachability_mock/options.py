"""What a project chooses: in `[tool.reachability-mock]` of pyproject.toml, or in pytest's ini."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from reachability_mock.core import sids

ACCOUNTS = ("shared", "separate")


class BadOption(ValueError):  # noqa: N818 - says what the matter is, like BadSetting
    """An option that does not exist or cannot have that value; the message names the choices."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a fake in this process is made."""

    account: str | None = None
    """The default account; None means ``TWILIO_ACCOUNT_SID`` if it is a SID, else AC and zeros."""
    accounts: str = "shared"
    """``shared``: all credentials open the default account's world; ``separate``: each its own."""
    settings: Mapping[str, object] = field(default_factory=dict)
    """The unknowns and delays (`settings.py`) that differ from their defaults."""
    scenarios: tuple[str, ...] = ()
    """The project's own folders of scenarios."""
    allow_hosts: frozenset[str] = frozenset()
    """Hosts of Twilio's, besides Conversations', that requests may reach."""

    def __post_init__(self) -> None:
        if self.account is not None and not sids.is_sid("AC", self.account):
            raise BadOption(f"account: {self.account!r} is not AC and 32 hex digits")
        if self.accounts not in ACCOUNTS:
            raise BadOption(f"accounts: {self.accounts!r} is not one of {', '.join(ACCOUNTS)}")

    def changed(self, given: Mapping[str, Any], place: str) -> Self:
        """These options with what was `given`; `settings` are added to those there are.

        Raises:
            BadOption: there is no such option, or it cannot have that value.
        """
        known = [one.name for one in fields(self)]
        unknown = [name for name in given if name not in known]
        if unknown:
            raise BadOption(f"{place}: no option {unknown[0]!r}; there are: {', '.join(known)}")
        kept: dict[str, Any] = dict(given)
        if "settings" in kept:
            kept["settings"] = {**self.settings, **kept["settings"]}
        if "scenarios" in kept:
            folders = kept["scenarios"]
            kept["scenarios"] = (folders,) if isinstance(folders, str) else tuple(folders)
        if "allow_hosts" in kept:
            kept["allow_hosts"] = frozenset(kept["allow_hosts"])
        return replace(self, **kept)


def of_project(root: Path) -> Options:
    """What `[tool.reachability-mock]` in `root`'s pyproject.toml says, folders made absolute.

    Raises:
        BadOption: as for `Options.changed`.
    """
    path = root / "pyproject.toml"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if "reachability-mock" not in text:
        return Options()
    import tomllib  # noqa: PLC0415 - most projects say nothing here

    table = tomllib.loads(text).get("tool", {}).get("reachability-mock", {})
    options = Options().changed(table, f"[tool.reachability-mock] in {path}")
    return replace(options, scenarios=tuple(str(root / one) for one in options.scenarios))
