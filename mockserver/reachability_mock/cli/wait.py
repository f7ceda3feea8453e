"""``reachability-mock wait``: until a server answers.  Containers use it as their health check."""

from __future__ import annotations

import json
import re
import ssl
import threading
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

import click
from click.core import ParameterSource

from reachability_mock.address import NoUrl, address_of
from reachability_mock.cli.serve import serve
from reachability_mock.clock import true_monotonic
from reachability_mock.options import PREFIX
from reachability_mock.server import url_of

_EVERY_SECONDS = 0.1
_ONE_TRY_SECONDS = 5.0
_TYPED = ParameterSource.COMMANDLINE
_WRITTEN_OUT = r"(?i)https?://\S+"


@click.command(short_help="Wait until a server answers.")
@click.option(
    "--url",
    envvar=f"{PREFIX}URL",
    show_envvar=True,
    help="The server. [default: the one of --local]",
)
@click.option(
    "--local",
    is_flag=True,
    help=f"The server that `serve` would be here, whatever {PREFIX}URL says.",
)
@click.option(
    "--timeout",
    "seconds",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    help="How many seconds; 0 asks once.",
)
def wait(url: str | None, seconds: float, *, local: bool) -> None:
    """Wait until a server answers: exit code 0 then, 1 when the time is over.

    \b
    reachability-mock wait --url http://mock:4010
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone
    if local and click.get_current_context().get_parameter_source("url") is _TYPED:
        raise click.UsageError("--local and --url are two servers: choose one")
    url = _local_url() if local or not url else _checked(url)
    end = true_monotonic() + seconds
    pause = threading.Event()
    while (trouble := _trouble(url, max(end - true_monotonic(), _EVERY_SECONDS))) is not None:
        if true_monotonic() >= end:
            raise click.ClickException(f"no reachability-mock at {url}: {trouble}")
        pause.wait(_EVERY_SECONDS)


def _local_url() -> str:
    """Where `serve` would listen in this environment and this folder: it is asked itself."""
    told = serve.make_context("serve", []).params
    return url_of(told["host"], told["port"], tls=told["tls"])


def _checked(url: str) -> str:
    """`url` without a slash at the end; what cannot be asked is no reason to wait."""
    try:
        address = address_of(url)
    except NoUrl:
        address = None
    if address is None or address.says_more or not re.fullmatch(_WRITTEN_OUT, url):
        raise click.BadParameter(f"{url!r} is no http URL of a server", param_hint="--url")
    return address.base


def _trouble(url: str, seconds: float) -> str | None:
    """What is the matter there; None if a fake answers.

    Nothing is sent that is worth a secret, so any certificate will do.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))
    try:
        with opener.open(f"{url}/_mock/health", timeout=min(seconds, _ONE_TRY_SECONDS)) as answer:
            status = json.load(answer)["status"]
    except HTTPError as error:
        with error:
            return f"status {error.code}"
    except (OSError, HTTPException) as error:
        return str(getattr(error, "reason", error))
    except (ValueError, LookupError, TypeError):
        return "another server answers"
    return None if status == "ok" else f"it says {status!r}"
