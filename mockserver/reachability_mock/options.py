"""What a project chooses: by environment, in pytest's ini, or in its pyproject.toml.

An option has one name everywhere: `allow_hosts` in ``[tool.reachability-mock]`` is
`reachability_mock_allow_hosts` in the ini, `REACHABILITY_MOCK_ALLOW_HOSTS` in the environment and
``--allow-hosts`` on the command line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Self, cast

from reachability_mock.core import sids

ACCOUNTS = ("shared", "separate")
PREFIX = "REACHABILITY_MOCK_"
SERVER_OPTIONS = (
    "host",
    "port",
    "port_file",
    "env_file",
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
_NAME = "reachability-mock"
_OUR_TABLE = r"(?i)reachability[-_]?mock"
"""Our table in pyproject.toml, and what somebody may have meant by it."""
_NOT_OPTIONS = frozenset({"url", "cache"})
"""Set by `run` for whoever wants to find the server; and where `driver: sdk` keeps the SDK."""
_OF_KUBERNETES = r"service_host|(service_)?port(_.+)?"
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
        check_kinds(given, place)
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
            kept["scenarios"] = tuple(str(one) for one in several(kept["scenarios"]))
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
    return (value,) if isinstance(value, (str, os.PathLike)) else tuple(value)


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


# --- what a value may be -------------------------------------------------------------------------


def check_kinds(given: Mapping[str, object], place: str) -> None:
    """Nothing, unless something `given` at `place` is not of its option's kind.

    Raises:
        BadOption: the message says what it is and what it has to be; a secret is not repeated.
    """
    for name, value in given.items():
        kind = KINDS[name]
        if not kind.fits(value):
            shown = "this" if name in _SECRET else repr(value)
            raise BadOption(f"{place}: {name}: {shown} is {kind.is_not}")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_path(value: object) -> bool:
    return isinstance(value, (str, os.PathLike))


def _all(value: object, fits: Callable[[object], bool]) -> bool:
    """Whether it is one that `fits`, or a list of such."""
    if fits(value):
        return True
    is_list = isinstance(value, Collection) and not isinstance(value, (str, Mapping))
    return is_list and all(fits(one) for one in cast("Collection[object]", value))


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(name, str) for name in value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class Kind(NamedTuple):
    """What an option's value may be: what is said of another one, and whether it is that."""

    is_not: str
    fits: Callable[[object], bool]


_TEXT = Kind("no text", _is_text)
_TEXTS = Kind("no text or list of texts", partial(_all, fits=_is_text))
_FLAG = Kind("neither true nor false", lambda value: isinstance(value, bool))
KINDS: Mapping[str, Kind] = {
    "account": Kind(_TEXTS.is_not, lambda value: value is None or _TEXTS.fits(value)),
    "accounts": _TEXT,
    "settings": Kind("no table of names and values", _is_table),
    "scenarios": Kind(_TEXTS.is_not, partial(_all, fits=_is_path)),
    "allow_hosts": _TEXTS,
    "host": _TEXT,
    "port": Kind("no whole number", lambda value: _is_number(value) and isinstance(value, int)),
    "port_file": _TEXT,
    "env_file": _TEXT,
    "scenario": _TEXT,
    "speed": Kind("no number", _is_number),
    "paused": _FLAG,
    "api_key": _TEXTS,
    "service": _TEXTS,
    "open": _FLAG,
    "allow_host": _TEXTS,
    "allow_origin": _TEXTS,
    "proxy": _FLAG,
    "proxy_others": _TEXT,
    "tls": _FLAG,
    "ca_dir": _TEXT,
}
"""The kind of every option; the command line knows more about a server's."""
_SECRET = frozenset({"account", "api_key"})


# --- where they come from ------------------------------------------------------------------------


def of_project(root: Path) -> Options:
    """What `[tool.reachability-mock]` in `root`'s pyproject.toml says, folders made absolute.

    Raises:
        BadOption: there is no such option, or it cannot have that value.
    """
    table = table_of(root)
    given = {name: value for name, value in table.items() if name not in SERVER_OPTIONS}
    options = Options().changed(given, place_of(root))
    return replace(options, scenarios=tuple(str(root / one) for one in options.scenarios))


def table_of(root: Path) -> dict[str, Any]:
    """`[tool.reachability-mock]` in `root`'s pyproject.toml: known options of the right kind.

    Raises:
        BadOption: one is not, or the file cannot be read.
    """
    path = root / "pyproject.toml"
    try:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if not re.search(_OUR_TABLE, text):
            return {}
        import tomllib  # noqa: PLC0415 - most projects say nothing here

        document = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise BadOption(f"{path}: {error}") from None
    table = _table_in(document.get("tool", {}), path)
    check_names(table, all_names(), place_of(root))
    check_kinds(table, place_of(root))
    return table


def _table_in(tools: object, path: Path) -> dict[str, Any]:
    """Our table among those of all tools."""
    if not isinstance(tools, dict):
        raise BadOption(f"{path}: tool is no table")
    for name in tools:
        if name != _NAME and re.fullmatch(_OUR_TABLE, name):
            raise BadOption(f"{path}: [tool.{name}] is none of ours; did you mean [tool.{_NAME}]?")
    table = tools.get(_NAME, {})
    if not isinstance(table, dict):
        raise BadOption(f"{path}: tool.{_NAME} is no table; it begins with [tool.{_NAME}]")
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
    names = [
        name for name in told if not (name in _NOT_OPTIONS or re.fullmatch(_OF_KUBERNETES, name))
    ]
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


def place_of(root: Path) -> str:
    """How a complaint names `root`'s pyproject.toml."""
    return f"[tool.{_NAME}] in {root / 'pyproject.toml'}"
