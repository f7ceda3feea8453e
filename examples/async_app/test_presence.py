"""The coroutine."""

import asyncio

from presence import online


def test_who_is_online(reachability_mock):
    reachability_mock.enable()
    for identity in ("alice", "bob", "carol"):
        reachability_mock.connect(identity)
    reachability_mock.disconnect("bob")
    assert asyncio.run(online(["alice", "bob", "carol"])) == {"alice", "carol"}
