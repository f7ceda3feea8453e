"""Mutants of paging: pages that skip, repeat or lead nowhere, and meta that is wrong."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock.core import errors
from reachability_mock.core.paging import START, Cursor, Page, Way, page_of
from reachability_mock.wire import params, resources

MUTANTS = Shelf()
mutant = MUTANTS.mutant


@mutant("edge:paging")
def next_is_null(patch: Patch) -> None:
    """No page has a next one."""
    patch.around(page_of, lambda real, *args: real(*args)._replace(next=None))


@mutant("edge:paging")
def next_is_never_null(patch: Patch) -> None:
    """The last page has a next one."""

    def endless(real: Any, items: Any, request: Any) -> Any:
        page = real(items, request)
        end = Cursor(Way.FORWARD, request.cursor.number + len(page.items) + 1)
        return page if page.next else page._replace(next=end)

    patch.around(page_of, endless)


@mutant("edge:paging")
def previous_is_null(patch: Patch) -> None:
    """No page has a previous one."""
    patch.around(page_of, lambda real, *args: real(*args)._replace(previous=None))


@mutant("edge:paging")
def first_has_previous(patch: Patch) -> None:
    """The first page has a previous one."""

    def earlier(real: Any, items: Any, request: Any) -> Any:
        page = real(items, request)
        return page._replace(previous=page.previous or Cursor(Way.BACK, 0))

    patch.around(page_of, earlier)


@mutant("edge:paging")
def next_page_skips_one(patch: Patch) -> None:
    """The next page leaves out its first item."""

    def skipping(real: Any, items: Any, request: Any) -> Any:
        page = real(items, request)
        return page._replace(next=page.next and page.next._replace(number=page.next.number + 1))

    patch.around(page_of, skipping)


@mutant("edge:paging")
def next_page_repeats_one(patch: Patch) -> None:
    """The next page begins with the last item of this one."""

    def repeating(real: Any, items: Any, request: Any) -> Any:
        page = real(items, request)
        return page._replace(next=page.next and page.next._replace(number=page.next.number - 1))

    patch.around(page_of, repeating)


@mutant("edge:paging")
def previous_page_is_first(patch: Patch) -> None:
    """The previous page is always the first one."""

    def first(real: Any, items: Any, request: Any) -> Any:
        way_back = request.cursor.way is Way.BACK
        return real(items, request._replace(cursor=START) if way_back else request)

    patch.around(page_of, first)


@mutant("edge:paging")
def full_page_has_next(patch: Patch) -> None:
    """A last page that is just full has a next one, which is empty."""

    def hopeful(real: Any, items: Any, request: Any) -> Any:
        page = real(items, request)
        full = len(page.items) == request.size and request.cursor.way is Way.FORWARD
        if not full or page.next is not None:
            return page
        last = list(islice(items.before(2**62), 1))[0][0]  # noqa: RUF015 - an iterator of pairs
        return page._replace(next=Cursor(Way.FORWARD, last))

    patch.around(page_of, hopeful)


@mutant("edge:paging")
def newest_first(patch: Patch) -> None:
    """A page shows its items the other way round."""
    patch.around(page_of, lambda real, *args: _reversed(real(*args)))


@mutant("edge:paging")
def page_size_ignored(patch: Patch) -> None:
    """Every page has fifty items, whatever PageSize says."""

    def fifty(real: Any, text: Any, largest: Any, policy: Any) -> Any:
        real(text, largest, policy)
        return real(None, largest, policy)

    patch.around(params._page_size, fifty)  # noqa: SLF001 - a mutant looks inside


@mutant("edge:paging")
def page_size_not_clamped(patch: Patch) -> None:
    """A PageSize over the resource's maximum is granted."""
    patch.around(
        params._page_size,  # noqa: SLF001 - a mutant looks inside
        lambda real, text, _, policy: real(text, 1000, policy),
    )


