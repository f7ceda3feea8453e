"""Excuses: what schemathesis takes for a fault and is none, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_DELETED = 204


def excused(check: str, recorder: Any, case_id: str) -> bool:
    """Whether what is missed was deleted by its other address, which schemathesis cannot know.

    A user has a SID and an identity, and a default service's users and roles have two paths.
    """
    if check != "ensure_resource_availability":
        return False
    missed = recorder.cases[case_id]
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
