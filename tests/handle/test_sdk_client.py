"""The stand-in for a client SDK."""

import pytest

from reachability_mock import ReachabilityMock
from reachability_mock.lookup import NoSuch
from reachability_mock.sdk_client import Updated


def test_a_client_is_online_itself(mock: ReachabilityMock) -> None:
    mock.enable()
    with mock.sdk_client("bob") as bob:
        assert bob.reachability_enabled is True
        assert (bob.user.identity, bob.user.is_online, bob.user.is_notifiable) == (
            "bob",
            True,
            None,
        )
        assert mock.users["bob"].devices == ("sdk",)
    assert mock.users["bob"].is_online is False


def test_a_client_is_told_of_those_it_asked_for(mock: ReachabilityMock) -> None:
    mock.enable()
    mock.connect("alice")
    bob = mock.sdk_client("bob")
    alice = bob.get_user("alice")
    assert alice.is_online is True
    mock.disconnect("alice")
    mock.register_push("alice")
    assert (alice.is_online, alice.is_notifiable) == (False, True)
    assert bob.updates == [
        Updated("alice", ("reachabilityOnline",), is_online=False, is_notifiable=None),
        Updated("alice", ("reachabilityNotifiable",), is_online=False, is_notifiable=True),
    ]
    assert bob.get_user("alice") is alice
    assert bob.subscribed_users() == [bob.user, alice]


def test_nothing_is_seen_of_others(mock: ReachabilityMock) -> None:
    mock.enable()
    bob = mock.sdk_client("bob")
    mock.connect("alice")
    mock.connect("bob", "another")
    assert bob.updates == []


def test_of_the_same_identity_elsewhere_nothing_is_seen(mock: ReachabilityMock) -> None:
    mock.service("support")
    mock.enable("support")
    mock.enable()
    mock.connect("alice")
    bob = mock.sdk_client("bob")
    bob.get_user("alice")
    mock.connect("alice", service="support")
    mock.disable("support")
    assert bob.updates == []
    assert bob.get_user("alice").is_online is True


def test_unsubscribed_it_hears_no_more(mock: ReachabilityMock) -> None:
    mock.enable()
    mock.connect("alice")
    bob = mock.sdk_client("bob")
    bob.get_user("alice")
    bob.unsubscribe("alice")
    mock.disconnect("alice")
    assert bob.updates == []


def test_other_changes_have_their_reasons(mock: ReachabilityMock) -> None:
    bob = mock.sdk_client("bob")
    mock.client().conversations.v1.users("bob").update(friendly_name="Bob", attributes="[]")
    assert [one.reasons for one in bob.updates] == [("friendlyName",), ("attributes",)]


def test_while_it_is_off_what_was_known_stays_and_when_it_is_on_again_what_differs_is_told(
    mock: ReachabilityMock,
) -> None:
    mock.enable()
    mock.connect("alice")
    bob = mock.sdk_client("bob")
    alice = bob.get_user("alice")
    mock.disable()
    assert bob.reachability_enabled is True
    mock.client().conversations.v1.users("alice").update(friendly_name="Alice")
    mock.disconnect("alice")
    assert (alice.is_online, bob.user.is_online) == (True, True)
    assert [one.reasons for one in bob.updates] == [("friendlyName",)]
    bob.updates.clear()
    mock.enable()
    assert (alice.is_online, bob.user.is_online) == (None, True)
    assert bob.updates == [
        Updated("alice", ("reachabilityOnline",), is_online=None, is_notifiable=None)
    ]


def test_both_properties_of_reachability_are_one_update(mock: ReachabilityMock) -> None:
    mock.connect("alice")
    bob = mock.sdk_client("bob")
    bob.get_user("alice")
    bob.unsubscribe("bob")
    mock.register_push("alice")
    mock.enable()
    both = ("reachabilityOnline", "reachabilityNotifiable")
    assert bob.updates == [Updated("alice", both, is_online=True, is_notifiable=True)]


def test_the_flag_is_as_at_the_start_and_no_first_look_goes_past_it(
    mock: ReachabilityMock,
) -> None:
    mock.connect("alice")
    bob = mock.sdk_client("bob")
    mock.enable()
    assert bob.reachability_enabled is False
    assert bob.get_user("alice").is_online is None
    mock.disable()
    assert bob.reachability_enabled is False


