"""A Flask app that tells whether somebody should get an e-mail instead of a message."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from twilio.rest import Client

app = Flask(__name__)


@app.get("/should-mail/<identity>")
def should_mail(identity: str) -> Response:
    """Mail only who is known to be offline: null means that nobody knows."""
    user = Client().conversations.v1.users(identity).fetch()
    return jsonify(mail=user.is_online is False)
