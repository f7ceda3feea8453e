"""A fake of Twilio Conversations' REST API that gets Reachability right.

Not affiliated with Twilio.

    import reachability_mock

    with reachability_mock.fake() as mock:
        mock.enable()
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reachability_mock.version import __version__ as __version__

if TYPE_CHECKING:  # importing the package must cost nothing: pytest does it in every run
    from reachability_mock.handle import ReachabilityMock as ReachabilityMock
    from reachability_mock.in_process import fake as fake
    from reachability_mock.options import Options as Options

_PLACES = {"Options": "options", "ReachabilityMock": "handle", "fake": "in_process"}


def __getattr__(name: str) -> object:
    """Import what is asked for, when it is asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - likewise

    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
