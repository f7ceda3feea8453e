"""Watching: one answer after the other, some of them at the same time."""

from __future__ import annotations

from typing import Any

import pytest

from reachability_contracts.observe.finding import (
    Answer,
    Asked,
    Confirmed,
    Finding,
    Outcome,
    Standing,
    Withdrawn,
)
from reachability_contracts.observe.knowledge import Knowledge
from reachability_contracts.observe.looking import NOT_LOOKED_AT
from reachability_contracts.observe.switching import SWITCH
from reachability_contracts.observe.watching import Watching

SERVICE, OTHER, USER = "IS" + "1" * 32, "IS" + "2" * 32, "US" + "3" * 32
USERS = f"/v1/Services/{SERVICE}/Users"
ALICE = f"{USERS}/alice"
CONFIGURATION = f"/v1/Services/{SERVICE}/Configuration"


def user(online: object, notifiable: object = None, **more: object) -> dict[str, object]:
    shown = {"is_online": online, "is_notifiable": notifiable}
    return {"sid": USER, "chat_service_sid": SERVICE, **shown, **more}


class Played(Watching):
    """Answers that a test makes up."""

    def get(self, path: str, body: object, status: int = 200, **query: str) -> list[Outcome]:
        return self.finish(self.begin("GET", path, query), Answer(status, body))

    def post(self, path: str, body: object, form: dict[str, str], status: int = 200) -> Any:
        return self.finish(self.begin("POST", path), Answer(status, body, form))

    def switched(self, *, on: bool) -> None:
        form = {SWITCH: str(on).lower()}
        assert self.post(CONFIGURATION, {"reachability_enabled": on}, form) == []

    def fetched(self, online: object, notifiable: object = None) -> list[Outcome]:
        return self.get(ALICE, user(online, notifiable))

    def about(self, online: object, notifiable: object = None) -> list[str]:
        """What a fetch that shows this disagrees with."""
        found = self.fetched(online, notifiable)
        return [one.about for one in found if isinstance(one, Finding)]


@pytest.fixture
def watching() -> Played:
    return Played()


def test_of_what_nobody_knows_anything_is_lawful(watching: Played) -> None:
    for value in (None, True, False, None):
        assert Played().fetched(value, value) == []
    assert watching.tally.agreed.total() == 0


def test_a_list_shows_null_whatever_else_is_known(watching: Played) -> None:
    body = {"users": [user(None), user(online=False), user(None, notifiable=True)]}
    found = [one for one in watching.get("/v1/Users", body) if isinstance(one, Finding)]
    assert [(one.about, one.where, one.got) for one in found] == [
        ("R9", "is_online", False),
        ("R9", "is_notifiable", True),
    ]
    assert found[0].predicted == (None,)
    assert found[1].body["users"] == [
        {**found[1].body["users"][0], "is_notifiable": True}  # type: ignore[index] # it is a list
    ]
    assert found[1].body["other users"] == 2


def test_off_is_null_as_long_as_nobody_was_seen_switching_it_on(watching: Played) -> None:
    watching.switched(on=False)
    assert watching.about(online=True) == ["R3"]
    watching.switched(on=True)
    assert watching.about(online=True) == []


def test_a_service_that_was_seen_being_made_is_off(watching: Played) -> None:
    watching.post("/v1/Services", {"sid": SERVICE}, {}, 201)
    assert watching.about(online=False) == ["R1"]


def test_of_a_service_that_was_deleted_nothing_is_known(watching: Played) -> None:
    watching.switched(on=False)
    watching.finish(watching.begin("DELETE", f"/v1/Services/{SERVICE}"), Answer(204))
    assert watching.about(online=True) == []


def test_what_was_true_or_false_is_not_null_again_and_the_properties_are_independent(
    watching: Played,
) -> None:
    watching.switched(on=True)
    assert watching.about(None, None) == []
    assert watching.about(online=True, notifiable=None) == []
    assert watching.about(None, None) == ["R6"]
    assert watching.about(online=False, notifiable=False) == []
    assert watching.about(None, None) == ["R6", "R7"]


def test_a_true_says_that_the_indicator_is_on_without_a_configuration(watching: Played) -> None:
    watching.fetched(online=True)
    assert watching.about(None) == ["R6"]


