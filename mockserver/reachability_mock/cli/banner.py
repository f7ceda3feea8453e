"""What `serve` says first: where it listens, whom it lets in, and how an SDK is pointed at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reachability_mock.cli.options import Credentials, Options
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.version import __version__
from reachability_mock.wire.twilsock import uri_of

TRAPS = ("TWILIO_EDGE", "TWILIO_REGION")
"""With these set, the SDKs rewrite the host of every URL, ours included."""
_LONG_ENOUGH = 12


def shown(secret: str) -> str:
    """A secret as it may be printed: the built-in one whole, any other as its last four."""
    if secret == DEFAULT_SECRET:
        return secret
    return f"…{secret[-4:]}" if len(secret) >= _LONG_ENOUGH else "…"


def banner(
    url: str, options: Options, who: Credentials, environ: Mapping[str, str]
) -> Iterator[str]:
    """The lines, without colour."""
    yield f"reachability-mock {__version__} listens on {url}  (Ctrl-C ends it)"
    yield ""
    yield from _credentials(options, who)
    yield f"  service  {sids.default_service_sid(who.account)}  the account's default"
    for sid in options.service:
        yield f"  service  {sid}"
    yield ""
    yield from _pointing(url, who)
    yield from _traps(environ)
    yield ""


def _credentials(options: Options, who: Credentials) -> Iterator[str]:
    for sid, token in who.accounts.items():
        default = "  the default account" if sid == who.account else ""
        yield f"  account  {sid}  token {shown(token)}{default}"
    for sid, secret in who.keys.items():
        yield f"  API key  {sid}  secret {shown(secret)}"
    if options.open:
        yield "  open     any other account is let in; its first token is its token"


def _pointing(url: str, who: Credentials) -> Iterator[str]:
    token = who.token if who.is_built_in else "$TWILIO_AUTH_TOKEN"
    yield "  Point your SDK here:"
    yield f'    Python   client.conversations.base_url = "{url}"   (sync and async)'
    yield f'    Node     client.conversations.baseUrl = "{url}"'
    yield f"    curl     curl -u {who.account}:{token} {url}/v1/Users"
    yield f'    browser  new Client(token, {{Twilsock: {{uri: "{uri_of(url)}"}}}})'
    yield "             token: reachability-mock token --identity alice"
    yield "    others   reachability-mock run --proxy -- COMMAND   (Java, Go, Ruby …)"
    yield f"    control  {url}/_mock/control.yaml"


def _traps(environ: Mapping[str, str]) -> Iterator[str]:
    found = [name for name in TRAPS if environ.get(name)]
    if found:
        yield f"  CAREFUL: {' and '.join(found)} is set here; unset it where your app runs, or the"
    else:
        yield f"  Leave {' and '.join(TRAPS)} unset where your app runs: with either, the"
    yield "  SDKs rewrite the host of every URL and never arrive here."
