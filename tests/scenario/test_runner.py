"""Playing: verdicts, skipping with a reason, and time."""

from __future__ import annotations

from textwrap import dedent

import pytest

from reachability_mock.scenario.loader import loads
from reachability_mock.scenario.runner import StepResult, play
from reachability_mock.scenario.target import Need, Reply, Request, Unreachable
from tests.scenario.acting import PretendTarget, played, verdicts

PRESENT = """\
name: x
given: {users: {alice: {}, bob: {}, new: {absent: true}}}
timeline:
"""


def results(
    text: str, target: PretendTarget, *, instant: bool = True, speed: float = 1.0
) -> tuple[list[StepResult], list[float]]:
    """The results, and how long the runner really waited each time."""
    waited: list[float] = []
    found = play(loads(dedent(text)), target, instant=instant, speed=speed, pause=waited.append)
    return list(found), waited


# --- verdicts ------------------------------------------------------------------------------------


def test_the_set_up_is_the_first_result() -> None:
    first = played("name: x\ngiven: {users: {alice: {}}}")[0]
    assert (first.index, first.line, first.title) == (0, 2, "given 1 service, 1 user")


def test_a_failed_step_does_not_keep_the_others_from_being_played() -> None:
    found = played(
        PRESENT
        + """\
  - expect: {fetch: {user: alice, friendly_name: Bob}}
  - expect: {fetch: {user: alice, friendly_name: null}}
"""
    )
    assert verdicts(found) == ["passed", "failed", "passed"]
    assert found[1].differences == (("alice.friendly_name", "Bob", None),)


def test_if_the_set_up_fails_nothing_is_played() -> None:
    target = PretendTarget(refuses="no services today")
    found, _ = results(PRESENT + "  - enable: {}\n", target)
    assert verdicts(found) == ["failed", "skipped"]
    assert [one.reason for one in found] == ["no services today", "the set-up failed"]
    assert target.asked[-1] == "end"


def test_the_target_is_cleaned_up_however_it_ends() -> None:
    target = PretendTarget()
    playing = play(loads(PRESENT + "  - enable: {}\n"), target, instant=True)
    next(playing)
    assert target.asked[-1] != "end"
    playing.close()
    assert target.asked[-1] == "end"


def test_a_target_that_cannot_be_reached_ends_the_play() -> None:
    class Gone(PretendTarget):
        def rest(self, request: Request) -> Reply:
            raise Unreachable(f"nobody is there to {request.method}")

    target = Gone()
    with pytest.raises(Unreachable, match="nobody is there"):
        results(PRESENT, target)
    assert target.asked[-1] == "end"


def test_a_result_is_json() -> None:
    [_, failed] = played(PRESENT + "  - {note: hm, rules: [R9], expect: {list: {count: 5}}}\n")
    found = failed.as_json()
    assert found.pop("seconds") is not None
    assert found == {
        "index": 1,
        "line": 4,
        "title": "expect {list: {count: 5}}",
        "rules": ["R9"],
        "verdict": "failed",
        "reason": None,
        "differences": [{"where": "how many", "expected": 5, "got": 2}],
        "note": None,
        "comment": "hm",
    }


# --- what the target lacks -----------------------------------------------------------------------


def test_what_needs_presence_is_skipped_with_the_reason_and_so_is_what_depends_on_it() -> None:
    target = PretendTarget(Need.PRESENCE, Need.EVENTS)
    found, _ = results(
        PRESENT
        + """\
  - connect: {user: alice}
  - expect: {fetch: {user: alice, is_online: true}}
  - expect: {fetch: {user: alice, is_online: null}}
  - expect: {list: {every: {is_online: null}}}
  - rest: {request: "GET /v1/Services/${default}/Users/alice", expect: {body: {is_online: null}}}
  - expect: {event: {observer: bob, user: alice}}
  - expect: {fetch: {user: bob, is_online: null}}
  - enable: {}
""",
        target,
    )
    assert verdicts(found) == ["passed", *["skipped"] * 6, "passed", "passed"]
    assert found[1].reason == "no presence here"
    assert found[3].reason == "a step that it depends on was skipped"


def test_nothing_is_in_doubt_before_anything_was_skipped() -> None:
    target = PretendTarget(Need.PRESENCE)
    text = PRESENT + "  - expect: {fetch: {user: alice, is_online: null}}\n"
    assert verdicts(results(text, target)[0]) == ["passed", "passed"]


def test_given_presence_that_cannot_be_had_is_said_at_once() -> None:
    target = PretendTarget(Need.PRESENCE)
    text = """\
        name: x
        given: {users: {alice: {}}, connections: [{user: alice}]}
        timeline:
          - expect: {fetch: {user: alice, is_online: null}}
    """
    found, _ = results(text, target)
    assert verdicts(found) == ["skipped", "skipped"]
    assert found[0].reason == "no presence here"


