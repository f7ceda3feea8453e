"""Scenarios by the control plane: started at once, played in the background."""

from __future__ import annotations

from reachability_mock.playing import Player
from reachability_mock.scenario.runs import Runs
from tests.http.asking import Asker

PASSING = b"""
name: passing
given: {users: {alice: {}}}
timeline:
  - enable: {service: default}
  - connect: {user: alice}
  - expect: {fetch: {user: alice, is_online: true}}
"""
FAILING = PASSING.replace(b"is_online: true", b"is_online: false")


def playing_at_once(asker: Asker) -> None:
    """Let runs happen in the request, so that no test has to wait."""
    assert isinstance(asker.site.scenarios, Player)
    asker.site.scenarios._runs = Runs(spawn=lambda work: work())


def test_a_text_is_played_and_its_run_can_be_asked_for(asker: Asker) -> None:
    playing_at_once(asker)
    started = asker.mock("POST", "scenarios", PASSING)
    assert started.status == 202
    run = asker.mock("GET", f"scenarios/runs/{started.json['id']}").json
    assert (run["state"], run["scenario"], run["planned"]) == ("passed", "passing", 3)
    assert asker.fetch("alice")["is_online"] is True


def test_a_run_that_fails_says_where(asker: Asker) -> None:
    playing_at_once(asker)
    run_id = asker.mock("POST", "scenarios", FAILING).json["id"]
    run = asker.mock("GET", f"scenarios/runs/{run_id}").json
    assert run["state"] == "failed"
    assert [one["verdict"] for one in run["steps"]] == ["passed", "passed", "passed", "failed"]


CREDENTIAL = b"""
name: credential
timeline:
  - rest:
      request: POST /v1/Credentials?ApiKey=KEY30
      form: {Type: apn, Secret: TOPSECRET30, "PrivateKey[]": PEM30}
      expect: {status: 200}
"""


def test_a_run_and_the_journal_keep_no_secret_of_its_requests(asker: Asker) -> None:
    playing_at_once(asker)
    run_id = asker.mock("POST", "scenarios", CREDENTIAL).json["id"]
    run = asker.mock("GET", f"scenarios/runs/{run_id}")
    assert run.json["state"] == "failed"
    assert "form: {Type: apn" in run.json["steps"][1]["title"]
    said = run.body + asker.mock("GET", "journal").body
    assert not [word for word in (b"KEY30", b"TOPSECRET30", b"PEM30") if word in said]


def test_a_text_that_cannot_be_loaded_is_a_400_with_line_and_column(asker: Asker) -> None:
    reply = asker.mock("POST", "scenarios", PASSING.replace(b"connect:", b"conect:"))
    assert (reply.status, reply.error["code"]) == (400, "bad_scenario")
    [complaint] = reply.error["choices"]
    assert (complaint["line"], complaint["column"], complaint["step"]) == (6, 5, 2)
    assert "connect" in complaint["message"]


def test_a_text_that_is_no_text_is_a_400(asker: Asker) -> None:
    assert asker.mock("POST", "scenarios", b"\xff").status == 400
    assert asker.mock("POST", "scenarios", b"").status == 400


def test_an_unknown_name_or_run_is_a_404(asker: Asker) -> None:
    assert asker.mock("POST", "scenarios/no-such-thing").error["code"] == "unknown_scenario"
    assert asker.mock("POST", "scenarios/..%2Fsecrets").error["code"] == "unknown_scenario"
    assert asker.mock("GET", "scenarios/runs/run-9").error["code"] == "unknown_run"


def test_a_site_without_scenarios_says_so(asker: Asker) -> None:
    asker.site.scenarios = None
    assert asker.mock("POST", "scenarios", PASSING).error["code"] == "no_scenarios"


def test_a_reset_forgets_the_runs(asker: Asker) -> None:
    playing_at_once(asker)
    run_id = asker.mock("POST", "scenarios", PASSING).json["id"]
    asker.mock("POST", "reset")
    assert asker.mock("GET", f"scenarios/runs/{run_id}").status == 404
