"""Gets the published document, or says why not: what was not read has not been compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import requests
import yaml

from reachability_contracts.drift.shapes import Unreadable

Body = dict[str, Any]
_SECONDS = 30


def published(source: str) -> Body:
    """The OpenAPI document in a file or behind a URL.

    Raises:
        Unreadable: it is not there, or it is no OpenAPI 3 document with operations.
    """
    text = _fetched(source) if source.startswith(("http://", "https://")) else _read(source)
    return _checked(_parsed(text, source), source)


def _fetched(url: str) -> str:
    try:
        answer = requests.get(url, timeout=_SECONDS)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise Unreadable(f"{url}: {error}") from error
    answer.encoding = "utf-8"
    return answer.text


def _read(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise Unreadable(f"{name}: {error}") from error


def _parsed(text: str, source: str) -> Any:
    """JSON if it is, for YAML takes seconds over a large document."""
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable(f"{source}: neither JSON nor YAML: {error}") from error


def _checked(loaded: Any, source: str) -> Body:
    if not isinstance(loaded, dict) or not str(loaded.get("openapi", "")).startswith("3."):
        raise Unreadable(f"{source}: no OpenAPI 3 document")
    paths = loaded.get("paths")
    if not isinstance(paths, dict) or not paths:
        raise Unreadable(f"{source}: it describes no operation")
    return loaded
