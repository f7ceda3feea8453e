"""One site: a world with the people who may come in, as the HTTP adapter sees it.

The Flask app is built once per process; which site a request is for travels in its WSGI environ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reachability_mock.keyring import Keyring
from reachability_mock.world import World

ENVIRON_KEY = "reachability_mock.site"
RAW_PATH = "reachability_mock.raw_path"
Play = Callable[[str, "str | None", str], str]
"""Start a scenario: a name, or a text of YAML, and the account; returns the run's id."""


@dataclass(slots=True)
class Site:
    """What a request needs besides itself."""

    world: World
    keyring: Keyring
    hosts: frozenset[str] = frozenset()
    """Host names besides loopback ones from which the control plane may be driven."""
    origins: frozenset[str] = frozenset()
    """Origins besides its own whose pages may drive the control plane."""
    runs: object | None = None
    """The scenario runs of a server (`scenario.runner`), if it has any."""
    hint: Callable[[str], None] = field(default=lambda _: None)
    """Where a sentence for the server's log goes."""
