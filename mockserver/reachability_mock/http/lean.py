"""Flask without what we do not need and would pay for with every request, or at the start.

No sessions, no coroutines, no signals, no hooks but our own; routing by path and method alone;
limits that are the same for every app.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import IO, Any, NoReturn
from urllib.parse import parse_qsl, unquote

from flask import Flask, Request
from flask.sessions import NullSession, SessionInterface
from werkzeug.formparser import FormDataParser
from werkzeug.routing import BaseConverter, Map, MapAdapter, Rule

LARGEST_BODY = 1024 * 1024
"""Bytes of the largest request body that is read; anything longer is a 413."""
_ANY_HOST = "localhost"
_LONG_PATH = 300
"""Characters of a path too long to be worth remembering."""
_URLENCODED = "application/x-www-form-urlencoded"
_FORMS = frozenset({_URLENCODED, "multipart/form-data"})


class Segment(BaseConverter):
    """One path segment as it was sent, decoded once (`paths.canonical` has kept it whole)."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Decode the segment."""
        return unquote(value)


class MatchedRule(Rule):
    """A rule that is only matched: compiling how to build its URL is most of the app's start."""

    def _compile_builder(self, *_: object) -> Any:
        return _never_built


def _never_built(*_: object) -> NoReturn:
    raise NotImplementedError("URLs in answers are spelled by wire.resources")


class Routes(MapAdapter):
    """Where paths lead, remembered: once the app is made, that does not change."""

    def match(self, *args: Any, **options: Any) -> Any:
        """Return the rule of this path and its arguments."""
        if args or options != {"return_rule": True} or len(self.path_info) > _LONG_PATH:
            return super().match(*args, **options)
        return _led(self.map, self.path_info, self.default_method)


@lru_cache(maxsize=1024)
def _led(known: Map, path: str, method: str) -> tuple[Rule, Mapping[str, Any]]:
    adapter = MapAdapter(known, _ANY_HOST, "/", "", "http", path, method)
    return adapter.match(return_rule=True)


class WholeForms(FormDataParser):
    """Forms that are read as a whole or not at all: werkzeug takes one it cannot read for empty."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Let what is wrong with a form be raised."""
        super().__init__(*args, **{**options, "silent": False})

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        """The stream, the form and its files.

        Raises:
            ValueError: the form is not UTF-8, percent-decoded or not, or it does not parse.
        """
        if mimetype not in _FORMS:
            return super().parse(stream, mimetype, content_length, options)
        data = stream.read()
        text = data.decode()
        if data and mimetype != _URLENCODED:
            parsed = super().parse(BytesIO(data), mimetype, content_length, options)
            if None in parsed[1]:
                raise ValueError("a part without a name")
            return parsed
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
        return stream, self.cls(pairs), self.cls()


class LeanRequest(Request):
    """A request whose limits stand here: Flask looks each up in its app's config, many times."""

    form_data_parser_class = WholeForms
    max_content_length = LARGEST_BODY
    max_form_memory_size = LARGEST_BODY


class NoSessions(SessionInterface):
    """Nobody is remembered from one request to the next."""

    _none = NullSession()

    def open_session(self, *_: object) -> NullSession:
        """Return the one session that keeps nothing."""
        return self._none


class LeanFlask(Flask):
    """Flask, with those parts left out."""

    request_class = LeanRequest
    url_rule_class = MatchedRule
    session_interface = NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function itself: none of ours is a coroutine."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Route by path and method alone: no Host is too odd to be answered."""
        if request is None:
            return None
        path: str = request.environ["PATH_INFO"]
        return Routes(self.url_map, _ANY_HOST, "/", "", "http", path, request.method)

    def do_teardown_request(self, *_: object) -> None:
        """Do nothing: nothing of ours waits for the end of a request."""

    def do_teardown_appcontext(self, *_: object) -> None:
        """Do nothing, likewise."""
