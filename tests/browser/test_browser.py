"""Presence in a page: what a front end sees, and what a closed tab and a cut cable do."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import HERE
from tests.node_realtime.conftest import Service
from tests.node_realtime.sdk import QUICK, Json, Sdk, SdkError
from tests.tools import ROOT, names_no_registry

pytestmark = pytest.mark.xdist_group("browser")
PAGE = ROOT / "docs" / "realtime.md"
ONLINE, NOTIFIABLE = "reachabilityOnline", "reachabilityNotifiable"


def connect(browser: Sdk, service: Service, identity: str, **more: object) -> Json:
    """Open a tab with a client that is called as its user is."""
    given = {"token": service.token(identity), "uri": service.uri, "options": QUICK, **more}
    shown: Json = browser.do("connect", identity, **given)
    return shown


def close(browser: Sdk, client: str) -> None:
    """Close a client's tab, as a user does."""
    browser.do("close", client)


def is_online(service: Service, identity: str) -> object:
    """What a fetch shows."""
    return service.rest("GET", f"/Users/{identity}")["is_online"]


def until(service: Service, identity: str, *, online: bool) -> None:
    """Wait until the server knows; every look is a request, so nothing spins for long."""
    for _ in range(2000):
        if is_online(service, identity) is online:
            return
    pytest.fail(f"{identity} does not become {'online' if online else 'offline'}")


def test_somebody_comes_and_closes_the_tab(browser: Sdk, service: Service) -> None:
    service.rest("POST", "/Users", Identity="bob")
    alice = connect(browser, service, "alice")
    assert alice["reachabilityEnabled"] is True
    assert alice["user"]["isOnline"] is True
    assert browser.do("watch", "alice", user="bob")["isOnline"] is None

    connect(browser, service, "bob")
    came = browser.event("updated", client="alice", reasons=[ONLINE])
    assert came["user"]["isOnline"] is True
    assert is_online(service, "bob") is True

    close(browser, "bob")
    left = browser.event("updated", client="alice", reasons=[ONLINE])
    assert left["user"]["isOnline"] is False
    assert is_online(service, "bob") is False


def test_push_and_edits_from_a_page(browser: Sdk, service: Service) -> None:
    connect(browser, service, "bob")
    connect(browser, service, "alice")
    browser.do("watch", "alice", user="bob")
    browser.do("attributes", "bob", attributes={"mood": "good"})
    told = browser.event("updated", client="alice", reasons=["attributes"])
    assert told["user"]["attributes"] == {"mood": "good"}
    browser.do("register", "bob", type="fcm", address="a browser")
    told = browser.event("updated", client="alice", reasons=[NOTIFIABLE])
    assert told["user"]["isNotifiable"] is True
    assert service.rest("GET", "/Users/bob")["is_notifiable"] is True


def test_an_expired_token_and_a_new_one(browser: Sdk, service: Service) -> None:
    connect(browser, service, "alice")
    assert service.faults.expire("alice") == 1
    browser.event("tokenExpired", client="alice")
    assert is_online(service, "alice") is False
    browser.event("connectionStateChanged", client="alice", to="disconnected")
    browser.do("token", "alice", token=service.token("alice", ttl=7200))
    browser.event("connectionStateChanged", client="alice", to="connected")
    assert is_online(service, "alice") is True


def test_a_cut_cable_is_an_absence_after_lost_after_and_the_page_comes_back(
    browser: Sdk, service: Service
) -> None:
    service.world.settings.update({"lost_after": "30s"})
    port = browser.do("relay", "cable", port=service.server.port)
    connect(browser, service, "alice", uri=f"ws://127.0.0.1:{port}/v3/wsconnect")
    browser.event("connectionStateChanged", client="alice", to="connected")
    assert browser.do("cut", "cable") == port
    browser.event("connectionStateChanged", client="alice", to="connecting")
    assert is_online(service, "alice") is True
    service.world.advance(31)
    until(service, "alice", online=False)
    browser.do("mend", "cable", port=port)
    browser.event("connectionStateChanged", client="alice", to="connected")
    assert is_online(service, "alice") is True
    close(browser, "alice")
    browser.do("cut", "cable")


def test_an_app_that_cannot_pass_the_option_is_led_here_by_the_recipe(
    browser: Sdk, service: Service
) -> None:
    recipes = re.findall(r"^```js\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    (recipe,) = (one for one in recipes if "addInitScript" in one)
    code = recipe.replace("'ws://127.0.0.1:4010/v3/wsconnect'", "uri")
    assert code != recipe
    prepare = {"code": code, "uri": service.uri}
    token = service.token("alice")
    shown = browser.do("connect", "alice", token=token, prepare=prepare)
    assert shown["user"]["isOnline"] is True
    assert is_online(service, "alice") is True


def test_a_token_given_while_the_sdk_is_disconnecting_is_lost(
    browser: Sdk, service: Service
) -> None:
    """The documentation says so; should the SDK learn better, this fails, and that page changes."""
    connect(browser, service, "alice")
    service.faults.expire("alice")
    browser.event("connectionStateChanged", client="alice", to="disconnecting")
    waiting = browser.send("token", "alice", token=service.token("alice", ttl=7200))
    browser.event("connectionStateChanged", client="alice", to="disconnected")
    assert is_online(service, "alice") is False
    closing = browser.send("close", "alice")
    with pytest.raises(SdkError, match="closed"):  # it has waited until the tab was gone
        browser.answer(waiting)
    browser.answer(closing)


def test_the_lockfile_names_no_registry() -> None:
    assert names_no_registry(HERE)
