"""Drift: a made-up document in two spellings, doctored copies of it, and the installed SDK."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import responses
import yaml
from click.testing import CliRunner, Result

from reachability_contracts.cli import contract
from reachability_contracts.document import document
from reachability_contracts.drift import python_sdk
from reachability_contracts.drift.acknowledging import SHIPPED, Acknowledgement, judged
from reachability_contracts.drift.comparing import KINDS, Difference, differences
from reachability_contracts.drift.operations import Operation, of_paths, operations
from reachability_contracts.drift.shapes import Shape, Shapes, Unreadable

Body = dict[str, Any]

OLD: Body = yaml.safe_load("""
openapi: 3.0.1
paths:
  /v1/Lamps/{Sid}:
    get:
      parameters:
        - name: Sid
          in: path
          required: true
          schema: {type: string, pattern: '^LA[0-9a-fA-F]{32}$'}
        - {name: Dim, in: query, schema: {type: integer, minimum: 0, exclusiveMinimum: true}}
        - {name: Mode, in: query, schema: {$ref: '#/components/schemas/Mode'}}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/Lamp'}}}}
    post:
      parameters:
        - name: Sid
          in: path
          required: true
          schema: {type: string, pattern: '^LA[0-9a-fA-F]{32}$'}
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [Name]
              properties: {Name: {type: string, maxLength: 9}}
      responses:
        '201': {content: {application/json: {schema: {$ref: '#/components/schemas/Lamp'}}}}
components:
  schemas:
    Mode: {type: string, enum: [warm, cold]}
    Lamp:
      type: object
      properties:
        lit: {type: boolean, nullable: true}
        since: {type: string, format: date-time, nullable: true}
        rooms: {type: array, items: {type: string}}
        next: {$ref: '#/components/schemas/Lamp'}
""")
NEW: Body = yaml.safe_load("""
openapi: 3.1.0
paths:
  /v1/Lamps/{Sid}:
    parameters:
      - {$ref: '#/components/parameters/Sid'}
    get:
      parameters:
        - {name: Dim, in: query, schema: {type: integer, exclusiveMinimum: 0}}
        - {name: Mode, in: query, schema: {anyOf: [{const: warm}, {const: cold}]}}
      responses:
        '200': {$ref: '#/components/responses/Lamp'}
    post:
      requestBody: {$ref: '#/components/requestBodies/Lamp'}
      responses:
        '201': {$ref: '#/components/responses/Lamp'}
components:
  parameters:
    Sid: {name: Sid, in: path, required: true, schema: {type: string, pattern: '^LA[0-9a-f]{32}$'}}
  requestBodies:
    Lamp:
      content:
        application/x-www-form-urlencoded:
          schema:
            allOf:
              - {type: object, properties: {Name: {type: string}}}
            required: [Name]
            properties: {Name: {maxLength: 9}}
  responses:
    Lamp: {content: {application/json: {schema: {$ref: '#/components/schemas/Lamp'}}}}
  schemas:
    Date: {type: string, format: date-time}
    Lamp:
      type: object
      properties:
        lit: {type: [boolean, 'null']}
        since: {anyOf: [{$ref: '#/components/schemas/Date'}, {type: 'null'}]}
        rooms: {type: array, items: {type: string}}
        next: {$ref: '#/components/schemas/Lamp'}
