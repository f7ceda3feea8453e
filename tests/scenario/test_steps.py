"""What each step asks of its target."""

from __future__ import annotations

from textwrap import dedent

import pytest

from reachability_mock.scenario.loader import loads
from reachability_mock.scenario.runner import StepResult, play
from reachability_mock.scenario.target import Need
from tests.scenario.acting import PretendTarget, played, verdicts

GIVEN = (
    "name: x\ngiven: {users: {alice: {}}, connections: [{user: alice, device: tab}]}\ntimeline:\n"
)


def asked(item: str) -> list[str]:
    """What a target is asked for one step, after the set-up."""
    target = PretendTarget()
    results = list(play(loads(f"{GIVEN}  - {item}\n"), target, instant=True))
    assert verdicts(results) == ["passed", "passed"]
    connected = target.asked.index("connect alice tab None")
    return target.asked[connected + 1 : -1]


USERS = "/v1/Services/IS-default/Users"


@pytest.mark.parametrize(
    ("item", "request_"),
    [
        ("connect: {user: alice}", "connect alice default None"),
        ("connect: {user: alice, device: tab, driver: sdk}", "connect alice tab sdk"),
        ("disconnect: {user: alice, device: tab}", "disconnect alice tab None"),
        ("lose: {user: alice, device: tab, driver: sdk}", "lose alice tab sdk"),
        ("register_push: {user: alice}", "register alice fcm fcm-of-alice None"),
        (
            "register_push: {user: alice, type: apn, address: abc, driver: sdk}",
            "register alice apn abc sdk",
        ),
        ("enable: {}", "POST /v1/Services/IS-default/Configuration"),
        ("disable: {}", "POST /v1/Services/IS-default/Configuration"),
        ("create_user: {user: alice}", f"POST {USERS}"),
        ("update_user: {user: alice, friendly_name: A}", f"POST {USERS}/alice"),
        ("update_user: {user: alice, friendly_name: A, by: sdk}", "edit alice A None"),
        ("drop: {}", "trouble drop everybody {}"),
        ("drop: {user: alice}", "trouble drop alice {}"),
        ("offload: {user: alice, wait: 2s}", "trouble offload alice {'reconnect_min_ms': 2000}"),
        ("expire_token: {user: alice}", "trouble expire alice {}"),
        ("delay_pushes: {by: 500ms}", "trouble delay-pushes everybody {'seconds': 0.5}"),
        ("clear_trouble: {}", "trouble clear everybody {}"),
        (
            "refuse_init: {times: 2, status: 429, error_code: 20429, description: Later}",
            (
                "trouble refuse-init everybody {'times': 2, 'status': 429, 'error_code': 20429, "
                "'description': 'Later'}"
            ),
        ),
        ('rest: {request: "GET /v1/Services/${default}"}', "GET /v1/Services/IS-default"),
        ("wait: 10s", "advance 10"),
        ("expect: {fetch: {user: alice}}", f"GET {USERS}/alice"),
        ("expect: {fetch: {user: alice, by: sid}}", f"GET {USERS}/US-somebody"),
        ("expect: {fetch: {user: alice, path: default}}", "GET /v1/Users/alice"),
        ("expect: {list: {}}", f"GET {USERS}"),
        ("expect: {bindings: {user: alice}}", "GET /v1/Services/IS-default/Bindings"),
    ],
)
def test_a_step_is_one_request(item: str, request_: str) -> None:
    assert asked(item) == [request_]


def test_a_registration_is_ended_by_its_name() -> None:
    target = PretendTarget()
    text = f"{GIVEN}  - register_push: {{user: alice, name: p}}\n  - unregister_push: {{name: p}}\n"
    assert verdicts(list(play(loads(text), target, instant=True))) == ["passed"] * 3
    assert target.asked[-2] == "unregister alice BS-one"


