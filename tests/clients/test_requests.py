"""The wire itself, with plain `requests`: what an application sees that uses no SDK."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from reachability_mock.server import Server
from tests.clients.control import Control
from tests.clients.sdk import ACCOUNT, SECRET


class Api(requests.Session):
    """A session that knows where the API is and who we are."""

    def __init__(self, url: str) -> None:
        """Log in with the default account."""
        super().__init__()
        self.root = f"{url}/v1"
        self.auth = (ACCOUNT, SECRET)

    def __call__(self, method: str, path: str, **form: str | list[str]) -> requests.Response:
        """One request; the keywords are its form."""
        return self.request(method, f"{self.root}{path}", data=form or None, timeout=10)


@pytest.fixture
def api(server: Server) -> Iterator[Api]:
    """The API, by `requests`."""
    with Api(server.url) as session:
        yield session


def test_the_readme_s_walk_by_hand(api: Api, control: Control) -> None:
    service = api("GET", "/Configuration").json()["default_chat_service_sid"]
    assert api("GET", f"/Services/{service}/Configuration").json()["reachability_enabled"] is False
    api("POST", f"/Services/{service}/Configuration", ReachabilityEnabled="true")
    assert api("POST", "/Users", Identity="alice").json()["is_online"] is None

    control.connect("alice")

    assert api("GET", "/Users/alice").json()["is_online"] is True
    assert [one["is_online"] for one in api("GET", "/Users").json()["users"]] == [None]


def test_null_stands_in_the_json_and_the_key_is_there(api: Api) -> None:
    made = api("POST", "/Users", Identity="alice")

    assert made.status_code == 201
    assert made.headers["Content-Type"] == "application/json;charset=utf-8"
    assert '"is_online": null' in made.text
    assert '"is_notifiable": null' in made.text


def test_one_object_has_two_renderings(api: Api, server: Server) -> None:
    short = api("POST", "/Users", Identity="alice").json()
    long = api("GET", f"/Services/{short['chat_service_sid']}/Users/alice").json()

    assert short["url"] == f"{server.url}/v1/Users/{short['sid']}"
    assert (
        long["url"] == f"{server.url}/v1/Services/{short['chat_service_sid']}/Users/{short['sid']}"
    )
    differing = {key for key in short if short[key] != long[key]}
    assert differing == {"url", "links"}


def test_next_page_url_is_followed_as_it_stands(api: Api) -> None:
    for number in range(5):
        api("POST", "/Users", Identity=f"user-{number}")
    url, met = f"{api.root}/Users?PageSize=2", []
    while url:
        page = api.get(url, timeout=10).json()
        met += [one["identity"] for one in page["users"]]
        url = page["meta"]["next_page_url"]

    assert met == [f"user-{number}" for number in range(5)]
    assert set(page["meta"]) == {
        *(
            "page",
            "page_size",
            "first_page_url",
            "previous_page_url",
            "url",
            "next_page_url",
            "key",
        ),
    }


def test_a_refusal_has_four_keys(api: Api) -> None:
    assert api("GET", "/Users/nobody").json() == {
        "code": 20404,
        "message": "The requested resource /Users/nobody was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }


def test_every_answer_has_an_id_of_its_own(api: Api) -> None:
    ids = {api("GET", "/Users").headers["Twilio-Request-Id"] for _ in range(5)}

    assert len(ids) == 5
    assert all(one.startswith("RQ") and len(one) == 34 for one in ids)


def test_json_where_a_form_belongs_gives_no_parameters(api: Api) -> None:
    answer = api.post(f"{api.root}/Users", json={"Identity": "alice"}, timeout=10)

    assert (answer.status_code, answer.json()["code"]) == (400, 50204)


def test_presence_cannot_be_written(api: Api, control: Control) -> None:
    control.enable()
    api("POST", "/Users", Identity="alice", IsOnline="true", is_online="true")

    assert api("POST", "/Users/alice", IsOnline="true").json()["is_online"] is None
    assert api("GET", "/Users/alice").json()["is_online"] is None
