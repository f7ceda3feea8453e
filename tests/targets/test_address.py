"""Which server a URL leads to."""

from __future__ import annotations

import pytest

from reachability_mock.address import NoUrl, address_of


@pytest.mark.parametrize(
    "url",
    [
        "https://conversations.twilio.com",
        "conversations.twilio.com",
        "twilio.com:443",
        "HTTPS://CONVERSATIONS.TWILIO.COM",
        " https://conversations.twilio.com",
        "https://conversations.twilio.com../v1",
        "https://conversations.twilio%2Ecom",
        "https://conversations.twil%69o.com",
        "https://conversations.twilio%252Ecom",
        "https://conversations.twilio.com\\@127.0.0.1",
        "https://conversations.twilio.com#@127.0.0.1",
        "https://conversations.twilio.com?@127.0.0.1",
        "https://user:word@conversations.twilio.com:443",
        "https://127.0.0.1@conversations.twilio.com",
    ],
)
def test_twilio_is_known_however_it_is_spelt(url: str) -> None:
    assert address_of(url).is_twilio


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1",
        "http://",
        "https:///conversations.twilio.com",
        "ftp://conversations.twilio.com",
        "http://x:abc",
        "http://x:99999",
        "http://x:0",
        "x:00/y",
        "http://a..b",
        f"http://{'a' * 64}",
        "https://conversations.twi\tlio.com",
        "https://conversations.twilio\u3002com",
        "https://conversations.\uff54\uff57ilio.com",
        "https://conversations.twi\u00adlio.com",
        "https://conversations.twilio.com%2F@x%2Fy",
        "http://a%20b",
        "",
    ],
)
def test_what_leads_nowhere_is_no_url(url: str) -> None:
    with pytest.raises(NoUrl):
        address_of(url)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("127.0.0.1:4010", "http://127.0.0.1:4010"),
        ("http://fake.internal:4010/", "http://fake.internal:4010"),
        ("https://Fake.Internal/under/this/", "https://fake.internal/under/this"),
        ("http://[::1]:4010", "http://[::1]:4010"),
        ("http://a_b:80/x", "http://a_b:80/x"),
        ("http://m\u00fcnchen.example", "http://xn--mnchen-3ya.example"),
        ("https://127.0.0.1#@conversations.twilio.com", "https://127.0.0.1"),
        ("https://nottwilio.com", "https://nottwilio.com"),
    ],
)
def test_any_other_server_is_its_scheme_host_port_and_path(url: str, base: str) -> None:
    address = address_of(url)
    assert address.base == base
    assert not address.is_twilio


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://a:b@x", "credentials"),
        ("http://x?a=b", "query"),
        ("http://x#a", "fragment"),
        ("http://x/y", ""),
    ],
)
def test_what_else_a_url_says_is_named(url: str, says: str) -> None:
    assert address_of(url).says_more == says
