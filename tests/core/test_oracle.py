"""The oracle itself, on cases that can be worked out by hand."""

from __future__ import annotations

import pytest

from tests.core.oracle import Delays, Happening, expected


def history(*steps: tuple[float, str, str]) -> list[Happening]:
    return [Happening(*step) for step in steps]


@pytest.mark.parametrize(
    ("happenings", "now", "delays", "value"),
    [
        ([], 5, Delays(), None),
        (history((0, "open", "a")), 5, Delays(), None),
        (history((0, "on", "")), 5, Delays(), None),
        (history((0, "on", ""), (1, "open", "a")), 5, Delays(), True),
        (history((0, "open", "a"), (1, "on", "")), 5, Delays(online=60), True),
        (history((0, "on", ""), (1, "open", "a")), 5, Delays(online=4), True),
        (history((0, "on", ""), (1, "open", "a")), 5, Delays(online=5), None),
        (history((0, "on", ""), (1, "open", "a"), (2, "close", "a")), 5, Delays(), False),
        (history((0, "on", ""), (1, "open", "a"), (2, "lose", "a")), 5, Delays(lost=3), False),
        (history((0, "on", ""), (1, "open", "a"), (2, "lose", "a")), 5, Delays(lost=4), True),
        (
            history(
                (0, "on", ""), (1, "open", "a"), (2, "off", ""), (3, "close", "a"), (4, "on", "")
            ),
            5,
            Delays(),
            None,
        ),
        (
            history(
                (0, "on", ""), (1, "open", "a"), (2, "off", ""), (3, "close", "a"), (4, "on", "")
            ),
            5,
            Delays(remember=True),
            False,
        ),
    ],
)
def test_it_knows(
    happenings: list[Happening],
    now: float,
    delays: Delays,
    value: bool | None,  # noqa: FBT001 - a parameter of the table
) -> None:
    assert expected(happenings, now, delays) is value
