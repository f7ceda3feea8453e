"""The control plane, call by call."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from reachability_mock.clock import ManualClock
from reachability_mock.core import sids
from reachability_mock.core.facts import ServiceCreated
from reachability_mock.keyring import Access
from reachability_mock.settings import REGISTER
from reachability_mock.version import __version__
from tests.http.asking import ACCOUNT, OTHER, Asker, basic, new_site

ALICE = "services/default/users/alice"
END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)


def test_health_says_ok_and_which_version(asker: Asker) -> None:
    reply = asker.mock("GET", "health")
    assert reply.status == 200
    assert reply.json == {"status": "ok", "version": __version__}


@pytest.mark.parametrize("name", ["openapi.yaml", "control.yaml"])
def test_both_descriptions_are_served(asker: Asker, name: str) -> None:
    reply = asker.mock("GET", name)
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith("application/yaml")
    assert b"openapi: 3.1.0" in reply.body


# --- presence ------------------------------------------------------------------------------------


def test_enable_connect_disconnect_is_what_a_fetch_shows(asker: Asker) -> None:
    switched = asker.mock("POST", "services/default/enable")
    assert (switched.status, switched.json) == (
        200,
        {"sid": asker.service, "reachability_enabled": True},
    )
    assert asker.mock("POST", f"{ALICE}/connections").status == 201
    assert asker.fetch("alice")["is_online"] is True
    assert asker.mock("DELETE", f"{ALICE}/connections/default").status == 204
    assert asker.fetch("alice")["is_online"] is False
    assert asker.mock("POST", "services/default/disable").json["reachability_enabled"] is False
    assert asker.fetch("alice")["is_online"] is None


def test_connecting_twice_is_a_200_and_one_connection(asker: Asker) -> None:
    body = {"device": "phone"}
    assert asker.mock("POST", f"{ALICE}/connections", body).status == 201
    again = asker.mock("POST", f"{ALICE}/connections", body)
    assert (again.status, again.json) == (200, {"identity": "alice", "device": "phone"})
    asker.mock("DELETE", f"{ALICE}/connections/phone")
    assert asker.mock("DELETE", f"{ALICE}/connections/phone").status == 404


def test_a_stranger_disconnecting_is_a_404_told_to_the_world_and_closes_nobody(
    asker: Asker,
) -> None:
    asker.mock("POST", "services/default/enable")
    asker.mock("POST", f"{ALICE}/connections", {"device": "phone"})
    refused = asker.mock("DELETE", f"{ALICE}/connections/fridge")
    assert (refused.status, refused.error["choices"]) == (404, ["phone"])
    facts = asker.mock("GET", "journal?kind=fact").json["entries"]
    assert facts[-1]["data"]["type"] == "Disconnected"
    assert asker.fetch("alice")["is_online"] is True


def test_a_lost_connection_counts_until_lost_after_has_passed(asker: Asker) -> None:
    asker.mock("PATCH", "settings", {"lost_after": "30s"})
    asker.mock("POST", "services/default/enable")
    asker.mock("POST", f"{ALICE}/connections")
    assert asker.mock("DELETE", f"{ALICE}/connections/default?lost=true").status == 204
    assert asker.fetch("alice")["is_online"] is True
    asker.mock("POST", "clock/advance", {"seconds": 30})
    assert asker.fetch("alice")["is_online"] is False


def test_a_twilsock_binding_makes_nobody_notifiable(asker: Asker) -> None:
    asker.mock("POST", "services/default/enable")
    made = asker.mock("POST", f"{ALICE}/bindings", {"type": "twilsock"})
    assert made.status == 201
    assert asker.fetch("alice")["is_notifiable"] is None
    known = asker.mock("GET", "state").json["accounts"]["default"]["bindings"]
    assert [one["type"] for one in known] == ["twilsock"]


def test_a_registration_makes_notifiable_until_it_ends(asker: Asker) -> None:
    asker.mock("POST", "services/default/enable")
    made = asker.mock("POST", f"{ALICE}/bindings", {"type": "apn", "address": "x"})
    assert made.status == 201
    assert asker.fetch("alice")["is_notifiable"] is True
    again = asker.mock("POST", f"{ALICE}/bindings", {"type": "apn", "address": "x"})
    assert (again.status, again.json) == (200, made.json)
    assert asker.mock("DELETE", f"{ALICE}/bindings/{made.json['sid']}").status == 204
    assert asker.fetch("alice")["is_notifiable"] is False


def test_a_registration_without_a_body_is_an_fcm_one_of_its_own(asker: Asker) -> None:
    one, two = (asker.mock("POST", f"{ALICE}/bindings").json["sid"] for _ in range(2))
    assert one != two
    path = f"/v1/Services/{asker.service}/Bindings/{one}"
    assert asker.ask("GET", path, None, basic()).json["binding_type"] == "fcm"


def test_somebody_elses_registration_cannot_be_ended(asker: Asker) -> None:
    sid = asker.mock("POST", f"{ALICE}/bindings").json["sid"]
    asker.mock("POST", "services/default/users/bob/connections")
    reply = asker.mock("DELETE", f"services/default/users/bob/bindings/{sid}")
    assert (reply.status, reply.error["code"]) == (404, "unknown_binding")
    assert asker.mock("DELETE", f"{ALICE}/bindings/{sid}").status == 204


def test_why_names_the_rule_and_the_facts_of_the_case(asker: Asker) -> None:
    asker.mock("POST", "services/default/enable")
    asker.mock("POST", f"{ALICE}/connections", {"device": "phone"})
    reasons = asker.mock("GET", f"{ALICE}/why").json
    assert reasons["is_online"]["value"] is True
    assert reasons["is_online"]["rule"] == "R5"
    assert "phone" in reasons["is_online"]["because"]
    assert reasons["is_notifiable"]["value"] is None


@pytest.mark.parametrize("identity", ["a/b", "a b", "ünï", "a%2Fb", "bob@example.com", "..", "%"])
def test_an_identity_is_percent_encoded_once(asker: Asker, identity: str) -> None:
    path = f"services/default/users/{quote(identity, safe='')}"
    assert asker.mock("POST", f"{path}/connections").json["identity"] == identity
    assert asker.mock("GET", f"{path}/why").status == 200


def test_an_identity_that_the_service_refuses_is_refused_with_its_code(asker: Asker) -> None:
    reply = asker.mock("POST", f"services/default/users/{'x' * 257}/connections")
    assert (reply.status, reply.error["code"]) == (400, "50207")


# --- finding things ------------------------------------------------------------------------------


def test_a_service_is_found_by_sid_and_by_a_name_that_is_unique(asker: Asker) -> None:
    sid = asker.site.world.new_sid("IS")
    asker.site.world.submit(ServiceCreated(ACCOUNT, sid, "support desk"))
    for name in (sid, "support%20desk"):
        assert asker.mock("POST", f"services/{name}/enable").json["sid"] == sid


def test_an_ambiguous_name_is_a_409_with_the_sids(asker: Asker) -> None:
    made = [asker.site.world.new_sid("IS") for _ in range(2)]
    for sid in made:
        asker.site.world.submit(ServiceCreated(ACCOUNT, sid, "twin"))
    reply = asker.mock("POST", "services/twin/enable")
    assert (reply.status, reply.error["choices"]) == (409, made)


def test_an_unknown_service_is_a_404_with_the_near_ones(asker: Asker) -> None:
    asker.site.world.submit(ServiceCreated(ACCOUNT, asker.site.world.new_sid("IS"), "support"))
    reply = asker.mock("POST", "services/suport/enable")
    assert (reply.status, reply.error["code"]) == (404, "unknown_service")
    assert reply.error["choices"] == ["support"]


def test_an_unknown_user_is_a_404_with_the_near_ones(asker: Asker) -> None:
    asker.mock("POST", f"{ALICE}/connections")
    reply = asker.mock("GET", "services/default/users/alcie/why")
    assert (reply.status, reply.error["choices"]) == (404, ["alice"])


def test_all_choices_are_named_or_the_message_says_that_there_are_more(asker: Asker) -> None:
    reply = asker.mock("POST", "scenarios/zzz")
    assert asker.site.scenarios is not None
    assert reply.error["choices"] == asker.site.scenarios.names()
    assert reply.error["message"] == "there is no scenario 'zzz'"
    for number in range(51):
        asker.mock("POST", f"services/default/users/u{number}/connections")
    reply = asker.mock("GET", "services/default/users/zzz/why")
    assert len(reply.error["choices"]) == 50
    assert reply.error["message"] == "there is no user 'zzz' (the first 50 choices)"


def test_another_accounts_service_cannot_be_found(asker: Asker) -> None:
    theirs = sids.default_service_sid(OTHER)
    assert asker.mock("POST", f"services/{theirs}/enable").status == 404
    reply = asker.mock("POST", f"services/{theirs}/enable?account={OTHER}")
    assert reply.json["sid"] == theirs


def test_a_stranger_account_is_a_404_unless_the_server_is_open(asker: Asker) -> None:
    stranger = "AC" + "9" * 32
    reply = asker.mock("POST", f"services/default/enable?account={stranger}")
    assert (reply.status, reply.error["code"]) == (404, "unknown_account")
    assert ACCOUNT in reply.error["choices"]
    opened = Asker(new_site(access=Access.OPEN))
    switched = opened.mock("POST", f"services/default/enable?account={stranger}")
    assert switched.json["sid"] == sids.default_service_sid(stranger)


def test_where_all_share_one_world_any_account_is_the_default_one() -> None:
    shared = Asker(new_site(access=Access.SHARED))
    reply = shared.mock("POST", f"services/default/enable?account=AC{'9' * 32}")
    assert reply.json["sid"] == sids.default_service_sid(ACCOUNT)


# --- settings and time ---------------------------------------------------------------------------


def test_settings_are_what_the_register_lists(asker: Asker) -> None:
    assert asker.mock("GET", "settings").json == {one.id: one.default for one in REGISTER}


def test_a_change_of_settings_answers_with_all_of_them(asker: Asker) -> None:
    reply = asker.mock("PATCH", "settings", {"offline_delay": "2m"})
    assert reply.json == asker.mock("GET", "settings").json
    assert reply.json["offline_delay"] == "120s"


def test_one_bad_setting_spoils_all_and_names_the_choices(asker: Asker) -> None:
    reply = asker.mock("PATCH", "settings", {"offline_delay": "2m", "head_requests": "sometimes"})
    assert (reply.status, reply.error["choices"]) == (400, ["refuse", "as_get"])
    assert asker.mock("GET", "settings").json["offline_delay"] == "0s"


def test_the_clock_goes_forward_and_tells_the_time(asker: Asker) -> None:
    reply = asker.mock("POST", "clock/advance", {"seconds": 90})
    assert (reply.status, reply.json) == (200, {"now": "2026-01-05T09:01:30+00:00"})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"seconds": "90"},
        {"seconds": True},
        {"seconds": -1},
        {"seconds": 1e300},
        {"seconds": None},
        b'{"seconds": NaN}',
        b'{"seconds": Infinity}',
        b'{"seconds": 1' + b"0" * 400 + b"}",
    ],
)
def test_time_that_cannot_be_advanced_by_is_a_400(asker: Asker, body: object) -> None:
    assert asker.mock("POST", "clock/advance", body).status == 400


def test_time_ends_somewhere(asker: Asker) -> None:
    asker.site.world.clock = ManualClock(END_OF_TIME)
    assert asker.mock("POST", "clock/advance", {"seconds": 10_000_000}).status == 400


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"{ALICE}/connections", b"{"),
        ("POST", f"{ALICE}/connections", b"[]"),
        ("POST", f"{ALICE}/connections", b'"phone"'),
        ("POST", f"{ALICE}/connections", b"\xff\xfe"),
        ("POST", f"{ALICE}/connections", b"[" * 100_000),
        ("POST", f"{ALICE}/connections", {"devise": "phone"}),
        ("POST", f"{ALICE}/connections", {"device": ""}),
        ("POST", f"{ALICE}/connections", {"device": 7}),
        ("POST", f"{ALICE}/connections", {"device": "x" * 257}),
        ("POST", f"{ALICE}/bindings", {"type": "pigeon"}),
        ("POST", f"{ALICE}/bindings", {"type": None}),
        ("POST", "services/default/enable", {"on": True}),
        ("POST", "services/default/enable?acount=x", None),
        ("POST", "services/default/enable?account=nonsense", None),
        ("POST", "reset", {"hard": True}),
        ("PATCH", "settings", {"offline_dealy": "1s"}),
        ("PATCH", "settings", {"offline_delay": "soon"}),
        ("GET", "journal?since=-1", None),
        ("GET", "journal?since=%D9%A3", None),
        ("GET", "journal?kind=noise", None),
        ("GET", "journal?identity=alice", None),
    ],
)
def test_a_wrong_request_is_a_400_and_changes_nothing(
    asker: Asker, method: str, path: str, body: object
) -> None:
    before = (asker.mock("GET", "state").json, asker.mock("GET", "settings").json)
    reply = asker.mock(method, path, body)
    assert reply.status == 400
    assert set(reply.error) == {"code", "message", "choices"}
    assert (asker.mock("GET", "state").json, asker.mock("GET", "settings").json) == before


def test_an_unknown_key_names_the_known_ones(asker: Asker) -> None:
    reply = asker.mock("POST", f"{ALICE}/connections", {"devise": "phone"})
    assert reply.error["choices"] == ["device"]


def test_lost_is_true_or_false(asker: Asker) -> None:
    asker.mock("POST", f"{ALICE}/connections")
    reply = asker.mock("DELETE", f"{ALICE}/connections/default?lost=yes")
    assert (reply.status, reply.error["choices"]) == (400, ["true", "false"])


def test_nothing_there_and_not_with_this_method_are_said_in_json(asker: Asker) -> None:
    assert asker.mock("GET", "nothing").error["code"] == "not_found"
    assert asker.ask("GET", "/_mock").error["code"] == "not_found"
    reply = asker.mock("PUT", "settings")
    assert (reply.status, reply.error["code"]) == (405, "method_not_allowed")
    assert "PATCH" in reply.headers["Allow"]


def test_a_body_over_the_limit_is_a_413_in_the_control_planes_shape(asker: Asker) -> None:
    reply = asker.mock("POST", f"{ALICE}/connections", b"x" * (1024 * 1024 + 1))
    assert reply.status == 413
    assert reply.error["message"]


# --- reset ---------------------------------------------------------------------------------------


def test_reset_brings_back_what_the_server_was_started_with() -> None:
    fixed = "IS" + "7" * 32
    asker = Asker(new_site(services=[fixed], access=Access.OPEN))
    asker.mock("POST", f"services/{fixed}/enable")
    asker.mock("POST", f"{ALICE}/connections")
    asker.mock("PATCH", "settings", {"offline_delay": "2m"})
    stranger = basic("AC" + "9" * 32, "first")
    assert asker.ask("GET", "/v1/Services", None, stranger).status == 200
    assert asker.mock("POST", "reset").status == 204
    services = asker.ask("GET", "/v1/Services", None, basic()).json["services"]
    assert [one["sid"] for one in services] == [asker.service, fixed]
    assert asker.mock("GET", "settings").json["offline_delay"] == "0s"
    state = asker.mock("GET", "state").json["accounts"]["default"]
    assert (state["users"], state["services"][fixed]["reachability"]) == ({}, False)
    another = basic("AC" + "9" * 32, "second")
    assert asker.ask("GET", "/v1/Services", None, another).status == 200


def test_after_a_reset_the_journal_begins_as_it_did_at_the_start(asker: Asker) -> None:
    at_start = [one["data"] for one in asker.journal()]
    asker.mock("POST", f"{ALICE}/connections")
    asker.mock("POST", "reset")
    assert [one["data"] for one in asker.journal()] == at_start
