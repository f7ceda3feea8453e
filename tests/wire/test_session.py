"""One SDK's connection, from init to goodbye, without a socket."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reachability_mock.core.facts import (
    Connected,
    ConnectionLost,
    Disconnected,
    ServiceCreated,
    ServiceDeleted,
    UserDeleted,
)
from reachability_mock.core.sids import default_service_sid
from reachability_mock.keyring import Access
from reachability_mock.wire import twilsock
from reachability_mock.wire.session import TABLE, Stage
from reachability_mock.wire.session_words import (
    Close,
    ClosedElsewhere,
    CloseLater,
    Dismissed,
    Ended,
    InitAwaited,
    InitRefusal,
    Input,
    Received,
    ReceivedText,
    Submit,
    TimePassed,
    Unwatch,
    Wake,
    Watch,
)
from tests.wire.playbook import (
    DEVICE,
    SERVICE,
    START,
    Later,
    Logged,
    Playbook,
    Sent,
    answered,
    frame,
    init,
    map_of,
    pushed,
    replied,
    request,
    signed_by,
    token_of,
)

OTHER_SERVICE = "IS" + "b" * 32


def connected(play: Playbook, identity: str = "alice") -> Submit:
    """The fact of the first init in a playbook: its SID is the next one of the seed."""
    return Submit(Connected(SERVICE, identity, DEVICE, play.user(identity).sid))


def ready(identity: str = "alice", *, enabled: bool = True) -> Playbook:
    """A playbook that begins after a good init."""
    play = Playbook(enabled=enabled)
    play.feed(init(identity))
    return play


GONE = Submit(Disconnected(SERVICE, "alice", DEVICE))
SUBSCRIBE = request(
    "POST",
    "/v4/Subscriptions",
    {
        "action": "establish",
        "correlation_id": 7,
        "requests": [{"object_sid": map_of("alice"), "object_type": "map", "last_event_id": None}],
    },
)

# --- who is let in -------------------------------------------------------------------------------


def test_a_good_init_connects_the_user() -> None:
    play = Playbook()
    effects = play.feed(init("alice"))
    assert [one for one in effects if isinstance(one, Submit)] == [connected(play)]
    assert replied(200).matches(effects[2])
    assert play.user().is_connected
    assert play.session.stage is Stage.READY


def test_before_init_nobody_is_connected_and_nothing_is_answered() -> None:
    play = Playbook()
    assert (
        play
        >> request("GET", "/Client/v2/Configuration")
        << replied(401)
        >> frame("update", token=token_of())
        << replied(401)
        >> frame("put_notification_ctx", notification_ctx_id="x")
        << replied(401)
    )
    assert play.world.store.user_by_identity(SERVICE, "alice") is None


def test_a_refused_token_may_be_followed_by_a_better_one_on_the_same_socket() -> None:
    play = Playbook()
    assert (
        play
        >> init("alice", signer=signed_by("1" * 32))
        << Logged("it was signed with another secret", warns=True)
        << replied(401, errorCode=20107)
    )
    play.feed(init("alice"))
    assert play.session.stage is Stage.READY


def test_a_token_for_an_unknown_service_is_forbidden_and_the_log_names_the_default_one() -> None:
    assert (
        Playbook()
        >> init(service_sid=OTHER_SERVICE)
        << Logged(f"its default service is {SERVICE}", warns=True)
        << replied(403, errorCode=20106)
    )


def test_another_accounts_service_is_unknown() -> None:
    play = Playbook(Access.OPEN)
    play.world.open_account("AC" + "5" * 32)
    play.world.submit(ServiceCreated("AC" + "5" * 32, OTHER_SERVICE, "theirs"))
    assert play >> init(service_sid=OTHER_SERVICE) << replied(403, errorCode=20106)


def test_an_identity_that_cannot_be_a_user_is_forbidden() -> None:
    assert (
        Playbook()
        >> init("system")
        << Logged("token accepted")
        << Submit(Connected(SERVICE, "system", DEVICE, Playbook().world.new_sid("US")))
        << Logged("cannot be a user: Identity reserved", warns=True)
        << replied(403, errorCode=20106)
    )


def test_an_open_account_is_born_with_its_first_token_and_the_log_says_unchecked() -> None:
    play = Playbook(Access.OPEN)
    stranger = "AC" + "9" * 32
    signer = replace(signed_by("whatever" * 4), account_sid=stranger, key_sid="SK" + "7" * 32)
    effects = play.feed(init("zoe", signer=signer, service_sid=default_service_sid(stranger)))
    assert play.session.stage is Stage.READY
    assert any(Logged("the token's signature was not checked").matches(one) for one in effects)
    assert play.world.store.account(stranger) is not None


def test_a_second_init_is_told_that_one_socket_is_one_connection() -> None:
    assert ready() >> init("bob") << replied(400)


def test_a_refusal_can_be_asked_for() -> None:
    play = Playbook()
    play.view.refusals.append(InitRefusal(429, 20429, "Too many requests"))
    assert play >> init() << replied(429, errorCode=20429, description="Too many requests")
    play.feed(init())
    assert play.session.stage is Stage.READY


# --- what always works ---------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["reply", "telemetry.v1"])
def test_what_waits_for_no_answer_gets_none(method: str) -> None:
    assert ready() >> frame(method, {"events": []}, status={"code": 200})
    assert Playbook() >> frame(method)


def test_notification_contexts_are_accepted() -> None:
    assert (
        ready()
        >> frame("put_notification_ctx", {"a": 1}, notification_ctx_id="x")
        << replied(200)
        >> frame("delete_notification_ctx", notification_ctx_id="x")
        << replied(200)
    )


def test_an_unknown_method_is_an_answer_not_an_end() -> None:
    assert ready() >> frame("dance") << Logged("an unknown method: 'dance'") << replied(400)


# --- token life ----------------------------------------------------------------------------------


def test_the_client_is_warned_before_its_token_expires_and_closed_when_it_does() -> None:
    play = ready()
    assert (
        play
        >> Later(3600 - 181)
        >> Later(1)
        << Sent("client_update", {"client_update_type": "token_about_to_expire"})
        >> Later(100)
        >> Later(80)
        << Sent("close", {"status": {"code": 410, "status": "Gone"}})
        << GONE
        << CloseLater(10.0)
    )
    assert not play.user().is_connected


def test_the_alarm_is_set_for_both_moments() -> None:
    wakes = [one.at for one in Playbook().feed(init(ttl=100)) if isinstance(one, Wake)]
    assert wakes == [START + timedelta(seconds=90), START + timedelta(seconds=100)]


def test_how_long_before_is_a_setting() -> None:
    play = Playbook()
    play.world.settings.update({"token_warning": "20s"})
    wakes = [one.at for one in play.feed(init()) if isinstance(one, Wake)]
    assert wakes == [START + timedelta(seconds=3580), START + timedelta(seconds=3600)]


def test_an_expired_token_is_noticed_before_what_the_client_says() -> None:
    play = ready()
    play.now += timedelta(hours=2)
    assert (
        play
        >> request("GET", "/Client/v2/Configuration")
        << Sent("close", {"status": {"code": 410}})
        << GONE
        << CloseLater(10.0)
        << replied(401)
    )


def test_an_update_extends_the_life_of_a_connection() -> None:
    play = ready()
    play.now = START + timedelta(seconds=3500)
    play.feed(TimePassed())
    assert (
        play
        >> frame("update", token=token_of(now=play.now))
        << replied(200)
        << Logged("token updated")
        >> Later(3600 - 180)
        << Sent("client_update", {"client_update_type": "token_about_to_expire"})
    )


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ({"token": token_of("bob")}, 403),
        ({"token": token_of(service_sid=OTHER_SERVICE)}, 403),
        ({"token": "garbage"}, 401),
        ({"token": None}, 401),
        ({}, 401),
    ],
)
def test_a_bad_update_is_refused_and_the_connection_goes_on(
    token: dict[str, object], code: int
) -> None:
    play = ready()
    assert play >> frame("update", **token) << replied(code)
    assert play.user().is_connected


# --- endings -------------------------------------------------------------------------------------


def test_close_is_a_goodbye_at_once() -> None:
    play = ready()
    assert play >> frame("close") << GONE << Close(1000, "goodbye") >> Ended(goodbye=True)
    assert not play.user().is_connected


def test_a_closed_websocket_is_a_goodbye_too() -> None:
    assert ready() >> Ended(goodbye=True) << Logged("closed by the client") << GONE


def test_a_socket_that_vanishes_is_lost() -> None:
    lost = Submit(ConnectionLost(SERVICE, "alice", DEVICE))
    assert ready() >> Ended(goodbye=False) << Logged("lost") << lost


@pytest.mark.parametrize("code", [1002, 1007, 1009])
def test_a_socket_whose_client_was_at_fault_is_no_loss_and_the_log_says_so(code: int) -> None:
    ended = Ended(goodbye=False, code=code, reason="bad bits")
    fault = Logged(f"closed: bad bits ({code})", warns=True)
    assert ready() >> ended << fault << GONE
    assert Playbook() >> ended << fault
    left = ready()
    left.feed(Dismissed(401, "Unauthorized"))
    assert left >> ended << fault
    nameless = Ended(goodbye=False, code=code)
    assert ready() >> nameless << Logged(f"closed: broken ({code})", warns=True) << GONE


@pytest.mark.parametrize("goodbye", [True, False])
def test_the_end_of_a_socket_that_was_asked_to_go_is_no_news(
    goodbye: bool,  # noqa: FBT001 - a case, not a flag
) -> None:
    play = ready()
    play.feed(Dismissed(401, "Unauthorized"))
    assert play.feed(Ended(goodbye)) == []


def test_a_socket_that_never_said_who_it_was_ends_without_a_fact() -> None:
    assert Playbook() >> Ended(goodbye=False) << Logged("lost")
    assert Playbook() >> Ended(goodbye=True) << Logged("closed by the client")
    assert Playbook() >> frame("close") << Close(1000, "goodbye")


def test_no_init_in_time_ends_it_and_an_init_in_time_does_not() -> None:
    assert Playbook() >> InitAwaited() << Close(1008, "no init came")
    assert ready() >> InitAwaited()


def test_an_offload_counts_as_lost_and_the_client_closes_the_socket() -> None:
    assert (
        ready()
        >> Dismissed(308, "Offload", reconnect_min_ms=1500)
        << Sent(
            "close",
            {"id": "sdk-1.1", "status": {"code": 308}},
            {"backoff_policy": {"reconnect_min_ms": 1500}},
        )
        << Submit(ConnectionLost(SERVICE, "alice", DEVICE))
        << CloseLater(10.0)
        >> frame("reply", status={"code": 200})
        >> request("GET", "/Client/v2/Configuration")
        << replied(401)
        >> Ended(goodbye=True)
        >> frame("dance")
    )


def test_an_offload_counts_as_closed_if_the_setting_says_so() -> None:
    play = ready()
    play.world.settings.update({"offload": "closed"})
    assert play >> Dismissed(308, "Offload") << Sent("close") << GONE << CloseLater(10.0)


def test_only_the_initialised_can_be_asked_to_go() -> None:
    assert Playbook() >> Dismissed(308, "Offload")


def test_a_connection_closed_elsewhere_needs_no_fact() -> None:
    assert ready() >> ClosedElsewhere() << Close(1012, "closed from outside")
    assert Playbook() >> ClosedElsewhere()


def test_a_service_that_is_gone_does_not_stop_a_goodbye() -> None:
    play = Playbook(enabled=False)
    play.world.submit(ServiceCreated("AC" + "0" * 32, OTHER_SERVICE, "short-lived"))
    play.feed(init(service_sid=OTHER_SERVICE))
    play.world.submit(ServiceDeleted(OTHER_SERVICE))
    assert (
        play
        >> frame("close")
        << Submit(Disconnected(OTHER_SERVICE, "alice", DEVICE))
        << Logged("its service is gone")
        << Close(1000, "goodbye")
    )


def test_what_was_watched_is_let_go_with_the_socket() -> None:
    play = ready()
    assert (
        play
        >> SUBSCRIBE
        << answered(200)
        << Watch(map_of("alice"))
        << pushed("map_item_updated", {"item_key": "friendlyName"})
        << pushed("map_item_updated", {"item_key": "attributes"})
        << pushed("map_item_updated", {"item_key": "reachability"})
        << pushed("subscription_established", {"replay_status": "completed"}, correlation_id=7)
        >> frame("close")
        << Unwatch(map_of("alice"))
        << GONE
        << Close(1000, "goodbye")
    )


# --- hostile frames ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "a frame begins with TWILSOCK V3.0 and its header's size"),
        (b"TWILSOCK V2.0 2\r\n{}\r\n", "a frame begins with TWILSOCK V3.0 and its header's size"),
        (b"TWILSOCK V3.0 9\r\n{}\r\n", "the header does not end where its size says"),
        (b"TWILSOCK V3.0 2\r\n[]\r\n", "the header is not a JSON object"),
        (b"TWILSOCK V3.0 2\r\n{]\r\n", "the header is not JSON"),
        (twilsock.write("init", "i") + b"more", "payload_size is not the payload's size"),
    ],
)
def test_a_malformed_frame_ends_its_own_connection_with_a_reason(data: bytes, reason: str) -> None:
    play = ready()
    assert (
        play
        >> Received(data)
        << Logged(reason, warns=True)
        << GONE
        << Close(1008, reason)
        >> Received(b"more of it")
        >> ReceivedText()
    )


def test_text_and_oversized_frames_end_it_too() -> None:
    assert ready() >> ReceivedText() << GONE << Close(1003, "frames are binary, this was text")
    large = bytes(twilsock.LARGEST_FRAME + 1)
    assert Playbook() >> Received(large) << Close(1009, f"a frame has {len(large)} bytes")


def test_every_stage_but_the_last_is_in_the_table() -> None:
    assert set(TABLE) == set(Stage) - {Stage.OVER}


# --- arbitrary conversations ---------------------------------------------------------------------

_METHODS = [*sorted({method for row in TABLE.values() for method in row}), "unheard-of"]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(map_of("alice")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_PATHS = st.sampled_from(
    [
        "/Client/v2/Configuration",
        "/Client/v2/MyConversations",
        "/Client/v2/Users/alice",
        "/Client/v2/Users/nobody",
        f"/v3/Maps/{map_of('alice')}",
        f"/v3/Maps/{map_of('alice')}/Items",
        "/v4/Subscriptions",
        "/v1/registrations",
        "/v1/registrations/BS1",
        "/",
        "",
        "no-slash",
    ]
)
_REQUESTS = st.builds(
    lambda method, path, body, params: frame(
        "message", body, http_request={"method": method, "path": path, "params": params}
    ),
    st.sampled_from(["GET", "POST", "DELETE", "PATCH"]),
    _PATHS,
    _JSON
    | st.fixed_dictionaries(
        {},
        optional={
            "action": st.sampled_from(["establish", "cancel"]),
            "requests": st.lists(
                st.fixed_dictionaries(
                    {"object_sid": _JSON, "object_type": st.sampled_from(["map", "list"])},
                    optional={"last_event_id": _JSON},
                )
                | _JSON,
                max_size=3,
            ),
            "friendly_name": _JSON,
            "attributes": _JSON,
            "channel_type": st.sampled_from(["fcm", "apn", "twilsock", 1]),
            "binding_type": st.sampled_from(["fcm", "apn", None]),
            "data": _JSON | st.fixed_dictionaries({"registration_id": _JSON}),
            "address": _JSON,
            "message_types": _JSON,
        },
    ),
    _JSON,
)
_INPUTS: st.SearchStrategy[Input | Later] = st.one_of(
    st.builds(Received, st.binary(max_size=60)),
    st.builds(frame, st.sampled_from(_METHODS), _JSON),
    st.builds(
        lambda method, inner: frame(method, http_request=inner, token=inner),
        st.sampled_from(_METHODS),
        _JSON,
    ),
    _REQUESTS,
    st.just(init("alice")),
    st.just(frame("update", token=token_of())),
    st.just(SUBSCRIBE),
    st.sampled_from([ReceivedText(), TimePassed(), InitAwaited(), ClosedElsewhere()]),
    st.builds(Later, st.sampled_from([1.0, 1000.0, 4000.0])),
    st.just(Dismissed(308, "Offload", 5)),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_INPUTS, max_size=12), st.booleans())
def test_whatever_is_said_the_truth_has_one_owner(
    happenings: list[Input | Later],
    goodbye: bool,  # noqa: FBT001 - drawn, not called
) -> None:
    """The user is connected exactly while the session is ready, and never after the end."""
    play = Playbook()
    watched: set[str] = set()
    for happened in [*happenings, Ended(goodbye=goodbye)]:
        closed = play.session.stage is Stage.OVER
        if isinstance(happened, ClosedElsewhere):
            play.world.submit(Disconnected(SERVICE, "alice", DEVICE))
        for effect in play.feed(happened):
            assert not closed, f"{effect} from a connection that is over"
            watched |= {effect.sid} if isinstance(effect, Watch) else set()
            watched -= {effect.sid} if isinstance(effect, Unwatch) else set()
            closed = isinstance(effect, Close)
        user = play.world.store.user_by_identity(SERVICE, "alice")
        assert (user is not None and user.is_connected) is (play.session.stage is Stage.READY)
    assert play.session.stage is Stage.OVER
    assert watched == set()


def test_a_user_deleted_meanwhile_is_not_made_anew_by_the_goodbye() -> None:
    play = ready()
    play.world.submit(UserDeleted(SERVICE, play.user().sid))
    assert play >> frame("close") << GONE << Close(1000, "goodbye")
    assert play.world.store.user_by_identity(SERVICE, "alice") is None
