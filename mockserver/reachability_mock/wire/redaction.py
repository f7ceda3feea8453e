"""What no journal and no report may keep of a request: the secrets of push credentials."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote_plus

SECRETS = ("Certificate", "PrivateKey", "ApiKey", "Secret")
"""The parameters of Credentials that are never read back, by any path."""
REDACTED = "[redacted]"
_NAMES = frozenset(name.lower() for name in SECRETS)


def form(sent: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The parameters as they were sent, each secret replaced; odd letter case hides none."""
    return {
        name: [REDACTED] * len(values) if is_secret(name) else values
        for name, values in sent.items()
    }


def query(sent: str) -> str:
    """A query as it was sent, each secret replaced: somebody may have put one there."""
    return "&".join(_pair(pair) for pair in sent.split("&"))


def told(value: object) -> object:
    """What a file says of requests, each secret replaced: under its name, or in a text's query."""
    if isinstance(value, Mapping):
        return {
            name: REDACTED if is_secret(str(name)) else told(one) for name, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [told(one) for one in value]
    if isinstance(value, str) and "?" in value:
        before, mark, after = value.partition("?")
        return f"{before}{mark}{query(after)}"
    return value


def is_secret(name: str) -> bool:
    """Whether a parameter of that name holds a secret; blanks and ``[]`` around it hide none."""
    return name.partition("[")[0].strip().lower() in _NAMES


def _pair(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name}={REDACTED}" if equals and is_secret(unquote_plus(name)) else pair