@mutant("edge:paging")
def page_size_zero_goes(patch: Patch) -> None:
    """PageSize=0 is taken for the default."""
    patch.around(
        params._page_size,  # noqa: SLF001 - a mutant looks inside
        lambda real, text, *rest: real(None if text == "0" else text, *rest),
    )


@mutant("edge:paging")
def page_size_text_goes(patch: Patch) -> None:
    """A PageSize that is no number is taken for the default."""

    def lenient(real: Any, text: Any, *rest: Any) -> Any:
        number = text is not None and text.lstrip("-").isdecimal()
        return real(text if number else None, *rest)

    patch.around(params._page_size, lenient)  # noqa: SLF001 - a mutant looks inside


@mutant("edge:paging")
def huge_page_size_goes(patch: Patch) -> None:
    """A PageSize over 1000 is clamped instead of refused."""

    def clamping(real: Any, text: Any, *rest: Any) -> Any:
        huge = text is not None and text.isdecimal() and int(text) > 1000  # noqa: PLR2004 - the limit itself
        return real("1000" if huge else text, *rest)

    patch.around(params._page_size, clamping)  # noqa: SLF001 - a mutant looks inside


@mutant("edge:paging")
def large_page_size_refused(patch: Patch) -> None:
    """A PageSize between the maximum and 1000 is refused although the setting says to clamp."""

    def strict(real: Any, text: Any, largest: Any, policy: Any) -> Any:
        return real(text, largest, replace(policy, refuse_large_pages=True))

    patch.around(params._page_size, strict)  # noqa: SLF001 - a mutant looks inside


@mutant("edge:paging")
def meta_says_fifty(patch: Patch) -> None:
    """meta.page_size is 50, whatever the page's size."""
    _meta(patch, page_size=50)


@mutant("edge:paging")
def meta_counts_items(patch: Patch) -> None:
    """meta.page_size is the number of items shown."""

    def counted(real: Any, found: Any, listing: Any, render: Any) -> Any:
        body = real(found, listing, render)
        return {**body, "meta": {**body["meta"], "page_size": len(found.items)}}

    patch.around(resources.page, counted)


@mutant("edge:paging")
def meta_page_stays_zero(patch: Patch) -> None:
    """meta.page is 0 on every page."""
    _meta(patch, page=0)


@mutant("edge:paging")
def meta_key_wrong(patch: Patch) -> None:
    """meta.key does not name the array."""
    _meta(patch, key="items")


@mutant("edge:paging")
def meta_without_first(patch: Patch) -> None:
    """Meta has no first_page_url."""

    def less(real: Any, *args: Any) -> Any:
        body = real(*args)
        kept = {name: value for name, value in body["meta"].items() if name != "first_page_url"}
        return {**body, "meta": kept}

    patch.around(resources.page, less)


@mutant("edge:paging")
def urls_lose_filters(patch: Patch) -> None:
    """The URLs of a filtered list do not carry its filters."""

    def bare(real: Any, found: Any, listing: Any, render: Any) -> Any:
        return real(found, replace(listing, filters={}), render)

    patch.around(resources.page, bare)


@mutant("edge:paging")
def token_unchecked(patch: Patch) -> None:
    """A PageToken that is nonsense counts as the beginning."""

    def lenient(real: Any, token: Any, place: Any) -> Any:
        try:
            return real(token, place)
        except errors.Refused:
            return START

    patch.around(params.read_token, lenient)


@mutant("edge:paging")
def token_of_any_list(patch: Patch) -> None:
    """The PageToken of one list opens another."""

    def shared(real: Any, cursor: Any, _: Any) -> Any:
        return real(cursor, "any")

    patch.around(params.write_token, shared)
    patch.around(params.read_token, shared)


def _meta(patch: Patch, **changed: object) -> None:
    def wrong(real: Any, *args: Any) -> Any:
        body = real(*args)
        return {**body, "meta": {**body["meta"], **changed}}

    patch.around(resources.page, wrong)


def _reversed(page: Any) -> Page[Any]:
    turned: Page[Any] = page._replace(items=page.items[::-1])
    return turned
