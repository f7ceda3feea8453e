"""``reachability-mock wait``: until a server answers.  Containers use it as their health check."""

from __future__ import annotations

import json
import os
import ssl
import threading
from collections.abc import Mapping
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

import click

from reachability_mock.cli.serve import STANDARD_PORT
from reachability_mock.clock import true_monotonic
from reachability_mock.options import PREFIX

_EVERY_SECONDS = 0.1
_ONE_TRY_SECONDS = 5.0


@click.command(short_help="Wait until a server answers.")
@click.option(
    "--url",
    envvar=f"{PREFIX}URL",
    show_envvar=True,
    help="The server. [default: where `serve` would listen by this environment]",
)
@click.option(
    "--timeout",
    "seconds",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    help="How many seconds; 0 asks once.",
)
def wait(url: str | None, seconds: float) -> None:
    """Wait until a server answers: exit code 0 then, 1 when the time is over.

    \b
    reachability-mock wait --url http://mock:4010
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone
    url = (url or _usual_url(os.environ)).rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise click.BadParameter(f"{url!r} is no http URL", param_hint="--url")
    end = true_monotonic() + seconds
    pause = threading.Event()
    while (trouble := _trouble(url, max(end - true_monotonic(), _EVERY_SECONDS))) is not None:
        if true_monotonic() >= end:
            raise click.ClickException(f"no reachability-mock at {url}: {trouble}")
        pause.wait(_EVERY_SECONDS)


def _usual_url(environ: Mapping[str, str]) -> str:
    """Where a server would listen that has this environment."""
    scheme = "https" if environ.get(f"{PREFIX}TLS", "").lower() in {"1", "true", "yes"} else "http"
    return f"{scheme}://127.0.0.1:{environ.get(f'{PREFIX}PORT', STANDARD_PORT)}"


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
