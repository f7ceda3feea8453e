"""A fake in this process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reachability_mock.core import sids
from reachability_mock.core.facts import UserCreated
from reachability_mock.scenario.loader import loads
from reachability_mock.scenario.runner import play
from reachability_mock.scenario.target import (
    Credentials,
    Need,
    NoticeKind,
    Opening,
    Person,
    Reply,
    Request,
    Stopped,
    TargetFailed,
    Trouble,
)
from reachability_mock.server import Server
from reachability_mock.targets import InProcessTarget
from reachability_mock.targets.in_process import NO_SOCKET
from tests.scenario.acting import START, new_site, verdicts

ACCOUNT = sids.DEFAULT_ACCOUNT
SERVICE = sids.default_service_sid(ACCOUNT)
ALICE = Person("alice", SERVICE)


def ready() -> InProcessTarget:
    target = InProcessTarget(new_site())
    target.begin({})
    assert target.open_account("default", None) == ACCOUNT
    return target


def test_the_scenario_comes_in_however_strict_the_site_is_and_the_site_stays_so() -> None:
    site = new_site()
    target = InProcessTarget(site)
    target.open_account("default", None)
    assert target.rest(Request("GET", "/v1/Users")).status == 200
    assert site.keyring.accounts == {}


@pytest.mark.parametrize("credentials", [Credentials.WRONG, Credentials.NONE])
def test_without_credentials_nobody_comes_in(credentials: Credentials) -> None:
    assert ready().rest(Request("GET", "/v1/Users", credentials=credentials)).status == 401


def test_a_reply_has_lower_case_headers_and_parsed_json() -> None:
    reply = ready().rest(Request("GET", "/v1/Configuration"))
    assert isinstance(reply.body, dict)
    assert reply.body["default_chat_service_sid"] == SERVICE
    assert reply.headers["x-api-domain"] == "conversations.twilio.com"


def test_deleting_answers_with_nothing() -> None:
    target = ready()
    target.connect(ALICE, "phone")
    path = f"/v1/Services/{SERVICE}/Users/alice"
    reply = target.rest(Request("DELETE", path))
    assert (reply.status, reply.body) == (204, None)
    assert target.rest(Request("GET", path)).status == 404


def test_it_hears_what_an_sdk_could_notice_from_begin_to_end() -> None:
    target = ready()
    target.connect(ALICE, "phone")
    target.rest(
        Request("POST", f"/v1/Services/{SERVICE}/Users/alice", form=(("FriendlyName", "A"),))
    )
    target.disconnect(ALICE, "phone")
    heard = [(one.kind, one.identity, one.device, one.reasons) for one in target.notices(0)]
    assert heard == [
        (NoticeKind.OPENED, "alice", "phone", ()),
        (NoticeKind.UPDATED, "alice", "", ("friendlyName",)),
        (NoticeKind.CLOSED, "alice", "phone", ()),
    ]
    assert [one.n for one in target.notices(1)] == [2, 3]
    target.end()
    target.connect(ALICE, "phone")
    assert len(target.notices(0)) == 3
    target.end()  # once more does no harm


def test_settings_are_applied_and_wrong_ones_refused() -> None:
    site = new_site()
    target = InProcessTarget(site)
    target.begin({"lost_after": "5s"})
    assert site.world.settings["lost_after"] == "5s"
    with pytest.raises(TargetFailed, match="no setting"):
        target.begin({"lost_before": "5s"})


def test_settings_stay_after_a_scenario_and_do_not_get_into_the_next() -> None:
    site = new_site()
    settings = site.world.settings
    settings.update({"lost_after": "7s", "offline_delay": "7s"})
    InProcessTarget(site).begin({"lost_after": "5s", "offline_delay": "5s"})
    assert settings["lost_after"] == "5s"
    settings.update({"offline_delay": "9s"})
    InProcessTarget(site).begin({"online_delay": "5s"})
    assert (settings["lost_after"], settings["online_delay"]) == ("7s", "5s")
    assert settings["offline_delay"] == "9s"  # somebody wanted that since


def test_a_named_service_is_made_anew_and_the_default_one_is_switched_off() -> None:
    site = new_site()
    target = InProcessTarget(site)
    target.open_account("default", None)
    first = target.open_service(Opening("shop", "shop"))
    site.world.submit(UserCreated(first, site.world.new_sid("US"), "alice"))
    second = target.open_service(Opening("shop", "shop"))
    assert first != second
    assert site.world.store.service(first) is None
    path = f"/v1/Services/{SERVICE}/Configuration"
    target.rest(Request("POST", path, form=(("ReachabilityEnabled", "true"),)))
    assert target.open_service(Opening("default", "default")) == SERVICE
    body = target.rest(Request("GET", path)).body
    assert isinstance(body, dict)
    assert body["reachability_enabled"] is False


def test_a_service_can_have_the_sid_of_the_files_choice() -> None:
    target = ready()
    sid = "IS" + "1" * 32
    assert target.open_service(Opening("mine", "mine", sid)) == sid
    assert target.open_service(Opening("mine", "mine", sid)) == sid
    target.open_account("other", None)
    with pytest.raises(TargetFailed, match="belongs to another account"):
        target.open_service(Opening("theirs", "theirs", sid, "other"))


def test_accounts_do_not_see_each_other() -> None:
    results = list(
        play(
            loads("""
name: x
given:
  accounts:
    default: {users: {alice: {}}}
    other: {services: {there: {}}, users: {eve: {service: there}}}
timeline:
  - expect: {fetch: {user: eve, identity: eve}}
  - rest:
      request: "GET /v1/Services/${default}/Users/alice"
      account: other
      expect: {status: 404, body: {code: 20404}}
  - rest: {request: "GET /v1/Services/${there}/Users/eve", expect: {status: 404}}
