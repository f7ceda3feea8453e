"""The requests inside the socket: what the SDK asks, and what it is told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from reachability_mock.core.changes import Changes
from reachability_mock.core.facts import (
    Connected,
    Disconnected,
    PushRegistered,
    PushUnregistered,
    ServiceConfigured,
    UserCreated,
    UserDeleted,
    UserEdited,
)
from reachability_mock.core.model import BindingType, Role, RoleType
from reachability_mock.core.sids import derived
from reachability_mock.wire import sync, twilsock
from reachability_mock.wire.session_asking import Answer, Request
from reachability_mock.wire.session_words import Received, Send, Submit, Unwatch, Watch
from reachability_mock.wire.twilsock import Json
from tests.wire.playbook import (
    ORIGIN,
    SERVICE,
    START,
    Logged,
    Playbook,
    Sent,
    answered,
    frame,
    init,
    map_of,
    pushed,
    request,
)

ODD = "we ird/@+x é"
CREDENTIAL = "CR" + "c" * 32
USERS = "/Client/v2/Users"
REGISTRATIONS = "/v1/registrations"


@pytest.fixture
def play() -> Playbook:
    """Alice is in, Bob and somebody odd exist."""
    play = Playbook()
    for number, identity in enumerate(("bob", ODD)):
        play.world.submit(UserCreated(SERVICE, f"US{number:032x}", identity))
    play.feed(init("alice", push_credential_sid=CREDENTIAL))
    return play


def error(status: int, code: int) -> Sent:
    return answered(status, {"status": status, "code": code})


def poke(*sids: str, action: str = "establish", last: Any = None, kind: str = "map") -> Any:
    wanted: list[Json] = [
        {"object_sid": sid, "object_type": kind, "last_event_id": last} for sid in sids
    ]
    body = {"action": action, "correlation_id": 1234567890123, "requests": wanted}
    return request("POST", "/v4/Subscriptions", body)


# --- start-up ------------------------------------------------------------------------------------


def test_the_configuration_says_who_and_where(play: Playbook) -> None:
    users = f"{ORIGIN}{USERS}"
    assert (
        play
        >> request("GET", "/Client/v2/Configuration")
        << answered(
            200,
            {
                "identity": "alice",
                "links": {"users": users, "media_service": f"{ORIGIN}/Client/v2/Media"},
                "sync_objects": {"my_user_info": sync.name_of(map_of("alice"))},
                "options": {"reachability_enabled": True, "user_infos_to_subscribe": 100},
            },
        )
    )


def test_the_configuration_says_whether_the_indicator_is_on() -> None:
    play = Playbook(enabled=False)
    play.feed(init())
    options = {"options": {"reachability_enabled": False}}
    assert play >> request("GET", "/Client/v2/Configuration") << answered(200, options)


def test_there_are_no_conversations(play: Playbook) -> None:
    nothing = {"conversations": [], "meta": {"next_token": None}}
    assert play >> request("GET", "/Client/v2/MyConversations") << answered(200, nothing)


def test_the_map_of_ones_conversations_is_empty_and_can_be_subscribed_to(play: Playbook) -> None:
    sid = sync.conversations_sid(SERVICE, "alice")
    assert (
        play
        >> request("GET", f"/v3/Maps/{sync.name_of(sid)}", Include="items")
        << answered(200, {"sid": sid, "items": []})
        >> poke(sid)
        << answered(200)
        << Watch(sid)
        << pushed("subscription_established", {"object_sid": sid})
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/Client/v2/Conversations"),
        ("GET", "/Client/v2/MyConversations/CH1"),
        ("POST", "/Client/v2/Typing"),
    ],
)
def test_what_is_not_faked_is_a_clear_404(play: Playbook, method: str, path: str) -> None:
    hint = f"{method} {path}: conversations and media are not faked"
    assert play >> request(method, path) << Logged(hint, warns=True) << error(404, 20404)


@pytest.mark.parametrize("path", ["/", "", "x", "/v3/Lists", "/Client/v2", "/v3/Maps/a/b/c"])
def test_anything_else_is_a_plain_404(play: Playbook, path: str) -> None:
    assert play >> request("GET", path) << error(404, 20404)


@pytest.mark.parametrize("inner", [None, 1, {}, {"method": "GET"}, {"method": 1, "path": "/"}])
def test_a_message_without_a_request_is_a_400(play: Playbook, inner: object) -> None:
    assert play >> frame("message", http_request=inner) << error(400, 20001)


def test_a_status_nobody_has_heard_of_has_words_all_the_same() -> None:
    assert (Answer(204).reason, Answer(299).reason) == ("No Content", "Unknown")


def test_a_request_keeps_its_parts() -> None:
    one = Request("GET", "/a/b", ("a", "b"), {}, {"x": 1})
    assert one.fields == {"x": 1}


# --- users ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("identity", ["bob", ODD])
def test_a_user_is_a_map(play: Playbook, identity: str) -> None:
    objects = {"sync_objects": {"user_info_map": sync.name_of(map_of(identity))}}
    path = f"{USERS}/{quote(identity, safe='')}"
    assert play >> request("GET", path) << answered(200, objects)


def test_a_user_nobody_knows_is_a_404(play: Playbook) -> None:
    assert play >> request("GET", f"{USERS}/nobody") << error(404, 20404)
    assert play >> request("POST", f"{USERS}/nobody", {}) << error(404, 20404)


def test_one_edits_oneself(play: Playbook) -> None:
    edit = UserEdited(SERVICE, play.user().sid, "Al", '{"a":1}')
    body = {"friendly_name": "Al", "attributes": '{"a":1}'}
    assert play >> request("POST", f"{USERS}/alice", body) << Submit(edit) << answered(200, {})
    assert play.user().friendly_name == "Al"


def test_a_friendly_name_can_be_taken_back(play: Playbook) -> None:
    edit = Submit(UserEdited(SERVICE, play.user().sid, None))
    body = {"friendly_name": None}
    assert play >> request("POST", f"{USERS}/alice", body) << edit << answered(200)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"attributes": {"an": "object"}}, 50304),
        ({"friendly_name": 7}, 20001),
        ([], 20001),
        (None, 20001),
    ],
)
def test_a_bad_edit_is_refused(play: Playbook, body: object, code: int) -> None:
    assert play >> request("POST", f"{USERS}/alice", body) << error(400, code)


def test_the_core_refuses_attributes_that_are_not_json(play: Playbook) -> None:
    assert (
        play
        >> request("POST", f"{USERS}/alice", {"attributes": "{"})
        << Submit(UserEdited(SERVICE, play.user().sid, attributes="{"))
        << error(400, 50304)
    )


def test_a_body_that_is_not_json_is_refused_or_not_read(play: Playbook) -> None:
    inner = {"method": "POST", "path": f"{USERS}/alice"}
    assert play >> frame("message", http_request=inner, payload_type="x") << error(400, 20001)
    broken = twilsock_with(b"{", http_request=inner)
    assert play >> broken << error(400, 20001)
    form = twilsock_with(
        b"a=1", http_request=inner, payload_type="application/x-www-form-urlencoded"
    )
    assert play >> form << error(400, 20001)


def twilsock_with(payload: bytes, **header: object) -> Received:
    """A `message` with any bytes inside."""
    fields = {"method": "message", "id": "c1", **header, "payload_size": len(payload)}
    head = json.dumps(fields).encode()
    return Received(b"TWILSOCK V3.0 %d\r\n%b\r\n%b" % (len(head), head, payload))


def test_editing_others_needs_a_role_that_may(play: Playbook) -> None:
    body = {"friendly_name": "B"}
    edit = Submit(UserEdited(SERVICE, play.user("bob").sid, "B"))
    assert (
        play
        >> request("POST", f"{USERS}/bob", body)
        << Logged("'alice' may not edit 'bob': its role lacks editAnyUserInfo", warns=True)
        << error(403, 54007)
    )
    admin = derived("RL", SERVICE, "service admin")
    play.world.submit(UserEdited(SERVICE, play.user().sid, role_sid=admin))
    assert play >> request("POST", f"{USERS}/bob", body) << edit << answered(200)


def test_a_role_may_keep_one_from_editing_oneself(play: Playbook) -> None:
    mute = Role("RL" + "9" * 32, SERVICE, "mute", RoleType.SERVICE, (), START, START)
    play.world.store.commit(Changes(puts=(mute,)))
    play.world.submit(UserEdited(SERVICE, play.user().sid, role_sid=mute.sid))
    assert play >> request("POST", f"{USERS}/alice", {}) << error(403, 54007)


def test_a_deleted_editor_may_edit_nobody(play: Playbook) -> None:
    play.world.submit(UserDeleted(SERVICE, play.user().sid))
    assert play >> request("POST", f"{USERS}/bob", {}) << error(403, 54007)


# --- maps ----------------------------------------------------------------------------------------


def test_a_map_is_found_by_sid_and_by_name_with_items_if_asked(play: Playbook) -> None:
    sid = map_of("bob")
    root = {"sid": sid, "unique_name": sync.name_of(sid), "date_expires": None}
    assert play >> request("GET", f"/v3/Maps/{sid}") << answered(200, root)
    assert "items" not in root_of(play, sid)
    items = root_of(play, sync.name_of(sid), Include="items")["items"]
    assert {item["key"]: item["data"] for item in items} == {
        "friendlyName": {"value": None},
        "attributes": {"value": "{}"},
        "reachability": {"online": None, "notifiable": None},
    }


def root_of(play: Playbook, name: str, **params: str) -> Any:
    """What the client reads of a map."""
    (sent,) = play.feed(request("GET", f"/v3/Maps/{name}", **params))
    assert isinstance(sent, Send)
    return twilsock.read(sent.data).json()


def test_a_map_shows_what_a_fetch_shows(play: Playbook) -> None:
    items = root_of(play, map_of("alice"), Include="items")["items"]
    assert items[-1]["data"] == {"online": True, "notifiable": None}


def test_while_the_indicator_is_off_a_map_does_not_show_it(play: Playbook) -> None:
    root_of(play, map_of("alice"))
    play.world.submit(ServiceConfigured(SERVICE, reachability_enabled=False))
    items = root_of(play, map_of("alice"), Include="items")["items"]
    assert [item["key"] for item in items] == ["friendlyName", "attributes"]


def test_one_item_can_be_asked_for(play: Playbook) -> None:
    path = f"/v3/Maps/{map_of('bob')}/Items"
    one = {"items": [], "meta": {"previous_token": None, "next_token": None}}
    assert play >> request("GET", path, Key="no%2Fsuch") << answered(200, one)
    (sent,) = play.feed(request("GET", path, Key="attributes"))
    assert isinstance(sent, Send)
    (item,) = twilsock.read(sent.data).json()["items"]  # type: ignore[index] # it is an object
    assert (item["key"], item["data"]) == ("attributes", {"value": "{}"})


@pytest.mark.parametrize("suffix", ["", "/Items"])
def test_a_map_nobody_has_is_a_404(play: Playbook, suffix: str) -> None:
    assert play >> request("GET", f"/v3/Maps/MP1{suffix}") << error(404, 20404)


def test_after_the_service_is_gone_everything_is_a_404(play: Playbook) -> None:
    assert play.session.claims is not None
    play.session.claims = replace(play.session.claims, service_sid="IS" + "9" * 32)
    assert play >> request("GET", "/Client/v2/Configuration") << error(404, 20404)


# --- subscriptions -------------------------------------------------------------------------------


def test_a_subscription_replays_what_was_missed_and_then_stands(play: Playbook) -> None:
    root = root_of(play, map_of("bob"))
    last = root["last_event_id"]
    play.world.submit(Connected(SERVICE, "bob", "tab", "US" + "e" * 32))
    play.view.board.refresh(play.service, play.user("bob"), play.view.policy, START)
    online = {"item_key": "reachability", "item_data": {"online": True, "notifiable": None}}
    assert (
        play
        >> poke(map_of("bob"), last=last)
        << answered(200, {"max_batch_size": 100, "ttl_in_s": -1})
        << Watch(map_of("bob"))
        << pushed("map_item_updated", {"id": last + 1, **online}, strictly_ordered=True)
        << pushed(
            "subscription_established",
            {"object_sid": map_of("bob"), "replay_status": "completed", "last_event_id": last + 1},
            correlation_id=1234567890123,
        )
    )


def test_a_replay_is_compacted_so_nothing_flips_in_vain(play: Playbook) -> None:
    """Away while Bob left and came back, the client sees no change at all, only `true` again."""
    play.world.submit(Connected(SERVICE, "bob", "tab", "US" + "e" * 32))
    last = root_of(play, map_of("bob"))["last_event_id"]
    for fact in (Disconnected, Connected):
        more = ("US" + "e" * 32,) if fact is Connected else ()
        play.world.submit(fact(SERVICE, "bob", "tab", *more))
        play.view.board.refresh(play.service, play.user("bob"), play.view.policy, START)
    assert (
        play
        >> poke(map_of("bob"), last=last)
        << answered(200)
        << Watch(map_of("bob"))
        << pushed("map_item_updated", {"item_data": {"online": True, "notifiable": None}})
        << pushed("subscription_established", {})
    )


def test_while_the_indicator_is_off_it_is_not_replayed(play: Playbook) -> None:
    root_of(play, map_of("bob"))
    play.world.submit(ServiceConfigured(SERVICE, reachability_enabled=False))
    assert (
        play
        >> poke(map_of("bob"))
        << answered(200)
        << Watch(map_of("bob"))
        << pushed("map_item_updated", {"item_key": "friendlyName"})
        << pushed("map_item_updated", {"item_key": "attributes"})
        << pushed("subscription_established", {})
    )


def test_a_subscription_ends(play: Playbook) -> None:
    sid = map_of("bob")
    play.feed(poke(sid))
    assert (
        play
        >> poke(sid, action="cancel")
        << answered(200)
        << Unwatch(sid)
        << pushed("subscription_canceled", {"object_sid": sid}, correlation_id=1234567890123)
    )


def test_a_user_not_here_yet_is_waited_for(play: Playbook) -> None:
    """After a restart the watcher may be back before the watched: the SDK asks again."""
    assert play >> poke(map_of("carol")) << answered(200) << Logged("subscription waits")
    play.world.submit(UserCreated(SERVICE, "US" + "d" * 32, "carol"))
    play.feed(poke(map_of("carol")))
    assert play.view.board.looked_at(SERVICE)[-1] == "carol"


def test_a_deleted_user_is_not_waited_for(play: Playbook) -> None:
    play.world.submit(UserDeleted(SERVICE, play.user("bob").sid))
    gone = {"object_sid": map_of("bob"), "error": {"status": 404}}
    assert play >> poke(map_of("bob")) << answered(200) << pushed("subscription_failed", gone)


def test_who_was_away_when_a_user_was_deleted_sees_it_go_first(play: Playbook) -> None:
    sid = map_of("bob")
    play.world.submit(Connected(SERVICE, "bob", "tab", "US" + "e" * 32))
    last = root_of(play, sid)["last_event_id"]
    play.world.submit(UserDeleted(SERVICE, play.user("bob").sid))
    seen = {"item_key": "reachability", "item_data": {"online": False, "notifiable": None}}
    failed = pushed("subscription_failed", {"object_sid": sid})
    assert (
        play
        >> poke(sid, last=last)
        << answered(200)
        << pushed("map_item_updated", seen)
        << failed
        >> poke(sid)
        << answered(200)
        << pushed("map_item_updated", seen)
        << failed
        >> poke(sid, last=last + 10**6)
        << answered(200)
        << failed
    )
    play.world.submit(ServiceConfigured(SERVICE, reachability_enabled=False))
    assert play >> poke(sid) << answered(200) << failed


def test_what_is_no_map_does_not_exist(play: Playbook) -> None:
    failed = {"object_sid": "ES1", "object_type": "list"}
    assert (
        play >> poke("ES1", kind="list") << answered(200) << pushed("subscription_failed", failed)
    )


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"action": "dance", "requests": []},
        {"action": ["establish"], "requests": []},
        {"action": "establish", "requests": {}},
        {"action": "establish", "requests": [{}] * 101},
        {"action": "establish", "requests": [], "correlation_id": "x" * 1_000_000},
        {"action": "establish", "requests": [], "correlation_id": 10**4000},
        {"action": "establish", "requests": [], "correlation_id": [1]},
    ],
)
def test_a_bad_request_for_subscriptions_is_a_400(play: Playbook, body: object) -> None:
    assert play >> request("POST", "/v4/Subscriptions", body) << error(400, 20001)


def test_in_a_good_one_the_bad_parts_are_left_out(play: Playbook) -> None:
    body = {"action": "cancel", "requests": [1, {}, {"object_sid": 7}, {"object_sid": "M" * 257}]}
    assert play >> request("POST", "/v4/Subscriptions", body) << answered(200)


def test_what_is_repeated_in_an_answer_is_short(play: Playbook) -> None:
    failed = {"object_sid": "ES1", "object_type": None}
    asked = poke("ES1", kind="list" * 1000)
    assert play >> asked << answered(200) << pushed("subscription_failed", failed)


# --- push registrations --------------------------------------------------------------------------


def registration(address: str = "pixel", kind: str = "fcm") -> Any:
    types = ["twilio.conversations.new_message", "twilio.ipmsg.typing_indicator", 7]
    body = {"channel_type": kind, "data": {"registration_id": address}, "message_types": types}
    return request("POST", REGISTRATIONS, body, productId="ip_messaging")


def test_a_registration_is_a_binding_with_the_tokens_credential(play: Playbook) -> None:
    effects = play.feed(registration())
    (fact,) = [one.fact for one in effects if isinstance(one, Submit)]
    assert isinstance(fact, PushRegistered)
    assert (fact.type, fact.endpoint) == (BindingType.FCM, "pixel")
    assert (fact.credential_sid, fact.message_types) == (CREDENTIAL, ("new_message",))
    assert answered(201, {"id": fact.sid}).matches(effects[-1])
    assert play.user().push_bindings == {fact.sid}


def test_without_a_credential_in_the_token_the_log_says_so() -> None:
    play = Playbook()
    play.feed(init())
    effects = play.feed(registration(kind="apn"))
    assert Logged("has no push_credential_sid", warns=True).matches(effects[0])
    assert answered(201).matches(effects[-1])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"channel_type": "twilsock", "data": {"registration_id": "x"}}, 50209),
        ({"channel_type": None, "data": {"registration_id": "x"}}, 50209),
        ({"channel_type": "fcm", "data": {"registration_id": ""}}, 20001),
        ({"channel_type": "fcm", "data": {"registration_id": "x" * 4097}}, 20001),
        ({"channel_type": "fcm", "data": "x"}, 20001),
        ("fcm", 20001),
    ],
)
def test_a_bad_registration_is_refused(play: Playbook, body: object, code: int) -> None:
    assert play >> request("POST", REGISTRATIONS, body) << error(400, code)


def test_message_types_may_be_left_out(play: Playbook) -> None:
    body = {"channel_type": "fcm", "data": {"registration_id": "x"}, "message_types": "all"}
    effects = play.feed(request("POST", REGISTRATIONS, body))
    assert answered(201).matches(effects[-1])


def test_a_registration_ends_by_its_id(play: Playbook) -> None:
    play.feed(registration())
    (sid,) = play.user().push_bindings
    assert (
        play
        >> request("DELETE", f"{REGISTRATIONS}/{sid}", {})
        << Submit(PushUnregistered(SERVICE, sid))
        << answered(204)
        >> request("DELETE", f"{REGISTRATIONS}/{sid}", {})
        << answered(204)
    )


def test_a_registration_ends_by_its_address(play: Playbook) -> None:
    play.feed(registration("pixel"))
    play.feed(registration("tablet"))
    body = {"binding_type": "fcm", "address": "pixel"}
    play.feed(request("DELETE", REGISTRATIONS, body))
    (left,) = play.world.store.bindings_of(play.user())
    assert left.endpoint == "tablet"


def test_nobody_ends_anothers_registration(play: Playbook) -> None:
    sid = "BS" + "4" * 32
    fact = PushRegistered(SERVICE, "bob", sid, "US" + "e" * 32, BindingType.FCM, "bobs")
    play.world.submit(fact)
    assert play >> request("DELETE", f"{REGISTRATIONS}/{sid}", {}) << answered(204)
    assert play.user("bob").push_bindings == {sid}


def test_a_deleted_user_has_no_registrations_to_end(play: Playbook) -> None:
    play.world.submit(UserDeleted(SERVICE, play.user().sid))
    assert play >> request("DELETE", f"{REGISTRATIONS}/BS1", {}) << answered(204)
