"""What a project chooses: by environment, in pytest's ini, or in its pyproject.toml.

An option has one name everywhere: `allow_hosts` in ``[tool.reachability-mock]`` is
`reachability_mock_allow_hosts` in the ini, `REACHABILITY_MOCK_ALLOW_HOSTS` in the environment and
``--allow-hosts`` on the command line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self

from reachability_mock.core import sids

ACCOUNTS = ("shared", "separate")
PREFIX = "REACHABILITY_MOCK_"
SERVER_OPTIONS = (
    "host",
    "port",
    "port_file",
    "scenario",
    "speed",
    "paused",
    "api_key",
    "service",
    "open",
    "allow_host",
    "allow_origin",
    "proxy",
    "proxy_others",
    "tls",
    "ca_dir",
)
"""What only `serve` and `run` heed; the command line knows more about them."""
_NOT_OPTIONS = frozenset({"url", "cache"})
"""Set by `run` for whoever wants to find the server; and where `driver: sdk` keeps the SDK."""
_OF_KUBERNETES = re.compile(r"service_host|(service_)?port(_.+)?")
"""What Kubernetes adds to every container once a Service is called reachability-mock."""


class BadOption(ValueError):  # noqa: N818 - says what the matter is, like BadSetting
    """An option that does not exist or cannot have that value; the message names the choices."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a fake in this process is made."""

    account: str | None = None
    """The default account: ``AC…``; a server lets in more of them, each ``AC…:TOKEN``.  Without
    one it is ``TWILIO_ACCOUNT_SID`` if that is a SID, else AC and zeros."""
    accounts: str = "shared"
    """``shared``: all credentials open the default account's world; ``separate``: each its own."""
    settings: Mapping[str, object] = field(default_factory=dict)
    """The unknowns and delays that differ from their defaults."""
    scenarios: tuple[str, ...] = ()
    """Folders with scenarios of your own."""
    allow_hosts: frozenset[str] = frozenset()
    """Hosts of Twilio's, besides Conversations', that requests may really reach."""

    def __post_init__(self) -> None:
        if self.account is not None and not sids.is_sid("AC", self.account):
            raise BadOption(f"account: {self.account!r} is not AC and 32 hex digits")
        if self.accounts not in ACCOUNTS:
            raise BadOption(f"accounts: {self.accounts!r} is not one of {', '.join(ACCOUNTS)}")
        for host in self.allow_hosts:
            if not host.lower().endswith("twilio.com"):
                raise BadOption(
                    f"allow_hosts: {host!r} is none of Twilio's hosts; all others may be reached "
                    "anyway, and allow_host says by which names /_mock may be called"
                )

    def changed(self, given: Mapping[str, Any], place: str) -> Self:
        """These options with what was `given`; `settings` are added to those there are.

        Raises:
            BadOption: there is no such option, or it cannot have that value.
        """
        check_names(given, [one.name for one in fields(self)], place)
        try:
            return replace(self, **self._read(given))
        except BadOption as error:
            raise BadOption(f"{place}: {error}") from None

    def _read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What was given, as the fields hold it."""
        kept = dict(given)
        if "settings" in kept:
            kept["settings"] = {**self.settings, **kept["settings"]}
        if kept.get("account") is not None:
            kept["account"] = default_account(kept["account"]) or self.account
        if "scenarios" in kept:
            kept["scenarios"] = several(kept["scenarios"])
        if "allow_hosts" in kept:
            kept["allow_hosts"] = frozenset(several(kept["allow_hosts"]))
        return kept


def check_names(given: Iterable[str], known: Collection[str], place: str) -> None:
    """Nothing, unless one of the names `given` at `place` is not `known`.

    Raises:
        BadOption: the message names the near one, and all.
    """
    for name in given:
        if name not in known:
            near = get_close_matches(name.lower().replace("-", "_"), known, n=1)
            hint = f" did you mean {near[0]!r}?" if near else ""
            raise BadOption(f"{place}: no option {name!r};{hint} there are: {', '.join(known)}")


def several(value: str | Iterable[str]) -> tuple[str, ...]:
    """One value or many, as many."""
    return (value,) if isinstance(value, str) else tuple(value)


def default_account(accounts: str | Iterable[str]) -> str | None:
    """The account without a token: the default one.  The others are a server's business."""
    bare = [one for one in several(accounts) if ":" not in one]
    if len(bare) > 1:
        raise BadOption(f"account: only one can be the default, not {' and '.join(bare)}")
    return bare[0] if bare else None


def pair(text: str) -> tuple[str, str]:
    """``name=value`` taken apart.

    Raises:
        BadOption: there is no equals sign.
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise BadOption(f"settings: {text!r} is not name=value")
    return name.strip(), value.strip()


# --- where they come from ------------------------------------------------------------------------


def of_project(root: Path) -> Options:
    """What `[tool.reachability-mock]` in `root`'s pyproject.toml says, folders made absolute.

    Raises:
        BadOption: there is no such option, or it cannot have that value.
    """
    table = table_of(root)
    given = {name: value for name, value in table.items() if name not in SERVER_OPTIONS}
    options = Options().changed(given, _place(root))
    return replace(options, scenarios=tuple(str(root / one) for one in options.scenarios))


def table_of(root: Path) -> dict[str, Any]:
    """`[tool.reachability-mock]` in `root`'s pyproject.toml, with no name in it that is unknown.

    Raises:
        BadOption: there is one.
    """
    path = root / "pyproject.toml"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if "reachability-mock" not in text:
        return {}
    import tomllib  # noqa: PLC0415 - most projects say nothing here

    table: dict[str, Any] = tomllib.loads(text).get("tool", {}).get("reachability-mock", {})
    check_names(table, all_names(), _place(root))
    return table


def of_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """What ``REACHABILITY_MOCK_…`` says, as `Options.changed` takes it.

    Several values have a space between them, folders what `PATH` has.

    Raises:
        BadOption: there is no such option.
    """
    told = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX)
    }
    names = [name for name in told if not (name in _NOT_OPTIONS or _OF_KUBERNETES.fullmatch(name))]
    check_names(names, all_names(), f"the environment ({PREFIX}…)")
    given: dict[str, Any] = {}
    if told.get("accounts"):
        given["accounts"] = told["accounts"]
    for name in ("account", "allow_hosts"):
        if told.get(name):
            given[name] = told[name].split()
    if told.get("settings"):
        given["settings"] = dict(pair(one) for one in told["settings"].split())
    if told.get("scenarios"):
        given["scenarios"] = told["scenarios"].split(os.pathsep)
    return given


def all_names() -> list[str]:
    """Every option's name: what counts for any fake, then what a server alone heeds."""
    return [*(one.name for one in fields(Options)), *SERVER_OPTIONS]


def _place(root: Path) -> str:
    return f"[tool.reachability-mock] in {root / 'pyproject.toml'}"
