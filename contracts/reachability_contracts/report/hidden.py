"""A report without its secrets: every text in it, before a format escapes or encodes any.

A secret with a quotation mark in it is another text in JSON, in XML and in HTML; here it is still
itself.  The formats hide once more what they have written, for whatever did not come from a report.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from reachability_contracts.redact import Redactor
from reachability_contracts.results import Report


def hidden(report: Report, hide: Redactor) -> Report:
    """A copy of `report` in which `hide` has seen every text, keys and bodies included."""
    copy: Report = _hidden(report, hide)
    return copy


def _hidden(value: Any, hide: Redactor) -> Any:
    """A copy of anything that a report may hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in dataclasses.fields(value)]
        return dataclasses.replace(
            value, **{name: _hidden(getattr(value, name), hide) for name in names}
        )
    match value:
        case str():
            # Half a surrogate pair is a text for JSON and for Python, but for no file.
            return hide(value).encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_hidden(str(key), hide): _hidden(one, hide) for key, one in value.items()}
        case list():
            return [_hidden(one, hide) for one in value]
        case tuple():
            return tuple(_hidden(one, hide) for one in value)
        case _:
            return value
