"""Both tests pass without their markers."""

import pytest
from app import rename, should_mail


@pytest.mark.reachability_hunt
def test_mail_goes_to_who_is_known_to_be_offline(reachability_mock):
    reachability_mock.enable()
    reachability_mock.connect("alice")
    reachability_mock.disconnect("alice")
    known_offline = reachability_mock.users["alice"].is_online is False
    assert should_mail("alice") == known_offline


@pytest.mark.reachability_unknowns
def test_who_is_renamed_is_still_here(reachability_mock):
    reachability_mock.enable()
    reachability_mock.connect("alice")
    assert rename("alice", "Alice") == "Alice (here)"
