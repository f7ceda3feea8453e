"""A whole fake inside this process, for as long as a `with` lasts."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from reachability_mock.core import sids
from reachability_mock.doors import open_doors
from reachability_mock.handle import ReachabilityMock
from reachability_mock.http.site import Site
from reachability_mock.keyring import DEFAULT_SECRET, Access, Keyring
from reachability_mock.options import Options
from reachability_mock.settings import Settings
from reachability_mock.world import World

_log = logging.getLogger("reachability_mock")
_TWILIO_ENVIRONMENT = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_EDGE", "TWILIO_REGION")
"""What the twilio SDKs read; an edge or a region would rewrite the host of every URL."""


def fake(  # noqa: PLR0913 - each is one thing a person may choose
    *,
    account: str | None = None,
    accounts: str = "shared",
    settings: Mapping[str, object] | None = None,
    scenarios: Iterable[str] = (),
    allow_hosts: Iterable[str] = (),
    seed: str | int | None = None,
) -> AbstractContextManager[ReachabilityMock]:
    """Run a fake: this process's requests for Twilio's Conversations go to it.

        with reachability_mock.fake() as mock:
            mock.enable()

    `options.Options` says what each choice is; the same `seed` makes the same SIDs.
    """
    options = Options(account, accounts, settings or {}, tuple(scenarios), frozenset(allow_hosts))
    return running(options, seed)


@contextmanager
def running(options: Options, seed: str | int | None = None) -> Iterator[ReachabilityMock]:
    """A fake made by `options`, for as long as the `with` lasts."""
    account = options.account or _account_of_environment()
    access = Access.SHARED if options.accounts == "shared" else Access.OPEN
    world = World(settings=Settings(options.settings), seed=seed)
    site = Site(world, Keyring(access, default_account=account), hint=_log.warning)
    site.fresh = lambda: world.open_account(account)
    mock = ReachabilityMock(site, options.scenarios)
    with credentials(account), open_doors(site, options.allow_hosts):
        try:
            yield mock
        finally:
            mock.close()


@contextmanager
def credentials(account: str) -> Iterator[None]:
    """Let `Client()` without arguments work, and put the environment back afterwards."""
    before = {name: os.environ.get(name) for name in _TWILIO_ENVIRONMENT}
    os.environ.setdefault("TWILIO_ACCOUNT_SID", account)
    os.environ.setdefault("TWILIO_AUTH_TOKEN", DEFAULT_SECRET)
    os.environ.pop("TWILIO_EDGE", None)
    os.environ.pop("TWILIO_REGION", None)
    try:
        yield
    finally:
        _restore(before)


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _account_of_environment() -> str:
    sid = os.environ.get("TWILIO_ACCOUNT_SID", "")
    return sid if sids.is_sid("AC", sid) else sids.DEFAULT_ACCOUNT
