"""Clients of the fake made ready: the twilio SDK's, and tokens for those of other languages."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from reachability_mock.clock import system_now
from reachability_mock.core import sids
from reachability_mock.keyring import DEFAULT_SECRET

if TYPE_CHECKING:  # an extra: imported when a test asks for a client
    from twilio.rest import Client


def client(username: str, password: str) -> Client:
    """A `twilio.rest.Client`.

    Raises:
        ModuleNotFoundError: the SDK is not installed; the message says how to get it.
    """
    made: Client = _twilio("twilio.rest").Client(username, password)
    return made


def async_client(username: str, password: str) -> Client:
    """The same for its ``…_async`` methods; it needs no running loop, and no closing.

    Raises:
        ModuleNotFoundError: as for `client`.
    """
    http = _twilio("twilio.http.async_http_client")
    without_session = http.AsyncTwilioHttpClient(pool_connections=False)
    made: Client = _twilio("twilio.rest").Client(username, password, http_client=without_session)
    return made


def token(identity: str, service_sid: str, account_sid: str, ttl: int) -> str:
    """An access token for a client SDK, signed with the built-in API key."""
    tokens = import_module("reachability_mock.wire.token")
    signer = tokens.Signer(sids.DEFAULT_KEY, DEFAULT_SECRET, account_sid)
    made: str = tokens.make(signer, identity, service_sid, system_now(), ttl=ttl)
    return made


def _twilio(module: str) -> Any:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{error.name} is not installed: pip install 'reachability-mock[twilio]'",
            name=error.name,
        ) from error
