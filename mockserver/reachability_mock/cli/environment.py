"""The environment in which a program finds the server: `run` sets it, ``--env-file`` tells it."""

from __future__ import annotations

from collections.abc import Mapping

import click

from reachability_mock.cli.banner import TRAPS
from reachability_mock.cli.https import Https
from reachability_mock.cli.options import Credentials


def environment(
    url: str, who: Credentials, https: Https, environ: Mapping[str, str]
) -> dict[str, str]:
    """All of a program's environment: `environ` without the traps, and what leads to `url`."""
    kept = {name: value for name, value in environ.items() if name not in TRAPS}
    return kept | _leading(url, who, https)


def exported(
    url: str, who: Credentials, https: Https, environ: Mapping[str, str]
) -> dict[str, str]:
    """What an environment like `environ` has to be given; a trap in it is emptied."""
    return _leading(url, who, https) | {name: "" for name in TRAPS if environ.get(name)}


def _leading(url: str, who: Credentials, https: Https) -> dict[str, str]:
    told = {
        "REACHABILITY_MOCK_URL": url,
        "TWILIO_ACCOUNT_SID": who.account,
        "TWILIO_AUTH_TOKEN": who.token,
        "TWILIO_API_KEY": who.key,
        "TWILIO_API_SECRET": who.secret,
    }
    return told | https.environment(url)


def lines(told: Mapping[str, str]) -> str:
    """``NAME=value`` a line, as GitHub's jobs and Docker's containers take it.

    Raises:
        ClickException: a value is more than a line.
    """
    for name, value in told.items():
        if len(value.splitlines()) > 1 or value.endswith(("\n", "\r")):
            raise click.ClickException(f"--env-file: {name} is more than a line")
    return "".join(f"{name}={value}\n" for name, value in told.items())