""")


def drifted(ours: Body, theirs: Body) -> set[str]:
    paths = set(ours["paths"])
    found = differences(operations(ours), of_paths(theirs, paths))
    return {f"{one.kind} {one.where}" for one in found}


def lamp(document: Body) -> Body:
    properties: Body = document["components"]["schemas"]["Lamp"]["properties"]
    return properties


def get(document: Body) -> Body:
    operation: Body = document["paths"]["/v1/Lamps/{Sid}"]["get"]
    return operation


def form(document: Body) -> Body:
    post = document["paths"]["/v1/Lamps/{Sid}"]["post"]
    schema: Body = post["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    return schema


def test_the_same_in_two_spellings_is_no_difference() -> None:
    assert drifted(NEW, OLD) == set()
    assert drifted(OLD, NEW) == set()


@pytest.mark.parametrize(
    ("doctor", "kind", "where"),
    [
        (lambda d: d["paths"].clear(), "operation-added", "GET /v1/Lamps/{Sid}"),
        (
            lambda d: d["paths"]["/v1/Lamps/{Sid}"].update(put=get(d)),
            "operation-missing",
            "PUT /v1/Lamps/{Sid}",
        ),
        (
            lambda d: get(d)["parameters"].append({"name": "X", "in": "query", "schema": {}}),
            "parameter-missing",
            "GET /v1/Lamps/{Sid} query X",
        ),
        (
            lambda d: get(d)["parameters"].pop(1),
            "parameter-added",
            "GET /v1/Lamps/{Sid} query Dim",
        ),
        (
            lambda d: get(d)["responses"].update({"404": {}}),
            "status-missing",
            "GET /v1/Lamps/{Sid} 404",
        ),
        (lambda d: get(d)["responses"].clear(), "status-added", "GET /v1/Lamps/{Sid} 200"),
        (lambda d: lamp(d).pop("lit"), "property-added", "GET /v1/Lamps/{Sid} 200 lit"),
        (
            lambda d: lamp(d).update(hue={"type": "string"}),
            "property-missing",
            "POST /v1/Lamps/{Sid} 201 hue",
        ),
        (
            lambda d: lamp(d)["lit"].update(type="string"),
            "type-other",
            "GET /v1/Lamps/{Sid} 200 lit",
        ),
        (
            lambda d: lamp(d)["rooms"].update(items={}),
            "type-narrower",
            "GET /v1/Lamps/{Sid} 200 rooms each",
        ),
        (
            lambda d: lamp(d)["lit"].update(nullable=False),
            "null-allowed",
            "GET /v1/Lamps/{Sid} 200 lit",
        ),
        (
            lambda d: lamp(d)["rooms"].update(nullable=True),
            "null-refused",
            "GET /v1/Lamps/{Sid} 200 rooms",
        ),
        (
            lambda d: lamp(d)["since"].pop("format"),
            "format-added",
            "GET /v1/Lamps/{Sid} 200 since",
        ),
        (
            lambda d: d["components"]["schemas"]["Mode"]["enum"].append("blue"),
            "enum-narrower",
            "GET /v1/Lamps/{Sid} query Mode",
        ),
        (
            lambda d: d["components"]["schemas"]["Mode"]["enum"].remove("cold"),
            "enum-wider",
            "GET /v1/Lamps/{Sid} query Mode",
        ),
        (
            lambda d: get(d)["parameters"][1]["schema"].update(minimum=5),
            "limit-wider",
            "GET /v1/Lamps/{Sid} query Dim minimum",
        ),
        (
            lambda d: form(d)["properties"]["Name"].pop("maxLength"),
            "limit-narrower",
            "POST /v1/Lamps/{Sid} form Name maxLength",
        ),
        (lambda d: form(d).pop("required"), "required-added", "POST /v1/Lamps/{Sid} form Name"),
        (
            lambda d: get(d)["parameters"][0]["schema"].update(pattern="^LB[0-9a-f]{32}$"),
            "pattern-other",
            "GET /v1/Lamps/{Sid} path Sid",
        ),
        (
            lambda d: d["components"]["schemas"].update(Lamp={"type": "object"}),
            "contents-added",
            "GET /v1/Lamps/{Sid} 200",
        ),
    ],
)
def test_a_doctored_copy_differs_there_and_so(
    doctor: Callable[[Body], object], kind: str, where: str
) -> None:
    copy = deepcopy(OLD)
    doctor(copy)
    assert kind in KINDS
    assert f"{kind} {where}" in drifted(NEW, copy)


def test_other_paths_of_the_published_document_are_not_read() -> None:
    copy = deepcopy(OLD)
    copy["paths"]["/v1/Doors"] = {"get": "nonsense"}
    assert drifted(NEW, copy) == set()


@pytest.mark.parametrize(
    "doctor",
    [
        lambda d: lamp(d).update(lit={"$ref": "#/components/schemas/Nothing"}),
        lambda d: lamp(d).update(lit={"$ref": "elsewhere.yaml#/Lamp"}),
        lambda d: d["components"]["schemas"].update(Mode={"$ref": "#/components/schemas/Mode"}),
        lambda d: get(d).pop("responses"),
        lambda d: get(d).update(parameters=[{"name": "no place"}]),
    ],
)
def test_what_cannot_be_understood_is_not_taken_for_agreement(
    doctor: Callable[[Body], object],
) -> None:
    copy = deepcopy(OLD)
    doctor(copy)
    with pytest.raises(Unreadable):
        operations(copy)


def test_what_one_of_several_shapes_allows_is_allowed() -> None:
    one = {
        "required": ["kind"],
        "properties": {"kind": {"enum": ["a"]}, "size": {"type": "string"}},
    }
    two = {"required": ["kind"], "properties": {"kind": {"enum": ["b"]}}}
    shape = Shapes({}).of({"oneOf": [{**one, "required": ["kind", "size"]}, two]})
    assert shape.properties["kind"].enum == frozenset("ab")
    assert shape.properties["kind"].required
    assert not shape.properties["size"].required


def test_what_each_of_several_lists_holds_is_held() -> None:
    shape = Shapes({}).of({"anyOf": [{"items": {"const": "a"}}, {"items": {"const": "b"}}]})
    assert shape.items is not None
    assert shape.items.enum == frozenset("ab")


# --- acknowledgements ----------------------------------------------------------------------------


def test_an_acknowledgement_covers_its_kind_in_its_places_and_no_other() -> None:
    known = Acknowledgement("null-refused", "GET * lit", "because")
    found = [
        Difference("null-refused", "GET /v1/Lamps 200 lit"),
        Difference("null-allowed", "GET /v1/Lamps 200 lit"),
        Difference("null-refused", "GET /v1/Lamps 200 since"),
    ]
    result = judged(found, [known])
    assert result.known == found[:1]
    assert set(result.drifted) == set(found[1:])
    assert result.unused == []


def test_an_acknowledgement_of_what_the_other_side_says_ends_when_it_says_something_else() -> None:
    known = Acknowledgement("limit-wider", "GET * PageSize maximum", "clamped", theirs="50")
    same = Difference("limit-wider", "GET /v1/Users query PageSize maximum", "1000", "50")
    assert judged([same], [known]).kept
    result = judged([replace(same, theirs="500")], [known])
    assert result.drifted == [replace(same, theirs="500")]
    assert result.unused == [known]


def test_an_acknowledgement_that_nothing_needs_is_a_failure() -> None:
    result = judged([], [Acknowledgement("null-refused", "*", "once upon a time")])
    assert not result.kept


# --- the commands --------------------------------------------------------------------------------


def called(*words: str | Path) -> Result:
    return CliRunner().invoke(contract, ["drift", *map(str, words)])


@pytest.fixture
def nothing(tmp_path: Path) -> Path:
    file = tmp_path / "acknowledged.yaml"
    file.write_text("spec: []\n")
    return file


def copied(folder: Path, doctor: Callable[[Body], object] = lambda _: None) -> Path:
    """Our own document as if somebody else had published it."""
    copy = deepcopy(document())
    doctor(copy)
    file = folder / "published.json"
    file.write_text(json.dumps(copy))
    return file


def test_a_published_copy_of_ours_has_not_drifted(tmp_path: Path, nothing: Path) -> None:
    done = called("spec", "--published", copied(tmp_path), "--acknowledged", nothing)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("0 drifted, 0 known")


def test_a_doctored_copy_has_drifted_unless_that_is_acknowledged(
    tmp_path: Path, nothing: Path
) -> None:
    file = copied(tmp_path, lambda d: d["paths"]["/v1/Users/{Sid}"].pop("delete"))
    done = called("spec", "--published", file, "--acknowledged", nothing)
    assert done.exit_code == 1
    assert "drifted  operation-added   DELETE /v1/Users/{Sid}" in done.output
    entry = {"kind": "operation-added", "where": "DELETE */Users/{Sid}", "reason": "a test"}
    nothing.write_text(yaml.safe_dump({"spec": [entry]}))
    done = called("spec", "--published", file, "--acknowledged", nothing, "--known")
    assert done.exit_code == 0
    assert "known    operation-added" in done.output


def test_the_shipped_acknowledgements_are_unused_where_nothing_differs(tmp_path: Path) -> None:
    done = called("spec", "--published", copied(tmp_path))
    assert done.exit_code == 1
    assert "unused   required-added" in done.output


@pytest.mark.parametrize("theirs", [7, "7"])
def test_a_limit_that_the_other_side_moves_has_drifted_although_a_limit_was_known(
    tmp_path: Path, nothing: Path, theirs: object
) -> None:
    def page_size(number: int) -> Path:
        def doctor(copy: Body) -> None:
            own = deepcopy(copy["components"]["parameters"]["PageSize"])
            own["schema"]["maximum"] = number
            copy["paths"]["/v1/Users"]["get"]["parameters"][0] = own

        return copied(tmp_path, doctor)

    entry = {"kind": "limit-wider", "where": "GET * PageSize maximum", "reason": "a test"}
    nothing.write_text(yaml.safe_dump({"spec": [{**entry, "theirs": theirs}]}))
    done = called("spec", "--published", page_size(7), "--acknowledged", nothing)
    assert done.exit_code == 0, done.output
    done = called("spec", "--published", page_size(9), "--acknowledged", nothing)
    assert done.exit_code == 1
    assert "1000 here, 9 there" in done.output
    assert "unused   limit-wider" in done.output


@pytest.mark.parametrize("content", [None, "", "{}", "a: [", "swagger: '2.0'", "openapi: 3.0.1"])
def test_what_cannot_be_loaded_exits_with_2(
    content: str | None, tmp_path: Path, nothing: Path
) -> None:
    file = tmp_path / "published.yaml"
    if content is not None:
        file.write_text(content)
    done = called("spec", "--published", file, "--acknowledged", nothing)
    assert done.exit_code == 2
    assert "drifted" not in done.output
    assert "published.yaml" in done.output


def test_a_url_is_fetched_and_a_refusal_exits_with_2(tmp_path: Path, nothing: Path) -> None:
    url = "https://example.com/openapi.json"
    words = ("spec", "--published", url, "--acknowledged", nothing)
    with responses.RequestsMock() as http:
        http.get(url, body=copied(tmp_path).read_bytes())
        assert called(*words).exit_code == 0
    with responses.RequestsMock() as http:
        http.get(url, status=404)
        assert called(*words).exit_code == 2


@pytest.mark.parametrize(
    "content",
    [
        "spec: [{kind: null-refused, where: '*'}]",
        "spec: [{kind: null-refused, where: '*', reason: ' '}]",
        "spec: [{kind: whatever, where: '*', reason: because}]",
        "spec: [{kind: null-refused, where: '*', reason: because, theirs: ''}]",
        "spec: [{kind: null-refused, where: '*', reason: because, theirs: true}]",
        "spec: [{kind: null-refused, where: '*', reason: because, theirs: [a]}]",
        "spec: [{kind: null-refused, where: '*', reason: because, their: '1'}]",
        "spec: {}\nsdk: 1\n- ",
        "[]",
    ],
)
def test_an_acknowledgement_without_kind_place_and_reason_exits_with_2(
    content: str, tmp_path: Path, nothing: Path
) -> None:
    nothing.write_text(content)
    done = called("spec", "--published", copied(tmp_path), "--acknowledged", nothing)
    assert done.exit_code == 2


def test_every_shipped_acknowledgement_has_its_reason() -> None:
    shipped = yaml.safe_load(SHIPPED.read_text())
    assert set(shipped) == {"spec", "sdk", "node", "client"}
    assert all(one["reason"].endswith(".") for section in shipped.values() for one in section)


def test_every_shipped_acknowledgement_of_a_value_pins_what_the_other_side_says() -> None:
    shipped = yaml.safe_load(SHIPPED.read_text())
    loose = [
        one
        for section in shipped.values()
        for one in section
        if one["kind"].startswith(("limit-", "enum-", "type-")) and "theirs" not in one
    ]
    assert loose == []


# --- the SDK -------------------------------------------------------------------------------------


def test_the_installed_sdk_has_not_drifted() -> None:
    done = called("sdk")
    assert done.exit_code == 0, done.output


@pytest.fixture
def ours() -> dict[str, Operation]:
    return operations(document())


def told(ours: dict[str, Operation]) -> set[str]:
    usual = {str(one) for one in python_sdk.differences(operations(document()))}
    return {
        f"{one.kind} {one.where}" for one in python_sdk.differences(ours) if str(one) not in usual
    }


def test_a_property_that_only_one_side_has_is_told(ours: dict[str, Operation]) -> None:
    name = "GET /v1/Users/{Sid}"
    shape = ours[name].gives["200"]
    properties = {**shape.properties, "is_happy": Shape()}
    del properties["is_online"]
    ours[name].gives["200"] = replace(shape, properties=properties)
    assert told(ours) == {
        f"property-added {name} 200 is_happy",
        f"property-missing {name} 200 is_online",
    }


def test_a_parameter_that_only_one_side_has_is_told(ours: dict[str, Operation]) -> None:
    name = "POST /v1/Users"
    ours[name].takes["form ShoeSize"] = ours[name].takes.pop("form FriendlyName")
    assert told(ours) == {
        f"parameter-added {name} parameter shoe_size",
        f"parameter-missing {name} parameter friendly_name",
    }


def test_an_operation_that_only_one_side_has_is_told(ours: dict[str, Operation]) -> None:
    ours["DELETE /v1/Users"] = ours.pop("DELETE /v1/Users/{Sid}")
    assert told(ours) == {
        "operation-added DELETE /v1/Users",
        "operation-missing DELETE /v1/Users/{Sid}",
    }


def test_another_type_is_told(ours: dict[str, Operation]) -> None:
    name = "GET /v1/Users/{Sid}"
    shape = ours[name].gives["200"]
    text = Shape(types=frozenset({"string"}))
    ours[name].gives["200"] = replace(shape, properties={**shape.properties, "is_online": text})
    assert told(ours) == {f"type-other {name} 200 is_online"}


def test_without_the_sdk_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "twilio.rest", None)
    done = called("sdk")
    assert done.exit_code == 2
    assert "reachability-mock[twilio]" in done.output


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("FriendlyName", "friendly_name"),
        ("NewMessage.WithMedia.Enabled", "new_message_with_media_enabled"),
        ("X-Twilio-Webhook-Enabled", "x_twilio_webhook_enabled"),
    ],
)
def test_names_are_written_as_python_does(name: str, python: str) -> None:
    assert python_sdk.snake(name) == python
