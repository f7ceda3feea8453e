"""The control plane's scenarios: start one by name or by its text, and ask how it goes."""

from __future__ import annotations

from flask import Blueprint, Response, request

from reachability_mock.http.call import answer, the_call
from reachability_mock.http.control_call import (
    Impossible,
    bad_request,
    check_query,
    fail_unserved,
    not_found,
    the_account,
)
from reachability_mock.http.site import BadScenario, Scenarios

blueprint = Blueprint("control_scenarios", __name__, url_prefix="/_mock/scenarios")


@blueprint.post("/<segment:name>")
def play_named(name: str) -> Response:
    """Start the scenario called `name`."""
    check_query("account")
    scenarios = _scenarios()
    if name not in scenarios.names():
        raise not_found("scenario", name, scenarios.names())
    return _started(scenarios, name, None)


@blueprint.post("")
def play_text() -> Response:
    """Start the scenario whose YAML is the body."""
    check_query("account")
    try:
        text = request.get_data().decode("utf-8")
    except UnicodeDecodeError:
        raise bad_request("the body is not UTF-8") from None
    return _started(_scenarios(), "body", text)


@blueprint.get("/runs/<segment:run_id>")
def show_run(run_id: str) -> Response:
    """How a run goes: its state, and the verdict on each step so far."""
    check_query()
    scenarios = _scenarios()
    state = scenarios.state(run_id)
    if state is None:
        raise not_found("run", run_id, scenarios.ids())
    return answer(state)


def _started(scenarios: Scenarios, name: str, text: str | None) -> Response:
    account = the_account().sid
    try:
        run_id = scenarios.start(name, text, account)
    except BadScenario as error:
        raise Impossible(400, "bad_scenario", str(error), error.complaints) from None
    return answer({"id": run_id}, 202)


def _scenarios() -> Scenarios:
    return the_call().site.scenarios or fail_unserved()
