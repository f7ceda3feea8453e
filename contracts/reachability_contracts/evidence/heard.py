"""What was asked and answered while a step was played: the exchanges behind its verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from reachability_contracts.evidence.normalise import Normaliser, collapsed
from reachability_contracts.results import Exchange
from reachability_mock.scenario.target import Reply, Request, TargetFailed

Watch = Callable[[Request, Reply], None]


class Heard:
    """Listens to one play of one scenario."""

    def __init__(self, normalise: Normaliser, also: Watch | None = None) -> None:
        """Keep what `normalise` makes of each exchange, and let `also` hear it as it is."""
        self._normalise = normalise
        self._also = also
        self._walk = _Walk()
        self._seen: list[Exchange] = []

    def watch(self, request: Request, reply: Reply) -> None:
        """Hear one exchange.

        Raises:
            TargetFailed: it belongs to a list that does not end.
        """
        if self._also is not None:
            self._also(request, reply)
        self._seen.append(self._normalise(request, reply))
        self._walk.watch(request, reply)

    def taken(self) -> tuple[Exchange, ...]:
        """What was heard since it was last asked."""
        found = collapsed(self._seen)
        self._seen.clear()
        return found


@dataclass(slots=True)
class _Walk:
    """A list that is read page by page, which must not go round in circles.

    Whoever reads one gives up in the end; a server that never says so is found out by then, but
    only after a thousand requests for each list.
    """

    next: str = ""
    """Path and query of the page that would come now."""
    pages: set[tuple[object, ...]] = field(default_factory=set)
    """What the pages so far have shown."""

    def watch(self, request: Request, reply: Reply) -> None:
        """Follow one exchange.

        Raises:
            TargetFailed: a page has shown what an earlier one did, and still has a next one.
        """
        if request.method != "GET" or f"{request.path}?{request.query}" != self.next:
            self.pages = set()
        self.next, shown = _page(reply)
        if self.next and shown in self.pages:
            where = f"{request.method} {request.path}"
            raise TargetFailed(
                f"the list {where} does not end: a page comes again, with a next one"
            )
        self.pages.add(shown)


def _page(reply: Reply) -> tuple[str, tuple[object, ...]]:
    """Where the next page is, and what this one shows; nothing of what is no list."""
    body = reply.body if isinstance(reply.body, dict) else {}
    meta = body.get("meta")
    following = meta.get("next_page_url") if isinstance(meta, dict) else None
    if not isinstance(meta, dict) or not isinstance(following, str):
        return "", ()
    items = body.get(str(meta.get("key")))
    parts = urlsplit(following)
    return f"{parts.path}?{parts.query}", tuple(map(str, items if isinstance(items, list) else ()))
