"""``reachability-mock token``: an access token for a client SDK, on standard output."""

from __future__ import annotations

import os

import click

from reachability_mock.cli import Unusable
from reachability_mock.cli.options import Credential, Text
from reachability_mock.cli.project import project_options
from reachability_mock.clock import system_now
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.lookup import DEFAULT
from reachability_mock.options import PREFIX
from reachability_mock.wire.token import DEFAULT_LIFE_SECONDS, LONGEST_LIFE, Signer, make


class Sid(Text):
    """A SID of one kind, or one of a few words that stand for one."""

    name = "sid"

    def __init__(self, prefix: str, *words: str) -> None:
        """`prefix` is its two letters."""
        self.prefix = prefix
        self.words = words

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check its shape."""
        if value not in self.words and not sids.is_sid(self.prefix, value):
            choices = ", ".join((*self.words, f"{self.prefix} and 32 hex digits"))
            self.fail(f"{value!r} is none of: {choices}", param, ctx)
        return value


@click.command(short_help="Make an access token for a client SDK.")
@click.option("--identity", required=True, help="The user that the token is for.")
@click.option(
    "--service",
    type=Sid("IS", DEFAULT),
    default=DEFAULT,
    show_default=True,
    metavar="default|IS…",
    help="The service that it opens.",
)
@click.option(
    "--ttl",
    type=click.IntRange(1, int(LONGEST_LIFE.total_seconds())),
    default=DEFAULT_LIFE_SECONDS,
    show_default=True,
    help="How many seconds it is good for.",
)
@click.option(
    "--api-key",
    multiple=True,
    type=Credential("SK", "secret"),
    envvar=f"{PREFIX}API_KEY",
    show_envvar=True,
    help="The key to sign with, as given to serve; else TWILIO_API_KEY and TWILIO_API_SECRET.",
)
@click.option(
    "--account",
    type=Sid("AC"),
    metavar="AC…",
    help="The account; a server accepts another one than its default only with --open.",
)
@click.option(
    "--push-credential-sid",
    type=Sid("CR"),
    metavar="CR…",
    help="What push registrations made with it will show.",
)
def token(  # noqa: PLR0913, PLR0917 - click hands over each option, by name
    identity: str,
    service: str,
    ttl: int,
    api_key: tuple[tuple[str, str], ...],
    account: str | None,
    push_credential_sid: str | None,
) -> None:
    """Make an access token, as Twilio's helper libraries would, and print it.

    \b
    TOKEN=$(reachability-mock token --identity alice)
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone
    account_sid = account or _default_account()
    signer = Signer(*(api_key[0] if api_key else _default_key()), account_sid)
    service_sid = sids.default_service_sid(account_sid) if service == DEFAULT else service
    now = system_now()
    click.echo(
        make(signer, identity, service_sid, now, ttl=ttl, push_credential_sid=push_credential_sid)
    )


def _default_account() -> str:
    """The account that `serve` would take here."""
    sid = project_options().account or os.environ.get("TWILIO_ACCOUNT_SID") or sids.DEFAULT_ACCOUNT
    if not sids.is_sid("AC", sid):
        raise Unusable("TWILIO_ACCOUNT_SID is set, but is not AC and 32 hex digits")
    return sid


def _default_key() -> tuple[str, str]:
    """The environment's key (`run` sets it), else the one that everybody knows."""
    key, secret = os.environ.get("TWILIO_API_KEY"), os.environ.get("TWILIO_API_SECRET")
    return (key, secret) if key and secret else (sids.DEFAULT_KEY, DEFAULT_SECRET)
