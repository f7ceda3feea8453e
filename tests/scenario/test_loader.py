"""A file is understood to its last line, or nothing of it is played."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reachability_mock.scenario.complaint import Unloadable
from reachability_mock.scenario.loader import load, loads
from reachability_mock.scenario.model import At
from tests.scenario.acting import complaints

HEAD = """\
name: away
given:
  accounts:
    default:
      services: {support: {}}
      users:
        alice: {}
        bob: {service: support}
      bindings: [{user: bob, name: pixel}]
timeline:
"""


def of_items(*items: str) -> list[str]:
    """The complaints about a timeline's items, without the file's name."""
    text = HEAD + "".join(f"  - {item}\n" for item in items)
    return [one.removeprefix("away.yaml:") for one in complaints(text)]


def test_a_complaint_names_file_line_column_step_and_the_near_word() -> None:
    text = (
        HEAD + "  - connect: {user: alice}\n  - wait: 1s\n  - at: 5s\n    conect: {user: alice}\n"
    )
    assert complaints(text) == ['away.yaml:14:5 step 3: "conect": did you mean "connect"?']


LENGTH = "where a length of time such as 30s or 2m should be"
WHEN = 'is not a time: "90s" after the start, or "+90s" after the step before'
PATH = "is not a path under /v1/, nor a saved URL"
WRONG = {
    "connect: {user: ^alcie}": 'no user "alcie": did you mean "alice"?',
    "connect: {user: alice, ^devcie: x}": '"devcie": did you mean "device"?',
    "connect: ^{}": '"user" is missing',
    "connect: ^[alice]": "this is a list, where a mapping should be",
    "connect: {user: ^7}": 'this is a number (7); if it is a text, quote it: "7"',
    "connect: {user: alice, ^user: bob}": '"user" is here twice, first in line 11',
    "connect: {user: alice, driver: ^sql}": '"sql": there is sdk',
    "disconnect: {user: alice, device: ^tab}": 'no device "tab" of "alice"; it has not connected',
    "lose: ^{user: alice}": 'no device "default" of "alice"; it has not connected',
    "enable: {service: ^suport}": 'no service "suport": did you mean "support"?',
    "unregister_push: {name: ^pxel}": 'no binding "pxel": did you mean "pixel"?',
    "register_push: {user: alice, type: ^sms}": '"sms": there is apn, fcm, gcm, twilsock',
    "register_push: {user: alice, name: ^support}": '"support" names something else already',
    "expect: {fetch: {user: alice, is_online: ^'false'}}": (
        "this is a text (false), where true, false or null should be"
    ),
    "expect: {within: ^soon, fetch: {user: alice}}": f"this is a text (soon), {LENGTH}",
    "expect: {within: 2m, ^fecth: {user: alice}}": '"fecth": did you mean "fetch"?',
    "expect: {list: {count: ^-1}}": "-1 is not between 0 and 100000",
    "expect: {list: {count: ^true}}": "this is true or false, where a whole number should be",
    "expect: {event: {observer: bob, user: alice, reasons: [^friendlyNme]}}": (
        '"friendlyNme": did you mean "friendlyName"?'
    ),
    "wait: ^10 parsecs": f"this is a text (10 parsecs), {LENGTH}",
    "wait: ^true": f"this is true or false, {LENGTH}",
    "{wait: 1s, rules: [^R15]}": '"R15": did you mean "R5"?',
    "{wait: 1s, at: ^noon}": f"noon {WHEN}",
    "{wait: 1s, at: ^-5s}": f"-5s {WHEN}",
    "^7": "this is a number (7), where a mapping should be",
    "rest: {request: ^GET}": f'"" {PATH}',
    "rest: {request: ^GET https://elsewhere.example/v1/Users}": (
        f'"https://elsewhere.example/v1/Users" {PATH}'
    ),
    'rest: {request: ^"TAKE /v1/Users"}': (
        '"TAKE" is not one of GET, POST, DELETE, PUT, PATCH, HEAD, OPTIONS'
    ),
    'rest: {request: ^"GET /v1/Services/${suport}"}': '"${suport}": did you mean "support"?',
    'rest: {request: "GET /v1/Users", expect: {body: {a: [^"${bob.identty}"]}}}': (
        '"${bob.identty}": did you mean "bob.identity"?'
    ),
    'rest: {request: "GET /v1/Users", expect: {^stauts: 200}}': (
        '"stauts": did you mean "status"?'
    ),
    'rest: {request: "GET /v1/Users", save: ^{alice: meta.url}}': (
        '"alice" names something else already'
    ),
}
"""What is wrong, with a mark before the place; and what is said about it."""


@pytest.mark.parametrize(("marked", "complaint"), WRONG.items())
def test_what_is_wrong_in_a_step_is_said_in_its_place(marked: str, complaint: str) -> None:
    column = len("  - ") + marked.index("^") + 1
    assert of_items(marked.replace("^", "")) == [f"11:{column} step 1: {complaint}"]


def test_a_step_is_one_step() -> None:
    assert of_items("{enable: {}, wait: 1s}") == [
        '11:5 step 1: one step at a time: here are "enable", "wait"'
    ]
    [none] = of_items("rules: [R1]")
    assert none.startswith("11:5 step 1: no step here; there is clear_trouble, connect, ")


def test_an_expectation_is_one_expectation() -> None:
    [two] = of_items("expect: {list: {}, configuration: {}}")
    assert two.endswith('here is "list", "configuration"')
    [none] = of_items("expect: {within: 2m}")
    assert none.endswith("here is nothing")


def test_time_does_not_run_backwards() -> None:
    assert of_items("{at: 10s, enable: {}}", "{at: +5s, enable: {}}", "{at: 12s, enable: {}}") == [
        "13:10 step 3: 12s, but the step before is at 15s: time does not run backwards"
    ]


def test_a_wait_counts_for_the_time_after_it() -> None:
    assert of_items("wait: 10s", "{at: 9s, enable: {}}") == [
        "12:10 step 2: 9s, but the step before is at 10s: time does not run backwards"
    ]


def test_what_a_step_names_can_be_used_after_it_and_not_before() -> None:
    saves = 'rest: {request: "GET /v1/Users", save: {next: meta.next_page_url}}'
    uses = 'rest: {request: "GET ${next}"}'
    assert of_items(saves, uses) == []
    assert len(of_items(uses, saves)) == 1
    assert of_items("connect: {user: alice, device: tab}", "lose: {user: alice, device: tab}") == []
    assert (
        of_items("register_push: {user: alice, name: mine}", "unregister_push: {name: mine}") == []
    )


def test_one_look_shows_everything_that_is_wrong() -> None:
    found = complaints("""\
        nam: away
        start: 2026-01-05
        settings: {offline_dealy: 30s, lost_after: soon}
        given: {users: {alice: {service: nowhere}}}
        timeline:
          - conect: {}
          - wait: x
    """)
    assert [one.split(": ")[0] for one in found] == [
        "away.yaml:1:1",
        "away.yaml:1:1",
        "away.yaml:2:8",
        "away.yaml:3:12",
        "away.yaml:3:44",
        "away.yaml:4:34",
        "away.yaml:6:5 step 1",
        "away.yaml:7:11 step 2",
    ]


def test_complaints_end_when_nobody_reads_on() -> None:
    assert len(complaints("name: x\ntimeline:\n" + "  - conect: {}\n" * 1000)) == 100


def test_unknown_settings_and_values_come_with_the_choices() -> None:
    assert complaints("name: x\nsettings: {offline_dealy: 1s, update_response: maybe}") == [
        "away.yaml:2:12: no setting 'offline_dealy'; did you mean 'offline_delay'?",
        "away.yaml:2:48: update_response: 'maybe' is not one of fetch, null",
    ]


@pytest.mark.parametrize(
    ("start", "complaint"),
    [
        ("tomorrow", '"tomorrow" is not a date such as 2026-01-05T09:00:00Z'),
        ("2026-01-05T09", '"2026-01-05T09" does not say which zone it is in: end it with Z'),
    ],
)
def test_the_start_is_a_moment(start: str, complaint: str) -> None:
    assert complaints(f"name: x\nstart: {start}") == [f"away.yaml:2:8: {complaint}"]


def test_a_name_is_all_that_is_needed() -> None:
    scenario = loads("name: nothing")
    assert (scenario.name, scenario.timeline, scenario.start) == ("nothing", (), None)
    assert [one.name for one in scenario.given.services] == ["default"]


def test_a_step_knows_its_place_its_time_and_its_title() -> None:
    scenario = loads(
        HEAD + "  - at: +90s\n    note: off\n    disable: {service: support}\n    rules: [R2]\n"
    )
    [planned] = scenario.timeline
    assert (planned.index, planned.line, planned.column) == (1, 13, 5)
    assert planned.title == "disable {service: support}"
    assert (planned.at, planned.note, planned.rules) == (At(90, relative=True), "off", ("R2",))
    assert scenario.rules == {"R2"}


def test_the_comment_at_the_top_says_what_it_is_about() -> None:
    text = "# yaml-language-server: $schema=./x.json\n#\n# First. Second.\n\n# Third.\nname: x"
    assert loads(text).about == "First."
    assert loads("name: x").about == ""


def test_the_start_is_kept() -> None:
    assert loads("name: x\nstart: 2026-01-05T10:00:00+01:00").start == datetime(
        2026, 1, 5, 9, tzinfo=UTC
    )


def test_a_file_that_cannot_be_read_is_a_complaint(tmp_path: Path) -> None:
    with pytest.raises(Unloadable, match="cannot be read: No such file"):
        load(tmp_path / "none.yaml")
    with pytest.raises(Unloadable, match="cannot be read: Is a directory"):
        load(tmp_path)


def test_a_complaint_goes_to_the_control_plane_as_json() -> None:
    with pytest.raises(Unloadable) as caught:
        loads("name: [x]", "body")
    assert [one.as_json() for one in caught.value.complaints] == [
        {
            "file": "body",
            "line": 1,
            "column": 7,
            "step": None,
            "message": "this is a list, where a text should be",
        }
    ]
