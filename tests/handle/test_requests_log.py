"""`mock.requests`: what came in, and assertions whose failures show the nearest misses."""

import pytest
from twilio.base.exceptions import TwilioRestException

from reachability_mock import ReachabilityMock
from reachability_mock.http.wsgi import Target, exchange


@pytest.fixture
def asked(mock: ReachabilityMock) -> ReachabilityMock:
    """A fake that has been asked three things."""
    v1 = mock.client().conversations.v1
    service = v1.services(mock.service().sid)
    service.configuration().update(reachability_enabled=True)
    service.users.create(identity="alice", friendly_name="Alice")
    with pytest.raises(TwilioRestException):
        service.users("nobody").fetch()
    return mock


def test_what_was_asked_is_listed_with_its_answer(asked: ReachabilityMock) -> None:
    assert [(one.method, one.status) for one in asked.requests] == [
        ("POST", 200),
        ("POST", 201),
        ("GET", 404),
    ]
    assert asked.requests[1].form == {"Identity": ["alice"], "FriendlyName": ["Alice"]}
    assert str(asked.requests[-1]).endswith("/Users/nobody -> 404")
    assert repr(asked.requests).count("\n") == 2


def test_a_star_is_one_segment(asked: ReachabilityMock) -> None:
    assert len(asked.requests.matching(path="/v1/Services/*/Users")) == 1
    assert len(asked.requests.matching(path="/v1/Services/*/Users/*")) == 1
    assert asked.requests.matching(path="/v1/Services/*") == []


def test_an_assertion_returns_the_request(asked: ReachabilityMock) -> None:
    made = asked.requests.assert_made(
        "post", "/v1/Services/*/Configuration", form={"ReachabilityEnabled": True}
    )
    assert made.status == 200
    assert asked.requests.assert_made("POST", form={"Identity": ...}).form["Identity"] == ["alice"]
    assert asked.requests.assert_made(status=404, times=1) == asked.requests[-1]


def test_what_nobody_asked_is_told_with_the_nearest_misses(asked: ReachabilityMock) -> None:
    with pytest.raises(AssertionError) as failed:
        asked.requests.assert_made(
            "POST", "/v1/Services/*/Users", form={"Identity": "alicia", "RoleSid": ...}
        )
    told = str(failed.value).splitlines()
    assert told[0] == (
        "nobody made POST /v1/Services/*/Users Identity=alicia RoleSid=…; "
        "of 3 requests the nearest:"
    )
    assert "Identity=alice" in told[1]
    assert told[2:4] == [
        "    form: Identity: wanted 'alicia', was 'alice'",
        "    form: RoleSid was not sent",
    ]


def test_a_wrong_method_status_and_query_are_told(asked: ReachabilityMock) -> None:
    with pytest.raises(AssertionError) as failed:
        asked.requests.assert_made("DELETE", "/v1/Services/*/Users/*", query={"a": 1}, status=204)
    for told in (
        "method: wanted DELETE, was GET",
        "query: a was not",
        "status: wanted 204, was 404",
    ):
        assert told in str(failed.value)


def test_a_wrong_count_is_told_with_all_of_them(asked: ReachabilityMock) -> None:
    with pytest.raises(AssertionError, match="3 times, but it was made 2 times") as failed:
        asked.requests.assert_made("POST", times=3)
    assert str(failed.value).count("POST /v1") == 2


def test_what_should_not_have_been_asked_is_shown(asked: ReachabilityMock) -> None:
    asked.requests.assert_none_made("DELETE")
    with pytest.raises(AssertionError, match=r"nobody should have made GET any path") as failed:
        asked.requests.assert_none_made("GET")
    assert "/Users/nobody -> 404" in str(failed.value)


def test_nothing_at_all(mock: ReachabilityMock) -> None:
    with pytest.raises(AssertionError, match="there was no request at all"):
        mock.requests.assert_made("GET")
    assert repr(mock.requests) == "<no requests>"


def test_clear_counts_anew(asked: ReachabilityMock) -> None:
    asked.requests.clear()
    assert len(asked.requests) == 0
    asked.client().conversations.v1.users("alice").fetch()
    assert [one.path for one in asked.requests] == ["/v1/Users/alice"]


def test_repeated_parameters_are_all_compared(mock: ReachabilityMock) -> None:
    service = mock.client().conversations.v1.services(mock.service().sid)
    service.bindings.list(identity=["a", "b"])
    mock.requests.assert_made("GET", query={"Identity": ["a", "b"]})
    with pytest.raises(AssertionError, match=r"wanted 'a', was \['a', 'b'\]"):
        mock.requests.assert_made("GET", query={"Identity": "a"})


def test_no_spelling_of_a_path_goes_unseen(mock: ReachabilityMock) -> None:
    target = Target("http", "localhost", "/%761/User%73")
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    exchange(mock.site, "POST", target, form, b"Identity=alice")
    made = mock.requests.assert_made("POST", "/v1/Users", form={"Identity": "alice"}, status=401)
    assert made.path == "/%761/User%73"
    with pytest.raises(AssertionError, match="nobody should have made"):
        mock.requests.assert_none_made("POST", "/v1/Users")
