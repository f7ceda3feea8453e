"""The Flask app, whose Twilio client is not touched."""

import pytest
from app import app


@pytest.fixture
def browser():
    return app.test_client()


def mailed(browser, identity):
    return browser.get(f"/should-mail/{identity}").get_json()["mail"]


def test_who_is_online_gets_no_mail(reachability_mock, browser):
    reachability_mock.enable()
    reachability_mock.connect("alice")
    assert mailed(browser, "alice") is False


def test_who_has_left_gets_mail(reachability_mock, browser):
    reachability_mock.enable()
    reachability_mock.connect("alice")
    reachability_mock.disconnect("alice")
    assert mailed(browser, "alice") is True


def test_who_was_never_seen_gets_none(reachability_mock, browser):
    reachability_mock.enable()
    reachability_mock.client().conversations.v1.users.create(identity="alice")
    assert mailed(browser, "alice") is False
    assert reachability_mock.why("alice").is_online.rule == "R4"


@pytest.mark.parametrize("number", range(6))
def test_many_at_once_do_not_see_each_other(reachability_mock, browser, number):
    assert len(reachability_mock.users) == 0
    reachability_mock.enable()
    reachability_mock.connect(f"user-{number}")
    assert mailed(browser, f"user-{number}") is False
