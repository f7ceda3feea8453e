"""What may name a user."""

from __future__ import annotations

import pytest

from reachability_mock.core.errors import Refused
from reachability_mock.core.identity import checked_identity

HEX = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    "identity",
    [
        "alice",
        "a",
        "a b",
        "a+b",
        "a/b",
        "a%2Fb",
        "..",
        "é",
        "👩‍💻",
        "x" * 256,
        "😀" * 256,
        "System",
        "systems",
        "US" + HEX[:-1],
        "US" + HEX.upper(),
        f"US{HEX}0",
        f"us{HEX}",
        f"US{HEX}\n",
        f"IS{HEX}",
        "\x00",
    ],
)
def test_most_texts_may(identity: str) -> None:
    assert checked_identity(identity) == identity


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        ("", 50204),
        ("x" * 257, 50207),
        ("system", 50203),
        ("private", 50203),
        ("unique", 50203),
        (f"US{HEX}", 50206),
    ],
)
def test_a_few_may_not(identity: str, code: int) -> None:
    with pytest.raises(Refused) as caught:
        checked_identity(identity)
    assert (caught.value.problem.status, caught.value.problem.code) == (400, code)
