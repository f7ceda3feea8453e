"""What single answers settle of the unknowns register."""

from __future__ import annotations

import pytest

from reachability_contracts.observe.bearings import of_answer, of_two_fetches, of_update
from reachability_mock.settings import BY_ID
from tests.contracts.observe.watched import Watched

USERS = "/v1/Users"
GONE = "The requested resource {} was not found"


@pytest.mark.parametrize(
    ("query", "status", "shown", "choice"),
    [
        ("200", 200, 50, "clamp"),
        ("1000", 200, 50, "clamp"),
        ("200", 400, None, "refuse"),
        ("200", 200, 200, None),
        ("50", 200, 50, None),
        ("1001", 400, None, None),
        ("x", 400, None, None),
    ],
)
def test_a_large_page(query: str, status: int, shown: int | None, choice: str | None) -> None:
    body = {"meta": {"page_size": shown}} if shown else {"code": 20007}
    found = list(of_answer("GET", USERS, {"PageSize": query}, status, body))
    assert found == ([("large_page_size", choice)] if choice else [])


@pytest.mark.parametrize(("status", "choice"), [(200, "ignore"), (400, "refuse")])
def test_a_page_without_its_token(status: int, choice: str) -> None:
    found = list(of_answer("GET", USERS, {"Page": "3"}, status, {}))
    assert found == [("page_without_token", choice)]
    assert not list(of_answer("GET", USERS, {"Page": "3", "PageToken": "x"}, status, {}))
    assert not list(of_answer("GET", USERS, {"Page": "0"}, status, {}))


@pytest.mark.parametrize(
    ("named", "choice"), [("/Users/x", "short"), ("/v1/Users/x", "full"), ("/Other", None)]
)
def test_the_path_that_a_404_names(named: str, choice: str | None) -> None:
    body = {"code": 20404, "message": GONE.format(named)}
    found = list(of_answer("GET", "/v1/Users/x", {}, 404, body))
    assert found == ([("not_found_path", choice)] if choice else [])


@pytest.mark.parametrize(("status", "choice"), [(405, "refuse"), (200, "as_get"), (401, None)])
def test_head(status: int, choice: str | None) -> None:
    found = list(of_answer("HEAD", "/v1/Users/x", {}, status, None))
    assert found == ([("head_requests", choice)] if choice else [])


@pytest.mark.parametrize(("shown", "choice"), [("", "empty"), (None, "null")])
def test_a_name_that_was_emptied(shown: str | None, choice: str) -> None:
    assert list(of_update({"FriendlyName": ""}, {"friendly_name": shown})) == [
        ("cleared_friendly_name", choice)
    ]
    assert not list(of_update({"FriendlyName": "A"}, {"friendly_name": "A"}))
    assert not list(of_update({"FriendlyName": ""}, {"friendly_name": "A"}))
    assert not list(of_update({"FriendlyName": ""}, {}))


def test_a_date_settles_only_that_it_stayed() -> None:
    assert list(of_two_fetches((None, "d"), (True, "d")))
    assert not list(of_two_fetches(None, (True, "d")))
    assert not list(of_two_fetches((True, "d"), (True, "d")))
    assert not list(of_two_fetches((None, "d"), (True, "e")))
    assert not list(of_two_fetches((None, None), (True, None)))


@pytest.mark.parametrize("path", ["/v1/Users", "/v1/Roles", "/v1/Services", "/v1/Credentials"])
def test_our_fake_chooses_its_own_defaults_in_every_list(path: str) -> None:
    watched = Watched()
    watched.get(f"{path}?PageSize=500")
    watched.get(f"{path}?Page=2")
    watched.get(f"{path}/nobody")
    watched.ask("HEAD", f"{path}/nobody")
    chosen = watched.watching.tally.chose
    ids = {"large_page_size", "page_without_token", "not_found_path", "head_requests"}
    assert {name for name, _ in chosen} == ids
    assert all(choice == BY_ID[name].default for name, choice in chosen)
    assert watched.findings == []
