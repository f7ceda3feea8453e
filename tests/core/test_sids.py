"""SIDs: what is one, and the ones that follow from others."""

from __future__ import annotations

import pytest

from reachability_mock.core import sids

HEX = "0123456789abcdef" * 2


def test_two_letters_and_32_hex_digits_are_a_sid() -> None:
    assert sids.is_sid("US", "US" + HEX)
    assert sids.is_sid("US", "US" + "0" * 32)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "US",
        HEX,
        "us" + HEX,
        "IS" + HEX,
        "US" + HEX.upper(),
        "US" + HEX + "0",
        "US" + HEX + "\n",
    ],
)
def test_anything_else_is_not(text: str) -> None:
    assert not sids.is_sid("US", text)


def test_a_derived_sid_is_always_the_same_and_never_anothers() -> None:
    assert sids.derived("RL", "a", "b") == sids.derived("RL", "a", "b")
    others = {sids.derived("RL", "ab"), sids.derived("RL", "b", "a"), sids.derived("MP", "a", "b")}
    assert sids.derived("RL", "a", "b") not in others
    assert sids.is_sid("RL", sids.derived("RL", "a", "b"))


def test_the_default_service_of_the_default_account_is_published() -> None:
    """Apps are configured with it: it may never change."""
    assert sids.default_service_sid("AC" + "0" * 32) == "IS75cd8606c268b3efed9ea367ee2fda39"
