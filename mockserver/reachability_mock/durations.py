"""Lengths of time as people write them."""

from __future__ import annotations

import re

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}
_LONGEST = 10_000_000.0


def seconds_of(value: object) -> float:
    """The length of time in seconds that `value` spells: ``90``, ``"30s"``, ``"2m"``, ``"500ms"``.

    Raises:
        ValueError: it spells none, or one over about four months.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = float(value)
    else:
        match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            raise ValueError(f"{value!r} is not a length of time such as 30s, 2m or 500ms")
        seconds = float(match[1]) * _SECONDS[match[2]]
    if not 0 <= seconds <= _LONGEST:
        raise ValueError(f"{value!r} is not a length of time between 0 and {_LONGEST:.0f}s")
    return seconds


def duration_text(value: object) -> str:
    """The one spelling of a length of time, in seconds: ``90s``, ``0.5s``.

    Raises:
        ValueError: as for `seconds_of`.
    """
    return f"{seconds_of(value):.6f}".rstrip("0").rstrip(".") + "s"
