"""Paging by keyset, walked through the URLs of the answers, while users come and go."""

from __future__ import annotations

from itertools import count
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rest.api import OTHER, Api, Reply

ENDLESS = 100
"""Pages: a walk that is longer than this goes round in circles."""
BAD_TOKENS = ["", "x", "PT", "PTeyJ", "PT" + "A" * 5000, "%00", "PTé", "1", "null"]


def crowd(api: Api, number: int) -> list[str]:
    """So many users; their identities."""
    names = [f"u{one:03}" for one in range(number)]
    for name in names:
        api.post("/v1/Users", {"Identity": name})
    return names


def names_in(reply: Reply) -> list[str]:
    return [one["identity"] for one in reply["users"]]


def walk(api: Api, reply: Reply, key: str) -> list[Reply]:
    """All pages from `reply` on, by `next_page_url` or `previous_page_url`."""
    pages = [reply]
    while (url := pages[-1]["meta"][key]) is not None:
        pages.append(api.follow(url))
        assert pages[-1].status == 200
        assert len(pages) < ENDLESS
    return pages


def both_paths(api: Api) -> list[str]:
    return ["/v1/Users", f"{api.scope()}/Users"]


def test_a_walk_to_the_end_and_back_shows_everybody_once(api: Api) -> None:
    names = crowd(api, 7)
    for users in both_paths(api):
        there = walk(api, api.get(f"{users}?PageSize=3"), "next_page_url")
        assert [names_in(page) for page in there] == [names[:3], names[3:6], names[6:]]
        assert [page["meta"]["page"] for page in there] == [0, 1, 2]
        back = walk(api, there[-1], "previous_page_url")
        assert [names_in(page) for page in back] == [names[6:], names[3:6], names[:3]]
        assert [page["meta"]["page"] for page in back] == [2, 1, 0]
        assert back[-1]["meta"]["previous_page_url"] is None


def test_a_pages_own_url_shows_it_again(api: Api) -> None:
    crowd(api, 5)
    for page in walk(api, api.get("/v1/Users?PageSize=2"), "next_page_url"):
        assert api.follow(page["meta"]["url"]).json == page.json
        assert names_in(api.follow(page["meta"]["first_page_url"])) == ["u000", "u001"]


def test_meta_has_all_seven_keys(api: Api) -> None:
    meta = api.get("/v1/Users")["meta"]
    url = "https://conversations.twilio.com/v1/Users?PageSize=50&Page=0"
    assert meta == {
        "page": 0,
        "page_size": 50,
        "first_page_url": url,
        "previous_page_url": None,
        "url": url,
        "next_page_url": None,
        "key": "users",
    }


def test_a_full_last_page_has_no_next(api: Api) -> None:
    crowd(api, 4)
    pages = walk(api, api.get("/v1/Users?PageSize=2"), "next_page_url")
    assert len(pages) == 2


@pytest.mark.parametrize(
    ("text", "size"), [("1", 1), ("50", 50), ("51", 50), ("500", 50), ("1000", 50)]
)
def test_a_page_size_is_clamped_and_says_so(api: Api, text: str, size: int) -> None:
    crowd(api, 52)
    reply = api.get(f"/v1/Users?PageSize={text}")
    assert len(reply["users"]) == reply["meta"]["page_size"] == size
    assert f"PageSize={size}&" in reply["meta"]["next_page_url"]


@pytest.mark.parametrize("path", ["/v1/Services", "{scope}/Bindings"])
def test_other_lists_go_up_to_a_hundred(api: Api, path: str) -> None:
    where = path.format(scope=api.scope())
    assert api.get(where)["meta"]["page_size"] == 50
    assert api.get(f"{where}?PageSize=101")["meta"]["page_size"] == 100


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0", "Page size must be a positive number"),
        ("-1", "Page size must be a positive number"),
        ("ten", "Page size must be a positive number"),
        ("", "Page size must be a positive number"),
        ("1001", "Page size too large"),
    ],
)
def test_a_page_size_that_cannot_be_is_refused(api: Api, text: str, message: str) -> None:
    for path in (*both_paths(api), "/v1/Services", f"{api.scope()}/Bindings"):
        assert api.get(f"{path}?PageSize={text}").problem == (400, 20007, message)


@pytest.mark.parametrize("token", BAD_TOKENS)
def test_a_token_that_is_not_ours_is_refused(api: Api, token: str) -> None:
    for path in (*both_paths(api), "/v1/Services", f"{api.scope()}/Bindings"):
        assert api.get(f"{path}?PageToken={token}").problem == (400, 21481, "Invalid PageToken")


