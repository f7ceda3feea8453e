"""Answers that somebody got anyway, judged by the document and by our own checks."""

from __future__ import annotations

from typing import Any

import pytest

from reachability_contracts.conformance import Conformance
from reachability_contracts.model import Model
from reachability_contracts.stages import ORIGIN, InProcess, seed
from reachability_mock.scenario.target import Reply, Request

HEADERS = {"content-type": "application/json", "twilio-request-id": "RQ" + "0" * 32}


@pytest.fixture(scope="module")
def listed() -> tuple[str, dict[str, Any]]:
    """The path of a list of users, and the fake's answer."""
    stage = InProcess()
    path = f"/v1/Services/{seed(stage, Model()).service}/Users"
    return path, stage.rest("GET", path, {})[1]


def faults(path: str, body: object, query: str = "", status: int = 200) -> list[str]:
    conformance = Conformance(host=ORIGIN)
    conformance.watch(Request("GET", path, query), Reply(status, body, HEADERS))
    return [one.reason for one in conformance.wrong.values()]


def test_the_fakes_own_answer_has_no_fault(listed: tuple[str, dict[str, Any]]) -> None:
    assert faults(*listed) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"page_size": 7}, "meta.page_size: expected 50"),
        ({"key": "items"}, "key"),
        ({"previous_page_url": f"{ORIGIN}/v1/Users?PageSize=50&Page=0"}, "previous_page_url"),
        ({"next_page_url": f"{ORIGIN}/v1/Users?PageSize=50&PageToken=PTx"}, "not full"),
        ({"url": "https://conversations.twilio.com/v1/Users?PageSize=50"}, "expected http"),
    ],
)
def test_a_lie_in_meta_is_found(
    listed: tuple[str, dict[str, Any]], changed: dict[str, object], said: str
) -> None:
    path, body = listed
    found = faults(path, {**body, "meta": {**body["meta"], **changed}})
    assert any(said in one for one in found), found


def test_a_page_for_a_size_that_is_no_number_is_found(listed: tuple[str, dict[str, Any]]) -> None:
    assert faults(*listed, query="PageSize=many") == [
        "PageSize=many: expected a refusal, got a page"
    ]


def test_a_list_that_tells_presence_is_found(listed: tuple[str, dict[str, Any]]) -> None:
    path, body = listed
    user = {**body["users"][0], "is_online": True}
    assert faults(path, {**body, "users": [user]})


def test_a_status_that_nobody_described_is_found(listed: tuple[str, dict[str, Any]]) -> None:
    assert faults(*listed, status=418) == ["the status 418 is not described"]


def test_a_refusal_must_agree_with_itself(listed: tuple[str, dict[str, Any]]) -> None:
    path, _ = listed
    body = {
        "code": 20404,
        "message": "m",
        "more_info": "https://www.twilio.com/docs/errors/20405",
        "status": 404,
    }
    assert any("more_info" in one for one in faults(path, body, status=404))