def test_a_deleted_user_is_seen_to_go_and_one_of_its_name_is_another(
    mock: ReachabilityMock,
) -> None:
    mock.enable()
    mock.register_push("alice")
    bob = mock.sdk_client("bob")
    alice = bob.get_user("alice")
    mock.client().conversations.v1.users("alice").delete()
    gone = Updated("alice", ("reachabilityNotifiable",), is_online=None, is_notifiable=False)
    assert bob.updates == [gone]
    mock.connect("alice")
    mock.disable()
    mock.enable()
    assert bob.updates == [gone]
    assert bob.get_user("alice") is alice
    bob.unsubscribe("alice")
    assert bob.get_user("alice").is_online is True


def test_while_it_is_off_a_deleted_user_is_not_seen_to_go(mock: ReachabilityMock) -> None:
    mock.enable()
    mock.connect("alice")
    mock.connect("carol")
    bob = mock.sdk_client("bob")
    alice, _ = bob.get_user("alice"), bob.get_user("carol")
    mock.disable()
    mock.client().conversations.v1.users("alice").delete()
    mock.client().conversations.v1.users("carol").delete()
    mock.enable()
    assert alice.is_online is True
    assert bob.updates == []


def test_a_client_of_a_deleted_user_hears_no_more(mock: ReachabilityMock) -> None:
    mock.enable()
    mock.connect("alice")
    bob = mock.sdk_client("bob")
    bob.get_user("alice")
    mock.client().conversations.v1.users("bob").delete()
    mock.disconnect("alice")
    bob.disconnect()
    assert [(one.identity, one.is_online) for one in bob.updates] == [("bob", False)]
    assert list(mock.users) == ["alice"]


def test_a_delayed_change_is_told_when_it_shows(mock: ReachabilityMock) -> None:
    mock.settings.update({"online_delay": "5s"})
    mock.enable()
    bob = mock.sdk_client("bob")
    assert bob.user.is_online is None
    mock.clock.advance(5)
    assert bob.user.is_online is True


def test_disconnected_it_keeps_what_it_knew(mock: ReachabilityMock) -> None:
    mock.enable()
    mock.connect("alice")
    bob = mock.sdk_client("bob")
    alice = bob.get_user("alice")
    bob.disconnect()
    mock.disconnect("alice")
    assert alice.is_online is True
    assert bob.updates == []


def test_lost_it_is_online_for_a_while(mock: ReachabilityMock) -> None:
    mock.settings.update({"lost_after": "20s"})
    mock.enable()
    mock.sdk_client("bob").lose()
    assert mock.users["bob"].is_online is True
    mock.clock.advance(20)
    assert mock.users["bob"].is_online is False


def test_an_unknown_user_cannot_be_asked_for(mock: ReachabilityMock) -> None:
    bob = mock.sdk_client("bob", "laptop")
    with pytest.raises(NoSuch, match=r"no user 'bop'.*did you mean 'bob'\?"):
        bob.get_user("bop")
    assert repr(bob) == "<SDK of bob on laptop, knows ['bob']>"
    assert repr(bob.user) == "<bob: is_online=None, is_notifiable=None>"


def test_a_client_of_a_deleted_service_says_so(mock: ReachabilityMock) -> None:
    support = mock.service("support")
    bob = mock.sdk_client("bob", service="support")
    mock.client().conversations.v1.services(support.sid).delete()
    with pytest.raises(LookupError, match="is gone"):
        bob.get_user("alice")


def test_a_role_is_the_services_own_affair(mock: ReachabilityMock) -> None:
    """The SDKs have no such reason: a user whose role changed looks the same to them."""
    mock.enable()
    mock.connect("alice")
    bob = mock.sdk_client("bob")
    bob.get_user("alice")
    chat = mock.client().conversations.v1
    role = chat.roles.create(friendly_name="r", type="service", permission=["joinConversation"])
    chat.users("alice").update(role_sid=role.sid)
    assert bob.updates == []
    chat.users("alice").update(friendly_name="A")
    assert [one.reasons for one in bob.updates] == [("friendlyName",)]
