"""Clients that come through no door meet the guard; late imports still meet the doors."""

import http.client
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from textwrap import dedent

import pytest

import reachability_mock
from reachability_mock.doors.hosts import RealHostRefused, Whose, whose
from tests.doors.conftest import LeftTheMachine


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("conversations.twilio.com", Whose.OURS),
        ("Conversations.Twilio.Com:443", Whose.OURS),
        ("conversations.twilio.com.", Whose.OURS),
        ("conversations.ie1.twilio.com", Whose.OURS),
        ("conversations.dublin.ie1.twilio.com", Whose.OURS),
        ("user:secret@conversations.twilio.com", Whose.OURS),
        ("a.b.c.conversations.twilio.com", Whose.REFUSED),
        ("api.twilio.com", Whose.REFUSED),
        ("twilio.com", Whose.REFUSED),
        ("nottwilio.com", Whose.OTHERS),
        ("conversations.twilio.com.example.org", Whose.OTHERS),
        ("127.0.0.1:4010", Whose.OTHERS),
        ("[::1]:4010", Whose.OTHERS),
        ("", Whose.OTHERS),
    ],
)
def test_whose_a_host_is(host: str, kind: Whose) -> None:
    assert whose(host) is kind


@pytest.mark.usefixtures("mock")
def test_http_client_is_refused_with_a_way_out() -> None:
    connection = http.client.HTTPSConnection("conversations.twilio.com", timeout=1)
    with pytest.raises(RealHostRefused, match="does not come through a door"):
        connection.request("GET", "/v1/Users")


@pytest.mark.usefixtures("mock")
def test_urllib_is_refused() -> None:
    with pytest.raises(urllib.error.URLError, match=r"api\.twilio\.com is not reached"):
        urllib.request.urlopen("https://api.twilio.com/", timeout=1)


@pytest.mark.usefixtures("mock")
@pytest.mark.parametrize("host", ["api.twilio.com", b"api.twilio.com"])
def test_no_name_of_twilios_is_resolved(host: str | bytes) -> None:
    with pytest.raises(RealHostRefused):
        socket.getaddrinfo(host, 443)


def test_other_names_are_resolved_as_ever(wire: list[str]) -> None:
    with reachability_mock.fake(), pytest.raises(LeftTheMachine):
        socket.create_connection(("example.org", 443), timeout=1)
    assert wire[0] == "example.org"


def test_afterwards_nothing_is_guarded(wire: list[str]) -> None:
    with reachability_mock.fake():
        pass
    socket.getaddrinfo("api.twilio.com", 443)
    assert wire == ["api.twilio.com"]


def python(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", dedent(code)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_libraries_imported_while_the_fake_is_active_find_the_doors_open() -> None:
    printed = python(
        """
        import sys, reachability_mock
        with reachability_mock.fake() as mock:
            mock.enable(); mock.connect("alice")
            assert not {"twilio", "requests", "responses", "urllib3", "aiohttp"} & set(sys.modules)
            import requests, responses, asyncio
            from twilio.rest import Client
            from twilio.http.http_client import TwilioHttpClient
            print(Client().conversations.v1.users("alice").fetch().is_online)
            with responses.RequestsMock():
                url = "https://conversations.twilio.com/v1/Users/alice"
                print(requests.get(url, auth=("AC" + "0" * 32, "x")).json()["is_online"])
            client = mock.async_client()
            print(asyncio.run(client.conversations.v1.users("alice").fetch_async()).is_online)
            patched = TwilioHttpClient.request
        print(TwilioHttpClient.request is patched, type(sys.meta_path[0]).__name__ == "Patches")
        """
    )
    assert printed.split() == ["True", "True", "True", "False", "False"]


def test_a_library_imported_after_the_fake_is_over_is_left_alone() -> None:
    printed = python(
        """
        import reachability_mock
        with reachability_mock.fake():
            pass
        from urllib3.connectionpool import HTTPConnectionPool
        print(hasattr(HTTPConnectionPool.urlopen, "__wrapped__"))
        """
    )
    assert printed.split() == ["False"]
