"""What `serve` and `run` may be told, on the command line, by environment, or in pyproject.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from reachability_mock.cli import Unusable
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET, Access

F = TypeVar("F", bound=Callable[..., Any])
PREFIX = "REACHABILITY_MOCK_"
_LARGEST_PORT = 65535


class Credential(click.ParamType[tuple[str, str]]):
    """A SID and its secret with a colon between; never repeated in a complaint."""

    name = "sid:secret"

    def __init__(self, prefix: str, secret: str) -> None:
        """`prefix` is AC or SK; `secret` is what the other half is called."""
        self.prefix = prefix
        self.secret = secret

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        """How help shows it."""
        return f"{self.prefix}…:{self.secret.upper()}"

    def convert(
        self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Take it apart."""
        if isinstance(value, tuple):
            return value
        sid, _, secret = value.partition(":")
        if not (sids.is_sid(self.prefix, sid) and secret):
            self.fail(
                f"it has to be {self.prefix} and 32 hex digits, a colon, and the {self.secret}",
                param,
                ctx,
            )
        return sid, secret


class ServiceSid(click.ParamType[str]):
    """The SID of a service."""

    name = "IS…"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check its shape."""
        if not sids.is_sid("IS", value):
            self.fail(f"{value!r} is not IS and 32 hex digits", param, ctx)
        return value


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that `serve` and `run` were told."""

    host: str
    port: int
    port_file: Path | None
    scenario: str | None
    speed: float
    paused: bool
    account: tuple[tuple[str, str], ...]
    api_key: tuple[tuple[str, str], ...]
    service: tuple[str, ...]
    open: bool
    allow_host: tuple[str, ...]
    allow_origin: tuple[str, ...]

    @property
    def access(self) -> Access:
        """How strangers are treated."""
        return Access.OPEN if self.open else Access.STRICT


def server_options(*, port: int | None) -> Callable[[F], F]:
    """The options of a server; `port` is the default one, None a free one that nobody chooses."""

    def option(name: str, *more: str, **settings: Any) -> Callable[[F], F]:
        envvar = PREFIX + name.lstrip("-").upper().replace("-", "_")
        return click.option(name, *more, envvar=envvar, show_envvar=True, **settings)

    options = [
        option("--host", default="127.0.0.1", show_default=True, help="Where to listen."),
        option(
            "--scenario", metavar="NAME|FILE", help="Play this in the background from the start."
        ),
        option(
            "--speed",
            type=click.FloatRange(min=0, min_open=True),
            default=1.0,
            help="How much faster the scenario's waits go.",
        ),
        option("--paused", is_flag=True, help="Time stands still until it is advanced."),
        option("--account", multiple=True, type=Credential("AC", "token"), help="Another account."),
        option(
            "--api-key",
            multiple=True,
            type=Credential("SK", "secret"),
            help="An API key of the default account.",
        ),
        option(
            "--service",
            multiple=True,
            type=ServiceSid(),
            help="A service there from the start, with the SID in your app's settings.",
        ),
        option("--open", is_flag=True, help="Let any account in: its first token is its token."),
        option(
            "--allow-host",
            multiple=True,
            metavar="NAME",
            help="A host name besides localhost by which /_mock may be called.",
        ),
        option(
            "--allow-origin",
            multiple=True,
            metavar="ORIGIN",
            help="A web origin whose pages may call /_mock.",
        ),
    ]
    if port is not None:
        options[1:1] = [
            option(
                "--port",
                type=click.IntRange(0, _LARGEST_PORT),
                default=port,
                show_default=True,
                help="0 takes any free one.",
            ),
            option(
                "--port-file",
                type=click.Path(dir_okay=False, path_type=Path),
                help="Write the port here once requests are answered.",
            ),
        ]

    def decorate(command: F) -> F:
        for one in reversed(options):
            command = one(command)
        return command

    return decorate


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who may come in, and which of them stands for the rest in examples and environments."""

    account: str
    token: str
    key: str
    secret: str
    accounts: Mapping[str, str]
    keys: Mapping[str, str]

    @property
    def is_built_in(self) -> bool:
        """Whether the default account has the secret that everybody knows."""
        return self.token == DEFAULT_SECRET


def credentials_of(
    options: Options, environ: Mapping[str, str], account: str | None = None
) -> Credentials:
    """The credentials that the options and the environment come to; `account` is the project's."""
    account = account or _default_account(environ)
    accounts = {account: _default_token(account, environ), **dict(options.account)}
    keys = {sids.DEFAULT_KEY: DEFAULT_SECRET, **dict(options.api_key)}
    key, secret = options.api_key[0] if options.api_key else (sids.DEFAULT_KEY, DEFAULT_SECRET)
    return Credentials(account, accounts[account], key, secret, accounts, keys)


def _default_account(environ: Mapping[str, str]) -> str:
    sid = environ.get("TWILIO_ACCOUNT_SID")
    if not sid:
        return sids.DEFAULT_ACCOUNT
    if not sids.is_sid("AC", sid):
        raise Unusable("TWILIO_ACCOUNT_SID is set, but is not AC and 32 hex digits")
    return sid


def _default_token(account: str, environ: Mapping[str, str]) -> str:
    """The environment's token, if it is that account's."""
    if environ.get("TWILIO_ACCOUNT_SID", account) != account:
        return DEFAULT_SECRET
    return environ.get("TWILIO_AUTH_TOKEN") or DEFAULT_SECRET
