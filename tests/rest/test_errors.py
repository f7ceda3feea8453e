"""Every refusal, with its status, code and message; and a refused request changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rest.api import ACCOUNT, OTHER, TOKEN, Api

IS, US, RL, BS = "IS" + "4" * 32, "US" + "4" * 32, "RL" + "4" * 32, "BS" + "4" * 32
Problem = tuple[int, int, str]


def gone(path: str) -> Problem:
    return 404, 20404, f"The requested resource {path} was not found"


@pytest.fixture
def api() -> Api:
    """Return a site with alice in it, and a second service."""
    api = Api()
    api.post("/v1/Users", {"Identity": "alice"})
    return api


def test_an_error_has_four_keys_and_a_page_to_read(api: Api) -> None:
    reply = api.get("/v1/Users/nobody")
    assert reply.json == {
        "code": 20404,
        "message": "The requested resource /Users/nobody was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }
    assert reply.headers["Content-Type"] == "application/json;charset=utf-8"


USER_FORMS = [
    ({}, (400, 50204, "Identity not provided")),
    ({"Identity": ""}, (400, 50204, "Identity not provided")),
    ({"Identity": "x" * 257}, (400, 50207, "Identity too long")),
    ({"Identity": "system"}, (400, 50203, "Identity reserved")),
    ({"Identity": "private"}, (400, 50203, "Identity reserved")),
    ({"Identity": "unique"}, (400, 50203, "Identity reserved")),
    ({"Identity": US}, (400, 50206, "Identity should not match user SID pattern")),
    ({"Identity": "alice"}, (409, 50201, "User already exists")),
]
EDITS = [
    ({"FriendlyName": "x" * 257}, (400, 50003, "Friendly name too long")),
    ({"Attributes": ""}, (400, 50304, "Attributes not valid JSON")),
    ({"Attributes": "{"}, (400, 50304, "Attributes not valid JSON")),
    ({"Attributes": "NaN"}, (400, 50304, "Attributes not valid JSON")),
    ({"Attributes": "[" * 4000}, (400, 50304, "Attributes not valid JSON")),
    ({"Attributes": '"' + "x" * 4095 + '"'}, (400, 50303, "Attributes too long")),
    ({"RoleSid": RL}, (400, 50100, "Role not found")),
    ({"RoleSid": "undefined"}, (400, 50100, "Role not found")),
]


@pytest.mark.parametrize(("form", "problem"), USER_FORMS, ids=str)
def test_a_user_that_cannot_be(api: Api, form: dict[str, str], problem: Problem) -> None:
    for users in ("/v1/Users", f"{api.scope()}/Users"):
        assert api.post(users, form).problem == problem


@pytest.mark.parametrize(("form", "problem"), EDITS, ids=str)
def test_properties_that_cannot_be(api: Api, form: dict[str, str], problem: Problem) -> None:
    before = api.dump()
    assert api.post("/v1/Users", {"Identity": "bob", **form}).problem == problem
    assert api.post("/v1/Users/alice", form).problem == problem
    assert api.dump() == before


def test_attributes_of_just_the_limit_are_kept(api: Api) -> None:
    text = '"' + "x" * 4094 + '"'
    assert api.post("/v1/Users/alice", {"Attributes": text})["attributes"] == text


def test_a_role_of_the_wrong_type_or_of_another_service_will_not_do(api: Api) -> None:
    support = api.new_service()
    mine = api.get(f"{api.scope()}/Configuration")
    theirs = api.get(f"{api.scope(support)}/Configuration")
    refused = (400, 50100, "Role not found")
    for wrong in (mine["default_conversation_role_sid"], theirs["default_chat_service_role_sid"]):
        assert api.post("/v1/Users/alice", {"RoleSid": wrong}).problem == refused
        assert api.post("/v1/Users", {"Identity": "b", "RoleSid": wrong}).problem == refused
        form = {"DefaultChatServiceRoleSid": wrong, "ReachabilityEnabled": "true"}
        assert api.post(f"{api.scope()}/Configuration", form).problem == refused
    assert api.get(f"{api.scope()}/Configuration").json == mine.json


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({}, (400, 50000, "FriendlyName not provided")),
        ({"FriendlyName": ""}, (400, 50000, "FriendlyName not provided")),
        ({"FriendlyName": "x" * 257}, (400, 50003, "Friendly name too long")),
    ],
)
def test_a_service_that_cannot_be(api: Api, form: dict[str, str], problem: Problem) -> None:
    assert api.post("/v1/Services", form).problem == problem


@pytest.mark.parametrize("text", ["", "1", "yes", "on", "null", "tru", "true "])
def test_a_switch_is_true_or_false_and_nothing_else(api: Api, text: str) -> None:
    path = f"{api.scope()}/Configuration"
    message = f"Invalid value for ReachabilityEnabled: {text!r}"
    assert api.post(path, {"ReachabilityEnabled": text}).problem == (400, 20001, message)
    assert api.get(path)["reachability_enabled"] is False


ACCOUNT_FORMS = [
    ({"DefaultChatServiceSid": IS}, (400, 50050, "Service Instance not found")),
    ({"DefaultChatServiceSid": "undefined"}, (400, 50050, "Service Instance not found")),
    ({"DefaultMessagingServiceSid": "x"}, (400, 50341, "Invalid messaging service SID")),
    ({"DefaultInactiveTimer": "5 minutes"}, (400, 50379, "Invalid inactive timer format")),
    ({"DefaultInactiveTimer": "PT59S"}, (400, 50375, "Inactive timer too short")),
    ({"DefaultClosedTimer": "PT"}, (400, 50380, "Invalid closed timer format")),
    ({"DefaultClosedTimer": "PT9M"}, (400, 50376, "Closed timer too short")),
]


@pytest.mark.parametrize(("form", "problem"), ACCOUNT_FORMS, ids=str)
def test_an_account_configuration_that_cannot_be(
    api: Api, form: dict[str, str], problem: Problem
) -> None:
    before = api.dump()
    good = {"DefaultInactiveTimer": "PT5M", "DefaultClosedTimer": "PT20M"}
    assert api.post("/v1/Configuration", good | form).problem == problem
    assert api.dump() == before


def test_the_default_service_of_another_account_will_not_do(api: Api) -> None:
    api.world.open_account(OTHER)
    theirs = api.get("/v1/Configuration", auth=(OTHER, TOKEN))["default_chat_service_sid"]
    reply = api.post("/v1/Configuration", {"DefaultChatServiceSid": theirs})
    assert reply.problem == (400, 50050, "Service Instance not found")


def test_the_default_service_stays(api: Api) -> None:
    message = "The default Service of the account cannot be deleted"
    assert api.delete(api.scope()).problem == (409, 20409, message)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/Services/undefined"),
        ("GET", f"/Services/{IS}"),
        ("DELETE", f"/Services/{IS}"),
        ("GET", f"/Services/{IS}/Configuration"),
        ("POST", f"/Services/{IS}/Configuration"),
        ("GET", f"/Services/{IS}/Users"),
        ("POST", f"/Services/{IS}/Users"),
        ("GET", f"/Services/{IS}/Users/alice"),
        ("GET", f"/Services/{IS}/Bindings"),
        ("GET", "/Users/nobody"),
        ("GET", f"/Users/{US}"),
        ("GET", "/Users/a%2Fb"),
        ("GET", "/Users/%ff"),
        ("POST", "/Users/nobody"),
        ("DELETE", "/Users/nobody"),
        ("GET", "/Users/alice/Conversations"),
        ("GET", "/Nothing"),
        ("GET", "/"),
        ("GET", "/Users//alice"),
        ("GET", "/services"),
        ("GET", "/Users.json"),
    ],
)
def test_what_is_not_there_is_named_as_it_was_asked_for(api: Api, method: str, path: str) -> None:
    assert api.ask(method, f"/v1{path}?x=1").problem == gone(path)


def test_a_binding_that_is_not_there(api: Api) -> None:
    path = f"/Services/{api.service}/Bindings/{BS}"
    assert api.get(f"/v1{path}").problem == gone(path)
    assert api.delete(f"/v1{path}").problem == gone(path)


def test_outside_of_v1_the_whole_path_is_named(api: Api) -> None:
    assert api.get("/v2/Services").problem == gone("/v2/Services")
    assert api.get("/").problem == gone("/")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/v1/Services", "GET, POST"),
        ("DELETE", "/v1/Services", "GET, POST"),
        ("PATCH", "/v1/Users/alice", "DELETE, GET, POST"),
        ("DELETE", "/v1/Configuration", "GET, POST"),
        ("PUT", "/v1/Users", "GET, POST"),
        ("HEAD", "/v1/Users", "GET, POST"),
        ("BREW", "/v1/Users", "GET, POST"),
    ],
)
def test_a_method_that_the_path_does_not_know(api: Api, method: str, path: str, allow: str) -> None:
    reply = api.ask(method, path)
    assert reply.status == 405
    assert reply.headers["Allow"] == allow
    if method != "HEAD":
        assert reply.problem == (405, 20004, "Method not allowed")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (None, "Authentication Error - No credentials provided"),
        ("Bearer x", "Authentication Error - No credentials provided"),
        ("Basic", "Authentication Error - invalid username"),
        ("Basic !!!", "Authentication Error - No credentials provided"),
        ("Basic YWxpY2U6eA==", "Authentication Error - invalid username"),
    ],
)
def test_who_does_not_say_who_they_are(api: Api, header: str | None, message: str) -> None:
    headers = {"Authorization": header} if header is not None else {"Authorization": ""}
    reply = api.get("/v1/Users", headers=headers)
    assert reply.problem == (401, 20003, message)


def test_who_says_so_wrongly(api: Api) -> None:
    wrong = api.get("/v1/Users", auth=(ACCOUNT, "wrong"))
    assert wrong.problem == (401, 20003, "Authenticate")
    unknown = api.get("/v1/Users", auth=("AC" + "9" * 32, TOKEN))
    assert unknown.problem == (401, 20003, "Authentication Error - invalid username")
    nobody = api.get("/v1/Nothing", auth=(ACCOUNT, "wrong"))
    assert nobody.status == 401, "a stranger does not learn what is there"


def test_a_body_over_a_mebibyte_is_not_read(api: Api) -> None:
    before = api.dump()
    reply = api.post("/v1/Users", b"Identity=bob&x=" + b"x" * (1 << 20))
    assert reply.problem == (413, 20413, "Request entity too large")
    assert api.dump() == before


def test_the_log_helps_where_the_answer_may_not(api: Api) -> None:
    reply = api.get(f"/v1/Services/{IS}")
    [hint] = api.hints
    assert hint == (
        f"no service {IS} here; known: {api.service}; "
        f"did you mean the default service {api.service}?"
    )
    assert "known" not in reply["message"]


def test_no_secret_is_in_the_journal(api: Api) -> None:
    api.get("/v1/Users", auth=(ACCOUNT, "a-wrong-secret"))
    api.post("/v1/Users", {"Identity": "bob"})
    said = json.dumps([entry.as_json() for entry in api.world.journal])
    assert TOKEN not in said
    assert "a-wrong-secret" not in said
    assert "bob" in said


WRONG = st.sampled_from(
    [
        *(("Attributes", text) for text in ("", "{", "NaN", "x" * 5000)),
        *(("FriendlyName", text) for text in ("x" * 257, "é" * 300)),
        *(("RoleSid", text) for text in ("", RL, "x")),
    ]
)
FIELDS = st.dictionaries(
    st.sampled_from(["FriendlyName", "Attributes", "Nonsense", "IsOnline"]),
    st.text(max_size=5) | st.sampled_from(["{}", "[]"]),
)
BAD_PAIRS = st.sampled_from(
    [
        ("ReachabilityEnabled", "maybe"),
        ("DefaultChatServiceRoleSid", RL),
        ("DefaultConversationRoleSid", "x"),
        ("DefaultConversationCreatorRoleSid", "x"),
    ]
)


@pytest.fixture(scope="module")
def busy() -> Api:
    """Return a site where much has happened, for many refusals."""
    api = Api({"offline_delay": "30s", "lost_after": "10s"})
    api.switch(on=True)
    api.new_service()
    for name in ("alice", "bob", "carol"):
        api.connect(name)
        api.register(name)
    api.disconnect("bob")
    api.lose("carol")
    return api


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(fields=FIELDS, wrong=WRONG, path=st.sampled_from(["/Users", "/Users/alice", "/Users/bob"]))
def test_a_refused_user_changes_nothing(
    busy: Api, fields: dict[str, str], wrong: tuple[str, str], path: str
) -> None:
    before = busy.dump()
    reply = busy.post(f"{busy.scope()}{path}", {"Identity": "dora", **fields, wrong[0]: wrong[1]})
    assert 400 <= reply.status < 500
    assert set(reply.json) >= {"code", "message", "more_info", "status"}
    assert busy.dump() == before


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(on=st.booleans(), wrong=BAD_PAIRS)
def test_a_refused_configuration_changes_nothing(
    busy: Api, wrong: tuple[str, str], *, on: bool
) -> None:
    before = busy.dump()
    form = {"ReachabilityEnabled": str(on).lower(), wrong[0]: wrong[1]}
    assert busy.post(f"{busy.scope()}/Configuration", form).status == 400
    assert busy.dump() == before


REQUESTS: list[Callable[[Api], int]] = [
    lambda api: api.delete(api.scope()).status,
    lambda api: api.delete(f"{api.scope()}/Users/nobody").status,
    lambda api: api.delete(f"{api.scope()}/Bindings/{BS}").status,
    lambda api: api.post("/v1/Services", {}).status,
    lambda api: api.post("/v1/Users", {"Identity": "alice"}).status,
    lambda api: api.post("/v1/Users", {"Identity": "eve"}, auth=(ACCOUNT, "wrong")).status,
    lambda api: api.get("/v1/Users?PageSize=0").status,
    lambda api: api.ask("PUT", "/v1/Users/alice", {"FriendlyName": "x"}).status,
]


@pytest.mark.parametrize("request_", REQUESTS)
def test_no_other_refusal_changes_anything_either(
    busy: Api, request_: Callable[[Api], int]
) -> None:
    before = busy.dump()
    assert 400 <= request_(busy) < 500
    assert busy.dump() == before


@pytest.mark.parametrize(
    "query", ["PageSize=é", "x=\xe9", "x=\u65e5", "%", "%zz=%", "&&=&", "=", "a;b"]
)
def test_a_query_may_hold_anything(api: Api, query: str) -> None:
    assert api.get(f"/v1/Users?{query}").status in {200, 400}
