"""Raw paths and queries, as they are spelled before anything is decoded."""

from __future__ import annotations

import pytest

from reachability_mock.http.paths import canonical, encoded, resource_of


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("/v1/Users/alice", "/v1/Users/alice"),
        ("/v1/Users/", "/v1/Users"),
        ("/", "/"),
        ("/v1/Users/a+b", "/v1/Users/a%2Bb"),
        ("/v1/Users/a%2Fb", "/v1/Users/a%2Fb"),
        ("/v1/Users/a%2fb", "/v1/Users/a%2Fb"),
        ("/v1/Users/a@b", "/v1/Users/a%40b"),
        ("/v1/Users/%61", "/v1/Users/a"),
        ("/v1//Users", "/v1//Users"),
        ("/v1/Users/a%252Fb", "/v1/Users/a%252Fb"),
    ],
)
def test_a_path_has_one_spelling(raw: str, path: str) -> None:
    assert canonical(raw) == path
    assert canonical(path) == path


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("a=b&c=%20+", "a=b&c=%20+"),
        ("x=\xe9", "x=%E9"),
        ("x=\xc3\xa9", "x=%C3%A9"),
        ("x=\u65e5", "x=%E6%97%A5"),
    ],
)
def test_a_query_is_ascii(query: str, sent: str) -> None:
    assert encoded(query) == sent


def test_a_404_names_the_path_without_its_version() -> None:
    assert resource_of("/v1/Users/a%2Fb") == "/Users/a%2Fb"
    assert resource_of("/v2/Users") == "/v2/Users"