def test_services_are_apart(watching: Played) -> None:
    watching.switched(on=False)
    body = {**user(online=True), "chat_service_sid": OTHER}
    assert watching.get(f"/v1/Services/{OTHER}/Users/alice", body) == []


def test_a_create_shows_null_but_nothing_of_a_write_is_kept(watching: Played) -> None:
    (found,) = watching.post(USERS, user(online=False), {}, 201)
    assert (found.about, found.is_kept) == ("R10", False)


@pytest.mark.parametrize("got", ["true", "false", 1, 0, "", [], {}])
def test_what_is_no_boolean_is_wrong_and_its_words_are_forgotten(
    watching: Played, got: object
) -> None:
    (found,) = watching.fetched(got)
    assert isinstance(found, Finding)
    assert found.got in {"true", "false", "<int>", "<text>", "<list>", "<dict>"}
    assert found.standing is Standing.CERTAIN


def test_a_property_that_is_missing_is_wrong(watching: Played) -> None:
    (found,) = watching.get(ALICE, {"sid": USER, "chat_service_sid": SERVICE, "is_online": None})
    assert isinstance(found, Finding)
    assert (found.where, found.got) == ("is_notifiable", "<missing>")


def test_a_user_without_sids_is_judged_but_not_remembered(watching: Played) -> None:
    watching.get("/v1/Users/alice", {"is_online": True, "is_notifiable": None})
    assert watching.get("/v1/Users/alice", {"is_online": None, "is_notifiable": None}) == []
    assert len(watching.knowledge.people) == 0
    assert watching.get("/v1/Users", {"users": [{"is_online": True, "is_notifiable": None}]})


@pytest.mark.parametrize("body", [None, [], "users", {"users": None}, {"users": [None, "alice"]}])
def test_an_answer_that_is_no_list_of_users_is_passed_over(watching: Played, body: object) -> None:
    assert watching.get("/v1/Users", body) == []
    assert watching.tally.values == 0


# --- what becomes of a disagreement -----------------------------------------------------------


def read(watching: Played, *, on: object) -> list[type]:
    return [type(one) for one in watching.get(CONFIGURATION, {"reachability_enabled": on})]


def test_the_next_look_at_the_configuration_confirms_or_withdraws(watching: Played) -> None:
    watching.switched(on=False)
    (found,) = watching.fetched(online=True)
    assert isinstance(found, Finding)
    assert found.standing is Standing.OPEN
    assert read(watching, on=False) == [Confirmed]
    assert read(watching, on=False) == []
    watching.fetched(online=True)
    assert read(watching, on=True) == [Withdrawn]
    assert watching.tally.disagreed == {}
    assert watching.about(online=True) == []


def test_after_a_write_nobody_can_confirm_what_was_before(watching: Played) -> None:
    watching.switched(on=False)
    watching.fetched(online=True)
    watching.switched(on=True)
    assert read(watching, on=True) == []
    assert watching.tally.disagreed.total() == 1


def test_the_same_disagreement_has_the_same_key_and_is_counted(watching: Played) -> None:
    watching.switched(on=False)
    (one,), (two,) = watching.fetched(online=True), watching.fetched(online=True)
    assert one.key == two.key
    assert watching.tally.disagreed[one.key] == 2


def test_the_evidence_of_before_is_what_led_there(watching: Played) -> None:
    watching.finish(
        watching.begin("POST", CONFIGURATION),
        Answer(200, {"reachability_enabled": True}, {SWITCH: "true"}),
        at=1.0,
    )
    watching.finish(watching.begin("GET", ALICE), Answer(200, user(online=True)), at=3.0)
    (found,) = watching.finish(watching.begin("GET", ALICE), Answer(200, user(None)), at=7.0)
    assert isinstance(found, Finding)
    assert [(one.at, one.what) for one in found.before] == [
        (1.0, "an accepted write switched the indicator"),
        (3.0, "a user was fetched"),
    ]
    assert "true or false was seen since then" in found.reason


# --- the indicator ----------------------------------------------------------------------------


def test_a_write_whose_answer_got_lost_leaves_nothing_certain(watching: Played) -> None:
    watching.switched(on=True)
    watching.fetched(online=True)
    watching.fail(watching.begin("POST", CONFIGURATION))
    assert watching.about(None) == []


