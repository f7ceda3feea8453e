"""Client SDKs that a target drives, with a pretended SDK in their place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.realtime.sdk_driver import SdkFailed, SdkMissing
from reachability_mock.scenario.target import Person, Reply, Request, TargetFailed
from reachability_mock.targets import sdk
from reachability_mock.targets.sdk import SdkClients
from reachability_mock.wire.token import Signer

SERVICE = sids.default_service_sid(sids.DEFAULT_ACCOUNT)
ALICE, BOB = Person("alice", SERVICE), Person("bob", SERVICE)
SID = "BS" + "1" * 32


class Pretence:
    """Remembers what it was asked; refuses if told so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.refusing = False
        self.stopped = False

    def do(self, act: str, client: str, **more: Any) -> None:
        if self.refusing:
            raise SdkFailed("the SDK could not: denied")
        assert act != "connect" or more["token"].count(".") == 2
        self.asked.append((act, client))

    def stop(self) -> None:
        self.stopped = True


@pytest.fixture
def pretence(monkeypatch: pytest.MonkeyPatch) -> Pretence:
    made = Pretence()
    monkeypatch.setattr(sdk, "installed", lambda: ("node", Path()))
    monkeypatch.setattr(sdk, "SdkDriver", lambda *_: made)
    return made


def send(request: Request) -> Reply:
    """REST with one registration."""
    assert request.query.endswith("BindingType=fcm&Identity=alice")
    return Reply(200, {"bindings": [{"sid": SID, "endpoint": "pixel"}]})


def new_clients(sockets: list[int] | None = None) -> SdkClients:
    """Clients of a fake; the numbers of sockets that it tells, one after the other."""
    told = (lambda _: sockets.pop(0)) if sockets else None
    signer = Signer(sids.DEFAULT_KEY, DEFAULT_SECRET, sids.DEFAULT_ACCOUNT)
    return SdkClients(lambda: "ws://here", lambda _: signer, send, told)


def test_each_device_is_a_client_and_a_second_connect_changes_nothing(pretence: Pretence) -> None:
    clients = new_clients()
    for device in ("phone", "tab", "phone"):
        clients.connect(ALICE, device)
    assert pretence.asked == [("connect", "alice phone 1"), ("connect", "alice tab 2")]
    assert clients.running


def test_what_is_gone_stays_gone(pretence: Pretence) -> None:
    clients = new_clients()
    clients.connect(ALICE, "phone")
    for _ in range(2):
        clients.disconnect(ALICE, "phone")
        clients.lose(ALICE, "phone")
    assert [act for act, _ in pretence.asked] == ["connect", "disconnect"]
    assert not clients.running


def test_a_loss_is_over_when_the_server_has_noticed(pretence: Pretence) -> None:
    sockets = [2, 2, 2, 1]
    clients = new_clients(sockets)
    clients.connect(ALICE, "phone")
    clients.lose(ALICE, "phone")
    assert sockets == []
    assert pretence.asked[-1] == ("lose", "alice phone 1")


@pytest.mark.usefixtures("pretence")
def test_a_loss_that_nobody_notices_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk, "_PATIENCE_SECONDS", 0)
    clients = new_clients([1] * 100)
    clients.connect(ALICE, "phone")
    with pytest.raises(TargetFailed, match="the loss of alice's phone goes unnoticed"):
        clients.lose(ALICE, "phone")


def test_a_registration_is_found_by_rest_and_ended_by_the_sdk(pretence: Pretence) -> None:
    clients = new_clients()
    clients.connect(ALICE, "phone")
    assert clients.register(ALICE, "fcm", "pixel") == SID
    assert clients.unregister(SID) is True
    assert clients.unregister(SID) is False
    assert [act for act, _ in pretence.asked] == ["connect", "register", "unregister"]


def test_a_registration_of_somebody_who_has_left_is_not_ended_by_the_sdk(
    pretence: Pretence,
) -> None:
    clients = new_clients()
    clients.connect(ALICE, "phone")
    clients.register(ALICE, "fcm", "pixel")
    clients.disconnect(ALICE, "phone")
    assert clients.unregister(SID) is False
    assert pretence.asked[-1][0] == "disconnect"


def test_who_is_connected_can_register_what_the_sdk_knows(pretence: Pretence) -> None:
    clients = new_clients()
    assert not clients.can_register(ALICE, "fcm")
    clients.connect(ALICE, "phone")
    assert clients.can_register(ALICE, "fcm")
    assert not clients.can_register(ALICE, "gcm")
    assert not clients.can_register(BOB, "fcm")
    assert pretence.asked == [("connect", "alice phone 1")]


@pytest.mark.usefixtures("pretence")
def test_a_registration_that_rest_does_not_list_is_a_failure() -> None:
    clients = new_clients()
    clients.connect(ALICE, "phone")
    with pytest.raises(TargetFailed, match="REST lists no such binding"):
        clients.register(ALICE, "fcm", "another")


@pytest.mark.usefixtures("pretence")
def test_the_sdk_knows_no_gcm() -> None:
    with pytest.raises(TargetFailed, match="apn or fcm, not for gcm"):
        new_clients().register(ALICE, "gcm", "old")


def test_what_a_user_does_itself_needs_a_client_of_its_own(pretence: Pretence) -> None:
    clients = new_clients()
    clients.connect(ALICE, "phone")
    clients.edit(ALICE, "A", None)
    assert pretence.asked[-1] == ("edit", "alice phone 1")
    with pytest.raises(TargetFailed, match="no SDK of bob is connected"):
        clients.edit(BOB, "B", None)


def test_what_the_sdk_refuses_fails_the_step(pretence: Pretence) -> None:
    clients = new_clients()
    pretence.refusing = True
    with pytest.raises(TargetFailed, match="denied"):
        clients.connect(ALICE, "phone")
    assert not clients.running


def test_stopping_forgets_everything(pretence: Pretence) -> None:
    clients = new_clients()
    clients.stop()
    assert not pretence.stopped
    clients.connect(ALICE, "phone")
    clients.stop()
    assert pretence.stopped
    assert not clients.running


def test_where_there_is_no_sdk_the_reason_is_asked_for_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def missing() -> None:
        asked.append(1)
        raise SdkMissing("node is not on PATH")

    monkeypatch.setattr(sdk, "installed", missing)
    clients = new_clients()
    assert clients.why_not() == clients.why_not() == "node is not on PATH"
    assert len(asked) == 1
    with pytest.raises(TargetFailed, match="node is not on PATH"):
        clients.connect(ALICE, "phone")


@pytest.mark.usefixtures("pretence")
def test_where_there_is_one_nothing_is_said() -> None:
    assert new_clients().why_not() is None
