"""Excuses: what schemathesis takes for a fault and is none, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_DELETED = 204
_PROPERTY = re.compile(r"in body .*? at /properties/(\w+)")


def excused(check: str, recorder: Any, case_id: str, said: str = "") -> bool:
    """Whether a failure is none; `said` is its message."""
    case = recorder.cases[case_id]
    if check == "negative_data_rejection":
        return _was_never_sent(said, case.value.body)
    return check == "ensure_resource_availability" and _has_two_addresses(recorder, case)


def _was_never_sent(said: str, form: object) -> bool:
    """Whether what should have been refused has no spelling in a form: ``{}`` or ``[]``."""
    found = _PROPERTY.search(said)
    return isinstance(form, dict) and found is not None and form.get(found[1]) in ({}, [])


def _has_two_addresses(recorder: Any, missed: Any) -> bool:
    """Whether what is missed was deleted by its other address, which schemathesis cannot know.

    A user has a SID and an identity, and a default service's users and roles have two paths.
    """
    for other_id, other in recorder.cases.items():
        answered = recorder.interactions.get(other_id)
        if (
            other.value.method == "DELETE"
            and answered is not None
            and answered.response is not None
            and answered.response.status_code == _DELETED
            and _collection(other.value.path) == _collection(missed.value.path)
            and missed.parent_id in _ancestors(recorder, other_id)
        ):
            return True
    return False


def _ancestors(recorder: Any, case_id: str | None) -> Iterator[str]:
    """The requests that led to a request, the nearest first."""
    while case_id in recorder.cases and (case_id := recorder.cases[case_id].parent_id):
        yield case_id


def _collection(path: str) -> str:
    """What a path with a SID or an identity at its end is about: ``Users``."""
    return path.rsplit("/", 2)[-2]