def test_who_would_have_come_by_connecting_is_not_looked_for() -> None:
    target = PretendTarget(Need.PRESENCE)
    found, _ = results(
        PRESENT
        + """\
  - connect: {user: new}
  - expect: {fetch: {user: new, friendly_name: null}}
  - expect: {list: {including: [new]}}
  - delete_user: {user: new}
  - rest: {request: "GET /v1/Services/${default}/Users/${new}"}
  - expect: {fetch: {user: bob}}
""",
        target,
    )
    assert verdicts(found) == ["passed", *["skipped"] * 5, "passed"]


def test_settings_that_cannot_be_changed_are_left_alone_and_said() -> None:
    target = PretendTarget(Need.SETTINGS)
    found, _ = results("name: x\nsettings: {offline_delay: 30s}", target)
    assert target.asked[0] == "begin {}"
    assert found[0].reason == "settings were left alone: no settings here"
    assert verdicts(found) == ["skipped"]


def test_settings_are_handed_on() -> None:
    target = PretendTarget()
    results("name: x\nsettings: {offline_delay: 90}", target)
    assert target.asked[0] == "begin {'offline_delay': '90s'}"


# --- time ----------------------------------------------------------------------------------------

TIMED = """\
name: x
timeline:
  - {at: 10s, enable: {}}
  - {at: +5s, disable: {}}
  - wait: 20s
  - {at: 40s, enable: {}}
  - enable: {}
"""


def moves(target: PretendTarget) -> list[str]:
    return [one for one in target.asked if one.startswith("advance")]


def test_instantly_the_clock_is_moved_and_nobody_waits() -> None:
    target = PretendTarget()
    _, waited = results(TIMED, target)
    assert waited == []
    assert moves(target) == ["advance 10", "advance 5", "advance 20", "advance 5"]


def test_otherwise_the_timeline_takes_its_time_at_the_speed_asked_for() -> None:
    target = PretendTarget()
    _, waited = results(TIMED, target, instant=False, speed=10)
    assert waited == [1.0, 0.5, 2.0, 0.5]
    assert moves(target) == ["advance 10", "advance 5", "advance 20", "advance 5"]


def test_where_the_clock_cannot_be_moved_there_is_real_waiting() -> None:
    target = PretendTarget(Need.CLOCK)
    _, waited = results(TIMED.replace("{at: 40s", "{at: 60s"), target, speed=10)
    assert moves(target) == []
    assert waited == [10.0, 5.0, 20.0, 60.0]  # its clock stands, so all of it is still to come


def test_a_time_that_has_passed_is_now() -> None:
    found = played("""\
        name: x
        settings: {offline_delay: 30s}
        given: {services: {default: {reachability: true}}, users: {a: {}}, connections: [{user: a}]}
        timeline:
          - disconnect: {user: a}
          - expect: {within: 2m, fetch: {user: a, is_online: false}}
          - {at: 1s, expect: {fetch: {user: a, is_online: false}}}
    """)
    assert verdicts(found) == ["passed"] * 4


WITHIN = PRESENT + "  - expect: {within: 3s, fetch: {user: alice, friendly_name: never}}\n"


def test_within_moves_the_clock_in_slices_until_time_is_up() -> None:
    target = PretendTarget()
    found, waited = results(WITHIN, target, instant=False)
    assert found[-1].verdict.value == "failed"
    assert moves(target) == ["advance 1"] * 3
    assert waited == []


def test_within_polls_where_the_clock_cannot_be_moved() -> None:
    _, waited = results(WITHIN, PretendTarget(Need.CLOCK))
    assert waited == [1.0, 1.0, 1.0]


def test_within_looks_at_most_120_times_again() -> None:
    target = PretendTarget()
    results(WITHIN.replace("3s", "20m"), target)
    assert moves(target) == ["advance 10"] * 120


def test_within_stops_as_soon_as_it_is_so() -> None:
    target = PretendTarget()
    text = PRESENT + "  - expect: {within: 2m, fetch: {user: alice, is_online: null}}\n"
    assert verdicts(results(text, target)[0]) == ["passed", "passed"]
    assert moves(target) == []


def test_no_event_within_a_time_means_all_that_time() -> None:
    text = """\
        name: x
        settings: {offline_delay: 30s}
        given:
          services: {default: {reachability: true}}
          users: {a: {}, b: {}}
          connections: [{user: a}, {user: b}]
        timeline:
          - disconnect: {user: a}
          - expect: {within: TIME, no_event: {observer: b, user: a}}
    """
    assert verdicts(played(text.replace("TIME", "29s")))[-1] == "passed"
    assert verdicts(played(text.replace("TIME", "31s")))[-1] == "failed"


@pytest.mark.parametrize("speed", [0, -1])
def test_time_does_not_stand_still(speed: float) -> None:
    with pytest.raises(ValueError, match="is not above 0"):
        play(loads("name: x"), PretendTarget(), speed=speed)
