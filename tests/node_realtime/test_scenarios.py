"""One scenario, played by the control plane and by the real SDK: the same verdicts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reachability_mock import data, fake
from reachability_mock.http.site import Site
from reachability_mock.scenario.find import find
from reachability_mock.scenario.loader import loads
from reachability_mock.scenario.runner import Verdict, play
from reachability_mock.scenario.target import Target
from reachability_mock.server import Server, build_site
from reachability_mock.targets import HttpTarget, InProcessTarget
from tests.docs.blocks import Block, blocks

pytestmark = pytest.mark.usefixtures("driver")

STORY = """
name: two devices and a phone that rings
given:
  accounts:
    default:
      services: {default: {reachability: true}}
      users: {alice: {}, bob: {}}
      connections: [{user: bob}]
timeline:
  - expect: {fetch: {user: bob, is_online: true}}
  - expect: {fetch: {user: alice, is_online: null}}
  - connect: {user: alice, device: phone}
  - connect: {user: alice, device: tab}
  - expect: {event: {observer: bob, user: alice, reasons: [reachabilityOnline]}}
  - disconnect: {user: alice, device: phone}
  - expect: {fetch: {user: alice, is_online: true, is_notifiable: null}}
  - register_push: {user: alice, name: pixel}
  - expect: {fetch: {user: alice, is_notifiable: true}}
  - unregister_push: {name: pixel}
  - lose: {user: alice, device: tab}
  - expect: {fetch: {user: alice, is_online: false, is_notifiable: false}}
  - expect: {list: {every: {is_online: null}}}
"""
SDK_ONLY = """
name: trouble
given:
  accounts:
    default:
      services: {default: {reachability: true}}
      users: {alice: {}}
timeline:
  - connect: {user: alice, driver: sdk}
  - update_user: {user: alice, friendly_name: Al, attributes: {a: 1}, by: sdk}
  - rest: {request: "GET /v1/Users/${alice}", expect: {body: {friendly_name: Al}}}
  - drop: {user: alice}
  - expect: {fetch: {user: alice, is_online: false}}
  - expect: {within: 10s, fetch: {user: alice, is_online: true}}
  - expire_token: {user: alice}
  - expect: {fetch: {user: alice, is_online: false}}
  - refuse_init: {times: 1}
"""


@pytest.fixture
def site() -> Site:
    return build_site(hint=lambda _: None)


@pytest.fixture
def server(site: Site) -> Iterator[Server]:
    site.say = lambda _: None
    with Server(site) as running:
        yield running


def verdicts(story: str, target: Target) -> list[str]:
    """What became of each step; anything but a success with its explanation."""
    results = list(play(loads(story), target, instant=True))
    return [
        f"{one.title}: {one.verdict.value} {one.reason} {one.differences}"
        for one in results
        if one.verdict is not Verdict.PASSED
    ]


@pytest.mark.parametrize("driver_", [None, "sdk"], ids=["control plane", "sdk"])
def test_the_same_file_plays_over_http(server: Server, driver_: str | None) -> None:
    assert verdicts(STORY, HttpTarget(server.url, driver=driver_)) == []
    opened = [
        one.as_json()["data"]
        for one in server.site.world.journal.since(kind="socket")
        if "token accepted" in str(one.as_json()["data"])
    ]
    assert len(opened) == (3 if driver_ else 0)


@pytest.mark.parametrize("driver_", [None, "sdk"], ids=["control plane", "sdk"])
def test_the_same_file_plays_in_process_beside_a_server(
    server: Server, driver_: str | None
) -> None:
    assert verdicts(STORY, InProcessTarget(server.site, driver=driver_)) == []


WAITS_LONG = {"slow-offline"}
"""Those that let much time pass: no clock hurries a real SDK."""


@pytest.mark.parametrize("name", [name for name in data.scenario_names() if name not in WAITS_LONG])
def test_every_shipped_scenario_plays_by_the_sdk(server: Server, name: str) -> None:
    text = find(name, ()).read_text(encoding="utf-8")
    assert verdicts(text, InProcessTarget(server.site, driver="sdk")) == []


SHOWN = [block for block in blocks("yaml") if "driver: sdk" in block.text]


@pytest.mark.parametrize("block", SHOWN, ids=str)
def test_what_the_documentation_shows_of_the_sdk_comes_true(server: Server, block: Block) -> None:
    assert verdicts(block.text, InProcessTarget(server.site)) == []


OFFLINE = """
name: a phone in a pocket
given: {accounts: {default: {services: {default: {reachability: true}}, users: {alice: {}}}}}
timeline:
  - register_push: {user: alice, name: pocket}
  - expect: {fetch: {user: alice, is_online: null, is_notifiable: true}}
"""


def test_who_is_not_connected_registers_by_the_control_plane(server: Server) -> None:
    assert verdicts(OFFLINE, HttpTarget(server.url, driver="sdk")) == []
    asked_for = OFFLINE.replace("name: pocket", "name: pocket, driver: sdk")
    (failed, *_) = verdicts(asked_for, HttpTarget(server.url))
    assert "no SDK of alice is connected" in failed


def test_trouble_for_the_real_sdk_over_http(server: Server) -> None:
    assert verdicts(SDK_ONLY, HttpTarget(server.url)) == []


def test_a_test_that_asked_for_no_server_gets_one_for_the_sdk(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("stories") / "trouble.yaml"
    file.write_text(SDK_ONLY)
    with fake() as mock:
        mock.play(str(file))
        said = [str(one.as_json()["data"]) for one in mock.world.journal.since(kind="socket")]
        assert any("token accepted for 'alice'" in one for one in said)


def test_a_key_that_the_server_does_not_know_fails_the_step(server: Server) -> None:
    key = ("SK" + "1" * 32, "x" * 32)
    (failed, *_) = verdicts(SDK_ONLY, HttpTarget(server.url, key=key))
    assert "connect" in failed
    assert "Connection error" in failed
