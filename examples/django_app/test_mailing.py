"""The Django view."""

import django
import mailing
from django.test import Client

django.setup()


def mailed(identity):
    return Client().get(f"/should-mail/{identity}").json()["mail"]


def test_only_who_has_left_gets_mail(reachability_mock):
    assert mailing.urlpatterns
    reachability_mock.enable()
    reachability_mock.connect("alice", "phone")
    reachability_mock.connect("alice", "laptop")
    reachability_mock.disconnect("alice", "phone")
    assert mailed("alice") is False

    reachability_mock.disconnect("alice", "laptop")
    assert mailed("alice") is True
