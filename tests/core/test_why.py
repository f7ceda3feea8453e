"""`why`: each value's rule, and a sentence with the facts of the case."""

from __future__ import annotations

from datetime import timedelta

from reachability_mock.core.model import Policy
from reachability_mock.core.reachability import Action
from reachability_mock.core.why import why
from tests.core.stage import Stage

WHEN = "2026-01-05 09:00:00+00:00"


def told(stage: Stage, axis: str = "is_online", action: Action = Action.FETCH) -> tuple[str, str]:
    found = why(stage.service, stage.user(), stage.policy, action)[axis]
    shown = dict(zip(("is_online", "is_notifiable"), stage.shown(action=action), strict=True))
    assert found.value is shown[axis]
    assert found.as_json() == {"value": found.value, "rule": found.rule, "because": found.because}
    return found.rule, found.because


def test_it_is_off_and_never_was_on(stage: Stage) -> None:
    stage.connect()
    sentence = f"reachability has never been enabled on {stage.service_sid}"
    assert told(stage) == ("R1", sentence)
    assert told(stage, "is_notifiable") == ("R1", sentence)


def test_it_is_off_again(stage: Stage) -> None:
    stage.connect()
    stage.switch(on=True)
    stage.switch(on=False)
    assert told(stage) == ("R3", f"reachability is disabled on {stage.service_sid}")


def test_it_has_not_happened_yet(stage: Stage) -> None:
    stage.connect()
    stage.disconnect()
    stage.switch(on=True)
    assert told(stage) == ("R4", f"not online since reachability was enabled at {WHEN}")
    sentence = f"not registered for push since reachability was enabled at {WHEN}"
    assert told(stage, "is_notifiable") == ("R7", sentence)


def test_it_is_so(stage: Stage) -> None:
    stage.switch(on=True)
    stage.connect("phone")
    stage.connect("tab")
    stage.register()
    assert told(stage) == ("R5", "connected with phone, tab")
    assert told(stage, "is_notifiable") == ("R7", "1 push binding(s)")


def test_it_is_no_longer_so(stage: Stage) -> None:
    stage.switch(on=True)
    stage.connect()
    stage.unregister(stage.register())
    stage.disconnect()
    assert told(stage) == ("R6", f"the last connection closed at {WHEN}")
    assert told(stage, "is_notifiable") == ("R7", f"the last push binding ended at {WHEN}")


def test_it_is_forgotten(stage: Stage) -> None:
    stage.switch(on=True)
    stage.connect()
    stage.switch(on=False)
    stage.disconnect()
    stage.switch(on=True)
    sentence = "what was known before is forgotten; nothing since reachability was enabled at"
    assert told(stage) == ("R11", f"{sentence} {WHEN}")
    assert told(stage, "is_notifiable")[0] == "R7"


def test_it_is_remembered() -> None:
    stage = Stage(Policy(state_survives_disable=True))
    stage.switch(on=True)
    stage.connect()
    stage.switch(on=False)
    stage.disconnect()
    stage.switch(on=True)
    sentence = f"true before the indicator was enabled at {WHEN}, and not since"
    assert told(stage) == ("R6", sentence)


def test_it_is_held_back() -> None:
    stage = Stage(Policy(timedelta(seconds=30), timedelta(seconds=60)))
    stage.switch(on=True)
    stage.connect()
    assert told(stage) == ("R14", "a change is held back until 2026-01-05 09:00:30+00:00")
    stage.advance(30)
    assert told(stage)[0] == "R5"
    stage.disconnect()
    assert told(stage) == ("R14", "a change is held back until 2026-01-05 09:01:30+00:00")


def test_some_answers_never_show_it(stage: Stage) -> None:
    stage.switch(on=True)
    stage.connect()
    assert told(stage, action=Action.READ)[0] == "R9"
    assert told(stage, action=Action.CREATE)[0] == "R10"
    assert told(stage, action=Action.UPDATE)[0] == "R5"
    assert "every list" in told(stage, action=Action.READ)[1]


def test_a_setting_makes_an_update_show_null() -> None:
    stage = Stage(Policy(update_shows_state=False))
    stage.switch(on=True)
    stage.connect()
    assert told(stage, action=Action.UPDATE)[0] == "R10"
    assert told(stage)[0] == "R5"
