"""A FastAPI app.  The view is a plain function, so FastAPI runs it in a thread."""

from __future__ import annotations

from fastapi import FastAPI
from twilio.rest import Client

app = FastAPI()


@app.get("/should-mail/{identity}")
def should_mail(identity: str) -> dict[str, bool]:
    """Mail only who is known to be offline."""
    user = Client().conversations.v1.users(identity).fetch()
    return {"mail": user.is_online is False}
