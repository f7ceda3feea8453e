"""A service over HTTP: with a control plane everything, without one what REST can do."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
import requests
from requests.adapters import BaseAdapter

from reachability_mock import data
from reachability_mock.core import sids
from reachability_mock.scenario.loader import load, loads
from reachability_mock.scenario.report import explain
from reachability_mock.scenario.runner import StepResult, Verdict, play
from reachability_mock.scenario.target import (
    Need,
    NoticeKind,
    Opening,
    Person,
    Reply,
    Request,
    Target,
    TargetFailed,
    Unreachable,
)
from reachability_mock.targets import HttpTarget, InProcessTarget
from reachability_mock.targets.control import NO_CONTROL
from reachability_mock.targets.http import NO_KEY, OWN_SERVICE
from tests.targets.socketless import URL, new_site, over_http

SHIPPED = sorted(data.scenario_folder().glob("*.yaml"))
DEFAULT_SERVICE = sids.default_service_sid(sids.DEFAULT_ACCOUNT)
each = pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)


def never(seconds: float) -> None:
    raise AssertionError(f"nobody should wait {seconds}s here")


def run(path: Path, target: Target) -> list[StepResult]:
    return list(play(load(path), target, instant=True, pause=never))


# --- a fake --------------------------------------------------------------------------------------


@each
def test_every_shipped_scenario_plays_through_the_control_plane_and_again(path: Path) -> None:
    target, _ = over_http(new_site())
    for _ in range(2):
        results = run(path, target)
        assert not explain(results)
        assert {one.verdict for one in results} == {Verdict.PASSED}


def test_on_a_fake_default_is_the_default_service_and_stays() -> None:
    site = new_site()
    target, _ = over_http(site)
    list(play(loads("name: x\ngiven: {users: {alice: {}}}"), target, instant=True))
    assert site.world.store.user_by_identity(DEFAULT_SERVICE, "alice") is not None
    assert target.keeps


def test_settings_are_put_back() -> None:
    site = new_site()
    site.world.settings.update({"lost_after": "7s"})
    target, _ = over_http(site)
    playing = play(loads("name: x\nsettings: {lost_after: 1m}\ntimeline: [wait: 1s]"), target)
    next(playing)
    assert site.world.settings["lost_after"] == "60s"
    playing.close()
    assert site.world.settings["lost_after"] == "7s"


def test_events_of_an_earlier_play_are_not_this_ones() -> None:
    site = new_site()
    target, _ = over_http(site)
    person = Person("alice", DEFAULT_SERVICE)
    target.begin({})
    target.open_account("default", None)
    target.connect(person, "phone")
    [notice] = [one for one in target.notices(0) if one.identity == "alice"]
    assert (notice.kind, notice.device) == (NoticeKind.OPENED, "phone")
    target.begin({})
    assert target.notices(0) == []


def test_what_the_control_plane_refuses_fails_the_step_with_its_words() -> None:
    target, _ = over_http(new_site())
    target.begin({})
    with pytest.raises(TargetFailed, match="was answered 404"):
        target.connect(Person("alice", "IS" + "0" * 32), "phone")


def test_closing_what_is_closed_is_fine() -> None:
    target, _ = over_http(new_site())
    target.begin({})
    target.open_account("default", None)
    person = Person("a/b", DEFAULT_SERVICE)
    target.connect(person, "my phone")
    target.disconnect(person, "my phone")
    target.disconnect(person, "my phone")
    target.lose(person, "my phone")


def test_a_service_with_a_sid_of_the_files_choice_must_be_there() -> None:
    target, _ = over_http(new_site())
    opening = Opening("mine", "mine", "IS" + "1" * 32)
    with pytest.raises(TargetFailed, match="REST cannot choose a SID"):
        target.open_service(opening)
    target.open_account("default", None)
    assert target.open_service(Opening("mine", "mine", DEFAULT_SERVICE)) == DEFAULT_SERVICE


# --- anywhere else -------------------------------------------------------------------------------


@each
def test_without_a_control_plane_nothing_fails_and_nothing_is_left(path: Path) -> None:
    site = new_site()
    target, adapter = over_http(site, control=False)
    before = target.rest(Request("GET", "/v1/Services")).body
    waited: list[float] = []
    results = list(play(load(path), target, instant=True, pause=waited.append))
    assert not explain(results)
    for one in results:
        if one.verdict is Verdict.SKIPPED:
            assert one.reason
    assert target.rest(Request("GET", "/v1/Services")).body == before
    assert not [asked for asked in adapter.asked if asked.startswith("POST /_mock")]


@each
def test_without_a_control_plane_only_services_of_our_own_are_written_to(path: Path) -> None:
    target, adapter = over_http(new_site(), control=False)
    list(play(load(path), target, instant=True, pause=lambda _: None))
    written = [one for one in adapter.asked if not one.startswith("GET")]
    assert written
    assert not [one for one in written if DEFAULT_SERVICE in one]
    assert not [one for one in written if not one.split(" ")[1].startswith("/v1/Services")]


def test_presence_is_skipped_with_the_reason() -> None:
    target, _ = over_http(new_site(), control=False)
    results = run(data.scenario_folder() / "identity-gotchas.yaml", target)
    skipped = [one for one in results if one.verdict is Verdict.SKIPPED]
    assert skipped[0].reason == NO_CONTROL
    assert len(skipped) < len(results) / 2


def test_what_is_lacking_is_said() -> None:
    live, _ = over_http(new_site(), control=False)
    fake, _ = over_http(new_site())
    own, _ = over_http(new_site(), own_services=True)
    assert {need for need in Need if live.lacks(need)} == set(Need)
    assert {need for need in Need if fake.lacks(need)} - {Need.SDK} == {Need.ACCOUNTS}
    assert live.lacks(Need.SDK) == NO_KEY
    assert own.lacks(Need.DEFAULT_PATH) == OWN_SERVICE
    with pytest.raises(TargetFailed, match="there is no control plane here"):
        live.connect(Person("alice", DEFAULT_SERVICE), "phone")
    assert live.why(Person("alice", DEFAULT_SERVICE)) is None


def test_a_fake_can_be_played_on_in_services_of_its_own() -> None:
    site = new_site()
    target, _ = over_http(site, own_services=True)
    results = run(data.scenario_folder() / "two-devices.yaml", target)
    assert {one.verdict for one in results} == {Verdict.PASSED}
    assert site.world.store.user_by_identity(DEFAULT_SERVICE, "alice") is None


def test_what_can_never_begin_here_is_skipped_from_beginning_to_end() -> None:
    target, _ = over_http(new_site())
    text = "name: x\ngiven: {accounts: {default: , other: }}\ntimeline: [enable: {}]"
    results = list(play(loads(text), target, instant=True))
    assert [one.verdict for one in results] == [Verdict.SKIPPED] * 2
    assert {one.reason for one in results} == {"account other: over HTTP there is one account"}


def test_the_state_of_a_fake_is_what_a_scenario_can_be_given() -> None:
    site = new_site()
    target, _ = over_http(site)
    run(data.scenario_folder() / "identity-gotchas.yaml", target)
    run(data.scenario_folder() / "two-services-one-identity.yaml", target)
    state = target._plane.ask("GET", "state")
    again = new_site()
    text = json.dumps({"name": "again", "given": state})
    assert not explain(play(loads(text), InProcessTarget(again), instant=True))
    copied = over_http(again)[0]
    copied.begin({})
    assert copied._plane.ask("GET", "state") == state


# --- who is there --------------------------------------------------------------------------------


def test_credentials_that_are_not_accepted_end_the_play() -> None:
    site = new_site()
    site.keyring.accounts.clear()
    target, _ = over_http(site)
    with pytest.raises(Unreachable, match="does not accept the credentials of …0000"):
        run(SHIPPED[0], target)


def test_another_account_cannot_be_had() -> None:
    target, _ = over_http(new_site())
    with pytest.raises(TargetFailed, match="over HTTP there is one account"):
        target.open_account("other", None)
    with pytest.raises(TargetFailed, match="over HTTP there is one account"):
        target.open_account("default", "AC" + "1" * 32)


TWO_ACCOUNTS = """
name: two-accounts
given:
  accounts:
    default: {users: {alice: {}}}
    other: {services: {theirs: {reachability: true}}, users: {zoe: {service: theirs}}}
