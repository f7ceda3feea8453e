"""The FastAPI app."""

from app import app
from fastapi.testclient import TestClient


def test_only_who_has_left_gets_mail(reachability_mock):
    browser = TestClient(app)
    reachability_mock.enable()
    reachability_mock.connect("alice")
    assert browser.get("/should-mail/alice").json() == {"mail": False}

    reachability_mock.disconnect("alice")
    assert browser.get("/should-mail/alice").json() == {"mail": True}