@pytest.mark.parametrize(
    ("answer", "certain"),
    [
        (Answer(400, None, {SWITCH: "maybe"}), True),
        (Answer(500, None, {SWITCH: "true"}), False),
        (Answer(200, None, {SWITCH: "maybe"}), False),
        (Answer(200, None, NOT_LOOKED_AT), False),
        (Answer(200, None, {}), True),
        (Answer(200, {"reachability_enabled": False}, NOT_LOOKED_AT), True),
        (Answer(200, {"reachability_enabled": True}, NOT_LOOKED_AT), False),
    ],
)
def test_what_a_write_leaves_certain(watching: Played, answer: Answer, certain: bool) -> None:  # noqa: FBT001 - a row
    watching.switched(on=False)
    assert watching.finish(watching.begin("POST", CONFIGURATION), answer) == []
    assert (watching.about(online=True) == ["R3"]) is certain


def test_a_write_that_is_answered_with_the_contrary_breaks_r2(watching: Played) -> None:
    (found,) = watching.post(CONFIGURATION, {"reachability_enabled": False}, {SWITCH: "True"})
    assert (found.about, found.predicted, found.got) == ("R2", (True,), False)
    assert not found.is_kept


def test_a_configuration_that_shows_no_boolean_is_evidence(watching: Played) -> None:
    (found,) = watching.get(CONFIGURATION, {"reachability_enabled": "true"})
    assert isinstance(found, Finding)
    assert (found.about, found.is_kept) == ("R2", True)


def test_two_writes_at_once_leave_nothing_certain(watching: Played) -> None:
    on, off = watching.begin("POST", CONFIGURATION), watching.begin("POST", CONFIGURATION)
    watching.finish(on, Answer(200, {"reachability_enabled": True}, {SWITCH: "true"}))
    watching.finish(off, Answer(200, {"reachability_enabled": False}, {SWITCH: "false"}))
    assert watching.about(online=True) == []
    watching.switched(on=False)
    assert watching.about(online=True) == ["R3"]


def test_a_fetch_that_began_before_a_write_may_show_either(watching: Played) -> None:
    watching.switched(on=True)
    watching.fetched(online=True)
    fetch = watching.begin("GET", ALICE)
    watching.switched(on=False)
    assert watching.finish(fetch, Answer(200, user(online=True))) == []
    assert watching.about(None) == []


def test_a_fetch_during_a_write_may_show_either(watching: Played) -> None:
    watching.switched(on=False)
    write = watching.begin("POST", CONFIGURATION)
    assert watching.about(online=True) == []
    watching.finish(write, Answer(200, {"reachability_enabled": True}, {SWITCH: "true"}))


def test_a_fetch_during_a_write_is_not_remembered(watching: Played) -> None:
    watching.switched(on=True)
    fetch = watching.begin("GET", ALICE)
    watching.switched(on=False)
    watching.switched(on=True)
    watching.finish(fetch, Answer(200, user(online=True)))
    assert watching.about(None) == []


def test_of_two_fetches_at_once_nobody_knows_which_was_served_first(watching: Played) -> None:
    watching.switched(on=True)
    one, two = watching.begin("GET", ALICE), watching.begin("GET", ALICE)
    assert watching.finish(two, Answer(200, user(online=True))) == []
    assert watching.finish(one, Answer(200, user(None))) == []
    assert watching.about(None) == ["R6"]


@pytest.mark.parametrize("on", [True, False])
def test_a_configuration_read_beside_a_write_teaches_nothing(watching: Played, on: bool) -> None:  # noqa: FBT001 - either
    watching.switched(on=not on)
    reading = watching.begin("GET", CONFIGURATION)
    watching.switched(on=on)
    watching.finish(reading, Answer(200, {"reachability_enabled": not on}))
    assert watching.about(online=True) == []


def test_a_configuration_read_during_a_write_explains_nothing(watching: Played) -> None:
    watching.switched(on=True)
    watching.fetched(online=True)
    assert watching.about(None) == ["R6"]
    watching.begin("POST", CONFIGURATION)
    assert read(watching, on=False) == []


def test_after_a_lost_write_what_was_settled_may_have_been_forgotten(watching: Played) -> None:
    watching.switched(on=True)
    watching.fetched(online=True)
    watching.fail(watching.begin("POST", CONFIGURATION))
    watching.switched(on=True)
    assert watching.about(None) == []
    assert watching.tally.chose == {}


