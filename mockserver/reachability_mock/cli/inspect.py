"""``why`` and ``unknowns``: asking what is, and why."""

from __future__ import annotations

import json
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, build_opener

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reachability_mock.settings import REGISTER, Setting

_SECONDS = 10
_STANDARD_URL = "http://127.0.0.1:4010"


@click.command(short_help="Which rule made a user's values what they are.")
@click.argument("identity")
@click.option("--service", default="default", show_default=True, help="A SID or a unique name.")
@click.option("--account", metavar="AC…", help="Another than the default account.")
@click.option(
    "--url",
    default=_STANDARD_URL,
    show_default=True,
    envvar="REACHABILITY_MOCK_URL",
    show_envvar=True,
    help="The server.",
)
@click.option("--json", "as_json", is_flag=True, help="As the server says it.")
def why(identity: str, service: str, account: str | None, url: str, *, as_json: bool) -> None:
    """Ask a running server which rule made is_online and is_notifiable what a fetch shows.

    \b
    reachability-mock why alice
    reachability-mock why alice --service support
    """  # noqa: D301 - \b is click's mark for a paragraph to leave alone
    query = f"?{urlencode({'account': account})}" if account else ""
    path = f"/_mock/services/{quote(service, safe='')}/users/{quote(identity, safe='')}/why"
    reasons = _ask(url.rstrip("/"), path + query)
    if as_json:
        click.echo(json.dumps(reasons, indent=2))
        return
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, reason in reasons.items():
        value = json.dumps(reason["value"])
        table.add_row(name, f"[bold]{value}[/]", reason["rule"], escape(str(reason["because"])))
    console = Console()
    console.print(f"{escape(identity)} in service {escape(service)}", highlight=False)
    console.print(table)


def _ask(url: str, path: str) -> dict[str, dict[str, str]]:
    """The server's answer; anything else is one line and exit code 1."""
    opener = build_opener(ProxyHandler({}))
    if not url.startswith(("http://", "https://")):
        raise click.BadParameter(f"{url!r} is no http URL", param_hint="--url")
    try:
        with opener.open(url + path, timeout=_SECONDS) as answer:
            found: dict[str, dict[str, str]] = json.load(answer)
    except HTTPError as error:
        raise click.ClickException(_complaint(error)) from None
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise click.ClickException(
            f"no reachability-mock answers at {url} ({reason}): is `serve` running?"
        ) from None
    return found


def _complaint(error: HTTPError) -> str:
    with error:
        try:
            told = json.load(error)["error"]
            known = ", ".join(str(one) for one in told["choices"])
            return f"{told['message']}; there is {known}" if known else str(told["message"])
        except (ValueError, KeyError, TypeError):
            return f"the server answered {error.code}: is it a reachability-mock?"


@click.command(short_help="Where the real service is undocumented, and what this does there.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def unknowns(*, as_json: bool) -> None:
    """List every choice made where Twilio's documentation is silent, and the delays.

    Each can be changed: `PATCH /_mock/settings`, a scenario's `settings`, or the pytest handle.
    """
    if as_json:
        click.echo(json.dumps([_entry(one) for one in REGISTER], indent=2))
        return
    table = Table(title="Unknowns and delays", show_lines=True)
    table.add_column("setting", style="bold")
    table.add_column("default")
    table.add_column("may be")
    table.add_column("question, and why this default", ratio=1)
    for one in REGISTER:
        choices = ", ".join(_word(choice) for choice in one.choices) or _kind(one)
        settled = f"[dim]To settle it: {escape(one.probe)}.[/]"
        text = f"{escape(one.question)}\n{escape(one.why)}\n{settled}"
        table.add_row(one.id, _word(one.default), choices, text)
    Console().print(table)


def _entry(one: Setting) -> dict[str, object]:
    return {
        "id": one.id,
        "default": one.default,
        "choices": list(one.choices),
        "question": one.question,
        "why": one.why,
        "probe": one.probe,
    }


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _kind(one: Setting) -> str:
    return "a time, like 30s" if one.is_duration else "a number"