def test_a_token_of_another_list_is_refused(api: Api) -> None:
    support = api.new_service()
    crowd(api, 3)
    api.register("u000")
    api.register("u001")
    lists = {
        path: api.get(f"{path}?PageSize=1")["meta"]["next_page_url"]
        for path in (f"{api.scope()}/Users", "/v1/Services", f"{api.scope()}/Bindings")
    }
    tokens = {
        path: dict(parse_qsl(urlsplit(url).query))["PageToken"] for path, url in lists.items()
    }
    for path, token in tokens.items():
        others = {*lists, f"{api.scope(support)}/Users", f"{api.scope(support)}/Bindings"} - {path}
        for other in others:
            assert api.get(f"{other}?PageToken={token}").problem[:2] == (400, 21481)
        assert api.get(f"{path}?PageToken={token}").status == 200
    api.account = OTHER
    assert api.get(f"/v1/Services?PageToken={tokens['/v1/Services']}").problem[:2] == (400, 21481)


def test_one_list_by_two_paths_is_one_list(api: Api) -> None:
    crowd(api, 3)
    url = api.get("/v1/Users?PageSize=2")["meta"]["next_page_url"]
    token = dict(parse_qsl(urlsplit(url).query))["PageToken"]
    assert names_in(api.get(f"{api.scope()}/Users?PageToken={token}")) == ["u002"]


def test_filters_stay_in_every_url(api: Api) -> None:
    for number in range(5):
        api.register("a+b", f"e{number}")
        api.register("other", f"e{number}")
    query = "BindingType=fcm&BindingType=apn&Identity=a%2Bb&PageSize=2"
    pages = walk(api, api.get(f"{api.scope()}/Bindings?{query}"), "next_page_url")
    assert [len(page["bindings"]) for page in pages] == [2, 2, 1]
    assert {one["identity"] for page in pages for one in page["bindings"]} == {"a+b"}
    for page in pages:
        meta = page["meta"]
        for key in ("first_page_url", "url", "next_page_url", "previous_page_url"):
            if meta[key]:
                sent = parse_qsl(urlsplit(meta[key]).query)
                assert sent[:3] == [
                    ("BindingType", "fcm"),
                    ("BindingType", "apn"),
                    ("Identity", "a+b"),
                ]
    back = walk(api, pages[-1], "previous_page_url")
    assert [page["bindings"] for page in back] == [page["bindings"] for page in pages[::-1]]


def test_services_and_bindings_are_walked_too(api: Api) -> None:
    made = [api.service, *(api.new_service(f"s{number}") for number in range(4))]
    pages = walk(api, api.get("/v1/Services?PageSize=2"), "next_page_url")
    assert [one["sid"] for page in pages for one in page["services"]] == made
    bindings = [api.register("alice", f"e{number}") for number in range(5)]
    pages = walk(api, api.get(f"{api.scope()}/Bindings?PageSize=2"), "next_page_url")
    assert [one["sid"] for page in pages for one in page["bindings"]] == bindings


def test_a_page_that_has_emptied_leads_back_to_what_is_left(api: Api) -> None:
    names = crowd(api, 4)
    first = api.get("/v1/Users?PageSize=2")
    for name in names[2:]:
        api.delete(f"/v1/Users/{name}")
    second = api.follow(first["meta"]["next_page_url"])
    assert names_in(second) == []
    assert second["meta"]["next_page_url"] is None
    assert names_in(api.follow(second["meta"]["previous_page_url"])) == names[:2]


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(
    size=st.integers(1, 4),
    churn=st.lists(st.tuples(st.booleans(), st.integers(0, 11)), max_size=12),
    backwards=st.booleans(),
)
def test_who_was_there_all_along_is_shown_once(
    size: int, churn: list[tuple[bool, int]], *, backwards: bool
) -> None:
    api = Api()
    names = crowd(api, 8)
    page = api.get(f"/v1/Users?PageSize={size}")
    if backwards:
        page = walk(api, page, "next_page_url")[-1]
    key = "previous_page_url" if backwards else "next_page_url"
    shown, gone, fresh, todo = names_in(page), set[str](), count(), list(churn)
    while (url := page["meta"][key]) is not None:
        for born, number in todo[:3]:
            if born:
                api.post("/v1/Users", {"Identity": f"new{next(fresh)}"})
            elif api.delete(f"/v1/Users/u{number:03}").status == 204:
                gone.add(f"u{number:03}")
        del todo[:3]
        page = api.follow(url)
        assert page.status == 200
        shown = names_in(page) + shown if backwards else shown + names_in(page)
        assert len(shown) < ENDLESS
        assert names_in(page) or page["meta"][key] is None
    stayed = [name for name in names if name not in gone]
    assert [name for name in shown if name in stayed] == stayed
    assert len(set(shown)) == len(shown)
