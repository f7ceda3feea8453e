"""The document is sound, complete and consistent with itself."""

import re
from functools import reduce
from typing import Any

import openapi_spec_validator
import pytest
import schemathesis
from schemathesis.core.result import Ok

from tests.openapi import samples
from tests.openapi.document import DOCUMENT, Operation, follow, operations, target, walk
from tests.tools import ROOT

OPERATIONS = operations()
CONFLICTS = {
    *("createServiceUser", "createUser"),
    *("deleteService", "deleteServiceRole", "deleteRole"),
}
RULES = [f"R{number}" for number in range(1, 15)]

each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def test_the_document_is_valid_openapi_3_1() -> None:
    """The specification's own schema, and the checks beyond it, find nothing."""
    assert DOCUMENT["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(DOCUMENT)


def test_schemathesis_loads_every_operation() -> None:
    """The tool that will generate requests from the document sees what we see."""
    schema = schemathesis.openapi.from_path(ROOT / "openapi.yaml")
    loaded = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        loaded.append(result.ok().definition.raw["operationId"])
    assert sorted(loaded) == sorted(OPERATIONS)


def test_it_describes_the_operations_on_which_reachability_stands() -> None:
    """No operation is missing and none is described that is not there."""
    assert set(OPERATIONS) == {
        "listServices",
        "createService",
        "fetchService",
        "deleteService",
        "fetchServiceConfiguration",
        "updateServiceConfiguration",
        "listServiceUsers",
        "createServiceUser",
        "fetchServiceUser",
        "updateServiceUser",
        "deleteServiceUser",
        "listUsers",
        "createUser",
        "fetchUser",
        "updateUser",
        "deleteUser",
        "listServiceBindings",
        "fetchServiceBinding",
        "deleteServiceBinding",
        "fetchConfiguration",
        "updateConfiguration",
        "fetchServiceNotifications",
        "updateServiceNotifications",
        "fetchServiceWebhooks",
        "updateServiceWebhooks",
        "fetchConfigurationWebhooks",
        "updateConfigurationWebhooks",
        "listServiceRoles",
        "createServiceRole",
        "fetchServiceRole",
        "updateServiceRole",
        "deleteServiceRole",
        "listRoles",
        "createRole",
        "fetchRole",
        "updateRole",
        "deleteRole",
        "listCredentials",
        "createCredential",
        "fetchCredential",
        "updateCredential",
        "deleteCredential",
    }


def test_operation_ids_are_unique() -> None:
    """Two operations of one name would hide each other in `OPERATIONS`."""
    ids = [node["operationId"] for path, node in walk(DOCUMENT["paths"]) if is_operation(path)]
    assert sorted(ids) == sorted(set(ids))


def is_operation(path: tuple[str, ...]) -> bool:
    """Whether the mapping under these keys of `paths` is an operation."""
    return len(path) == 2 and path[1] != "parameters"


def test_it_is_served_by_the_real_host_behind_basic_auth() -> None:
    """The paths carry the version, so that the server is the bare host."""
    assert [server["url"] for server in DOCUMENT["servers"]] == ["https://conversations.twilio.com"]
    assert all(path.startswith("/v1/") for path in DOCUMENT["paths"])
    assert DOCUMENT["security"] == [{"basic": []}]
    scheme = DOCUMENT["components"]["securitySchemes"]["basic"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "basic")


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_explained_and_named_where_it_bears(rule: str) -> None:
    """A rule is in the table at the top, and beside an operation or a schema that obeys it."""
    assert f"| {rule}" in DOCUMENT["info"]["description"]
    named: set[str] = set()
    for _, node in walk({key: DOCUMENT[key] for key in ("paths", "components")}):
        named |= rules_in(str(node.get("description", "")))
    assert rule in named


def rules_in(text: str) -> set[str]:
    """Return the ids in a text; `R3 to R6` names all four."""
    found = set(re.findall(r"\bR\d+\b", text))
    for first, last in re.findall(r"\bR(\d+) to R(\d+)\b", text):
        found |= {f"R{number}" for number in range(int(first), int(last) + 1)}
    return found


def test_no_rule_is_named_that_does_not_exist() -> None:
    """An id outside the register would be a slip of the pen."""
    for _, node in walk(DOCUMENT):
        assert rules_in(str(node.get("description", ""))) <= set(RULES)


@each_operation
def test_an_operation_says_in_words_what_it_does(operation: Operation) -> None:
    """Summary, description, a tag that is declared, and a camelCase id."""
    assert operation.node["summary"]
    assert operation.node["description"]
    assert set(operation.node["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}
    assert re.fullmatch(r"(list|create|fetch|update|delete)([A-Z][a-z]+)+", operation.id)


@each_operation
def test_an_operation_documents_its_one_success(operation: Operation) -> None:
    """A create makes 201, a delete 204, all else 200; and only a 204 has no body."""
    expected = {"create": "201", "delete": "204"}.get(operation.id[:6], "200")
    successes = [status for status in operation.answers if status.startswith("2")]
    assert successes == [expected]
    assert ("content" in operation.answers[expected]) == (expected != "204")


@each_operation
def test_an_operation_documents_each_refusal_that_it_can_give(operation: Operation) -> None:
    """Which refusals there are follows from what the operation takes."""
    expected = {"401", "405"}
    if "{" in operation.path or operation.path in {"/v1/Users", "/v1/Roles"}:
        expected.add("404")
    if operation.form is not None:
        expected |= {"400", "413"}
    if operation.parameters_in("query"):
        expected.add("400")
    if operation.id in CONFLICTS:
        expected.add("409")
    assert {status for status in operation.answers if status >= "400"} == expected


@each_operation
def test_every_answer_carries_a_request_id(operation: Operation) -> None:
    """Success or not."""
    for answer in operation.answers.values():
        header = follow(answer["headers"]["Twilio-Request-Id"])
        assert header["required"]
        assert header["schema"]["pattern"] == "^RQ[0-9a-f]{32}$"


def test_a_wrong_method_is_told_the_right_ones() -> None:
    """405 must come with Allow."""
    answer = DOCUMENT["components"]["responses"]["MethodNotAllowed"]
    assert follow(answer["headers"]["Allow"])["required"]


@each_operation
def test_the_parameters_in_the_path_are_those_of_its_template(operation: Operation) -> None:
    """Every placeholder is described, required and bounded in length."""
    described = operation.parameters_in("path")
    assert set(described) == set(re.findall(r"{(\w+)}", operation.path))
    for parameter in described.values():
        assert parameter["required"]
        assert {"minLength", "maxLength"} <= set(follow(parameter["schema"]))


@each_operation
def test_every_list_is_paged_and_nothing_else_is(operation: Operation) -> None:
    """The three parameters of paging come together, with their limits."""
    query = operation.parameters_in("query")
    paged = {"PageSize", "Page", "PageToken"}
    assert (set(query) & paged) == (paged if operation.id.startswith("list") else set())
    if query:
        assert (query["PageSize"]["schema"]["minimum"], query["PageSize"]["schema"]["maximum"]) == (
            1,
            1000,
        )
        assert (query["Page"]["schema"]["minimum"], query["Page"]["schema"]["maximum"]) == (
            0,
            2**31 - 1,
        )


@each_operation
def test_a_change_of_a_user_may_ask_for_webhooks(operation: Operation) -> None:
    """The header belongs to the changes of users, and to nothing else here."""
    changes = operation.method != "get" and "/Users" in operation.path
    assert ("X-Twilio-Webhook-Enabled" in operation.parameters_in("header")) == changes


@each_operation
def test_what_is_posted_is_a_form_and_required_if_a_field_is(operation: Operation) -> None:
    """PascalCase fields; unknown ones allowed, because they are skipped (R13)."""
    assert (operation.form is not None) == (operation.method == "post")
    if operation.form is not None:
        body = operation.node["requestBody"]
        assert list(body["content"]) == ["application/x-www-form-urlencoded"]
        assert body.get("required", False) == bool(operation.form.get("required"))
        assert operation.form.get("additionalProperties", True) is True
        assert all(
            re.fullmatch(r"([A-Z][a-z]+|\.(?=[A-Z]))+", name)
            for name in operation.form["properties"]
        )


def test_no_form_has_a_field_for_reachability() -> None:
    """Neither value can be written (R13); the switch exists once (R2)."""
    fields = [name for each in OPERATIONS.values() if each.form for name in each.form["properties"]]
    assert not {"IsOnline", "IsNotifiable"} & set(fields)
    assert fields.count("ReachabilityEnabled") == 1


def answer_schemas() -> dict[str, dict[str, Any]]:
    """Return every schema of the components that is not a form's."""
    return {
        name: schema
        for name, schema in DOCUMENT["components"]["schemas"].items()
        if not name.endswith("Form")
    }


def test_every_object_in_an_answer_is_closed_and_complete() -> None:
    """Every key is required and no other is allowed, but for a few that say so."""
    for path, node in walk(answer_schemas()):
        if node.get("type") == "object":
            assert node["additionalProperties"] is False, path
            optional = {"detail", *samples.MAY_BE_ABSENT}
            assert set(node["properties"]) - set(node["required"]) <= optional, path


def test_every_reference_leads_somewhere() -> None:
    """Nothing points at what is not there."""
    for _, node in walk(DOCUMENT):
        if "$ref" in node:
            assert target(node["$ref"]) is not None


def test_every_component_is_used() -> None:
    """What nothing refers to would be forgotten."""
    used = {node["$ref"] for _, node in walk(DOCUMENT) if "$ref" in node}
    defined = {
        f"#/components/{kind}/{name}"
        for kind, components in DOCUMENT["components"].items()
        if kind != "securitySchemes"
        for name in components
    }
    assert defined == used


LINKS = [
    pytest.param(operation.id, status, follow(link), id=f"{operation.id}-{status}-{name}")
    for operation in OPERATIONS.values()
    for status, answer in operation.answers.items()
    for name, link in answer.get("links", {}).items()
]


@pytest.mark.parametrize(("operation", "status", "link"), LINKS)
def test_a_link_leads_to_an_operation_and_fills_its_path(
    operation: str, status: str, link: dict[str, Any]
) -> None:
    """The target exists, gets every path parameter, and each value is found in the answer."""
    goal = OPERATIONS[link["operationId"]]
    assert set(link["parameters"]) == set(goal.parameters_in("path"))
    for expression in link["parameters"].values():
        assert isinstance(found_by(expression, samples.ANSWERS[operation, status]), str)


def found_by(expression: str, body: object) -> Any:
    """Return what a `$response.body#/…` expression finds in a body."""
    _, keys = expression.split("$response.body#/")

    def step(node: Any, key: str) -> Any:
        return node[int(key)] if isinstance(node, list) else node[key]

    return reduce(step, keys.split("/"), body)


def test_links_cover_the_life_of_a_service_and_of_a_user() -> None:
    """What is created can be fetched, changed and deleted; what is listed can be fetched."""

    def leads_to(operation: str, status: str) -> set[str]:
        links = OPERATIONS[operation].answers[status]["links"].values()
        return {follow(link)["operationId"] for link in links}

    assert leads_to("createService", "201") >= {
        "fetchService",
        "deleteService",
        "fetchServiceConfiguration",
        "updateServiceConfiguration",
        "listServiceUsers",
        "createServiceUser",
        "listServiceRoles",
        "createServiceRole",
        "fetchServiceNotifications",
        "updateServiceNotifications",
        "fetchServiceWebhooks",
        "updateServiceWebhooks",
    }
    for name in ("ServiceUser", "User"):
        life = {f"fetch{name}", f"update{name}", f"delete{name}"}
        assert leads_to(f"create{name}", "201") >= life
    for name in ("ServiceRole", "Role", "Credential"):
        life = {f"fetch{name}", f"update{name}", f"delete{name}"}
        assert leads_to(f"create{name}", "201") >= life
    for listed in (name for name in OPERATIONS if name.startswith("list")):
        assert listed.replace("list", "fetch")[:-1] in leads_to(listed, "200")
