"""aiohttp used directly: refused with a clear error, whatever loop resolves its names."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from aiohttp.client import ClientSession

from reachability_mock.doors.guard import refuse_real_hosts
from reachability_mock.doors.patching import Patch


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    async def _request(self: ClientSession, method: str, str_or_url: Any, **kwargs: Any) -> Any:
        refuse_real_hosts(self._build_url(str_or_url).host or "")
        return await original(self, method, str_or_url, **kwargs)

    return _request


PATCHES = (Patch(ClientSession, "_request", _guarded),)