timeline:
  - connect: {user: zoe, device: phone}
  - register_push: {user: zoe, type: fcm}
  - expect: {fetch: {user: zoe, is_online: true, is_notifiable: true}}
  - lose: {user: zoe, device: phone}
  - expect: {fetch: {user: zoe, is_online: false}}
"""
OTHER = ("AC" + "1" * 32, "t" * 32)


@pytest.mark.parametrize("own_services", [False, True])
def test_what_belongs_to_a_second_account_is_asked_of_that_one(*, own_services: bool) -> None:
    site = new_site()
    site.keyring.accounts[OTHER[0]] = OTHER[1]
    target, _ = over_http(site, own_services=own_services, other=OTHER)
    results = list(play(loads(TWO_ACCOUNTS), target, instant=True, pause=never))
    assert not explain(results)
    assert {one.verdict for one in results} == {Verdict.PASSED}
    left = [one.friendly_name for _, one in site.world.store.services_of(OTHER[0]).after(-1)]
    assert ("theirs" in left) is not own_services
    assert len(left) == (1 if own_services else 2)


def test_the_sdk_has_no_key_of_a_second_account() -> None:
    target, _ = over_http(new_site(), other=OTHER)
    with pytest.raises(TargetFailed, match="no API key of the account other"):
        target._signer(Person("zoe", DEFAULT_SERVICE, "other"))


class _Nobody(BaseAdapter):
    def send(self, *_: object, **__: object) -> requests.Response:
        raise requests.ConnectionError from OSError("Connection refused")

    def close(self) -> None:
        """There is nothing to close."""


def test_where_nobody_answers_one_line_says_so() -> None:
    session = requests.Session()
    session.mount("http://", _Nobody())
    with pytest.raises(Unreachable) as caught:
        run(SHIPPED[0], HttpTarget(URL, session=session))
    assert str(caught.value) == f"{URL} cannot be reached: Connection refused"


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1", "http://", "file:///etc/passwd"])
def test_a_url_is_an_http_url(url: str) -> None:
    with pytest.raises(Unreachable, match=r"is no (http:// or https:// )?URL"):
        HttpTarget(url)


def test_a_url_may_leave_out_its_scheme() -> None:
    assert HttpTarget("localhost:4010/").name == "http://localhost:4010"


def test_no_secret_gets_into_a_message_or_the_log(caplog: pytest.LogCaptureFixture) -> None:
    site = new_site()
    session = over_http(site)[0]._session
    caplog.set_level(logging.DEBUG)
    target = HttpTarget(URL, "AC" + "9" * 32, "my-own-secret", session=session)
    with pytest.raises(Unreachable) as caught:
        run(SHIPPED[0], target)
    assert "my-own-secret" not in str(caught.value) + caplog.text + repr(vars(caught.value))


def test_every_rest_exchange_can_be_watched() -> None:
    seen: list[tuple[Request, Reply]] = []
    session = over_http(new_site())[0]._session
    target = HttpTarget(URL, session=session, watch=lambda *one: seen.append(one))
    reply = target.rest(Request("GET", "/v1/Users", "PageSize=1"))
    assert reply.status == 200
    assert seen == [(Request("GET", "/v1/Users", "PageSize=1"), reply)]
