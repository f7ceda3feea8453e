"""``--proxy`` and ``--tls``: HTTPS for apps that cannot be told where the fake is."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from reachability_mock.cli import Unusable
from reachability_mock.cli.options import Options
from reachability_mock.options import Options as Project
from reachability_mock.proxy.routes import Routes

if TYPE_CHECKING:  # needs an extra
    from reachability_mock.proxy.trust import Trust

_EXTRA = "pip install 'reachability-mock[proxy]'"


@dataclass(frozen=True, slots=True)
class Https:
    """What a server needs to speak HTTPS, if it is to, and its clients to trust it."""

    tls: ssl.SSLContext | None = None
    routes: Routes | None = None
    trust: Trust | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    """What the fake itself is called besides localhost."""

    def environment(self, url: str) -> dict[str, str]:
        """What a client's environment has to say."""
        if self.trust is None:
            return {}
        from reachability_mock.proxy.trust import environment, trusting  # noqa: PLC0415 - likewise

        if self.routes is None:
            return trusting(self.trust)
        return environment(url, self.trust, self.environ, self.names)

    def banner(self, url: str) -> Iterator[str]:
        """The lines that `serve` prints."""
        if self.trust is None:
            return
        if self.routes is None:
            yield "  HTTPS: name this machine conversations.twilio.com in a hosts file, listen at"
            yield "  port 443, and let your app trust the certificate:"
        else:
            yield "  Proxy for https://conversations.twilio.com: put this where your app runs"
        for name, value in self.environment(url).items():
            yield f"    export {name}={quote(value)}"
        yield ""


def https_of(
    options: Options, here: Project, environ: Mapping[str, str], hint: Callable[[str], None]
) -> Https:
    """What the options come to; nothing that is not asked for is made or imported."""
    if not (options.proxy or options.tls):
        return Https()
    if options.proxy and options.tls:
        raise Unusable("--proxy and --tls are two ways to one end: choose one")
    try:
        from reachability_mock.proxy.authority import Authority  # noqa: PLC0415 - an extra
        from reachability_mock.proxy.trust import Trust  # noqa: PLC0415 - likewise
    except ImportError as error:
        raise Unusable(f"HTTPS needs {error.name}, which is not installed: {_EXTRA}") from None
    folder = (options.ca_dir or _folder()).absolute()  # an app may run in another directory
    try:
        authority = Authority.kept_in(folder)
        trust = Trust.kept_in(folder, authority, environ)
    except (OSError, ValueError) as error:
        raise Unusable(f"no certificates can be kept in {folder} (--ca-dir): {error}") from None
    routes = _routes(options, here, hint) if options.proxy else None
    return Https(authority.context(), routes, trust, environ, options.allow_host)


def _folder() -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415 - an extra

    return user_data_path("reachability-mock", appauthor=False)


def _routes(options: Options, here: Project, hint: Callable[[str], None]) -> Routes:
    others = options.proxy_others or ("pass" if _is_loopback(options.host) else "refuse")
    allowed = frozenset(one.lower() for one in here.allow_hosts)
    return Routes(others == "pass", allowed, hint)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