def test_a_write_outlives_that_its_service_was_forgotten() -> None:
    watching = Played(Knowledge(most_services=1))
    watching.switched(on=False)
    write = watching.begin("POST", CONFIGURATION)
    watching.get(f"/v1/Services/{OTHER}/Configuration", {"reachability_enabled": True})
    watching.get(CONFIGURATION, {"reachability_enabled": True})
    watching.finish(write, Answer(400, {"code": 20001}))
    assert watching.about(online=True) == []


# --- bounded ----------------------------------------------------------------------------------


def test_it_never_knows_more_than_so_many() -> None:
    watching = Played(Knowledge(most_services=3, most_users=5))
    for number in range(40):
        service = f"IS{number:032x}"
        body = {**user(online=True), "sid": f"US{number:032x}", "chat_service_sid": service}
        watching.get(f"/v1/Services/{service}/Users/x", body)
    assert len(watching.knowledge.indicators) == 3
    assert len(watching.knowledge.people) == 5


def test_who_was_forgotten_may_show_anything() -> None:
    watching = Played(Knowledge(most_users=1))
    watching.fetched(online=True)
    body = {**user(online=True), "sid": "US" + "9" * 32}
    watching.get(f"{USERS}/bob", body)
    assert watching.about(None) == []


def test_of_a_service_that_was_forgotten_nothing_is_settled() -> None:
    watching = Played(Knowledge(most_services=1))
    watching.fetched(online=True)
    watching.get(f"/v1/Services/{OTHER}/Configuration", {"reachability_enabled": True})
    bob = {**user(online=True), "sid": "US" + "9" * 32}
    watching.get(f"{USERS}/bob", bob)
    assert watching.about(None) == []


# --- the unknowns -----------------------------------------------------------------------------


def test_null_after_off_and_on_says_that_the_state_is_forgotten(watching: Played) -> None:
    watching.switched(on=True)
    watching.fetched(online=True)
    watching.switched(on=False)
    watching.switched(on=True)
    assert watching.fetched(None) == []
    assert watching.tally.chose["after_reenable", "forget"] == 1


def test_false_after_off_and_on_settles_nothing(watching: Played) -> None:
    watching.switched(on=True)
    watching.fetched(online=True)
    watching.switched(on=False)
    watching.switched(on=True)
    watching.fetched(online=False)
    assert watching.tally.chose == {}


@pytest.mark.parametrize(("shown", "choice"), [(None, "null"), (True, "fetch"), (False, "fetch")])
def test_what_an_update_shows_of_a_user_who_is_known(
    watching: Played, shown: object, choice: str
) -> None:
    watching.switched(on=True)
    watching.fetched(online=True, notifiable=True)
    found = watching.post(ALICE, user(shown, shown), {})
    assert watching.tally.chose == {("update_response", choice): 2}
    assert {one.about for one in found} == ({"update_response"} if choice == "null" else set())


def test_an_unknown_that_was_chosen_otherwise_is_evidence(watching: Played) -> None:
    path = f"{USERS}/nobody"
    body = {"code": 20404, "message": f"The requested resource {path} was not found"}
    (found,) = watching.get(path, body, 404)
    assert isinstance(found, Finding)
    assert (found.about, found.predicted, found.got) == ("not_found_path", ("short",), "full")


def test_a_date_that_stays_while_presence_changes_settles_that(watching: Played) -> None:
    watching.get(ALICE, user(online=True, date_updated="2026-01-05T09:00:00Z"))
    watching.get(ALICE, user(online=False, date_updated="2026-01-05T09:00:00Z"))
    assert watching.tally.chose == {("presence_bumps_date_updated", "false"): 1}
    watching.get(ALICE, user(online=True, date_updated="2026-01-05T09:00:09Z"))
    assert watching.tally.chose.total() == 1


def test_what_is_not_looked_at_is_counted_and_no_more(watching: Played) -> None:
    asked = Asked("GET", "/v1/Conversations", {}, 1)
    assert watching.finish(asked, Answer(200, {"conversations": []})) == []
    assert (watching.tally.gets, watching.tally.values) == (1, 0)
