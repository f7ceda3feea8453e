"""Twilio's Python SDK, so that one test drives its methods and their ``…_async`` twins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Self

from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

ACCOUNT = "AC" + "0" * 32
KEY = "SK" + "0" * 32
SECRET = "0" * 32


class SyncSdk:
    """A client whose methods are called as they are."""

    def __init__(self, url: str, username: str = ACCOUNT, password: str = SECRET) -> None:
        """Log in at `url`."""
        self.client = Client(username, password)
        self.client.conversations.base_url = url
        self.v1 = self.client.conversations.v1

    def __call__(self, method: Callable[..., Any], /, *args: object, **kwargs: object) -> Any:
        """Call a method of the SDK's."""
        return method(*args, **kwargs)

    def stream(self, method: Callable[..., Any], **kwargs: object) -> list[Any]:
        """Everything that a streaming method yields."""
        return list(method(**kwargs))

    def __enter__(self) -> Self:
        """Log in."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self.client.http_client.session.close()


class AsyncSdk:
    """A client whose methods are called by their asynchronous twins."""

    def __init__(self, url: str, username: str = ACCOUNT, password: str = SECRET) -> None:
        """Log in at `url`."""
        self._runner = asyncio.Runner()
        self._http = self._runner.run(_http_client())
        self.client = Client(username, password, http_client=self._http)
        self.client.conversations.base_url = url
        self.v1 = self.client.conversations.v1

    def __call__(self, method: Callable[..., Any], /, *args: object, **kwargs: object) -> Any:
        """Call the asynchronous twin of a method of the SDK's."""
        return self._runner.run(_twin(method)(*args, **kwargs))

    def stream(self, method: Callable[..., Any], **kwargs: object) -> list[Any]:
        """Everything that a streaming method's twin yields."""

        async def collect() -> list[Any]:
            return [one async for one in await _twin(method)(**kwargs)]

        return self._runner.run(collect())

    def __enter__(self) -> Self:
        """Log in."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._runner.run(self._http.close())
        self._runner.close()


Sdk = SyncSdk | AsyncSdk


async def _http_client() -> AsyncTwilioHttpClient:
    """Made inside a loop, because its session asks for one."""
    return AsyncTwilioHttpClient()


def _twin(method: Callable[..., Any]) -> Callable[..., Any]:
    owner = getattr(method, "__self__", None)
    twin: Callable[..., Any] = getattr(owner, f"{method.__name__}_async")
    return twin
