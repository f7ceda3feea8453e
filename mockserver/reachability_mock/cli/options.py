"""What `serve` and `run` may be told, on the command line, by environment, or in pyproject.toml."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reachability_mock.cli import Unusable
from reachability_mock.cli.project import complaint, project_defaults
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET, Access
from reachability_mock.options import PREFIX, BadOption, pair, several

F = TypeVar("F", bound=Callable[..., Any])
_LARGEST_PORT = 65535

if TYPE_CHECKING:  # before click 8.4 they cannot be subscripted
    Text = click.ParamType[str]
    Two = click.ParamType[tuple[str, str]]
else:
    Text = Two = click.ParamType


class Credential(Two):
    """A SID and its secret with a colon between; never repeated in a complaint."""

    name = "sid:secret"

    def __init__(self, prefix: str, secret: str, *, bare: bool = False) -> None:
        """`prefix` is AC or SK, `secret` what the other half is called, `bare` if it may lack."""
        self.prefix = prefix
        self.secret = secret
        self.bare = bare

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        """How help shows it."""
        secret = f":{self.secret.upper()}"
        return f"{self.prefix}…[{secret}]" if self.bare else f"{self.prefix}…{secret}"

    def convert(
        self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Take it apart."""
        if isinstance(value, tuple):
            return value
        sid, colon, secret = value.partition(":")
        if not sids.is_sid(self.prefix, sid) or not (secret or (self.bare and not colon)):
            self.fail(
                f"it has to be {self.prefix} and 32 hex digits, a colon, and the {self.secret}",
                param,
                ctx,
            )
        return sid, secret


class Pair(Two):
    """A name and a value with an equals sign between."""

    name = "name=value"

    def convert(
        self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Take it apart."""
        if isinstance(value, tuple):
            return value
        try:
            return pair(value)
        except BadOption as error:
            self.fail(str(error), param, ctx)


class ServiceSid(Text):
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
    env_file: Path | None
    scenario: str | None
    speed: float
    paused: bool
    account: tuple[tuple[str, str], ...]
    api_key: tuple[tuple[str, str], ...]
    service: tuple[str, ...]
    open: bool
    allow_host: tuple[str, ...]
    allow_origin: tuple[str, ...]
    settings: tuple[tuple[str, str], ...] = ()
    scenarios: tuple[Path, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    proxy: bool = False
    proxy_others: str | None = None
    tls: bool = False
    ca_dir: Path | None = None

    @property
    def access(self) -> Access:
        """How strangers are treated."""
        return Access.OPEN if self.open else Access.STRICT

    @property
    def of_any_fake(self) -> dict[str, Any]:
        """What counts for fakes in a process, too, as `reachability_mock.options` takes it."""
        told = {"scenarios": self.scenarios, "allow_hosts": self.allow_hosts}
        return {"settings": dict(self.settings)} | {n: one for n, one in told.items() if one}


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
        option(
            "--account",
            multiple=True,
            type=Credential("AC", "token", bare=True),
            help="Another account with its token; without a token, the default account.",
        ),
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
        option("--settings", multiple=True, type=Pair(), help="An unknown or a delay."),
        option(
            "--scenarios",
            multiple=True,
            type=click.Path(file_okay=False, path_type=Path),
            help="A folder of scenarios of your own.",
        ),
        *_https_options(option),
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
            option(
                "--env-file",
                type=click.Path(dir_okay=False, path_type=Path),
                help="Write here, NAME=value a line, what `run` puts into the environment.",
            ),
        ]

    def decorate(command: F) -> F:
        for one in reversed(options):
            command = one(command)
        return command

    return decorate


def _https_options(
    option: Callable[..., Callable[[F], F]],
) -> list[Callable[[F], F]]:
    """The options for apps that are not told where the fake is."""
    return [
        option("--proxy", is_flag=True, help="Be an HTTPS proxy, too: no app has to be touched."),
        option(
            "--proxy-others",
            type=click.Choice(["pass", "refuse"]),
            help="Whether hosts that are not Twilio's are reached through the proxy. "
            "[default: pass, but refuse where others than this machine can call]",
        ),
        option(
            "--allow-hosts",
            multiple=True,
            metavar="NAME",
            help="Another host of Twilio's that the proxy lets through.",
        ),
        option("--tls", is_flag=True, help="Speak HTTPS, for names in a hosts file."),
        option(
            "--ca-dir",
            type=click.Path(file_okay=False, path_type=Path),
            help="Where the certificates for --proxy and --tls are kept. "
            "[default: a folder of yours]",
        ),
    ]


class ServerCommand(click.Command):
    """A command whose options pyproject.toml may set, too, and the environment not misspell."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Take the project's options as defaults."""
        told, many = project_defaults(os.environ), {one.name for one in self.params if _many(one)}
        told = {name: several(value) if name in many else value for name, value in told.items()}
        for one in self.params:
            if one.name in told:
                self._check(one, told[one.name])
        return super().make_context(info_name, args, parent, default_map=told, **extra)

    def _check(self, option: click.Parameter, value: object) -> None:
        """Complain of a project's default here: click would blame the environment."""
        try:
            option.type_cast_value(click.Context(self), value)
        except click.BadParameter as error:
            raise complaint(option.name or "", error.message) from None


def _many(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and parameter.multiple


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
    bare = [sid for sid, token in options.account if not token]
    if len(bare) > 1:
        raise Unusable(f"--account: only one can be the default, not {' and '.join(bare)}")
    account = bare[0] if bare else account or _default_account(environ)
    others = {sid: token for sid, token in options.account if token}
    accounts = {account: _default_token(account, environ), **others}
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
