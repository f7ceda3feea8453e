"""A life in short, with whatever versions are installed: prints them, and `fine`."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

import reachability_mock

THROUGH_PROXY = "from twilio.rest import Client; print(Client().conversations.v1.users.list())"


def in_process() -> None:
    """Twilio's SDK and `requests`, both through their doors, and a scenario."""
    with reachability_mock.fake() as mock:
        mock.enable()
        mock.connect("alice")
        users = Client().conversations.v1.users
        assert users("alice").fetch().is_online is True
        assert users.list()[0].is_online is None
        with pytest.raises(TwilioRestException, match="not found"):
            users("nobody").fetch()
        login = (os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])
        url = "https://conversations.twilio.com/v1/Users/alice"
        assert requests.get(url, auth=login, timeout=5).json()["is_online"] is True
        asyncio.run(asynchronously())
        mock.play("two-devices")


async def asynchronously() -> None:
    """Twilio's asynchronous client."""
    async with AsyncTwilioHttpClient() as http:
        alice = await Client(http_client=http).conversations.v1.users("alice").fetch_async()
        assert alice.is_online is True


def command(*arguments: str) -> str:
    """What our command prints."""
    words = [sys.executable, "-m", "reachability_mock", *arguments]
    return subprocess.run(words, check=True, text=True, capture_output=True, timeout=60).stdout


def on_the_command_line(folder: Path) -> None:
    """A server, a proxy, a scenario, a token."""
    python = (sys.executable, "-c")
    asking = "import os, sys; sys.exit(not os.environ['REACHABILITY_MOCK_URL'])"
    command("run", "--scenario", "two-devices", "--", *python, asking)
    through = ("--proxy", "--ca-dir", str(folder), "--", *python, THROUGH_PROXY)
    assert command("run", *through).strip() == "[]"
    command("scenario", "play", "two-devices", "--instant")
    assert command("token", "--identity", "alice").count(".") == 2
    command("run", "--", sys.executable, "-m", "reachability_mock", "wait")


if __name__ == "__main__":
    in_process()
    on_the_command_line(Path(sys.argv[1]))
    names = sys.argv[2:]
    sys.stdout.write("".join(f"{name}=={version(name)}\n" for name in names) + "fine\n")
