"""Who of many is online, asked at once: a list would not tell (R9)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client


async def online(identities: Iterable[str]) -> set[str]:
    """Those who are known to be online."""
    async with AsyncTwilioHttpClient() as http:
        users = Client(http_client=http).conversations.v1.users
        found = await asyncio.gather(*(users(one).fetch_async() for one in identities))
    return {user.identity for user in found if user.is_online}
