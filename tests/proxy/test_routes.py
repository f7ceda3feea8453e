"""Where a request through the proxy may go."""

from __future__ import annotations

import pytest

from reachability_mock.proxy.routes import Routes, Way, host_and_port, is_possible


@pytest.mark.parametrize(
    ("host", "way"),
    [
        ("conversations.twilio.com", Way.HERE),
        ("Conversations.Sydney.AU1.twilio.com", Way.HERE),
        ("tsock.us1.twilio.com", Way.HERE),
        ("tsock.twilio.com.", Way.HERE),
        ("api.twilio.com", Way.NOT_TWILIO),
        ("twilio.com", Way.NOT_TWILIO),
        ("mcs.us1.twilio.com", Way.NOT_TWILIO),
        ("tsock.evil.example", Way.THERE),
        ("conversations.twilio.com.evil.example", Way.THERE),
        ("localhost", Way.THERE),
    ],
)
def test_only_the_fakes_own_hosts_stay_here(host: str, way: Way) -> None:
    assert Routes().way(host) is way


def test_a_host_of_twilios_can_be_let_through() -> None:
    routes = Routes(allowed=frozenset({"lookups.twilio.com"}))
    assert routes.way("Lookups.twilio.com") is Way.THERE
    assert routes.way("api.twilio.com") is Way.NOT_TWILIO


def test_the_rest_can_be_refused() -> None:
    routes = Routes(others=False)
    assert routes.way("example.com") is Way.NOT_OTHERS
    assert routes.way("conversations.twilio.com") is Way.HERE


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a.example:443", ("a.example", 443)),
        ("[::1]:8443", ("::1", 8443)),
        ("a.example", None),
        ("a.example:0", None),
        ("a.example:65536", None),
        ("u@a.example:1", None),
        ("::1:443", None),
        ("", None),
    ],
)
def test_connect_wants_a_host_and_a_port(text: str, found: tuple[str, int] | None) -> None:
    assert host_and_port(text) == found


@pytest.mark.parametrize("host", ["a", "a_b.example", "a.example.", "127.0.0.1", "::1"])
def test_a_name_or_an_address_can_be_a_host(host: str) -> None:
    assert is_possible(host)


@pytest.mark.parametrize("host", ["", ".", "a..b", ".a", "x" * 64, "api.twili\xba.com"])
def test_what_no_lookup_takes_or_what_it_would_change_cannot(host: str) -> None:
    assert not is_possible(host)