def test_what_a_driver_needs_is_derived() -> None:
    by_hand, by_sdk, update, fetch = loads(
        f"{GIVEN}"
        "  - connect: {user: alice}\n"
        "  - connect: {user: alice, driver: sdk}\n"
        "  - update_user: {user: alice, by: sdk}\n"
        "  - expect: {fetch: {user: alice, friendly_name: A}}\n"
    ).timeline
    assert by_hand.step.needs == {Need.PRESENCE}
    assert by_sdk.step.needs == {Need.SDK}
    assert update.step.needs == {Need.SDK}
    assert fetch.step.needs == set()


def one(text: str) -> StepResult:
    """The last result of a text played on a fake."""
    return played(text)[-1]


def test_a_form_is_spelt_as_http_does() -> None:
    result = one("""\
        name: x
        given: {users: {alice: {}}}
        timeline:
          - rest:
              request: "POST /v1/Services/${default}/Users/${alice}"
              form: {FriendlyName: 7, Attributes: '{"on": true}', Anything: [a, b], Nothing: null}
              expect: {status: 200, body: {friendly_name: "7", attributes: '{"on": true}'}}
    """)
    assert result.differences == ()
    assert result.verdict.value == "passed"


def test_a_saved_url_is_followed_on_the_target_and_nowhere_else() -> None:
    """The URLs in a fake's answers have the live host: only path and query count."""
    results = played("""\
        name: x
        given: {users: {count: 3, prefix: u}}
        timeline:
          - rest:
              request: "GET /v1/Services/${default}/Users?PageSize=2"
              save: {next: meta.next_page_url, whose: users.0.identity}
          - rest:
              request: "GET ${next}"
              expect: {status: 200, body: {users: [{identity: u3}]}}
          - rest:
              request: "GET /v1/Services/${default}/Users/${whose}"
              expect: {body: {identity: u1}}
    """)
    assert verdicts(results) == ["passed"] * 4


def test_what_cannot_be_saved_fails_and_who_needs_it_is_skipped() -> None:
    _, saving, using = played("""\
        name: x
        timeline:
          - rest: {request: "GET /v1/Services/${default}/Users", save: {next: meta.next.url}}
          - rest: {request: "GET ${next}"}
    """)
    assert saving.differences[0].where == "body.meta.next.url"
    assert (using.verdict.value, using.reason) == (
        "skipped",
        "${next} is not there: the step that makes it was not carried out",
    )


def test_values_in_a_path_are_encoded_and_elsewhere_not() -> None:
    results = played("""\
        name: x
        given: {users: {odd: {identity: "a/b?c"}}}
        timeline:
          - rest:
              request: "GET /v1/Services/${odd.service}/Users/${odd.identity}"
              expect:
                body: {identity: "${odd.identity}", sid: "${odd}", account_sid: "${account}"}
    """)
    assert verdicts(results) == ["passed", "passed"]


def test_headers_are_sent_and_expected() -> None:
    results = played("""\
        name: x
        given: {users: {alice: {}}}
        timeline:
          - rest:
              request: "GET /v1/Services/${default}/Users/alice"
              headers: {X-Mock-Why: "1"}
              expect: {headers: {X-Mock-Why: "is_online: R1; is_notifiable: R1"}}
          - rest:
              request: "GET /v1/Services/${default}/Users/alice"
              expect: {headers: {X-Mock-Why: "is_online: R1; is_notifiable: R1"}}
    """)
    assert verdicts(results) == ["passed", "passed", "failed"]
    assert results[-1].differences[0].where == "header X-Mock-Why"


def test_credentials_can_be_wrong_or_left_out() -> None:
    template = """\
        name: x
        timeline:
          - rest: {request: GET /v1/Users, credentials: WHICH, expect: {status: 401}}
    """
    assert one(template.replace("WHICH", "wrong")).verdict.value == "passed"
    assert one(template.replace("WHICH", "none")).verdict.value == "passed"
    [difference] = one(template.replace("WHICH", "right")).differences
    assert difference == ("status", 401, 200)


def test_a_step_that_the_service_refuses_fails_with_its_words() -> None:
    result = one(
        dedent("""\
        name: x
        given: {users: {alice: {}}}
        timeline:
          - create_user: {user: alice}
    """)
    )
    assert result.verdict.value == "failed"
    assert "was answered 409: User already exists" in str(result.reason)