"""),
            InProcessTarget(new_site()),
            instant=True,
        )
    )
    assert verdicts(results) == ["passed"] * 4


def test_a_role_can_be_named() -> None:
    results = list(
        play(
            loads("""
name: x
given: {users: {boss: {role: service admin}, alice: {}}}
timeline:
  - rest: {request: "GET /v1/Services/${default}/Users/boss", save: {admin: role_sid}}
  - expect: {fetch: {user: boss, role_sid: "${admin}"}}
  - expect: {fetch: {user: alice, role_sid: "${admin}"}}
"""),
            InProcessTarget(new_site()),
            instant=True,
        )
    )
    assert verdicts(results) == ["passed", "passed", "passed", "failed"]


def test_what_the_core_refuses_fails_the_step_with_its_words() -> None:
    target = ready()
    with pytest.raises(TargetFailed, match="400/50203 Identity reserved"):
        target.connect(Person("system", SERVICE), "phone")


def test_without_a_socket_there_are_no_sdks_to_drive_and_to_trouble() -> None:
    target = ready()
    assert {need for need in Need if target.lacks(need)} == {Need.SDK, Need.SOCKETS}
    with pytest.raises(TargetFailed, match="nobody listens for client SDKs here"):
        target.connect(ALICE, "phone", driver="sdk")
    with pytest.raises(TargetFailed, match="nobody listens for client SDKs here"):
        target.trouble(Trouble("drop"))


def test_where_all_is_driven_by_the_sdk_presence_needs_it() -> None:
    target = InProcessTarget(new_site(), driver="sdk")
    assert target.lacks(Need.PRESENCE) == NO_SOCKET


def test_trouble_is_for_somebody_or_for_all() -> None:
    site = new_site()
    with Server(site) as server:
        target = InProcessTarget(site)
        assert target.lacks(Need.SOCKETS) is None
        target.trouble(Trouble("drop", ALICE))
        target.trouble(Trouble("refuse-init", values={"times": 2, "status": 429}))
        target.trouble(Trouble("clear"))
        assert site.listen is not None
        assert site.listen() == server.url
    faults = [one.as_json() for one in site.world.journal.since(kind="fault")]
    assert [one["data"] for one in faults] == [
        {"said": "drop", "sockets": 0},
        {"said": "refuse_init", "times": 2, "status": 429, "error_code": 20101},
        {"said": "clear"},
    ]
    assert faults[0]["user"] == ALICE.identity
    assert site.listen is None


def test_why_is_told_of_somebody_who_is_there() -> None:
    target = ready()
    assert target.why(ALICE) is None
    target.connect(ALICE, "phone")
    assert str(target.why(ALICE)).startswith("is_online: null by R1, ")


def test_its_time_is_the_worlds() -> None:
    target = ready()
    assert target.now() == START
    target.advance(90)
    assert (target.now() - START).total_seconds() == 90


def test_every_rest_exchange_can_be_watched() -> None:
    seen: list[tuple[Request, Reply]] = []
    target = InProcessTarget(new_site(), watch=lambda *one: seen.append(one))
    target.open_account("default", None)
    reply = target.rest(Request("GET", "/v1/Users"))
    assert seen == [(Request("GET", "/v1/Users"), reply)]


# --- told to stop --------------------------------------------------------------------------------


def test_once_told_to_stop_it_leaves_the_world_alone() -> None:
    site = new_site()
    told: list[bool] = []
    target = InProcessTarget(site, halted=lambda: bool(told))
    target.begin({})
    target.open_account("default", None)
    target.connect(ALICE, "phone")
    told.append(True)
    before = site.world.journal.since()
    acts: list[Callable[[], object]] = [
        lambda: target.begin({"online_delay": "1s"}),
        lambda: target.open_account("other", None),
        lambda: target.rest(Request("GET", "/v1/Users")),
        lambda: target.connect(ALICE, "laptop"),
        lambda: target.disconnect(ALICE, "phone"),
        lambda: target.lose(ALICE, "phone"),
        lambda: target.register_push(ALICE, "fcm", "token"),
        lambda: target.unregister_push(ALICE, "BS-one"),
        lambda: target.edit(ALICE, "Alice"),
        lambda: target.trouble(Trouble("offload")),
        lambda: target.advance(60),
    ]
    for act in acts:
        with pytest.raises(Stopped):
            act()
    assert (site.world.journal.since(), target.now()) == (before, START)
    target.end()


def test_a_stopped_crowd_stays_out_of_the_world_that_was_reset() -> None:
    site = new_site()
    told: list[bool] = []
    target = InProcessTarget(site, halted=lambda: bool(told))
    everybody = ", ".join(f"u{n}: {{}}" for n in range(50))
    run = play(loads(f"name: crowd\ngiven: {{users: {{{everybody}}}}}\ntimeline: []"), target)
    stop = site.world.bus.subscribe(lambda _: told.append(True))
    with pytest.raises(Stopped):
        next(run)
    stop()
    assert len(site.world.journal.since(kind="fact")) < 5


def test_a_key_of_the_plays_own_is_believed_only_while_it_lasts() -> None:
    site = new_site()
    target, another = InProcessTarget(site), InProcessTarget(site)
    for one in (target, another):
        one.begin({})
        one.open_account("default", None)
    signer = target._signer(ALICE)
    assert target._signer(ALICE) == signer
    assert another._signer(ALICE).secret != signer.secret
    assert site.keyring.keys[signer.key_sid] == (signer.secret, ACCOUNT)
    target.end()
    another.end()
    assert site.keyring.keys == {}
